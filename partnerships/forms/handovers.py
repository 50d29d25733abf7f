from django.utils.translation import gettext_lazy as _

from accounts.versions import VersionedForm
from partnerships.fields import LongText
from partnerships.models import Handover


class HandoverForm(VersionedForm):
    """What the holder of a seat knows, in their own words."""

    knows = LongText(
        label=_("What whoever comes after should know"),
        max_length=10_000,
        help_text=_("Whom to call, what was promised, what to watch. Only your side reads this."),
        error_messages={"required": _("Write down what whoever comes after should know.")},
    )

    class Meta:
        model = Handover
        fields = ["knows"]

    def __init__(self, *args, for_them=False, **kwargs):
        """`for_them`: somebody of another side writes down what they say."""
        super().__init__(*args, **kwargs)
        if for_them:
            self.fields["knows"].help_text = _(
                "In their words: whom to call, what was promised, what to watch. "
                "Read it to them before you save it."
            )

    def save(self, *, by):
        if self.has_changed():
            if self.instance.pk:
                self.instance.version += 1
            self.instance.write(by=by)
        return self.instance
