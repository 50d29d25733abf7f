"""Debriefs in any order of events: nobody reads anybody's answer before it closes, and it closes by its date.

Opening, saving, giving, changing, giving more time, closing, days passing, joining and leaving; after
each, everybody opens everything there is of the debrief, and the rows are looked at.
"""

import re
from contextlib import ExitStack, suppress
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.models import Debrief, DebriefRefused, Response
from evaluations.turnout import Turnout
from partnerships.models import Seat
from partnerships.vocabulary import Role
from tests import clock
from tests.access.matrix import undone
from tests.answering import answers
from tests.debriefs import open_debrief, with_sides
from tests.factories import PersonFactory, UserFactory

SECRET = re.compile(r"secret-\d+-\d+x")
ACTS = ["open", "save", "save", "give", "give", "change", "extend", "close", "day", "join", "leave"]
WHO = 4

stories = st.lists(st.tuples(st.integers(0, WHO - 1), st.sampled_from(ACTS)), max_size=16)


class Story:
    def __init__(self, partnership, alice, people):
        self.partnership, self.alice, self.people = partnership, alice, people
        self.turn, self.days = 0, 0
        self.said = {}  # by (debrief, person): what they have given, or saved only
        self.given = set()

    def seat(self, who):
        for seat in with_sides(self.partnership).current_seats:
            if seat.person_id == self.people[who].pk:
                return seat
        return None

    @property
    def running(self):
        found = self.partnership.debriefs.filter(closed_at=None).first()
        if found:
            found.partnership = with_sides(self.partnership)
        return found

    def act(self, who, act):
        self.turn += 1
        with suppress(DebriefRefused):  # whether that was right, the checks say
            getattr(self, act)(who)

    def open(self, who):
        self.partnership.debriefs.close_due()
        open_debrief(self.partnership, by=self.alice, days=2)

    def save(self, who):
        debrief, seat = self.running, self.seat(who)
        if debrief and seat:
            text = f"secret-{who}-{self.turn}x"
            was_open = self.by_the_date(debrief)
            debrief.ask(seat).keep(answers(debrief, text))
            assert was_open, "saved although its last day is over"
            self.said[debrief.pk, who] = text

    def give(self, who):
        self.save(who)
        debrief, seat = self.running, self.seat(who)
        if debrief and seat:
            debrief.ask(seat).give()
            self.given.add((debrief.pk, who))

    def change(self, who):
        debrief = self.running
        if debrief and (debrief.pk, who) in self.given:
            self.save(who)

    def extend(self, who):
        if debrief := self.running:
            debrief.extend(debrief.closes_on + timedelta(days=1), by=self.alice)

    def close(self, who):
        if debrief := self.running:
            debrief.close(by=self.alice)

    def day(self, who):
        self.days += 1

    def join(self, who):
        party = with_sides(self.partnership).parties.last()
        party.partnership = with_sides(self.partnership)
        party.seat(self.people[who], {Role.MEMBER}, by=self.alice)

    def leave(self, who):
        if seat := self.seat(who):
            seat.left_on = self.partnership.district.today()
            seat.save()

    def by_the_date(self, debrief):
        return debrief.closes_on >= self.partnership.district.today()

    # What must hold

    def check(self):
        self.check_readers()
        self.partnership.debriefs.close_due()
        for debrief in self.partnership.debriefs.all():
            debrief.partnership = with_sides(self.partnership)
            assert debrief.is_closed == (not debrief.is_open)
            if debrief.is_closed:
                self.check_closed(debrief)

    def check_closed(self, debrief):
        """Every answer that was given is there once, and none can be traced to anybody."""
        words = sorted(one.answers["q15"] for one in debrief.voices.all())
        given = {key for key in self.given if key[0] == debrief.pk}
        assert words == sorted(self.said[key] for key in given)
        rows = str(list(Response.objects.filter(debrief=debrief).values()))
        assert SECRET.findall(rows) == []
        assert Turnout(debrief).people  # who was asked stays known

    def check_readers(self):
        """Each reader meets their own words alone, whatever they open, while it is open."""
        debriefs = list(self.partnership.debriefs.all())
        for who, person in enumerate(self.people):
            client = Client()
            client.force_login(person.user)
            for debrief in debriefs:
                may = self.may_read(who, debrief)
                for address in addresses(self.partnership, debrief):
                    met = set(SECRET.findall(client.get(address).content.decode()))
                    assert met <= may, f"{who} reads {met - may} at {address}"

    def may_read(self, who, debrief):
        if not self.by_the_date(debrief) or debrief.closed_at:
            return set(self.said.values())
        closed = {one.pk for one in self.partnership.debriefs.exclude(closed_at=None)}
        return {text for (pk, one), text in self.said.items() if one == who or pk in closed}


def addresses(partnership, debrief):
    pk, number = partnership.pk, debrief.number
    seats = Seat.objects.filter(party__partnership=partnership)
    return [
        "/",
        reverse("desk:guide", args=[pk]),
        reverse("partnerships:timeline", args=[pk]),
        reverse("evaluations:debriefs", args=[pk]),
        reverse("evaluations:debrief", args=[pk, number]),
        reverse("evaluations:close_debrief", args=[pk, number]),
        *(reverse("evaluations:answer_debrief", args=[pk, number, seat.pk]) for seat in seats),
        *(
            reverse("evaluations:answer_debrief", args=[pk, number, seat.pk]) + "?check"
            for seat in seats
        ),
    ]


@pytest.fixture
def people(partnership, partner, alice, bob, sam):
    others = [PersonFactory(partner=partner, user=UserFactory()) for _number in range(WHO - 2)]
    return [sam.people.get(), bob.people.get(), *others]


@settings(max_examples=25)
@given(story=stories)
def test_in_any_order(partnership, alice, people, story):
    start = timezone.now()
    with undone(), ExitStack() as days:
        table = Story(partnership, alice, people)
        for who, act in [(0, "open"), *story]:
            table.act(who, act)
            if act == "day":
                days.enter_context(clock.at(start + timedelta(days=table.days)))
        table.check()


def test_control_an_open_answer_is_found(partnership, alice, people, monkeypatch):
    """The same check, with a page that says too much."""
    table = Story(partnership, alice, people)
    table.act(0, "open")
    table.act(0, "give")
    table.check()
    text = table.said[Debrief.objects.get().pk, 0]
    monkeypatch.setattr("evaluations.turnout.OfParty.answered", property(lambda self: text))

    with pytest.raises(AssertionError, match="reads"):
        table.check()
