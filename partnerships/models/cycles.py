"""What a new cycle begins with: what the sides want to keep and to change."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.text import NFCTextField
from partnerships.models.history import Record
from partnerships.stages import Stage


class CycleNote(Record):
    """Written when a partnership recommits, read on the first page of the cycle."""

    partnership = models.ForeignKey("Partnership", models.PROTECT, related_name="cycle_notes")
    cycle = models.PositiveSmallIntegerField(_("cycle"))  # the one that begins
    stage = models.CharField(_("stage"), max_length=10, choices=Stage)  # at which it begins
    keep = NFCTextField(_("what you keep"), max_length=2000, blank=True)
    change = NFCTextField(_("what you change"), max_length=2000, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("note for a cycle")
        verbose_name_plural = _("notes for cycles")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["partnership", "cycle"], name="one_note_per_cycle")
        ]

    def __str__(self):
        return self.keep
