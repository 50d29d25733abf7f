from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.text import NFCFormField
from partnerships.vocabulary import How


class SpokenForm(forms.Form):
    """Who said it, and how, where a coordinator enters it for somebody without a login."""

    how = forms.ChoiceField(
        label=_("How did they say it?"),
        choices=[choice for choice in How.choices if choice[0] != How.HERE],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose how they said it.")},
    )
    speaker = NFCFormField(
        label=_("Who said it?"),
        max_length=120,
        error_messages={"required": _("Enter the name of the person who said it.")},
    )
