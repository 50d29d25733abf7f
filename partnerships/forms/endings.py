from django.utils.translation import gettext_lazy as _

from accounts.versions import VersionedForm
from partnerships.fields import LongText
from partnerships.forms.spoken import SpokenForm
from partnerships.models import HandedOn


class HandedOnForm(VersionedForm):
    """What a party hands on, in its own words."""

    text = LongText(
        label=_("What does this side hand on?"),
        max_length=10_000,
        rows=8,
        help_text=_(
            "What should live on, who takes it, where things are, whom to ask. All sides read this."
        ),
        error_messages={"required": _("Write down what is handed on.")},
    )

    class Meta:
        model = HandedOn
        fields = ["text"]

    def save(self, *, by):
        if self.has_changed():
            self.instance.version += 1 if self.instance.pk else 0
            self.instance.write(by=by, **self.said)
        return self.instance

    @property
    def said(self) -> dict:
        """How it was said and by whom, where somebody else enters it for them."""
        return {name: self.cleaned_data[name] for name in ("how", "speaker") if name in self.fields}


class SpokenHandedOnForm(HandedOnForm, SpokenForm):
    field_order = ["text", "how", "speaker"]
