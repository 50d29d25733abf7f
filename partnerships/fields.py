"""Form fields that more than one form of ours has."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.text import NFCFormField


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, **kwargs):
        super().__init__(format="%Y-%m-%d", **kwargs)


class DayField(forms.DateField):
    widget = DateInput
    default_error_messages = {"invalid": _("Enter a date, such as 2027-01-31.")}


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
