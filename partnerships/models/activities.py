"""What the sides do together: planned with a date or a rhythm, and afterwards how it went.

The days of an activity follow from its rhythm. An `Occurrence` is kept only for a day of which
something is noted; it stays, whatever becomes of the rhythm. A day that is past and of which
nothing is noted waits for how it went.
"""

from dataclasses import dataclass, fields
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.db.models.functions import Cast, Coalesce, Concat
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts.text import NFCCharField, NFCTextField
from accounts.versions import Versioned
from partnerships.due import ZONE
from partnerships.events import EventKind
from partnerships.localdate import today_in
from partnerships.models.goals import Goal
from partnerships.models.partnership import Partnership
from partnerships.models.people import Seat
from partnerships.rhythm import days_in_rhythm
from partnerships.stages import Status
from partnerships.vocabulary import EngagementKind, Rhythm

ASKED_FOR = timedelta(days=30)  # so long is asked how a day went


class ActivityQuerySet(models.QuerySet):
    def planned(self):
        return self.filter(called_off_at=None)

    def without_a_voice(self):
        """Those for which nobody has said how students or families had a say."""
        return self.planned().filter(say="")

    def hand_over(self, seat: Seat, successor: Seat | None):
        """Let the successor lead what has a day to come; without one, who led it stays named.

        What is past keeps who led it.
        """
        if successor is None or successor == seat:
            return
        for activity in self.planned().with_notes().select_related("partnership__district"):
            if activity.next_day:
                activity.leads.add(successor)
                activity.leads.remove(seat)
                Activity.objects.filter(pk=activity.pk).update(version=models.F("version") + 1)

    def with_notes(self):
        """With what is noted of their days, in short: no more queries, however many days."""
        noted = Concat(
            Cast("planned_on", models.CharField()),
            models.Value("/"),
            "state",
            models.Value("/"),
            Coalesce(Cast("moved_to", models.CharField()), models.Value("")),
            output_field=models.CharField(),
        )
        of_each = Occurrence.objects.filter(activity=models.OuterRef("pk")).order_by()
        told = of_each.values("activity").annotate(
            told=models.StringAgg(noted, delimiter=models.Value(" "))
        )
        return self.annotate(notes_in_short=models.Subquery(told.values("told")))

    def with_leads(self):
        """With the keys of the seats that lead them, in the same query."""
        of_each = Activity.leads.through.objects.filter(activity=models.OuterRef("pk")).order_by()
        seats = of_each.values("activity").annotate(
            told=models.StringAgg(Cast("seat", models.CharField()), delimiter=models.Value(" "))
        )
        return self.annotate(led_by=models.Subquery(seats.values("told")))

    def to_report(self):
        """Those that may have a day within the last month that waits for how it went."""
        a_month_ago = today_in(ZONE, plus=-ASKED_FOR)
        return self.planned().filter(
            Q(unreported_from__gte=a_month_ago) | Q(until__gte=a_month_ago),
            partnership__status=Status.ACTIVE,
            unreported_from__lt=today_in(ZONE),
        )


