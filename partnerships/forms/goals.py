"""Goals and what was counted for them."""

import hashlib
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.text import NFCFormField
from accounts.versions import VersionedForm
from partnerships.events import EventKind
from partnerships.fields import DayField, LongText, NumberField, ReasonField
from partnerships.models import Goal
from partnerships.models.partnership import is_reason
from partnerships.numbers import number
from partnerships.pasting import MOST, Order, read
from partnerships.vocabulary import Direction, ForWhom


class GoalForm(VersionedForm):
    what = NFCFormField(
        label=_("What do you want to reach?"),
        help_text=_("One sentence, such as “Students find out which trades they like.”"),
        max_length=300,
        error_messages={"required": _("Say in a sentence what you want to reach.")},
    )
    for_whom = forms.MultipleChoiceField(
        label=_("For whom?"),
        choices=ForWhom.choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Tick at least one.")},
    )
    measure = NFCFormField(
        label=_("What do you count?"),
        help_text=_("Such as “Students who have finished an internship”. Numbers only, no names."),
        max_length=200,
        error_messages={"required": _("Say what you count.")},
    )
    unit = NFCFormField(
        label=_("Unit"),
        help_text=_("A word or a sign, such as “students”, “hours” or “%”."),
        max_length=40,
        error_messages={"required": _("Enter a unit, such as “students”.")},
    )
    direction = forms.ChoiceField(
        label=_("Which way?"),
        choices=Direction.choices,
        widget=forms.RadioSelect,
        initial=Direction.MORE,
        error_messages={"required": _("Choose whether more or less is better.")},
    )
    starts_on = DayField(
        label=_("Counted from"),
        help_text=_("The day of the starting value."),
        error_messages={"required": _("Enter the day from which you count.")},
    )
    starting_value = NumberField(
        label=_("Starting value"),
        help_text=_("How it stands on that day. It may be 0."),
        error_messages={"required": _("Enter how it stands at the start.")},
    )
    target = NumberField(
        label=_("Target"), error_messages={"required": _("Enter the number you want to reach.")}
    )
    due_on = DayField(
        label=_("To be reached by"),
        error_messages={"required": _("Enter the day by which you want to reach it.")},
    )
    serves = LongText(
        label=_("Which goal of the district or school does it serve?"),
        max_length=500,
        rows=2,
        required=False,
    )
    say = LongText(
        label=_("How did students and families have a say?"),
        help_text=_("Who was asked, how, and what came of it. No names of students."),
        max_length=1000,
        rows=3,
        required=False,
    )

    class Meta:
        model = Goal
        fields = [
            "what",
            "measure",
            "unit",
            "direction",
            "starts_on",
            "starting_value",
            "target",
            "due_on",
            "serves",
            "say",
        ]

    field_order = ["what", "for_whom", *Meta.fields[1:]]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["for_whom"] = self.instance.for_whom

    def stored(self, saved):
        return {**super().stored(saved), "for_whom": [one.value for one in saved.for_whom]}

    def as_read(self, name, value):
        return number(value) if isinstance(value, Decimal) else super().as_read(name, value)

    def clean(self):
        cleaned = super().clean()
        starts_on, due_on = cleaned.get("starts_on"), cleaned.get("due_on")
        if starts_on and due_on and due_on <= starts_on:
            self.add_error("due_on", _("Enter a day after the one from which you count."))
        start, target = cleaned.get("starting_value"), cleaned.get("target")
        if start is None or target is None:
            return cleaned
        if cleaned.get("direction") == Direction.MORE and target <= start:
            self.add_error("target", _("Enter a target above the starting value."))
        if cleaned.get("direction") == Direction.LESS and target >= start:
            self.add_error("target", _("Enter a target below the starting value."))
        return cleaned

    def save(self, *, by):
        goal = self.instance
        for one in ForWhom:
            setattr(goal, f"for_{one.value}", one.value in self.cleaned_data["for_whom"])
        is_new = goal.pk is None
        if is_new:
            goal.cycle, goal.made_by, goal.made_at = goal.partnership.cycle, by, timezone.now()
        super().save()
        if is_new:
            goal.tell(EventKind.GOAL_SET, by=by)
        elif self.has_changed():
            goal.tell(EventKind.GOAL_CHANGED, by=by, **self.other_target())
        return goal

    def other_target(self) -> dict[str, str]:
        """For the timeline, where the target itself was changed: what it is now, and what it was."""
        before, now = self.initial["target"], self.instance.target
        return {} if now == before else self.instance.worth(value=now, before=before)


