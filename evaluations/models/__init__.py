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
    "Wording",
    "give",
    "propose",
]
