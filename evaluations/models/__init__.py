from evaluations.models.answers import Answer
from evaluations.models.joint import Assent, Giving, MovedOn, Wording, give, propose
from evaluations.models.questions import (
    AnswerKind,
    Option,
    OptionList,
    Question,
    QuestionSet,
    SetKind,
)
from evaluations.models.reminders import Reminder, ReminderRefused, remind
from evaluations.models.translations import TranslationAssent, WordingTranslation, translate

__all__ = [
    "Answer",
    "AnswerKind",
    "Assent",
    "Giving",
    "MovedOn",
    "Option",
    "OptionList",
    "Question",
    "QuestionSet",
    "Reminder",
    "ReminderRefused",
    "SetKind",
    "TranslationAssent",
    "Wording",
    "WordingTranslation",
    "give",
    "propose",
    "remind",
    "translate",
]
