from modeltranslation.translator import TranslationOptions, register
from simple_history import register as keep_history_of

from checklists.models import Heading, Item, TemplateItem


@register(Heading)
class HeadingOptions(TranslationOptions):
    fields = ["title"]


@register(TemplateItem)
class TemplateItemOptions(TranslationOptions):
    fields = ["wording"]


@register(Item)
class ItemOptions(TranslationOptions):
    fields = ["wording"]


# Here, since a history made in the model's own class would not know the fields per language.
keep_history_of(Heading, excluded_fields=["seeded"])
keep_history_of(TemplateItem, excluded_fields=["seeded"])
