"""What each party would like to come next: said for the whole side, before anything is decided.

A wish stands behind the veil, as an answer to a question for both sides does: the others read it
when every party at the table has said its own.
"""

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.text import NFCTextField
from evaluations.models.joint import Said
from partnerships.events import EventKind
from partnerships.models import Partnership, Party
from partnerships.models.history import Kept


class WhatNext(models.TextChoices):
    """In the words of the debrief, which asks every person the same."""

    GO_ON = "go-on", _("Go on as we are")
    CHANGE = "change", _("Go on with changes")
    PAUSE = "pause", _("Pause")
    END = "end", _("End")


class WishQuerySet(Kept):
    def of_this_cycle(self, partnership: Partnership):
        return self.filter(party__partnership=partnership, cycle=partnership.cycle)

    @transaction.atomic
    def say(self, party: Party, what_next: WhatNext, because: str, *, by, **said) -> "Wish":
        """Say for a party what it would like; saying the same again changes nothing.

        `said` may hold `how` and `speaker`, where somebody else enters it for them.
        """
        locked = Partnership.objects.select_for_update(no_key=True)
        partnership = locked.get(pk=party.partnership_id)
        before = self.of_this_cycle(partnership).filter(party=party).last()
        if before and (before.what_next, before.because) == (what_next, because):
            return before
        wish = self.create(
            party=party,
            cycle=partnership.cycle,
            what_next=what_next,
            because=because,
            by=by,
            at=timezone.now(),
            **said,
        )
        partnership.record(EventKind.WISH_SAID, by=by, party=party.label)
        return wish


class Wish(Said):
    """What a party would like to come next, and why. Its last one in a cycle counts."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="wishes")
    cycle = models.PositiveSmallIntegerField(_("cycle"))
    what_next = models.CharField(_("what next"), max_length=10, choices=WhatNext)
    because = NFCTextField(_("why"), max_length=2000)

    objects = WishQuerySet.as_manager()

    class Meta:
        verbose_name = _("what a side would like")
        verbose_name_plural = _("what the sides would like")
        ordering = ["pk"]
        indexes = [models.Index(fields=["party", "cycle"])]

    def __str__(self):
        return f"{self.party}: {self.get_what_next_display()}"
