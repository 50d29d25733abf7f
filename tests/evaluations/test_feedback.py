"""The rules of the community's voice: read by each side, shown only when all have read it and say yes."""

from random import Random

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from desk.voices import how_it_goes, published_voices
from evaluations.models import Feedback, FeedbackLink, FeedbackRead, Reply, Showing
from partnerships.events import EventKind
from partnerships.models import Partnership, Party
from partnerships.table import join, leave
from partnerships.vocabulary import Audience
from tests.factories import PartnerFactory, SchoolFactory, make_partnership
from tests.voices import make_link

pytestmark = pytest.mark.django_db


def say(partnership, change="More time", **said):
    said = {"audience": "students", "going": 4, "on": partnership.district.today()} | said
    return partnership.feedback.create(cycle=partnership.cycle, change=change, **said)


@pytest.fixture
def voice(partnership):
    return say(partnership)


@pytest.fixture
def parties(partnership):
    return list(partnership.parties.all())


def mine(voice):
    return Feedback.objects.filter(pk=voice.pk)


def known(partnership):
    return {voice.pk for voice in published_voices(partnership)}


# Links


def test_a_link_is_made_once_per_audience_and_told(partnership, alice):
    first = make_link(partnership, by=alice)

    assert make_link(partnership, by=alice) == first
    assert make_link(partnership, by=alice, audience=Audience.STAFF) != first
    told = partnership.events.filter(kind=EventKind.FEEDBACK_LINK_MADE)
    assert [event.about for event in told] == [{"audience": "staff"}, {"audience": "students"}]
    assert "Students" in told.last().sentence


def test_a_closed_link_is_followed_by_one_with_another_address(partnership, alice):
    first = make_link(partnership, by=alice)
    first.close(by=alice)
    first.close(by=alice)

    second = make_link(partnership, by=alice)

    assert second.slug != first.slug
    assert FeedbackLink.objects.open_now().get() == second
    assert partnership.events.filter(kind=EventKind.FEEDBACK_LINK_CLOSED).count() == 1


# Reading


def test_each_party_reads_for_itself(voice, parties, alice):
    ours, theirs = parties
    mine(voice).read([ours], by=alice)
    mine(voice).read([ours], by=alice)

    assert list(Feedback.objects.unread_by([ours.pk])) == []
    assert list(Feedback.objects.unread_by([theirs.pk])) == [voice]
    assert FeedbackRead.objects.get().by == alice


def test_unread_is_asked_of_many_partnerships_in_one_query(partnership, district, alice, voice):
    others = [
        make_partnership(
            school=SchoolFactory(district=district),
            partner=PartnerFactory(district=district),
            by=alice,
        )
        for _number in range(3)
    ]
    voices = {say(one).pk for one in others} | {voice.pk}
    mine(voice).read(list(partnership.parties.all()), by=alice)

    with CaptureQueriesContext(connection) as queries:
        found = {one.pk for one in Feedback.objects.unread_by(Party.objects.all())}

    assert found == voices - {voice.pk}
    assert len(queries) == 1


def test_a_party_does_not_read_for_another_partnership(partnership, district, alice):
    other = make_partnership(
        school=SchoolFactory(district=district), partner=PartnerFactory(district=district), by=alice
    )
    foreign = say(other)

    mine(foreign).read(list(partnership.parties.all()), by=alice)

    assert not foreign.readings.exists()


def test_what_is_set_aside_waits_for_nobody(voice, parties, alice):
    mine(voice).set_aside(by=alice)

    assert not Feedback.objects.unread_by([party.pk for party in parties]).exists()
    assert (Feedback.objects.get().set_aside_by, Feedback.objects.kept().count()) == (alice, 0)

    mine(voice).bring_back()
    assert Feedback.objects.unread_by([party.pk for party in parties]).get() == voice


# The public


