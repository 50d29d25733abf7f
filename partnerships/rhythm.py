"""On which days something falls that repeats. It is counted in days, so clocks that change do not touch it."""

from datetime import date, datetime, time

from dateutil.rrule import MONTHLY, WEEKLY, rrule, weekday

from partnerships.vocabulary import Rhythm

FIFTH = 5


def days_in_rhythm(rhythm: str, first: date, last: date | None) -> list[date]:
    """Return the days from the first to the last."""
    if rhythm == Rhythm.ONCE:
        return [first]
    found = rrule(dtstart=at_midnight(first), until=at_midnight(last), **REPEATS[rhythm](first))
    return [one.date() for one in found]


def same_weekday(first: date) -> weekday:
    """The second Tuesday, the third … Who begins on a fifth means the last: not every month has five."""
    place = (first.day - 1) // 7 + 1
    return weekday(first.weekday(), -1 if place == FIFTH else place)


REPEATS = {
    Rhythm.WEEKLY: lambda first: {"freq": WEEKLY},
    Rhythm.FORTNIGHTLY: lambda first: {"freq": WEEKLY, "interval": 2},
    Rhythm.MONTHLY: lambda first: {"freq": MONTHLY, "byweekday": same_weekday(first)},
}


def at_midnight(day: date) -> datetime:
    return datetime.combine(day, time())
