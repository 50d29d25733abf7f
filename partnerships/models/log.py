"""The contact log: when the sides were in contact, what was said, and what follows."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.text import NFCCharField, NFCTextField
from accounts.versions import Versioned
from partnerships.models.partnership import Partnership
from partnerships.models.people import Seat
from partnerships.vocabulary import TOUCHPOINTS, ContactKind


class LogQuerySet(models.QuerySet):
    def touchpoints(self):
        return self.filter(kind__in=TOUCHPOINTS)


class LogEntry(Versioned):
    """A meeting, call, mail, visit, decision or disagreement. Both sides read it."""

    partnership = models.ForeignKey(
        Partnership, models.PROTECT, related_name="log", verbose_name=_("partnership")
    )
    cycle = models.PositiveSmallIntegerField(_("cycle"), default=1)
    kind = models.CharField(_("what it was"), max_length=15, choices=ContactKind)
    on = models.DateField(_("date"))
    people = models.ManyToManyField(
        Seat, related_name="log_entries", blank=True, verbose_name=_("who")
    )
    others = NFCCharField(_("others who took part"), max_length=300, blank=True)
    said = NFCTextField(_("what was said"), max_length=5000)
    settled = NFCTextField(_("how it was settled"), max_length=2000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="log_entries", editable=False
    )
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = LogQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of the contact log")
        verbose_name_plural = _("contact log")
        ordering = ["-on", "-pk"]
        indexes = [models.Index(fields=["partnership", "-on"])]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.on}"

    def get_absolute_url(self):
        return reverse("partnerships:log_entry", args=[self.partnership_id, self.pk])
