"""What somebody who leaves passes on."""

from django.utils.translation import gettext_lazy as _

from accounts.versions import VersionedForm
from partnerships.fields import LongText
from partnerships.models import Handover


class HandoverForm(VersionedForm):
    knows = LongText(
        label=_("What should whoever comes after know?"),
        help_text=_(
            "Whom to call and when. What was promised, and by whom. What goes well and should stay. "
            "What to watch. Only your side reads it. No names of students."
        ),
        rows=10,
        max_length=10_000,
        error_messages={
            "required": _("Write down at least one thing the next person should know.")
        },
    )

    class Meta:
        model = Handover
        fields = ["knows"]

    def clean_seen_version(self):
        return self.cleaned_data["seen_version"] or 0  # drawn before there was a text

    def save(self, *, by):
        handover = super().save(commit=False)
        if self.has_changed():
            handover.keep(by=by)
        return handover
