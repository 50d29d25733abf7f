"""Goals that can be counted, and what was counted.

What a goal's numbers say (reached, on the way, behind, no data) is defined here once; every page,
chart, agreement and export asks `Goal.standing`.
"""

import zoneinfo
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.words import by_number
from accounts.text import NFCCharField, NFCTextField
from accounts.versions import Versioned
from partnerships.events import EventKind
from partnerships.models.history import Record
from partnerships.models.partnership import Partnership
from partnerships.standing import Count, Standing, Way
from partnerships.vocabulary import Direction, ForWhom

NUMBER = {"max_digits": 14, "decimal_places": 2}


class GoalQuerySet(models.QuerySet):
    def open(self):
        """Those that are still worked on, in whichever cycle they were set."""
        return self.filter(retired_in=None)

    def of_cycle(self, number: int):
        """Those that counted in a cycle: set by then, and not retired before."""
        return self.filter(Q(retired_in=None) | Q(retired_in__gte=number), cycle__lte=number)

    def without_a_voice(self):
        """Those for which nobody has said how students or families had a say."""
        return self.filter(say="")

    def with_measurements(self):
        """With all that was counted: one query, however many goals. `standing` asks no more then."""
        return self.prefetch_related(
            models.Prefetch("measurements", Measurement.objects.select_related("by"))
        )

    def begin_cycle(self, *, retired, because: str, by):
        """At a recommitment: retire the goals of these numbers, and carry over the other open ones.

        To be called once the partnership is in its new cycle.
        """
        for goal in self.open().select_for_update():
            if goal.pk in retired:
                goal.retire(because, by=by, last_cycle=goal.partnership.cycle - 1)
            else:
                goal.tell(EventKind.GOAL_CARRIED_OVER, by=by)


