from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.versions import VersionedForm
from partnerships.events import EventKind
from partnerships.fields import DayField, LongText
from partnerships.forms.owners import SeatsField, seats_to_choose
from partnerships.models import LogEntry, Partnership, Seat
from partnerships.models.log import PLANNED
from partnerships.vocabulary import ContactKind, ContactRhythm


class LogEntryForm(VersionedForm):
    """An entry of the contact log, new or as it is."""

    on = DayField(
        label=_("When?"),
        help_text=_("A meeting or a visit may be ahead. It counts as contact from its day on."),
        error_messages={"required": _("Enter the day.")},
    )
    people = SeatsField(Seat.objects.none(), label=_("Who took part?"), required=False)
    said = LongText(
        label=_("What was said?"),
        help_text=_("All sides read it. For a meeting ahead: what it is about."),
        rows=6,
        max_length=5000,
        error_messages={"required": _("Say in a sentence what it was about.")},
    )

    class Meta:
        model = LogEntry
        fields = ["kind", "on", "people", "others", "said"]
        labels = {"kind": _("What was it?"), "others": _("Who else took part?")}
        help_texts = {"others": _("Adults without a seat here. No names of students.")}
        error_messages = {"kind": {"required": _("Choose what it was.")}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.partnership = self.instance.partnership
        keys = [seat.pk for seat in self.partnership.current_seats]
        if self.instance.pk:
            keys += self.instance.people.values_list("pk", flat=True)
        self.fields["people"].queryset = seats_to_choose(keys)
        self.fields["kind"].choices = [("", _("Choose one")), *ContactKind.choices]

    def clean(self):
        cleaned = super().clean()
        kind, on = cleaned.get("kind"), cleaned.get("on")
        if kind and on and on > self.partnership.district.today() and kind not in PLANNED:
            message = _("Enter a day that has come. Only meetings and visits may be ahead.")
            self.add_error("on", message)
        if self.instance.settled and kind and kind != ContactKind.DISAGREEMENT:
            message = _("It is noted how this disagreement was settled. Leave it a disagreement.")
            self.add_error("kind", message)
        return cleaned

    def save(self, *, by):
        entry = self.instance
        if not entry.pk:
            return self.partnership.log.write(by=by, **self.cleaned_data)
        super().save()
        if self.has_changed():
            entry.tell(EventKind.CONTACT_CHANGED, by=by)
        return entry


class SettleForm(VersionedForm):
    """How and when a disagreement was settled."""

    settled = LongText(
        label=_("How was it settled?"),
        help_text=_("What you agreed, and what each side does about it."),
        error_messages={"required": _("Say in a sentence how it was settled.")},
    )
    settled_on = DayField(
        label=_("When was it settled?"), error_messages={"required": _("Enter the day.")}
    )

    class Meta:
        model = LogEntry
        fields = ["settled", "settled_on"]

    def clean_settled_on(self):
        on = self.cleaned_data["settled_on"]
        if on > self.instance.partnership.district.today():
            raise ValidationError(_("Enter a day that has come."))
        if on < self.instance.on:
            raise ValidationError(_("Enter a day that is not before the disagreement."))
        return on

    def save(self, *, by):
        if self.has_changed():
            self.instance.settle(
                self.cleaned_data["settled"], on=self.cleaned_data["settled_on"], by=by
            )
        return self.instance


class ContactRhythmForm(VersionedForm):
    contact_rhythm = forms.ChoiceField(
        label=_("How often are you in contact, at least?"),
        help_text=_(
            "A meeting, call, mail or visit counts. Both sides are told when it is overdue."
        ),
        choices=[*ContactRhythm.choices, ("", _("Nothing is agreed"))],
        widget=forms.RadioSelect,
        required=False,
    )

    class Meta:
        model = Partnership
        fields = ["contact_rhythm"]

    def save(self, *, by):
        if self.has_changed():
            self.instance.set_contact_rhythm(self.cleaned_data["contact_rhythm"], by=by)
        return self.instance
