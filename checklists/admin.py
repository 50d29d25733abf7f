from django.contrib import admin
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline

from checklists.models import Checklist, Heading, TemplateItem
from partnerships.district_admin import ContentAdmin, OfContentMixin, PartOfContentAdmin


@admin.register(Checklist)
class ChecklistAdmin(ContentAdmin):
    """Which checklist a district has. Its headings, with their items, have pages of their own."""

    has_history = False

    def has_change_permission(self, request, obj=None):
        return False


class TemplateItemInline(OfContentMixin, TranslationStackedInline):
    model = TemplateItem
    content_path = "checklist"
    fields = ["position", "wording", "stage", "side", "repeats", "only_when", "retired"]


@admin.register(Heading)
class HeadingAdmin(PartOfContentAdmin, TranslationAdmin):
    """A heading with its items, in both languages: the common ones to read, one's own to change."""

    content_path = "checklist"
    list_display = ["__str__", "whose", "position"]
    fields = ["position", "title"]
    inlines = [TemplateItemInline]
