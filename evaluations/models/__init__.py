from evaluations.models.answers import Answer
from evaluations.models.debriefs import (
    THIN,
    Comment,
    Debrief,
    DebriefKind,
    DebriefRefused,
    Notes,
    NotesAssent,
    Response,
    Voice,
)
from evaluations.models.feedback import (
    Audience,
    Feedback,
    FeedbackLink,
    FeedbackRead,
    Outcome,
    Reply,
)
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
from evaluations.models.wishes import WhatNext, Wish

__all__ = [
    "THIN",
    "Answer",
    "AnswerKind",
    "Assent",
    "Audience",
    "Comment",
    "Debrief",
    "DebriefKind",
    "DebriefRefused",
    "Feedback",
    "FeedbackLink",
    "FeedbackRead",
    "Giving",
    "MovedOn",
    "Notes",
    "NotesAssent",
    "Option",
    "OptionList",
    "Outcome",
    "Question",
    "QuestionSet",
    "Reminder",
    "ReminderRefused",
    "Reply",
    "Response",
    "SetKind",
    "TranslationAssent",
    "Voice",
    "WhatNext",
    "Wish",
    "Wording",
    "WordingTranslation",
    "give",
    "propose",
    "remind",
    "translate",
]
