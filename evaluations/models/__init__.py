from evaluations.models.answers import Answer
from evaluations.models.joint import Assent, Giving, How, MovedOn, Wording, give, propose
from evaluations.models.questions import (
    AnswerKind,
    Option,
    OptionList,
    Question,
    QuestionSet,
    SetKind,
)
from evaluations.models.translations import TranslationAssent, WordingTranslation, translate

__all__ = [
    "Answer",
    "AnswerKind",
    "Assent",
    "Giving",
    "How",
    "MovedOn",
    "Option",
    "OptionList",
    "Question",
    "QuestionSet",
    "SetKind",
    "TranslationAssent",
    "Wording",
    "WordingTranslation",
    "give",
    "propose",
    "translate",
]