class CountForm(forms.Form):
    """A day, a value and a note."""

    on = DayField(label=_("Date"), error_messages={"required": _("Enter the day.")})
    value = NumberField(label=_("Value"), error_messages={"required": _("Enter a number.")})
    note = NFCFormField(
        label=_("Note"),
        help_text=_("Where the number comes from. No names of students."),
        max_length=500,
        required=False,
    )

    def __init__(self, *args, goal, **kwargs):
        super().__init__(*args, **kwargs)
        self.goal = goal

    def clean_on(self):
        on = self.cleaned_data["on"]
        if problem := self.goal.why_not_on(on):
            raise ValidationError(problem)
        return on


class MeasureForm(CountForm):
    def __init__(self, *args, goal, **kwargs):
        today = goal.partnership.district.today()
        super().__init__(*args, goal=goal, initial={"on": today}, **kwargs)

    def clean(self):
        cleaned = super().clean()
        on, value = cleaned.get("on"), cleaned.get("value")
        if on and value is not None and self.goal.has_counted(on, value):
            self.add_error("value", _("This number is noted for that day already."))
        return cleaned


class OfLineMixin(forms.Form):
    """For forms about a measurement that somebody else may correct meanwhile."""

    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def begin(self, line):
        self.line = line
        self.initial["seen"] = line.now.pk
        self.is_late = False

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("seen") != self.line.now.pk:
            self.is_late = True
            self.data = self.data.copy()
            self.data["seen"] = self.line.now.pk
            self.add_error(
                None,
                _(
                    "Somebody corrected this while you were writing. Compare, then send yours again."
                ),
            )
        return cleaned


class CorrectForm(OfLineMixin, CountForm):
    def __init__(self, *args, goal, line, **kwargs):
        now = line.now
        initial = {"on": now.on, "value": now.value, "note": now.note}
        super().__init__(*args, goal=goal, initial=initial, **kwargs)
        self.begin(line)


class TakeBackForm(OfLineMixin, forms.Form):
    note = NFCFormField(label=_("Why?"), max_length=500, required=False)

    def __init__(self, *args, line, **kwargs):
        super().__init__(*args, **kwargs)
        self.begin(line)


def fingerprint(rows: str, order: Order) -> str:
    """Name a text and how its dates are read, whatever line ends a browser sends."""
    return hashlib.sha256(f"{order} {' '.join(rows.split())}".encode(errors="replace")).hexdigest()


class PasteForm(forms.Form):
    rows = LongText(
        label=_("Rows from your spreadsheet"),
        help_text=_(
            "Copy two or three columns: date, value, note. With or without a row of headings."
        ),
        max_length=100_000,
        rows=10,
        strip=False,
        error_messages={"required": _("Paste at least one row.")},
    )
    order = forms.ChoiceField(
        label=_("How the dates are written"),
        choices=[("", _("Whichever fits")), *Order.choices],
        required=False,
    )

    checked = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, goal, **kwargs):
        super().__init__(*args, **kwargs)
        self.goal = goal
        self.reading = None
        self.may_be_saved = False

    def clean(self):
        """Understand the rows; `checked` names the text that the reader has seen understood."""
        cleaned = super().clean()
        if "rows" not in cleaned:
            return cleaned
        reading = read(cleaned["rows"], goal=self.goal, order=cleaned.get("order", ""))
        if not reading.rows:
            self.add_error("rows", self.fields["rows"].error_messages["required"])
        elif len(reading.rows) > MOST:
            text = ngettext("Paste at most %(most)s row.", "Paste at most %(most)s rows.", MOST)
            self.add_error("rows", text % {"most": MOST})
        else:
            self.reading = reading
            shown = fingerprint(cleaned["rows"], reading.order)
            is_checked = cleaned.get("checked") == shown and self.data.get("act") == "save"
            self.may_be_saved = is_checked and reading.may_be_saved
            self.data = self.data.copy()
            self.data["checked"] = shown
        return cleaned


class RetireForm(forms.Form):
    because = ReasonField(
        label=_("Why is it retired?"),
        max_length=500,
        help_text=_("A few words. They stay with the goal and on the timeline."),
    )

    def clean_because(self):
        because = self.cleaned_data["because"]
        if not is_reason(because):
            raise ValidationError(_("Say why, in a few words: at least three."))
        return because