def test_it_is_shown_when_every_party_has_read_it_and_says_yes(partnership, voice, parties, alice):
    ours, theirs = parties
    mine(voice).read(parties, by=alice)
    assert known(partnership) == set()

    voice.show(ours, by=alice)
    assert known(partnership) == set()

    voice.show(theirs, by=alice)
    assert known(partnership) == {voice.pk}


def test_any_party_can_withdraw_it(partnership, voice, parties, alice):
    for party in parties:
        voice.show(party, by=alice)

    voice.hide(parties[1], by=alice)

    assert known(partnership) == set()
    assert Showing.objects.exclude(withdrawn_at=None).get().withdrawn_by == alice


def test_a_third_party_has_to_read_it_too(partnership, district, voice, parties, alice):
    for party in parties:
        voice.show(party, by=alice)

    third = join(partnership, PartnerFactory(district=district), by=alice)

    assert known(partnership) == set()
    voice.show(third, by=alice)
    assert known(partnership) == {voice.pk}


def test_who_takes_a_partnership_over_lets_voices_be_shown_anew(
    partnership, district, voice, parties, alice, ada
):
    for party in parties:
        voice.show(party, by=alice)
    other = SchoolFactory(district=district)

    Partnership.objects.get(pk=partnership.pk).reassign(school=other, coordinator=None, by=ada)

    assert known(partnership) == set()
    assert [one.party for one in voice.showings.current()] == [parties[1]]


def test_nothing_becomes_public_because_a_party_leaves(
    partnership, district, voice, parties, alice
):
    third = join(partnership, PartnerFactory(district=district), by=alice)
    shown = say(partnership, "Shown")
    for party in [*parties, third]:
        shown.show(party, by=alice)
    for party in parties:
        voice.show(party, by=alice)

    leave(third, reason="It has other plans now", by=alice)

    assert known(partnership) == {shown.pk}


def test_what_is_set_aside_is_public_no_more_and_comes_back_unseen(
    partnership, voice, parties, alice
):
    for party in parties:
        voice.show(party, by=alice)

    mine(voice).set_aside(by=alice)
    voice.show(parties[0], by=alice)
    assert known(partnership) == set()

    mine(voice).bring_back()
    assert known(partnership) == set()


class Table:
    """Random acts of the parties; what the public sees is compared with a model in plain sets."""

    ACTS = ("say", "read", "hide", "aside", "back", "answer", "take_back", "join", "leave")
    ACTS += ("show",) * 6  # so that something is public now and then
    MOST = 4  # voices

    def __init__(self, partnership, by, seed):
        self.partnership, self.by, self.chance = partnership, by, Random(seed)
        self.read, self.shown, self.aside, self.voices = set(), set(), set(), []
        self.third = PartnerFactory(district=partnership.district)

    @property
    def parties(self):
        return list(Party.objects.filter(partnership=self.partnership))

    def act(self):
        act = self.chance.choice(self.ACTS)
        if act == "say" or not self.voices:
            if len(self.voices) < self.MOST:
                self.voices.append(say(self.partnership, f"Nr {len(self.voices)}"))
            return
        voice, party = self.chance.choice(self.voices), self.chance.choice(self.parties)
        voice.partnership = self.partnership
        getattr(self, f"do_{act}")(voice, party)

    def do_read(self, voice, party):
        mine(voice).kept().read([party], by=self.by)
        if voice.pk not in self.aside:
            self.read.add((voice.pk, party.pk))

    def do_show(self, voice, party):
        voice.show(party, by=self.by)
        if voice.pk not in self.aside:
            self.read.add((voice.pk, party.pk))
            self.shown.add((voice.pk, party.pk))

    def do_hide(self, voice, party):
        voice.hide(party, by=self.by)
        self.shown.discard((voice.pk, party.pk))

    def do_aside(self, voice, party):
        mine(voice).set_aside(by=self.by)
        self.aside.add(voice.pk)
        self.shown = {pair for pair in self.shown if pair[0] != voice.pk}

    def do_back(self, voice, party):
        mine(voice).bring_back()
        self.aside.discard(voice.pk)

    def do_answer(self, voice, party):
        voice.answer(party, "We try it", by=self.by, outcome="planned")
        self.read.add((voice.pk, party.pk))

    def do_take_back(self, voice, party):
        if reply := voice.replies.first():
            reply.take_back(by=self.by)

    def do_join(self, voice, party):
        join(self.partnership, self.third, by=self.by)

    def do_leave(self, voice, party):
        table = Partnership.objects.with_sides().get(pk=self.partnership.pk)
        thirds = [one for one in table.parties.all() if one.partner_id == self.third.pk]
        if thirds:
            public = self.expected()
            leave(thirds[0], reason="For a while only", by=self.by)
            self.shown = {pair for pair in self.shown if pair[0] in public}

    def expected(self):
        keys = [party.pk for party in self.parties]
        return {
            voice.pk
            for voice in self.voices
            if voice.pk not in self.aside
            and all((voice.pk, key) in self.read & self.shown for key in keys)
        }

    def seen(self):
        table = Partnership.objects.get(pk=self.partnership.pk)
        listed = list(table.feedback.with_facts())
        for voice in listed:
            voice.partnership = table
        assert known(table) == {voice.pk for voice in listed if voice.is_public}
        return known(table)


