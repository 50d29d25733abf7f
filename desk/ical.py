"""Dates as a calendar program reads them (RFC 5545).

Each day is an event of its own, not a rule that repeats: so a day that was moved, called off, or
held before the rhythm changed says exactly what is, in every program, and leads to its page.
Times are written as the clocks show them where the partnership is, with the zone and its changes.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import CLASS, STATUS, TRANSP, Calendar, Event

from desk.calendar import Entry, EntryKind

REREAD = timedelta(hours=6)
# For how long the changes of the clock are told.
FIRST_CHANGE, LAST_CHANGE = datetime(2000, 1, 1).date(), datetime(2040, 1, 1).date()  # noqa: DTZ001


def calendar_of(entries: list[Entry], name: str) -> bytes:
    """Return a file that a calendar program reads; the same for the same dates, byte for byte."""
    calendar = Calendar()
    calendar.add("prodid", "-//Alongside//Alongside//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    name = plain(" ".join(name.split()))
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", REREAD, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT6H")
    for entry in entries:
        calendar.add_component(event_of(entry))
    calendar.add_missing_timezones(first_date=FIRST_CHANGE, last_date=LAST_CHANGE)
    return calendar.to_ical()


def event_of(entry: Entry) -> Event:
    event = Event()
    event.add("uid", f"{entry.key}@{settings.SITE_URL.split('//')[-1]}")
    event.add("dtstamp", entry.changed_at)
    event.add("last-modified", entry.changed_at)
    event.add("sequence", entry.revision)
    event.add("summary", plain(summary(entry)), parameters={"LANGUAGE": get_language()})
    event.add("description", plain(entry.partnership.title))
    event.add("url", f"{settings.SITE_URL}{entry.url}")
    event.add("categories", [str(entry.kind.label)])
    event.add("class", CLASS.PRIVATE)
    event.add("status", STATUS.CANCELLED if entry.is_called_off else STATUS.CONFIRMED)
    if entry.place:
        event.add("location", plain(entry.place))
    add_times(event, entry)
    return event


def add_times(event: Event, entry: Entry):
    """From when to when; with no time of day, the whole day, on which one is not held to be busy."""
    if entry.begins_at is None:
        event.add("dtstart", entry.on)
        event.add("dtend", entry.on + timedelta(days=1))
        event.add("transp", TRANSP.TRANSPARENT)
        return
    zone = entry.partnership.district.zone
    event.add("dtstart", datetime.combine(entry.on, entry.begins_at, zone))
    event.add("dtend", datetime.combine(entry.on, entry.ends_at or entry.begins_at, zone))
    event.add("transp", TRANSP.OPAQUE)


def summary(entry: Entry) -> str:
    if entry.kind == EntryKind.CONTACT:
        return f"{entry.title}: {entry.partnership.title}"
    if entry.kind == EntryKind.ACTIVITY:
        return (
            _("Called off: %(title)s") % {"title": entry.title}
            if entry.is_called_off
            else entry.title
        )
    if not entry.title:
        return f"{entry.kind.label}: {entry.partnership.title}"
    return f"{entry.kind.label}: {entry.title}"


def plain(text: str) -> str:
    """Text without control characters, which no program expects; line breaks stay and are escaped."""
    return "".join(letter for letter in text if letter.isprintable() or letter == "\n")
