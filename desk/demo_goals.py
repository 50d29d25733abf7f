"""The goals of the demo district, and what was counted for them, month by month."""

from datetime import date, timedelta
from decimal import Decimal
from functools import cache, partial

from desk.seeding import fixture
from partnerships.forms.goals import GoalForm
from partnerships.models import Goal


@cache
def all_goals() -> dict:
    return fixture("demo_goals")


def diary(story) -> list[tuple]:
    """When each goal of a story was set, counted and retired."""
    name = f"{story.entry['school']}/{story.entry['partner']}"
    return [line for entry in all_goals().get(name, []) for line in GoalStory(story, entry).lines()]


class GoalStory:
    def __init__(self, story, entry: dict):
        self.story, self.entry = story, dict(entry)
        self.by = story.demo.users[self.entry.pop("by")]
        self.ago = self.entry.pop("ago")
        self.counts = self.entry.pop("counts", [])
        self.corrected = self.entry.pop("corrected", None)
        self.retired = self.entry.pop("retired", None)

    def lines(self):
        yield self.ago, self.set
        for ago, value, *note in self.counts:
            yield ago - 0.5, partial(self.count, ago, value, *note)
        if self.corrected:
            yield self.corrected["ago"], self.correct
        if self.retired:
            yield self.retired["ago"], self.retire

    def day(self, ago: int) -> date:
        return self.story.today - timedelta(days=ago)

    def set(self):
        data = {**self.entry, "starts_on": self.day(self.ago)}
        data["due_on"] = self.day(self.ago - data.pop("lasts"))
        form = GoalForm(data, instance=Goal(partnership=self.story.partnership))
        if not form.is_valid():
            raise ValueError(form.errors)
        self.goal = form.save(by=self.by)

    def count(self, ago, value, note=""):
        self.look_anew()
        self.goal.note(on=self.day(ago), value=Decimal(str(value)), note=note, by=self.by)

    def correct(self):
        self.look_anew()
        row = next(row for row in self.goal.counted if row.on == self.day(self.corrected["of"]))
        value = Decimal(str(self.corrected["value"]))
        note = self.corrected["note"]
        self.goal.correct(row, on=row.on, value=value, note=note, by=self.by)

    def retire(self):
        self.look_anew()
        self.goal.retire(self.retired["because"], by=self.by)

    def look_anew(self):
        self.goal = self.story.partnership.goals.get(pk=self.goal.pk)
