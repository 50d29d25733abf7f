"""What each party passes on when a partnership comes to its end."""

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.text import NFCCharField, NFCTextField
from accounts.versions import Versioned
from partnerships.events import EventKind
from partnerships.models.parties import Party
from partnerships.vocabulary import How


class HandedOn(Versioned):
    """What a party hands on of the whole partnership, for whoever takes it up again. All sides read it."""

    party = models.OneToOneField(
        Party, models.PROTECT, related_name="handed_on", editable=False, verbose_name=_("party")
    )
    text = NFCTextField(_("what is handed on"), max_length=10_000)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False
    )
    at = models.DateTimeField(default=timezone.now, editable=False)
    how = models.CharField(max_length=10, choices=How, default=How.HERE, editable=False)
    speaker = NFCCharField(max_length=120, blank=True, editable=False)

    class Meta:
        verbose_name = _("what is handed on")
        verbose_name_plural = _("what is handed on")

    def __str__(self):
        return f"{self.party}: {self.text}"

    def get_absolute_url(self):
        return reverse("desk:ending", args=[self.party.partnership_id])

    @classmethod
    def of(cls, party: Party) -> "HandedOn":
        """What a party has written, or an empty one to write on."""
        written = cls.objects.filter(party=party).select_related("by").first() or cls()
        written.party = party
        return written

    @property
    def was_entered_for(self) -> bool:
        return self.how != How.HERE

    @property
    def day(self):
        return timezone.localdate(self.at)

    @transaction.atomic
    def write(self, *, by, how=How.HERE, speaker=""):
        """Keep it, and tell the timeline. `how` and `speaker`, where somebody else enters it for them."""
        self.by, self.at, self.how, self.speaker = by, timezone.now(), how, speaker
        self.save()
        self.party.partnership.record(EventKind.HANDED_ON, by=by, party=self.party.label)
