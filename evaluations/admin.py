from django.contrib import admin, messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from modeltranslation.admin import TranslationAdmin, TranslationStackedInline

from evaluations.admin_forms import (
    FIVE,
    OptionForm,
    OptionFormSet,
    QuestionForm,
    QuestionSetForm,
)
from evaluations.models import Option, OptionList, Question, QuestionSet, SetKind
from evaluations.usage import is_used
from partnerships.district_admin import ContentAdmin, OfContentMixin
from partnerships.models.content import own_key
from partnerships.stages import Stage


def required(district_field):
    """What is common to all comes from the fixtures; what is made here belongs to a district."""
    district_field.required = True
    return district_field


class QuestionInline(OfContentMixin, TranslationStackedInline):
    model = Question
    form = QuestionForm
    fields = ["position", "text", "answer", "options", "low", "high", "required", "retired"]

    def get_fields(self, request, obj=None):
        """A scale of a debrief has the labels of its list."""
        if obj is not None and obj.is_debrief:
            return [name for name in self.fields if name not in ("low", "high")]
        return self.fields

    def get_formset(self, request, obj=None, **kwargs):
        """Offer the common lists of answers and those of the set's own district."""
        formset = super().get_formset(request, obj, **kwargs)
        if "options" in formset.form.base_fields:
            lists = OptionList.objects.for_district(obj and obj.district_id)
            formset.form.base_fields["options"].queryset = lists
        return formset

    def get_extra(self, request, obj=None, **kwargs):
        """One empty form where questions may be added, also without JavaScript."""
        return int(obj is not None and self.has_add_permission(request, obj))


@admin.register(QuestionSet)
class QuestionSetAdmin(ContentAdmin, TranslationAdmin):
    """A district changes its copy of a common set, and makes debrief sets of its own from nothing."""

    form = QuestionSetForm
    list_display = ["__str__", "kind", "stage", "whose", "retired"]
    list_filter = ["kind", "stage"]
    exclude = []
    fields = ["title", "intro", "stage", "kind", "source"]
    inlines = [QuestionInline]

    def has_add_permission(self, request, obj=None):
        return self.is_admin(request)

    def has_delete_permission(self, request, obj=None):
        """A district's own set, as long as nobody was asked it; later it is retired."""
        if obj is None or obj.district_id is None or not self.has_change_permission(request, obj):
            return False
        return not is_used(obj)

    def get_fields(self, request, obj=None):
        if obj is None:
            return ["district", "title", "intro"]
        return [*self.fields, "retired"] if obj.district_id else self.fields

    def get_readonly_fields(self, request, obj=None):
        if obj is None:
            return []
        return ["kind", "source", *(["stage"] if obj.is_debrief else [])]

    def get_inlines(self, request, obj):
        return self.inlines if obj else []

    def get_changeform_initial_data(self, request):
        return {"district": next(iter(request.user.district_ids), None)}

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        return required(super().formfield_for_foreignkey(db_field, request, **kwargs))

    def save_model(self, request, obj, form, change):
        if not change:
            obj.key, obj.kind, obj.stage = own_key(), SetKind.DEBRIEF, Stage.REFLECT
        super().save_model(request, obj, form, change)

    def response_add(self, request, obj, post_url_continue=None):
        """On to its questions."""
        text = _(
            "The question set is made. Now add its questions. Then it can be chosen for a debrief."
        )
        self.message_user(request, text, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:evaluations_questionset_change", args=[obj.pk]))


class OptionInline(OfContentMixin, TranslationStackedInline):
    model = Option
    form = OptionForm
    formset = OptionFormSet
    fields = ["value", "label"]
    readonly_fields = ["in_english", "in_vietnamese"]

    def get_fields(self, request, obj=None):
        """Where it can only be read, each language is told apart for whoever listens."""
        if self.has_change_permission(request, obj):
            return self.fields
        return ["value", *self.readonly_fields]

    @admin.display(description=gettext_lazy("English"))
    def in_english(self, option):
        return format_html('<span lang="en">{}</span>', option.label_en)

    @admin.display(description=gettext_lazy("Vietnamese"))
    def in_vietnamese(self, option):
        return format_html('<span lang="vi">{}</span>', option.label_vi)

    def has_add_permission(self, request, obj=None):
        return obj is None or super().has_add_permission(request, obj)

    def has_change_permission(self, request, obj=None):
        return obj is None or super().has_change_permission(request, obj)

    def get_extra(self, request, obj=None, **kwargs):
        """Those left empty are no answers."""
        return 0 if obj else FIVE


@admin.register(OptionList)
class OptionListAdmin(ContentAdmin):
    """The lists of answers to choose from: the common ones to read, a district's own to change."""

    has_history = False
    actions = []
    exclude = []
    fields = ["district"]
    inlines = [OptionInline]

    def has_add_permission(self, request, obj=None):
        return self.is_admin(request)

    def has_delete_permission(self, request, obj=None):
        """A district's own list that no question offers."""
        if obj is None or obj.district_id is None or not self.has_change_permission(request, obj):
            return False
        return not obj.questions.exists()

    def get_queryset(self, request):
        return super().get_queryset(request).prefetch_related("options")

    def get_readonly_fields(self, request, obj=None):
        return ["district"] if obj else []

    def get_changeform_initial_data(self, request):
        return {"district": next(iter(request.user.district_ids), None)}

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        return required(super().formfield_for_foreignkey(db_field, request, **kwargs))
