from modeltranslation.translator import TranslationOptions, register
from simple_history import register as keep_history_of

from partnerships.models import GuideLine, StageGuide


@register(StageGuide)
class StageGuideOptions(TranslationOptions):
    fields = ["purpose"]


@register(GuideLine)
class GuideLineOptions(TranslationOptions):
    fields = ["title", "text"]


# Here, since a history made in the model's own class would not know the fields per language.
keep_history_of(StageGuide, excluded_fields=["seeded"])
keep_history_of(GuideLine, excluded_fields=["seeded"])