class Activity(Versioned):
    """Something the sides do together, once or again and again. Numbers only: no names of students."""

    partnership = models.ForeignKey(
        Partnership, models.PROTECT, related_name="activities", verbose_name=_("partnership")
    )
    cycle = models.PositiveSmallIntegerField(_("cycle"), default=1)
    title = NFCCharField(_("what you do"), max_length=200)
    kind = models.CharField(_("kind of engagement"), max_length=20, choices=EngagementKind)
    rhythm = models.CharField(_("how often"), max_length=12, choices=Rhythm, default=Rhythm.ONCE)
    on = models.DateField(_("date"))  # the first, if it repeats
    until = models.DateField(_("last date"), null=True, blank=True)
    begins_at = models.TimeField(_("from"), null=True, blank=True)
    ends_at = models.TimeField(_("to"), null=True, blank=True)
    place = NFCCharField(_("place"), max_length=200, blank=True)
    needs = NFCTextField(_("what is needed"), max_length=2000, blank=True)
    say = NFCTextField(_("how students and families had a say"), max_length=1000, blank=True)
    leads = models.ManyToManyField(
        Seat, related_name="led_activities", blank=True, verbose_name=_("who leads")
    )
    goals = models.ManyToManyField(
        Goal, related_name="activities", blank=True, verbose_name=_("goals it serves")
    )
    called_off_at = models.DateTimeField(null=True, editable=False)
    called_off_because = NFCTextField(max_length=500, blank=True, editable=False)
    # The first day of which nothing is noted: kept, so that what waits is found by an index.
    unreported_from = models.DateField(null=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="activities", editable=False
    )
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = _("activity")
        verbose_name_plural = _("activities")
        ordering = ["on", "begins_at", "pk"]
        indexes = [
            models.Index(
                fields=["unreported_from"],
                condition=Q(called_off_at=None, unreported_from__isnull=False),
                name="activities_to_report",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(rhythm=Rhythm.ONCE, until=None)
                | (~Q(rhythm=Rhythm.ONCE) & Q(until__isnull=False, until__gte=models.F("on"))),
                name="what_repeats_has_a_last_date",
            ),
            models.CheckConstraint(
                condition=Q(ends_at=None)
                | Q(begins_at__isnull=False, ends_at__gt=models.F("begins_at")),
                name="activity_ends_after_it_begins",
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("partnerships:activity", args=[self.partnership_id, self.pk])

    # Questions

    @property
    def times(self) -> str:
        """From when to when, such as “15:00–16:30”."""
        return "–".join(f"{one:%H:%M}" for one in (self.begins_at, self.ends_at) if one)

    @property
    def repeats(self) -> bool:
        return self.rhythm != Rhythm.ONCE

    @property
    def is_called_off(self) -> bool:
        return self.called_off_at is not None

    @property
    def called_off_on(self) -> date | None:
        """The day it was called off, where the partnership is; what was before may have taken place."""
        zone = self.partnership.district.zone
        return timezone.localdate(self.called_off_at, zone) if self.called_off_at else None

    @cached_property
    def noted(self) -> dict[date, "Occurrence"]:
        """What is noted, by the day that the rhythm had given it."""
        if hasattr(self, "notes_in_short"):
            return dict(noted_in_short(self, self.notes_in_short or ""))
        return {one.planned_on: one for one in self.occurrences.all()}

    def days(self, begin: date | None = None, end: date | None = None) -> list["Day"]:
        """Its days in order: those of its rhythm, and others of which something is noted."""
        by_rhythm = set(days_in_rhythm(self.rhythm, self.on, self.until))
        said = {planned_on for planned_on, note in self.noted.items() if note.says_something}
        found = [
            Day(self, planned_on, self.noted.get(planned_on)) for planned_on in by_rhythm | said
        ]
        within = [
            day
            for day in found
            if (begin is None or day.on >= begin) and (end is None or day.on <= end)
        ]
        return sorted(within, key=lambda day: (day.on, day.planned_on))

    def day_of(self, planned_on: date) -> "Day | None":
        return next((day for day in self.days() if day.planned_on == planned_on), None)

    @property
    def waiting_days(self) -> list["Day"]:
        """The days of the last month that wait for how it went."""
        today = self.partnership.district.today()
        return [day for day in self.days(today - ASKED_FOR, today) if day.waits]

    @cached_property
    def next_day(self) -> "Day | None":
        """The next one that is to take place."""
        today = self.partnership.district.today()
        return next((day for day in self.days(today) if day.is_ahead), None)

    @cached_property
    def last_day(self) -> "Day":
        return self.days()[-1]

    @cached_property
    def totals(self) -> "Totals":
        return self.occurrences.totals()

    # Actions

    @transaction.atomic
    def keep(self, *, by, leads=(), goals=()):
        """Plan it, or keep what was changed. What was noted of its days stays."""
        before = Activity.objects.filter(pk=self.pk).first()
        self.changed_at = timezone.now()
        if before is None:
            self.made_by, self.cycle = by, self.partnership.cycle
        self.save()
        self.leads.set(leads)
        self.goals.set(goals)
        if before and before.on != self.on and not (before.repeats or self.repeats):
            self.take_along(before.on)
        self.look_for_unreported()
        kind = EventKind.ACTIVITY_CHANGED if before else EventKind.ACTIVITY_PLANNED
        self.partnership.record(kind, by=by, activity=self.title)

    def take_along(self, day: date):
        """What is noted of an activity of one day goes with it when its date is corrected."""
        if self.occurrences.filter(planned_on=self.on).exists():
            return
        self.occurrences.filter(planned_on=day).update(
            planned_on=self.on, moved_to=None, version=F("version") + 1
        )

    @transaction.atomic
    def call_off(self, reason: str, *, by):
        """It does not take place from now on. Planning it again undoes that."""
        self.called_off_at, self.called_off_because = timezone.now(), reason
        self.save_as_called_off()
        self.partnership.record(
            EventKind.ACTIVITY_CALLED_OFF, by=by, activity=self.title, reason=reason
        )

    @transaction.atomic
    def plan_again(self, *, by):
        self.called_off_at, self.called_off_because = None, ""
        self.save_as_called_off()
        self.partnership.record(EventKind.ACTIVITY_PLANNED_AGAIN, by=by, activity=self.title)

    def save_as_called_off(self):
        self.changed_at, self.version = timezone.now(), self.version + 1
        self.save(update_fields=["called_off_at", "called_off_because", "changed_at", "version"])
        self.look_for_unreported()

    def lock(self):
        """Two may note the first thing of a day at once: let them come one after the other."""
        Activity.objects.select_for_update().get(pk=self.pk)
        self.__dict__.pop("noted", None)

    def note_on(self, planned_on: date) -> "Occurrence":
        """What is noted of a day, or a blank for it."""
        note = self.occurrences.filter(planned_on=planned_on).first()
        note = note or Occurrence(activity=self, planned_on=planned_on)
        note.activity = self
        return note

    def note(self, planned_on: date, state: str, *, by, **said) -> "Occurrence":
        """Note how a day went, or that it is called off."""
        note = self.note_on(planned_on)
        note.state, note.version = state, note.version + 1
        for name, value in said.items():
            setattr(note, name, value)
        note.keep(by=by)
        return note

    def look_for_unreported(self):
        """Find again the first day of which nothing is noted. All that changes its days ends with this."""
        self.__dict__.pop("noted", None)
        self.__dict__.pop("notes_in_short", None)
        since = self.partnership.district.today() - ASKED_FOR
        open_days = [] if self.is_called_off else self.days(since)
        self.unreported_from = next((day.on for day in open_days if day.is_open), None)
        Activity.objects.filter(pk=self.pk).update(unreported_from=self.unreported_from)


class OccurrenceQuerySet(models.QuerySet):
    def told(self):
        """Those of which somebody has said whether they took place."""
        return self.exclude(state=Occurrence.State.PLANNED)

    def between(self, begin: date, end: date):
        """Those on these days and the days between, moved ones where they were moved to; by the day."""
        on = Coalesce("moved_to", "planned_on")
        return self.alias(day=on).filter(day__gte=begin, day__lte=end).order_by("day", "pk")

    def held(self):
        return self.filter(state=Occurrence.State.HELD)

    def since(self, day: date):
        return self.annotate(day=Coalesce("moved_to", "planned_on")).filter(day__gte=day)

    def totals(self) -> "Totals":
        return Totals(**self.aggregate(**SUMS))

    def totals_by_activity(self) -> dict[int, "Totals"]:
        rows = self.order_by().values("activity").annotate(**SUMS)
        return {row.pop("activity"): Totals(**row) for row in rows}


class Occurrence(Versioned):
    """One day of an activity that something is noted about: moved, not held, or how it went.

    A day of which nothing is noted has no row; the days follow from the activity's rhythm.
    """

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        HELD = "held", _("Took place")
        NOT_HELD = "not-held", _("Did not take place")

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="occurrences")
    planned_on = models.DateField(editable=False)  # by the rhythm
    moved_to = models.DateField(_("moved to"), null=True, blank=True)
    state = models.CharField(_("took place"), max_length=10, choices=State, default=State.PLANNED)
    students = models.PositiveIntegerField(_("students"), null=True, blank=True)
    teachers = models.PositiveIntegerField(_("teachers"), null=True, blank=True)
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    family_members = models.PositiveIntegerField(_("family members"), null=True, blank=True)
    hours = models.DecimalField(_("hours"), max_digits=6, decimal_places=2, null=True, blank=True)
    how_it_went = NFCTextField(_("how it went"), max_length=2000, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="occurrences", editable=False
    )
    at = models.DateTimeField(default=timezone.now, editable=False)

    objects = OccurrenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("day of an activity")
        verbose_name_plural = _("days of activities")
        ordering = ["planned_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["activity", "planned_on"], name="one_occurrence_per_planned_day"
            )
        ]

    def __str__(self):
        return f"{self.activity}, {self.on}"

    @property
    def on(self):
        return self.moved_to or self.planned_on

    @property
    def is_held(self) -> bool:
        return self.state == self.State.HELD

    @property
    def is_not_held(self) -> bool:
        return self.state == self.State.NOT_HELD

    @property
    def says_something(self) -> bool:
        return self.state != self.State.PLANNED or self.moved_to is not None

    @transaction.atomic
    def keep(self, *, by):
        """Keep how the day went, or that it is called off."""
        self.save_by(by)
        kind, about = EventKind.ACTIVITY_HELD, {}
        if self.is_not_held:
            kind, about = EventKind.ACTIVITY_NOT_HELD, {"reason": self.how_it_went}
            if self.on > self.activity.partnership.district.today():
                kind = EventKind.ACTIVITY_CALLED_OFF
        self.record(kind, by=by, **about)

    @transaction.atomic
    def move_to(self, day: date, *, by):
        """Let it take place on another day than the rhythm's; on that one, nothing is noted any more."""
        was_on = self.on
        self.moved_to = None if day == self.planned_on else day
        self.version += 1
        self.save_by(by)
        self.record(EventKind.ACTIVITY_MOVED, by=by, was_on=was_on.isoformat())

    @transaction.atomic
    def plan_again(self, *, by):
        """It is to take place after all."""
        self.state = self.State.PLANNED
        self.version += 1
        self.save_by(by)
        self.record(EventKind.ACTIVITY_PLANNED_AGAIN, by=by)

    def save_by(self, by):
        self.by, self.at = by, timezone.now()
        self.save()
        self.activity.look_for_unreported()

    def record(self, kind, *, by, **about):
        about |= {"activity": self.activity.title, "on": self.on.isoformat()}
        self.activity.partnership.record(kind, by=by, **about)


