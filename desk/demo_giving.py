"""The demo's give and take: what both sides promise and give in the course of a year, and what they gain."""

from datetime import timedelta
from decimal import Decimal
from functools import partial

from desk.seeding import fixture
from partnerships.amounts import known_unit
from partnerships.models import Contribution, Gain
from partnerships.vocabulary import Side


def diary(story):
    """Return what happens, as (days ago, function) pairs."""
    keys = f"{story.entry['school']}/{story.entry['partner']}"
    lines = []
    for side, said in fixture("demo_giving").get(keys, {}).items():
        for entry in said["puts_in"]:
            lines += Giving(story, Side(side), **entry).lines()
        for entry in said["gains"]:
            lines.append((entry["ago"], partial(gain, story, Side(side), **entry)))
    return lines


def party_of(story, side):
    """The first party of a side, that of the partnership's school or partner."""
    story.partnership.refresh_from_db()
    party = next(one for one in story.partnership.parties.all() if one.side == side)
    party.partnership = story.partnership
    return party


def gain(story, side, *, by, what, **_day):
    party = party_of(story, side)
    Gain(partnership=story.partnership, party=party, what=what).enter(by=story.demo.users[by])


class Giving:
    """One contribution, from its promise to the last that was given."""

    def __init__(self, story, side, *, by, ago, given, taken_back=None, **said):
        self.story, self.side, self.by = story, side, story.demo.users[by]
        self.ago, self.given, self.taken_back, self.said = ago, given, taken_back, said

    def lines(self):
        yield self.ago, self.promise
        for entry in self.given:
            yield entry["ago"], partial(self.give, **entry)
            if better := entry.get("corrected"):
                yield better["ago"], partial(self.correct, **better)
        if self.taken_back:
            yield self.taken_back["ago"], self.take_back

    def promise(self):
        said, basis = self.said, self.said.get("estimate", "")
        self.contribution = Contribution(
            partnership=self.story.partnership,
            party=party_of(self.story, self.side),
            kind=said["kind"],
            what=said["what"],
            unit=known_unit(said["unit"]),
            promised=number(said["promised"]) if "promised" in said else None,
            due_on=self.story.today + timedelta(days=said["due"]) if "due" in said else None,
            is_estimate=bool(basis),
            basis=basis,
        )
        self.contribution.enter(by=self.by)

    def give(self, *, ago, amount, note="", **_more):
        day = self.story.today - timedelta(days=ago)
        self.last = self.contribution.deliver(number(amount), on=day, note=note, by=self.by)

    def correct(self, *, ago, amount):
        self.last.correct(number(amount), on=self.last.on, note=self.last.note, by=self.by)

    def take_back(self):
        self.contribution.take_back(self.taken_back["reason"], by=self.by)


def number(value) -> Decimal:
    return Decimal(str(value))
