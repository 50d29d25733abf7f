"""Planning an activity, and noting how a day of it went. Numbers only: nobody is named."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.versions import VersionedForm
from partnerships.fields import DayField, LongText, NumberField, ReasonField, RowsField
from partnerships.models import Activity, Goal, Occurrence, Seat
from partnerships.models.partnership import is_reason
from partnerships.numbers import NotANumber, parse_number
from partnerships.vocabulary import EngagementKind, Rhythm

YEARS = 3  # what repeats longer than this is planned anew
MANY = 100_000
LONGEST = 1_000  # hours


class ClockField(forms.TimeField):
    default_error_messages = {"invalid": _("Enter a time, such as 15:30.")}

    def __init__(self, **kwargs):
        widget = forms.TimeInput({"type": "time"}, format="%H:%M")
        super().__init__(widget=widget, required=False, **kwargs)


class CountField(forms.IntegerField):
    """How many people; written as one does in the language of the page, such as 1,250 or 1.250."""

    default_error_messages = {
        "invalid": _("Enter a whole number, such as 25."),
        "min_value": _("Enter a whole number, such as 25."),
        "max_value": _("Enter a number below 100,000."),
    }

    def __init__(self, **kwargs):
        widget = forms.TextInput({"inputmode": "numeric"})
        super().__init__(widget=widget, required=False, min_value=0, max_value=MANY - 1, **kwargs)

    def to_python(self, value):
        if isinstance(value, str) and value.strip():
            try:
                value = parse_number(value)
            except NotANumber:
                raise ValidationError(self.error_messages["invalid"], code="invalid") from None
        return super().to_python(value)


class HoursField(NumberField):
    """How long it took; written as one does in the language of the page."""

    default_error_messages = {
        "invalid": _("Enter hours as a number, such as 1.5."),
        "large": _("Enter at most 1,000 hours."),
    }

    def to_python(self, value):
        hours = super().to_python(value)
        if hours is None or 0 <= hours <= LONGEST:
            return hours
        wrong = "large" if hours > LONGEST else "invalid"
        raise ValidationError(self.error_messages[wrong], code=wrong)


class PeopleChoice(RowsField):
    def label_from_instance(self, seat):
        return f"{seat.person.name} ({seat.party.label})"


class ActivityForm(VersionedForm):
    kind = forms.ChoiceField(
        label=_("Kind of engagement"),
        choices=[("", _("Choose a kind")), *EngagementKind.choices],
        error_messages={"required": _("Choose a kind of engagement.")},
    )
    rhythm = forms.ChoiceField(
        label=_("How often?"),
        choices=Rhythm.choices,
        widget=forms.RadioSelect,
        initial=Rhythm.ONCE,
        error_messages={"required": _("Choose how often.")},
    )
    on = DayField(
        label=_("Date"),
        help_text=_("The first one, if it repeats."),
        error_messages={"required": _("Enter the date, or the first one.")},
    )
    until = DayField(
        label=_("Last date"),
        help_text=_("Only if it repeats. At most three years."),
        required=False,
    )
    begins_at = ClockField(label=pgettext_lazy("time of day", "From"))
    ends_at = ClockField(label=pgettext_lazy("time of day", "To"))
    needs = LongText(
        label=_("What is needed?"),
        help_text=_("Such as rooms, things, money, permission."),
        required=False,
    )
    say = LongText(
        label=_("How do students and families have a say?"),
        help_text=_("Such as: students chose what they build. No names of students."),
        required=False,
        max_length=1000,
    )
    leads = PeopleChoice(
        Seat.objects.none(),
        label=_("Who leads, on each side?"),
        help_text=_("They are asked afterwards how it went."),
        required=False,
    )
    goals = RowsField(
        Goal.objects.none(),
        label=_("Which goals does it serve?"),
        required=False,
    )

    class Meta:
        model = Activity
        fields = [
            "title",
            "kind",
            "rhythm",
            "on",
            "until",
            "begins_at",
            "ends_at",
            "place",
            "leads",
            "goals",
            "needs",
            "say",
        ]
        labels = {"title": _("What do you do?"), "place": _("Where?")}
        error_messages = {"title": {"required": _("Write in a few words what you do.")}}

    def __init__(self, *args, partnership, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields(self.Meta.fields)
        leading = {seat.pk for seat in self.initial.get("leads", [])}
        seats = leading | {seat.pk for seat in partnership.current_seats}
        self.fields["leads"].queryset = (
            Seat.objects.filter(pk__in=seats)
            .select_related("person", "party__school", "party__partner")
            .order_by("party__position", "pk")
        )
        serving = {goal.pk for goal in self.initial.get("goals", [])}
        goals = partnership.goals.open() | partnership.goals.filter(pk__in=serving)
        self.fields["goals"].queryset = goals
        if not goals.exists():
            del self.fields["goals"]

    def clean(self):
        cleaned = super().clean()
        self.check_days(cleaned)
        self.check_times(cleaned)
        return cleaned

    def check_days(self, cleaned):
        on, until = cleaned.get("on"), cleaned.get("until")
        if not on or "until" in self.errors or "rhythm" in self.errors:
            return
        if cleaned["rhythm"] == Rhythm.ONCE:
            if until:
                self.add_error("until", _("Choose how often it repeats, or leave this empty."))
        elif until is None:
            self.add_error("until", _("Enter the last date."))
        elif until < on:
            self.add_error("until", _("Enter a last date that is not before the first."))
        elif (until.year - YEARS, until.month, until.day) > (on.year, on.month, on.day):
            self.add_error("until", _("Enter a last date within three years of the first."))

    def check_times(self, cleaned):
        begins_at, ends_at = cleaned.get("begins_at"), cleaned.get("ends_at")
        if ends_at and not begins_at and "begins_at" not in self.errors:
            self.add_error("begins_at", _("Enter when it begins."))
        elif ends_at and begins_at and ends_at <= begins_at:
            self.add_error("ends_at", _("Enter an end after the beginning."))

    def save(self, *, by):
        activity = super().save(commit=False)
        activity.keep(
            by=by,
            leads=self.cleaned_data["leads"],
            goals=self.cleaned_data.get("goals", []),
        )
        return activity


class OutcomeForm(VersionedForm):
    """How one day went."""

    state = forms.ChoiceField(
        label=_("Did it take place?"),
        choices=[
            (Occurrence.State.HELD, _("Yes, it took place")),
            (Occurrence.State.NOT_HELD, _("No, it did not")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether it took place.")},
    )
    students = CountField(label=_("Students"), help_text=_("Numbers only, no names."))
    teachers = CountField(label=_("Teachers"))
    employees = CountField(label=_("Employees of the partner"))
    family_members = CountField(label=_("Family members"))
    hours = HoursField(label=_("Hours"), help_text=_("How long it took."), required=False)
    how_it_went = LongText(
        label=_("How did it go?"),
        help_text=_("What went well, what to do differently? No names of students."),
        required=False,
    )

    NUMBERS = ("students", "teachers", "employees", "family_members", "hours")

    class Meta:
        model = Occurrence
        fields = [
            "state",
            "students",
            "teachers",
            "employees",
            "family_members",
            "hours",
            "how_it_went",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.state == Occurrence.State.PLANNED:
            self.initial.pop("state", None)

    def clean_state(self):
        state = self.cleaned_data["state"]
        today = self.instance.activity.partnership.district.today()
        if state == Occurrence.State.HELD and self.instance.on > today:
            raise ValidationError(
                _("This day is still ahead. Note it when it has come, or move it.")
            )
        return state

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("state") == Occurrence.State.NOT_HELD:
            for name in self.NUMBERS:
                if cleaned.get(name):
                    self.add_error(name, _("Leave this empty, or say that it took place."))
        return cleaned

    def save(self, *, by):
        note = super().save(commit=False)
        note.keep(by=by)
        return note


class MoveDayForm(forms.Form):
    on = DayField(label=_("New date"), error_messages={"required": _("Enter the new date.")})

    def __init__(self, *args, note, **kwargs):
        super().__init__(*args, initial={"on": note.on}, **kwargs)
        self.note = note

    def clean_on(self):
        on = self.cleaned_data["on"]
        if self.note.is_held and on > self.note.activity.partnership.district.today():
            raise ValidationError(_("It took place, so enter a date that is not ahead."))
        return on


class CallOffForm(forms.Form):
    reason = ReasonField(max_length=500)

    def clean_reason(self):
        if not is_reason(self.cleaned_data["reason"]):
            raise ValidationError(_("Say why, in a few words: at least three."))
        return self.cleaned_data["reason"]
