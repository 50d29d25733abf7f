"""What somebody who leaves a seat passes on."""

from django.conf import settings
from django.db import models, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.text import NFCTextField
from accounts.versions import Versioned
from partnerships.events import EventKind
from partnerships.models.people import Seat


class Handover(Versioned):
    """What the holder of a seat knows and writes down for whoever comes after. Their side reads it."""

    seat = models.OneToOneField(
        Seat, models.PROTECT, related_name="handover", editable=False, verbose_name=_("seat")
    )
    knows = NFCTextField(_("what whoever comes after should know"), max_length=10_000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="handovers", editable=False
    )
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("handover")
        verbose_name_plural = _("handovers")

    @classmethod
    def of(cls, seat: Seat) -> "Handover":
        """What was written for a seat, or an empty one to write on; the row of the seat is held by who writes."""
        written = cls.objects.filter(seat=seat).select_related("by").first()
        return written or cls(seat=seat)

    @property
    def is_written_for_them(self) -> bool:
        """Somebody else wrote down what they said: nobody of their side has a login."""
        partner = self.seat.party.partner
        return bool(partner) and not partner.people.filter(user=self.by_id).exists()

    @transaction.atomic
    def write(self, *, by):
        """Keep it and tell the timeline that it was written, not what it says."""
        self.by, self.at = by, timezone.now()
        self.save()
        self.seat.party.partnership.record(
            EventKind.HANDOVER_WRITTEN, by=by, person=self.seat.person.name
        )

    def __str__(self):
        return str(self.seat)

    def get_absolute_url(self):
        return reverse("partnerships:handover", args=[self.seat.party.partnership_id, self.seat_id])
