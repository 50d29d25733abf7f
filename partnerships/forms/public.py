"""What the public page says the partnership is."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.versions import VersionedForm
from partnerships.fields import LongText
from partnerships.forms.spoken import SpokenForm
from partnerships.models import PublicPage


class PublicTextForm(VersionedForm):
    about_en = LongText(
        label=_("What it is, in English"),
        help_text=_(
            "For families and neighbors who do not know you: who does what with whom, what for, who "
            "can take part, and whom to ask. The first sentence also stands on the list of your "
            "district. No names of students."
        ),
        rows=6,
        required=False,
    )
    about_vi = LongText(
        label=_("What it is, in Vietnamese"),
        help_text=_(
            "Whoever reads Vietnamese sees this text. Without it they see the English one, marked as such."
        ),
        rows=6,
        required=False,
    )

    class Meta:
        model = PublicPage
        fields = ["about_en", "about_vi"]

    def clean(self):
        cleaned = super().clean()
        if not self.errors and not cleaned.get("about_en") and not cleaned.get("about_vi"):
            lacking = _("Say what it is, in at least one of the two languages.")
            self.add_error("about_en", lacking)
        return cleaned


class PaperReleaseForm(SpokenForm):
    """Who released it elsewhere; it is of what the page shows, and of nothing newer."""

    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def draw_anew(self, fingerprint: str, refusal):
        """It says something else now: what was typed stays, sending it again is a decision."""
        self.data = self.data.copy()
        self.data[self.add_prefix("fingerprint")] = fingerprint
        self.add_error(None, str(refusal))