class Goal(Versioned):
    """Something both sides want to have reached by a day, with a number that shows it."""

    partnership = models.ForeignKey(
        Partnership, models.PROTECT, related_name="goals", verbose_name=_("partnership")
    )
    cycle = models.PositiveSmallIntegerField(_("cycle"), default=1)  # in which it was set
    what = NFCCharField(_("what you want to reach"), max_length=300)
    for_students = models.BooleanField(ForWhom.STUDENTS.label, default=False)
    for_teachers = models.BooleanField(ForWhom.TEACHERS.label, default=False)
    for_employees = models.BooleanField(ForWhom.EMPLOYEES.label, default=False)
    for_community = models.BooleanField(ForWhom.COMMUNITY.label, default=False)
    measure = NFCCharField(_("what you count"), max_length=200)
    unit = NFCCharField(_("unit"), max_length=40)
    direction = models.CharField(
        _("direction"), max_length=5, choices=Direction, default=Direction.MORE
    )
    starts_on = models.DateField(_("counted from"))  # the day of the starting value
    starting_value = models.DecimalField(_("starting value"), **NUMBER)
    target = models.DecimalField(_("target"), **NUMBER)
    due_on = models.DateField(_("to be reached by"))
    serves = NFCTextField(_("district or school goal it serves"), max_length=500, blank=True)
    say = NFCTextField(_("how students and families had a say"), max_length=1000, blank=True)
    retired_in = models.PositiveSmallIntegerField(null=True, editable=False)  # the last cycle
    retired_at = models.DateTimeField(null=True, editable=False)
    retired_because = NFCTextField(max_length=500, blank=True, editable=False)
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="goals", editable=False
    )

    OPEN_FIRST = (F("retired_at").asc(nulls_first=True), "due_on", "pk")

    objects = GoalQuerySet.as_manager()

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(direction=Direction.MORE, target__gt=F("starting_value"))
                | Q(direction=Direction.LESS, target__lt=F("starting_value")),
                name="target_lies_ahead_of_the_start",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gt=F("starts_on")), name="goal_is_due_after_its_start"
            ),
            models.CheckConstraint(
                condition=Q(retired_in=None, retired_at=None)
                | Q(retired_in__isnull=False, retired_at__isnull=False),
                name="retired_goal_says_when",
            ),
        ]

    def __str__(self):
        return self.what

    def get_absolute_url(self):
        return reverse("partnerships:goal", args=[self.partnership_id, self.pk])

    # Questions

    @property
    def for_whom(self) -> list[ForWhom]:
        return [one for one in ForWhom if getattr(self, f"for_{one.value}")]

    @property
    def is_open(self) -> bool:
        return self.retired_in is None

    @property
    def way(self) -> Way:
        return Way(
            self.starts_on, self.starting_value, self.due_on, self.target, Direction(self.direction)
        )

    @cached_property
    def lines(self) -> list["Line"]:
        """Every measurement as it stands now, with what stood there before; the newest day first."""
        return lines_of(self.measurements.all())

    @property
    def counted(self) -> list["Measurement"]:
        """What stands, in the order of days; of two on one day, the later row comes later."""
        rows = [line.now for line in self.lines if not line.is_taken_back]
        return sorted(rows, key=lambda row: (row.on, row.pk))

    @property
    def last_day(self) -> date:
        """The day by which it is judged: today, until it is retired or the partnership ends."""
        moment = self.retired_at
        if self.partnership.has_ended:
            ended_at = self.partnership.last_move.at
            moment = min(moment, ended_at) if moment else ended_at
        return self.local_date(moment) if moment else self.partnership.district.today()

    @property
    def standing(self) -> Standing:
        return self.standing_on(self.last_day)

    def standing_on(self, day: date) -> Standing:
        """How it stood on a day, by what we know now."""
        counts = [row for row in self.counted if self.starts_on <= row.on <= day]
        latest = Count(counts[-1].on, counts[-1].value) if counts else None
        return Standing(self.way, self.unit, latest, day)

    def standing_at(self, moment) -> Standing:
        """The same at a moment, or when it was retired, if that was before."""
        return self.standing_on(min(self.local_date(moment), self.last_day))

    def local_date(self, moment) -> date:
        zone = zoneinfo.ZoneInfo(self.partnership.district.timezone)
        return timezone.localdate(moment, timezone=zone)

    def why_not_on(self, day: date) -> str:
        """Say why nothing can be noted for a day; nothing where it can."""
        today = self.partnership.district.today()
        if day > today:
            return gettext("Enter a day that is not ahead of today.")
        if day < self.starts_on:
            start = by_number(self.starts_on, today)
            return gettext("Enter a day from %(start)s on, when counting began.") % {"start": start}
        return ""

    def has_counted(self, on: date, value: Decimal) -> bool:
        return any((row.on, row.value) == (on, value) for row in self.counted)

    # Actions

    def note(self, *, on: date, value: Decimal, note: str = "", by) -> "Measurement":
        row = self.write(on=on, value=value, note=note, by=by)
        self.tell(EventKind.GOAL_MEASURED, by=by, on=on.isoformat(), **self.worth(value=value))
        return row

    @transaction.atomic
    def note_all(self, counts, *, by) -> int:
        """Note many at once, from (day, value, note) each, with one line on the timeline.

        What is counted already, day and value, is left out. Returns how many were noted.
        """
        self.lock()
        new = []
        for on, value, note in counts:
            if not self.has_counted(on, value):
                new.append(self.write(on=on, value=value, note=note, by=by))
        if len(new) == 1:
            on = new[0].on.isoformat()
            self.tell(EventKind.GOAL_MEASURED, by=by, on=on, **self.worth(value=new[0].value))
        elif new:
            days = sorted(row.on for row in new)
            on, was_on = days[-1].isoformat(), days[0].isoformat()
            self.tell(EventKind.GOAL_MEASURED, by=by, count=str(len(new)), on=on, was_on=was_on)
        return len(new)

    def correct(self, row: "Measurement", *, on: date, value: Decimal, note: str = "", by):
        """Put a new row in the place of one that stands. Lock the goal before."""
        new = self.write(on=on, value=value, note=note, by=by, corrects=row)
        worth = self.worth(value=value, before=row.value)
        days = {"on": on.isoformat(), "was_on": row.on.isoformat()}
        self.tell(EventKind.MEASUREMENT_CORRECTED, by=by, **days, **worth)
        return new

    def take_back(self, row: "Measurement", *, note: str = "", by):
        """Say that a row counts no more. Lock the goal before."""
        self.write(on=row.on, value=None, note=note, by=by, corrects=row)
        worth = self.worth(before=row.value)
        self.tell(EventKind.MEASUREMENT_TAKEN_BACK, by=by, on=row.on.isoformat(), **worth)

    @transaction.atomic
    def retire(self, because: str, *, by, last_cycle: int | None = None):
        """Work on it no more. `last_cycle` is the last in which it counted, if not the present one."""
        self.retired_in = last_cycle or self.partnership.cycle
        self.retired_at = timezone.now()
        self.retired_because = because
        self.keep_retirement()
        self.tell(EventKind.GOAL_RETIRED, by=by, reason=because)

    @transaction.atomic
    def take_up_again(self, *, by):
        self.retired_in, self.retired_at, self.retired_because = None, None, ""
        self.keep_retirement()
        self.tell(EventKind.GOAL_TAKEN_UP_AGAIN, by=by)

    def keep_retirement(self):
        self.version += 1
        self.save(update_fields=["retired_in", "retired_at", "retired_because", "version"])

    def lock(self):
        """Let who writes measurements of this goal at once come one after the other."""
        Goal.objects.select_for_update().get(pk=self.pk)
        self.look_anew()

    def look_anew(self):
        """Forget what was read of the measurements."""
        self.__dict__.pop("lines", None)
        getattr(self, "_prefetched_objects_cache", {}).pop("measurements", None)

    def write(self, **fields) -> "Measurement":
        row = self.measurements.create(at=timezone.now(), **fields)
        self.look_anew()
        return row

    def worth(self, **values) -> dict[str, str]:
        """Values as the timeline keeps them: plain, with the unit of that day."""
        return {name: f"{value.normalize():f}" for name, value in values.items()} | {
            "unit": self.unit
        }

    def tell(self, kind: EventKind, *, by, **about):
        self.partnership.record(kind, by=by, goal=self.what, **about)


