from django.contrib import admin
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline

from evaluations.models import Question, QuestionSet
from partnerships.district_admin import ContentAdmin, OfContentMixin


class QuestionInline(OfContentMixin, TranslationStackedInline):
    model = Question
    fields = ["position", "text", "answer", "options", "low", "high", "required", "retired"]


@admin.register(QuestionSet)
class QuestionSetAdmin(ContentAdmin, TranslationAdmin):
    list_display = ["__str__", "kind", "stage", "whose"]
    list_filter = ["kind", "stage"]
    fields = ["title", "intro", "stage", "kind", "source"]
    readonly_fields = ["kind", "source"]
    inlines = [QuestionInline]
