"""What a party puts in, what it has given, and what it gains."""

from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.text import NFCFormField
from accounts.versions import VersionedForm
from partnerships.amounts import (
    AmountField,
    UnitField,
    in_each_language,
    unit_words,
)
from partnerships.fields import DayField, LongText, ReasonField
from partnerships.models import Contribution, Delivery, Gain
from partnerships.numbers import amount_words
from partnerships.vocabulary import ContributionKind


def not_ahead(day, today):
    if day > today:
        raise ValidationError(_("Enter a day that is not in the future."))
    return day


class ContributionForm(VersionedForm):
    """What one party puts in. Something is promised, or has been given."""

    kind = forms.ChoiceField(
        label=_("What kind is it?"),
        choices=ContributionKind.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what kind it is."),
            "invalid_choice": _("Choose what kind it is."),
        },
    )
    what = NFCFormField(
        label=_("What is it?"),
        help_text=_("Such as “Mentors in the robotics lab, every Thursday”."),
        max_length=300,
        error_messages={"required": _("Write in a few words what it is.")},
    )
    unit = UnitField(
        label=_("What do you count it in?"),
        help_text=_(
            "For money the currency, such as USD or VND. For time hours or days. "
            "For other things the thing itself, such as books or afternoons."
        ),
        error_messages={"required": _("Enter what you count it in, such as hours or USD.")},
    )
    promised = AmountField(
        label=_("How much is promised?"),
        help_text=_("A number. Leave it empty if nothing was promised and it was simply given."),
        required=False,
    )
    due_on = DayField(label=_("Promised for"), required=False)
    is_estimate = forms.BooleanField(label=_("The amount is an estimate"), required=False)
    basis = LongText(
        label=_("What is the estimate based on?"),
        help_text=_("Such as: four mentors, two hours each, 15 weeks. Only for an estimate."),
        required=False,
        rows=2,
        max_length=500,
    )

    class Meta:
        model = Contribution
        fields = ["kind", "what", "unit", "promised", "due_on", "is_estimate", "basis"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("is_estimate") and not cleaned.get("basis") and "basis" not in self.errors:
            self.add_error("basis", _("Write what the estimate is based on."))
        if not cleaned.get("is_estimate"):
            cleaned["basis"] = ""
        if "promised" not in self.errors and cleaned.get("promised") is None:
            self.check_without_promise(cleaned)
        return cleaned

    def check_without_promise(self, cleaned):
        if cleaned.get("due_on"):
            self.add_error("promised", _("Enter how much is promised for that day."))
        elif self.instance.given == 0:
            self.add_error("promised", _("Enter how much is promised."))

    def as_read(self, name, value):
        if name == "unit":
            return unit_words(value)
        if isinstance(value, Decimal):
            return amount_words(value)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return super().as_read(name, value)

    def save(self, *, by):
        contribution = super().save()
        if self.changed_data:
            contribution.tell_change(in_each_language(self.before), by=by)
        return contribution

    def before(self) -> str:
        """What stood in the fields that have changed."""
        said = [
            f"{self.fields[name].label} {self.as_read(name, self.initial[name]) or _('(empty)')}"
            for name in self.changed_data
        ]
        return "; ".join(said)


class NewContributionForm(ContributionForm):
    """The same, with what has been given already."""

    given = AmountField(
        label=_("Already given"),
        help_text=_("You can note later what is given, as often as you like."),
        required=False,
    )
    given_on = DayField(label=_("Given on"), required=False)

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today

    def check_without_promise(self, cleaned):
        if cleaned.get("due_on"):
            self.add_error("promised", _("Enter how much is promised for that day."))
        elif cleaned.get("given") is None and "given" not in self.errors:
            self.add_error("promised", _("Enter how much is promised, or what was given already."))

    def clean_given_on(self):
        day = self.cleaned_data["given_on"]
        return not_ahead(day, self.today) if day else day

    def save(self, *, by):
        self.instance.enter(
            by=by,
            given=self.cleaned_data["given"],
            on=self.cleaned_data["given_on"] or self.today,
        )
        return self.instance


class DeliveryForm(forms.Form):
    """Something was given."""

    amount = AmountField(label=_("How much?"), error_messages={"required": _("Enter how much.")})
    on = DayField(label=_("Given on"), error_messages={"required": _("Enter the day.")})
    note = NFCFormField(label=_("Note"), max_length=500, required=False)

    def __init__(self, *args, contribution: Contribution, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        unit = unit_words(contribution.unit)
        self.fields["amount"].label = _("How much, in %(unit)s?") % {"unit": unit}

    def clean_on(self):
        return not_ahead(self.cleaned_data["on"], self.today)


class CorrectionForm(DeliveryForm):
    """What was noted as given was wrong."""

    taken_back = forms.BooleanField(
        label=_("It was not given at all: take this line back"), required=False
    )
    field_order = ["amount", "on", "note", "taken_back"]

    def __init__(self, *args, delivery: Delivery, **kwargs):
        stored = {"amount": delivery.amount, "on": delivery.on, "note": delivery.note}
        super().__init__(*args, initial=stored, **kwargs)
        self.fields["amount"].required = False

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("taken_back"):
            cleaned["amount"] = None
            self._errors.pop("amount", None)
        elif cleaned.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("Enter how much."))
        return cleaned


class GainForm(VersionedForm):
    """What a party gets out of it."""

    what = LongText(
        label=_("What does it gain?"),
        help_text=_("In its own words, one thing at a time."),
        rows=3,
        max_length=1000,
        error_messages={"required": _("Write in a sentence what is gained.")},
    )

    class Meta:
        model = Gain
        fields = ["what"]

    def save(self, *, by):
        gain = super().save()
        if self.changed_data:
            gain.tell_change(self.initial["what"], by=by)
        return gain


class NewGainForm(GainForm):
    def save(self, *, by):
        self.instance.enter(by=by)
        return self.instance


class TakeBackForm(forms.Form):
    reason = ReasonField(max_length=500)