def noted_in_short(activity: Activity, told: str):
    """Read what `with_notes` tells: a day, how it stands, and to which day it was moved."""
    for one in told.split():
        planned_on, state, moved_to = one.split("/")
        day = date.fromisoformat(planned_on)
        yield (
            day,
            Occurrence(
                activity=activity,
                planned_on=day,
                state=state,
                moved_to=date.fromisoformat(moved_to) if moved_to else None,
            ),
        )


@dataclass(frozen=True)
class Day:
    """A day of an activity, and what is noted of it."""

    activity: Activity
    planned_on: date
    note: Occurrence | None

    def get_absolute_url(self):
        return self.address("day")

    def address(self, page: str) -> str:
        keys = [self.activity.partnership_id, self.activity.pk, self.planned_on]
        return reverse(f"partnerships:{page}", args=keys)

    @property
    def on(self) -> date:
        return self.note.on if self.note else self.planned_on

    @property
    def is_moved(self) -> bool:
        return self.on != self.planned_on

    @property
    def was_held(self) -> bool:
        return self.note is not None and self.note.is_held

    @property
    def is_not_held(self) -> bool:
        return self.note is not None and self.note.is_not_held

    @property
    def is_called_off(self) -> bool:
        """By itself, or with the whole activity."""
        if self.was_held:
            return False
        with_all = self.activity.is_called_off and self.on >= self.activity.called_off_on
        return self.is_not_held or with_all

    @property
    def is_open(self) -> bool:
        """Nothing is noted of how it went."""
        return not self.was_held and not self.is_called_off

    @property
    def has_come(self) -> bool:
        return self.on <= self.activity.partnership.district.today()

    @property
    def is_past(self) -> bool:
        return self.on < self.activity.partnership.district.today()

    @property
    def is_ahead(self) -> bool:
        return self.is_open and not self.is_past

    @property
    def waits(self) -> bool:
        return self.is_open and self.is_past and not self.activity.is_called_off

    @property
    def state(self):
        """How it stands, in words."""
        if self.was_held:
            return Occurrence.State.HELD.label
        if self.is_not_held and self.is_past:
            return Occurrence.State.NOT_HELD.label
        if self.is_called_off:
            return _("Called off")
        return _("Nothing noted yet") if self.is_past else Occurrence.State.PLANNED.label


@dataclass(frozen=True)
class Totals:
    """How often something took place, and with whom: defined here once.

    Only days that took place count. Somebody who comes ten times counts ten times, as nobody is known by name.
    """

    held: int = 0
    students: int = 0
    teachers: int = 0
    employees: int = 0
    family_members: int = 0
    hours: Decimal = Decimal(0)

    def __add__(self, other: "Totals") -> "Totals":
        names = [field.name for field in fields(self)]
        return Totals(**{name: getattr(self, name) + getattr(other, name) for name in names})


def summed(name, nothing=0):
    held = Q(state=Occurrence.State.HELD)
    return Coalesce(models.Sum(name, filter=held), nothing, output_field=SUMMED.get(name))


SUMMED = {"hours": models.DecimalField(max_digits=12, decimal_places=2)}
SUMS = {
    "held": models.Count("pk", filter=Q(state=Occurrence.State.HELD)),
    "students": summed("students"),
    "teachers": summed("teachers"),
    "employees": summed("employees"),
    "family_members": summed("family_members"),
    "hours": summed("hours", Decimal(0)),
}
