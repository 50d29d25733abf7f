"""Action steps: who does what by when, for a goal, an activity, or after something was said."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.text import NFCCharField, NFCTextField
from accounts.versions import Versioned
from partnerships.due import Due, due_soon, past_due
from partnerships.models.activities import Activity
from partnerships.models.goals import Goal
from partnerships.models.log import LogEntry
from partnerships.models.partnership import Partnership
from partnerships.models.people import Seat
from partnerships.stages import Status


class StepState(models.TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


IS_OPEN = Q(state=StepState.OPEN)


class StepQuerySet(models.QuerySet):
    def open(self):
        return self.filter(IS_OPEN)

    def running(self):
        """Open, in partnerships that are neither paused nor ended."""
        return self.open().filter(partnership__status=Status.ACTIVE)

    def late(self):
        return self.filter(IS_OPEN, past_due())

    def due_soon(self):
        return self.filter(IS_OPEN, due_soon())

    def hand_over(self, successor: Seat | None):
        """Give what is open to the successor, or to nobody yet."""
        self.open().update(owner=successor, version=F("version") + 1)


class Step(Due, Versioned):
    """Something that one person does by a day. Late and due soon as an item of the checklist."""

    partnership = models.ForeignKey(
        Partnership, models.PROTECT, related_name="steps", verbose_name=_("partnership")
    )
    cycle = models.PositiveSmallIntegerField(_("cycle"), default=1)
    what = NFCCharField(_("what is to be done"), max_length=300)
    owner = models.ForeignKey(
        Seat,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="owned_steps",
        verbose_name=_("who does it"),
    )
    due_on = models.DateField(_("due on"), null=True, blank=True)
    goal = models.ForeignKey(
        Goal,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="steps",
        verbose_name=_("goal it serves"),
    )
    activity = models.ForeignKey(
        Activity,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="steps",
        verbose_name=_("activity it serves"),
    )
    follows_from = models.ForeignKey(
        LogEntry, models.SET_NULL, null=True, editable=False, related_name="steps"
    )
    note = NFCTextField(_("note"), max_length=2000, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=StepState, default=StepState.OPEN, editable=False
    )
    reason = NFCTextField(_("why it was dropped"), max_length=500, blank=True, editable=False)
    settled_at = models.DateTimeField(null=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        editable=False,
        related_name="settled_steps",
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="steps", editable=False
    )

    objects = StepQuerySet.as_manager()

    class Meta:
        verbose_name = _("action step")
        verbose_name_plural = _("action steps")
        ordering = [F("due_on").asc(nulls_last=True), "pk"]
        indexes = [
            models.Index(fields=["partnership", "state"]),
            models.Index(
                fields=["due_on"], condition=Q(state="open"), name="open_steps_by_due_date"
            ),
        ]

    def __str__(self):
        return self.what

    def get_absolute_url(self):
        return reverse("partnerships:step", args=[self.partnership_id, self.pk])

    @property
    def is_open(self) -> bool:
        return self.state == StepState.OPEN

    @property
    def is_done(self) -> bool:
        return self.state == StepState.DONE

    @property
    def is_dropped(self) -> bool:
        return self.state == StepState.DROPPED
