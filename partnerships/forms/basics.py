"""What a partnership is about: asked one question a page when it starts, on one page later."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.versions import VersionedForm
from partnerships.fields import DayField, LongText
from partnerships.models import Partner, Partnership, School
from partnerships.vocabulary import EngagementKind, Level


class LevelSelect(forms.RadioSelect):
    """The five levels, each with the sentence that explains it."""

    def create_option(self, name, value, label, *args, **kwargs):
        option = super().create_option(name, value, label, *args, **kwargs)
        if value in Level.values:
            option["hint"] = Level(value).text
        return option


def level_field(label):
    return forms.ChoiceField(
        label=label,
        choices=[("", _("Not clear yet")), *Level.choices],
        widget=LevelSelect,
        required=False,
    )


def engagements_field():
    return forms.MultipleChoiceField(
        label=_("Kinds of engagement"),
        help_text=_("Tick all that you think of. You can change it later."),
        choices=EngagementKind.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )


def purpose_field():
    return LongText(
        label=_("What is it for?"),
        help_text=_("One or two sentences: what do students gain?"),
        error_messages={"required": _("Write in a sentence what the partnership is for.")},
    )


class DatesMixin(forms.Form):
    def clean(self):
        cleaned = super().clean()
        starts_on, ends_on = cleaned.get("starts_on"), cleaned.get("ends_on")
        if starts_on and ends_on and ends_on < starts_on:
            self.add_error("ends_on", _("Enter an end that is not before the beginning."))
        return cleaned


class SchoolStep(forms.Form):
    title = _("For which school?")
    school = forms.ModelChoiceField(
        School.objects.none(),
        label=_("School"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose a school.")},
    )

    def __init__(self, *args, user, draft, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["school"].queryset = School.objects.managed_by(user)


class PartnerStep(forms.Form):
    title = _("With which partner?")
    partner = forms.ModelChoiceField(
        Partner.objects.none(),
        label=_("Partner"),
        empty_label=_("Choose a partner"),
        error_messages={"required": _("Choose a partner, or add a new one.")},
    )

    def __init__(self, *args, user, draft, **kwargs):
        super().__init__(*args, **kwargs)
        partners = Partner.objects.visible_to(user)
        if school := draft.answers.get("school"):
            partners = partners.filter(district__schools=school)
        self.fields["partner"].queryset = partners


class PurposeStep(forms.Form):
    title = _("What is it for?")
    purpose = purpose_field()

    def __init__(self, *args, user, draft, **kwargs):
        super().__init__(*args, **kwargs)


class EngagementsStep(forms.Form):
    title = _("What might you do together?")
    engagements = engagements_field()

    def __init__(self, *args, user, draft, **kwargs):
        super().__init__(*args, **kwargs)


class LevelsStep(forms.Form):
    title = _("What kind of relationship is it?")
    level_now = level_field(_("Where are you now?"))
    level_wanted = level_field(_("Where would you like to be? Higher is not better."))

    def __init__(self, *args, user, draft, **kwargs):
        super().__init__(*args, **kwargs)


class DatesStep(DatesMixin):
    title = _("From when, and until when?")
    starts_on = DayField(label=_("Begins on"), required=False)
    ends_on = DayField(
        label=_("Planned until"), required=False, help_text=_("You can go on longer.")
    )

    def __init__(self, *args, user, draft, **kwargs):
        super().__init__(*args, **kwargs)


class BasicsForm(DatesMixin, VersionedForm):
    """The same, for a partnership that runs; the school's levels are a report of their own."""

    purpose = purpose_field()
    engagements = engagements_field()
    starts_on = DayField(label=_("Begins on"), required=False)
    ends_on = DayField(label=_("Planned until"), required=False)
    level_now = level_field(_("Which level of relationship do you see now?"))
    level_wanted = level_field(_("Which level would you like? Higher is not better."))

    class Meta:
        model = Partnership
        fields = ["purpose", "starts_on", "ends_on"]

    field_order = ["purpose", "engagements", "starts_on", "ends_on", "level_now", "level_wanted"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial.update(self.stored(self.instance))

    def stored(self, saved):
        party = saved.school_party
        return {
            **super().stored(saved),
            "engagements": [row.kind for row in saved.engagements.all()],
            "level_now": party.level_now,
            "level_wanted": party.level_wanted,
        }

    def save(self, *, by):
        partnership = super().save()
        data = self.cleaned_data
        partnership.set_engagements(data["engagements"])
        if {"purpose", "engagements", "starts_on", "ends_on"} & set(self.changed_data):
            partnership.record("basics_changed", by=by)
        if {"level_now", "level_wanted"} & set(self.changed_data):
            partnership.school_party.report_level(
                now=data["level_now"], wanted=data["level_wanted"], by=by
            )
        return partnership
