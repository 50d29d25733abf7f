from modeltranslation.translator import TranslationOptions, register
from simple_history import register as keep_history_of

from evaluations.models import Option, Question, QuestionSet


@register(Option)
class OptionOptions(TranslationOptions):
    fields = ["label"]


@register(QuestionSet)
class QuestionSetOptions(TranslationOptions):
    fields = ["title", "intro"]


@register(Question)
class QuestionOptions(TranslationOptions):
    fields = ["text", "low", "high"]


# Here, since a history made in the model's own class would not know the fields per language.
keep_history_of(Option, excluded_fields=["seeded"])
keep_history_of(QuestionSet, excluded_fields=["seeded"])
keep_history_of(Question, excluded_fields=["seeded"])