class Measurement(Record):
    """What was counted for a goal on a day. A correction is a row of its own that names the one it corrects.

    A correction without a value takes the measurement back.
    """

    goal = models.ForeignKey(Goal, models.PROTECT, related_name="measurements")
    on = models.DateField(_("date"))
    value = models.DecimalField(_("value"), null=True, **NUMBER)
    note = NFCCharField(_("note"), max_length=500, blank=True)
    corrects = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="corrected_by", editable=False
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="measurements", editable=False
    )
    at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("measurement")
        verbose_name_plural = _("measurements")
        ordering = ["on", "pk"]

    def __str__(self):
        return f"{self.on}: {self.value}"

    @property
    def is_taken_back(self) -> bool:
        return self.value is None


@dataclass(frozen=True)
class Line:
    """A measurement as it stands, and the trace of what stood there before, the latest first."""

    now: Measurement
    before: list[Measurement]

    @property
    def is_taken_back(self) -> bool:
        return self.now.is_taken_back

    @property
    def day(self) -> date:
        return self.now.on


def lines_of(rows) -> list[Line]:
    by_pk = {row.pk: row for row in rows}
    corrected = {row.corrects_id for row in by_pk.values()}
    lines = []
    for row in by_pk.values():
        if row.pk not in corrected:
            before, earlier = [], row
            while earlier := by_pk.get(earlier.corrects_id):
                before.append(earlier)
            lines.append(Line(row, before))
    return sorted(lines, key=lambda line: (line.now.on, line.now.pk), reverse=True)
