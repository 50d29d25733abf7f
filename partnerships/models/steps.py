"""Action steps: who does what by when, for a goal, an activity, or after something was said."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Case, F, Q, Value, When
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.text import NFCCharField, NFCTextField
from accounts.versions import Versioned
from partnerships.due import Due, due_soon, past_due
from partnerships.events import EventKind
from partnerships.models.activities import Activity
from partnerships.models.goals import Goal
from partnerships.models.log import LogEntry
from partnerships.models.parties import Party
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

    def listed(self):
        """Open ones by their day, the most late first; then what was settled, the latest first."""
        place = Case(
            *(When(state=state, then=Value(place)) for place, state in enumerate(StepState)),
            output_field=models.SmallIntegerField(),
        )
        due_on = Case(When(IS_OPEN, then=F("due_on")))
        return self.order_by(place, due_on.asc(nulls_last=True), F("settled_at").desc(), "pk")

    def with_reasons(self):
        """With what they are for and what they follow from."""
        return self.select_related(
            "goal", "activity", "follows_from", "settled_by", "result__debrief"
        )

    def hand_over(self, successor: Seat | None):
        """Give what is open to the successor, or to nobody yet."""
        self.open().update(owner=successor, version=F("version") + 1)


class StepManager(models.Manager.from_queryset(StepQuerySet)):
    """Also reached as `partnership.steps`, which plans steps, and as `seat.owned_steps`.

    A step knows the cycle it was made in. It goes on while it is open, through every later one.
    """

    @transaction.atomic
    def plan(self, *, by, **fields) -> "Step":
        step = self.create(cycle=self.instance.cycle, made_by=by, made_at=timezone.now(), **fields)
        step.tell(EventKind.STEP_ADDED, by=by)
        return step


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

    objects = StepManager()

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
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(reason=""), name="dropped_for_a_reason"
            )
        ]

    def __str__(self):
        return self.what

    def get_absolute_url(self):
        return reverse("partnerships:step", args=[self.partnership_id, self.pk])

    # Questions

    @property
    def is_open(self) -> bool:
        return self.state == StepState.OPEN

    @property
    def is_done(self) -> bool:
        return self.state == StepState.DONE

    @property
    def came_from(self):
        """The result of a debrief that it was made from, if there is one."""
        return getattr(self, "result", None)

    @property
    def is_dropped(self) -> bool:
        return self.state == StepState.DROPPED

    @property
    def is_set_aside(self) -> bool:
        """Neither open nor done, for a reason."""
        return self.is_dropped

    @property
    def is_of_current_cycle(self) -> bool:
        return self.cycle == self.partnership.cycle

    def waits_for(self, party: Party) -> bool:
        """A step waits for the party of whoever does it; without anybody, for every party."""
        return self.owner_id is None or self.owner.party_id == party.pk

    # Actions

    @transaction.atomic
    def tick(self, *, by):
        self.settle(StepState.DONE, by=by)
        self.tell(EventKind.STEP_DONE, by=by)

    @transaction.atomic
    def drop(self, reason: str, *, by):
        self.settle(StepState.DROPPED, by=by, reason=reason)
        self.tell(EventKind.STEP_DROPPED, by=by, reason=reason)

    @transaction.atomic
    def reopen(self, *, by):
        self.settle(StepState.OPEN, by=None)
        self.tell(EventKind.STEP_OPENED, by=by)

    def tell(self, kind: EventKind, *, by, **about):
        self.partnership.record(kind, by=by, step=self.what, **about)