@pytest.mark.parametrize("seed", range(12))
def test_nothing_appears_publicly_unread_whatever_the_parties_do(partnership, alice, seed):
    table = Table(partnership, alice, seed)

    for _time in range(60):
        table.act()
        assert table.seen() == table.expected()

    assert table.voices


def test_control_some_of_these_stories_end_in_public(partnership, alice):
    """So that the property does not hold because nothing ever appears."""
    table = Table(partnership, alice, seed=1)
    seen = set()
    for _time in range(300):
        table.act()
        seen |= table.seen()

    assert seen


# Answers


def test_an_answer_tells_what_became_of_it_and_the_last_word_counts(voice, parties, alice):
    ours, theirs = parties
    voice.answer(ours, "We look for a day", outcome="planned", by=alice)
    last = voice.answer(theirs, "The film is made", outcome="done", by=alice)
    voice.answer(ours, "Thank you", by=alice)

    assert Feedback.objects.get().outcome == last
    assert Feedback.objects.get().readings.count() == 2
    told = voice.partnership.events.filter(kind=EventKind.FEEDBACK_ANSWERED)
    assert told.count() == 3
    assert "The film" not in str([event.sentence for event in told])


def test_an_answer_is_taken_back_and_never_changed(voice, parties, alice):
    reply = voice.answer(parties[0], "We look for a day", outcome="planned", by=alice)

    reply.take_back(by=alice)
    reply.take_back(by=alice)

    voice = Feedback.objects.get()
    assert (voice.answers, voice.outcome) == ([], None)
    assert voice.replies.count() == 1
    with pytest.raises(TypeError):
        Reply.objects.update(text="Something else")


# In numbers


def test_how_it_goes_is_counted_by_audience_and_month_without_a_grade(partnership, alice):
    for going, audience, on in (
        (5, "students", "2026-09-01"),
        (5, "students", "2026-09-30"),
        (1, "students", "2026-10-01"),
        (None, "students", "2026-10-01"),
        (3, "staff", "2026-10-02"),
    ):
        say(partnership, going=going, audience=audience, on=on)
    mine(say(partnership, going=1, audience="staff", on="2026-10-03")).set_aside(by=alice)

    students, staff = how_it_goes(partnership)

    assert students.audience == Audience.STUDENTS
    assert students.total.numbers == [2, 0, 0, 0, 1]  # from “very well” to “badly”
    assert [(one.title.month, one.numbers) for one in students.months] == [
        (10, [0, 0, 0, 0, 1]),
        (9, [2, 0, 0, 0, 0]),
    ]
    assert staff.total.numbers == [0, 0, 1, 0, 0]


def test_the_database_keeps_nothing_that_says_nothing(partnership):
    for wrong in ({"going": None}, {"going": 6}, {"going": 0, "change": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            say(partnership, **({"change": ""} | wrong))
