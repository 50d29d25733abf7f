"""Form fields that more than one form of ours has."""

from datetime import date, timedelta
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.words import long_day
from accounts.text import NFCFormField
from partnerships.numbers import NotANumber, TooLarge, number, parse_number

EARLIEST, LATEST = date(1900, 1, 1), date(2100, 12, 31)


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs):
        super().__init__(format="%Y-%m-%d", **kwargs)


class DayField(forms.DateField):
    """A date that is meant: no slip of the year, such as 0027."""

    widget = DateInput
    default_error_messages = {
        "invalid": _("Enter a date, such as 2027-01-31."),
        "out_of_range": _("Enter a date between 1900 and 2100."),
    }

    def validate(self, value):
        super().validate(value)
        if value and not EARLIEST <= value <= LATEST:
            raise ValidationError(self.error_messages["out_of_range"], code="out_of_range")


LASTS = timedelta(days=14)  # how long something can be answered, unless one says otherwise
AT_MOST = timedelta(days=90)
KEY_DIGITS = 18  # what a database takes for a key; SQLite breaks at more


class LastDayField(DayField):
    """The last day on which something can be answered. `first` and `last` say what may be chosen."""

    def __init__(self, *, first: date, last: date, **kwargs):
        options = {
            "label": _("Last day to answer"),
            "error_messages": {"required": _("Enter the last day to answer.")},
        }
        super().__init__(**{**options, **kwargs})
        self.first, self.last = first, last

    def validate(self, value):
        super().validate(value)
        if value and not self.first <= value <= self.last:
            days = {"first": long_day(self.first), "last": long_day(self.last)}
            raise ValidationError(_("Enter a day from %(first)s to %(last)s."), params=days)


class LongText(NFCFormField):
    def __init__(self, *, rows=4, max_length=2000, **kwargs):
        super().__init__(max_length=max_length, widget=forms.Textarea({"rows": rows}), **kwargs)


class ReasonField(LongText):
    """Why something is done, for whoever reads the timeline later."""

    def __init__(self, **kwargs):
        options = {
            "label": _("Why?"),
            "help_text": _("A few words. They stay on the timeline."),
            "rows": 3,
        }
        super().__init__(**{**options, **kwargs})
        self.error_messages["required"] = _("Say why, in a few words.")


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows. Of numbers that no row can have, it says what it says of any wrong choice."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value):
        for one in value or ():
            if len(str(one)) > KEY_DIGITS:
                told = self.error_messages["invalid_choice"]
                raise ValidationError(told, code="invalid_choice", params={"value": one})
        return super().clean(value)


class NumberField(forms.CharField):
    """A number, written as the language of the page writes it."""

    default_error_messages = {
        "invalid": _("Enter a number such as 1,250.5."),
        "large": _("Enter a number of at most 12 digits."),
    }

    def __init__(self, **kwargs):
        super().__init__(max_length=40, widget=forms.TextInput({"inputmode": "decimal"}), **kwargs)

    def to_python(self, value):
        text = super().to_python(value)
        if not text:
            return None
        try:
            return parse_number(text)
        except TooLarge:
            raise ValidationError(self.error_messages["large"], code="large") from None
        except NotANumber:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None

    def run_validators(self, value):
        """Those of texts have nothing to say about a number."""

    def prepare_value(self, value):
        return number(value) if isinstance(value, Decimal) else value

    def has_changed(self, initial, data):
        initial = self.prepare_value(initial)
        try:
            return self.to_python(initial) != self.to_python(data)
        except ValidationError:
            return True
