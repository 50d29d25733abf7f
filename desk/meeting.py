"""What a steering group has before it: how things stand, what came of the last meeting, what is next."""

from datetime import date, timedelta
from functools import cached_property

from desk.calendar import Entry, EntryKind, entries_of_partnership
from partnerships.models import (
    Contribution,
    Goal,
    LogEntry,
    Occurrence,
    Partnership,
    Step,
    StepState,
    Win,
)
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
        log = self.partnership.log
        return list(log.filter(on__gte=self.since) | log.unsettled())

    @cached_property
    def last(self) -> LogEntry | None:
        """The last meeting that is noted, before today's."""
        meetings = self.partnership.log.filter(kind=ContactKind.MEETING)
        return meetings.filter(on__lt=self.today).first()

    @property
    def since(self) -> date:
        return self.last.on if self.last else self.today - LOOK_BACK

    @property
    def of_today(self) -> LogEntry | None:
        """The meeting itself, planned before or written down by now."""
        meetings = [one for one in self.entries if one.kind == ContactKind.MEETING]
        return next((one for one in meetings if one.on == self.today), None)

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
            goal.shown = goal.standing
        return sorted(goals, key=lambda one: (one.shown.is_reached, not one.shown.is_behind))

    @property
    def unsettled(self) -> list[LogEntry]:
        return [one for one in self.entries if one.is_unsettled]

    @cached_property
    def late_promises(self) -> list[Contribution]:
        """What a side has promised for a day that is past, and has not fully given."""
        past = self.partnership.contributions.standing().filter(due_on__lt=self.today)
        return [one for one in past.with_deliveries() if one.is_late]

    # What came of the last meeting

    @cached_property
    def done(self) -> list[Step]:
        """The steps that were done since."""
        steps = self.partnership.steps.filter(
            state=StepState.DONE, settled_at__date__gte=self.since
        )
        return self.partnership.with_people(steps.with_reasons().order_by("settled_at"))

    @cached_property
    def held(self) -> list[Occurrence]:
        """The days of activities since, of which somebody has noted how they went."""
        noted = Occurrence.objects.filter(activity__partnership=self.partnership).told()
        return list(noted.between(self.since, self.today).select_related("activity"))

    @cached_property
    def wins(self) -> list[Win]:
        """What went well since, and was told."""
        return list(self.partnership.wins.current().filter(on__gte=self.since))

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
        return [one for one in dates if one.kind != EntryKind.STEP and not one.is_called_off]
