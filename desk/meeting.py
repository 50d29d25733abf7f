"""What a steering group has before it: how things stand, what came of the last meeting, what is next."""

from datetime import date, timedelta
from functools import cached_property

from django.db.models import Prefetch

from desk.calendar import Entry, entries_of_partnership
from partnerships.models import Contribution, Goal, LogEntry, Occurrence, Partnership, Seat, Step
from partnerships.vocabulary import ContactKind

LOOK_AHEAD = timedelta(days=42)
LOOK_BACK = timedelta(days=91)  # where no meeting is noted


class Meeting:
    """One partnership as it is talked over, since the last meeting that is noted in the log."""

    def __init__(self, partnership: Partnership):
        self.partnership = partnership
        self.today = partnership.district.today()

    # When

    @cached_property
    def entries(self) -> list[LogEntry]:
        """The log since the last meeting, and every disagreement that is not settled."""
        people = Prefetch("people", Seat.objects.select_related("person", "party__school"))
        entries = self.partnership.log.prefetch_related(people)
        found = entries.filter(on__gte=self.since) | entries.unsettled()
        for entry in (found := list(found.distinct())):
            entry.partnership = self.partnership
        return found

    @cached_property
    def last(self) -> LogEntry | None:
        """The last meeting that is noted, up to today."""
        meetings = self.partnership.log.filter(kind=ContactKind.MEETING)
        return meetings.filter(on__lte=self.today).first()

    @property
    def since(self) -> date:
        return self.last.on if self.last else self.today - LOOK_BACK

    @property
    def next(self) -> LogEntry | None:
        ahead = [one for one in self.entries if one.kind == ContactKind.MEETING and one.is_planned]
        return min(ahead, key=lambda one: one.on, default=None)

    # How things stand

    @cached_property
    def goals(self) -> list[Goal]:
        """The open goals, those that are behind or unknown first."""
        goals = list(self.partnership.goals.open().with_measurements())
        for goal in goals:
            goal.partnership = self.partnership
            goal.shown = goal.standing
        return sorted(goals, key=lambda one: (one.shown.is_reached, not one.shown.is_behind))

    @property
    def unsettled(self) -> list[LogEntry]:
        return [one for one in self.entries if one.is_unsettled]

    @cached_property
    def late_promises(self) -> list[Contribution]:
        """What a side has promised for a day that is past, and has not fully given."""
        promised = self.partnership.contributions.standing().exclude(due_on=None)
        found = list(promised.with_deliveries())
        for one in found:
            one.partnership = self.partnership
        return [one for one in found if one.is_late]

    # What came of the last meeting

    @cached_property
    def done(self) -> list[Step]:
        """The steps that were done since."""
        steps = self.partnership.steps.filter(state="done", settled_at__date__gte=self.since)
        return self.partnership.with_people(steps.with_reasons().order_by("settled_at"))

    @cached_property
    def held(self) -> list[Occurrence]:
        """The days of activities since, of which somebody has noted how they went."""
        noted = Occurrence.objects.filter(activity__partnership=self.partnership).select_related(
            "activity"
        )
        days = [day for day in noted if self.since <= day.on <= self.today]
        held = [day for day in days if day.is_held or day.is_not_held]
        return sorted(held, key=lambda day: day.on)

    @property
    def decided(self) -> list[LogEntry]:
        return [
            one for one in self.entries if one.kind == ContactKind.DECISION and one.on >= self.since
        ]

    # What is next

    @cached_property
    def steps(self) -> list[Step]:
        """What is open: late first, then by day, then what has none."""
        return self.partnership.with_people(self.partnership.steps.open().with_reasons().listed())

    @cached_property
    def ahead(self) -> list[Entry]:
        """The dates of the coming weeks; steps stand in a list of their own."""
        dates = entries_of_partnership(self.partnership, self.today, self.today + LOOK_AHEAD)
        return [one for one in dates if one.kind != "step" and not one.is_called_off]
