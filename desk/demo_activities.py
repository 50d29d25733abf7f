"""The demo's activities: what was planned, how its days went, and what is ahead."""

from datetime import time, timedelta
from functools import partial

from desk.seeding import fixture
from partnerships.models import Activity, Occurrence


def diary(story) -> list:
    """What one partnership planned, and noted afterwards: (days ago, what to do) pairs."""
    key = f"{story.entry['school']}/{story.entry['partner']}"
    lines = []
    for entry in fixture("demo_activities").get(key, []):
        told = Told(story, entry)
        lines += [(entry["planned"], told.plan), *told.notes()]
    return lines


class Told:
    """One activity of the demo, from when it was planned until today."""

    def __init__(self, story, entry: dict):
        self.story, self.entry = story, entry
        self.first = self.weekday_near(story.today_plus(-entry["from"]))

    def weekday_near(self, day):
        """The day itself, or the first after it with the weekday that the story names (0 is Monday)."""
        wanted = self.entry.get("weekday", day.weekday())
        return day + timedelta(days=(wanted - day.weekday()) % 7)

    def plan(self):
        entry = self.entry
        self.activity = Activity(
            partnership=self.story.partnership,
            title=entry["title"],
            kind=entry["kind"],
            rhythm=entry.get("rhythm", "once"),
            on=self.first,
            until=self.story.today_plus(-entry["until"]) if "until" in entry else None,
            begins_at=at(entry.get("begins")),
            ends_at=at(entry.get("ends")),
            place=entry.get("place", ""),
            needs=entry.get("needs", ""),
            say=entry.get("say", ""),
        )
        leads = [self.story.seat_of(name) for name in entry.get("leads", [])]
        self.activity.keep(by=self.story.by, leads=leads)

    def notes(self) -> list:
        """Each note is written some days after; in the same order, on whatever weekday the demo is made."""
        step = {"weekly": 7, "fortnightly": 14}.get(self.entry.get("rhythm"), 0)
        written = self.entry["from"] - (7 if "weekday" in self.entry else 1)
        return [
            (written - step * number, partial(self.note, step * number, said))
            for number, said in enumerate(self.entry.get("days", []))
        ]

    def note(self, later: int, said):
        if isinstance(said, str):
            state, numbers = Occurrence.State.NOT_HELD, {"how_it_went": said}
        else:
            state, names = Occurrence.State.HELD, ("students", "employees", "hours", "how_it_went")
            numbers = dict(zip(names, said, strict=False))
        day = self.first + timedelta(days=later)
        self.activity.note(day, state, by=self.story.by, **numbers)


def at(clock: str | None) -> time | None:
    return time.fromisoformat(clock) if clock else None
