from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.fields import LongText
from partnerships.forms.basics import level_field
from partnerships.forms.spoken import SpokenForm
from partnerships.models import Party


class LevelForm(forms.Form):
    """Which level of relationship a party sees now, and which it wants."""

    now = level_field(_("Which level of relationship do you see now?"))
    wanted = level_field(_("Which level would you like? Higher is not better."))
    note = LongText(
        label=_("Note"),
        help_text=_("What makes you say so? All sides can read it."),
        required=False,
    )

    def __init__(self, *args, party: Party, **kwargs):
        initial = {"now": party.level_now, "wanted": party.level_wanted}
        super().__init__(*args, initial={**initial, **kwargs.pop("initial", {})}, **kwargs)


class SpokenLevelForm(LevelForm, SpokenForm):
    field_order = ["now", "wanted", "note", "how", "speaker"]
