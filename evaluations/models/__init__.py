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
    "Wording",
    "give",
    "propose",
    "remind",
]
