"""What happened is a record: who, when, why. Nothing here is ever edited."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.text import NFCTextField
from partnerships.events import EventKind, sentence
from partnerships.stages import MoveKind, Stage


class Kept(models.QuerySet):
    """Rows that are written once."""

    def update(self, **kwargs):
        raise TypeError("These rows are a record of what happened and are never edited.")

    def delete(self):
        raise TypeError("These rows are a record of what happened and are never deleted.")


class Record(models.Model):
    objects = Kept.as_manager()

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if not self._state.adding:
            raise TypeError("A record of what happened is never edited.")
        super().save(*args, **kwargs)

    def delete(self, *args, **kwargs):
        raise TypeError("A record of what happened is never deleted.")


class Move(Record):
    """A change of stage, cycle or status. Replaying a partnership's moves gives its present state."""

    partnership = models.ForeignKey("Partnership", models.PROTECT, related_name="moves")
    kind = models.CharField(_("kind"), max_length=10, choices=MoveKind)
    from_stage = models.CharField(_("from"), max_length=10, choices=Stage, blank=True)
    to_stage = models.CharField(_("to"), max_length=10, choices=Stage)
    cycle = models.PositiveSmallIntegerField(_("cycle"))  # the cycle it led into
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="moves",
        verbose_name=pgettext_lazy("who did it", "by"),
    )
    at = models.DateTimeField(_("at"))
    reason = NFCTextField(_("reason"), max_length=2000, blank=True)
    open_items = models.PositiveSmallIntegerField(_("open items"), default=0)

    class Meta:
        verbose_name = _("move")
        verbose_name_plural = _("moves")
        ordering = ["pk"]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.get_to_stage_display()}"

    @property
    def sentence(self) -> str:
        """Say in words what was done, for the reader who came second."""
        words = {"by": self.by, "stage": self.get_to_stage_display()}
        if self.kind == MoveKind.PAUSE:
            return gettext("%(by)s paused this partnership.") % words
        if self.kind == MoveKind.END:
            return gettext("%(by)s ended this partnership.") % words
        if self.kind in {MoveKind.RESUME, MoveKind.REOPEN}:
            return gettext("%(by)s took this partnership up again.") % words
        return gettext("%(by)s moved this partnership to “%(stage)s”.") % words


class EventQuerySet(Kept):
    def open_to(self, parties):
        """What everybody at the table reads, and what tells of these parties' own papers."""
        everybodys = models.Q(of_document=None) | models.Q(of_document__shared=True)
        return self.filter(
            models.Q(only_for=None) | models.Q(only_for__in=parties),
            everybodys | models.Q(of_document__party__in=parties),
        )


class Event(Record):
    """A line of the timeline. Some are for the people of one party only (`only_for`); and what tells of
    a document is read by whoever may see the document now. Ask `Partnership.events_open_to`.
    """

    partnership = models.ForeignKey("Partnership", models.PROTECT, related_name="events")
    kind = models.CharField(_("kind"), max_length=30, choices=EventKind)
    cycle = models.PositiveSmallIntegerField(_("cycle"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="events",
        verbose_name=pgettext_lazy("who did it", "by"),
    )
    at = models.DateTimeField(_("at"))
    about = models.JSONField(default=dict)
    only_for = models.ForeignKey("Party", models.PROTECT, null=True, related_name="+")
    of_document = models.ForeignKey("Document", models.PROTECT, null=True, related_name="events")

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["partnership", "-at"])]

    def __str__(self):
        return self.get_kind_display()

    @property
    def sentence(self):
        return sentence(EventKind(self.kind), by=self.by.name, about=self.about)

    @property
    def reason(self) -> str:
        return self.about.get("reason", "")
