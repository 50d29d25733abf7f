"""Debriefs and voices wait for people: on Today, on the guide, on the school's page and in the mails."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from desk.waiting import waiting_in, whose_move
from evaluations.joint import Standing
from evaluations.models import Feedback, FeedbackRead
from partnerships.stages import MoveKind
from partnerships.vocabulary import Role
from partnerships.waiting import Kind, Scope
from tests import clock
from tests.answering import give, seat_of
from tests.debriefs import open_debrief, with_sides
from tests.factories import PersonFactory


@pytest.fixture
def debrief(partnership, alice):
    return open_debrief(partnership, by=alice)


def told_to(user, kind=Kind.DEBRIEF):
    found, _more = waiting_in(Scope.of_person(user))
    return [str(one.title) for one in found if one.kind == kind]


def on_the_guide(partnership, kind=Kind.DEBRIEF):
    partnership = with_sides(partnership)
    partnership.managed_by_reader = True
    moves = whose_move(partnership, [], Standing(partnership))
    return {
        move.party.side: [str(one.title) for one in move.of(kind)]
        for move in moves
        if move.of(kind)
    }


def pause(partnership, by):
    partnership.change_status(
        MoveKind.PAUSE, by=by, drawn_for=partnership.last_move, reason="Exams until the summer"
    )


ANSWER = "Answer the debrief"


def test_it_waits_for_everybody_who_has_not_answered(partnership, debrief, alice, bob, sam, ada):
    assert told_to(alice) == told_to(bob) == told_to(sam) == [ANSWER]
    assert told_to(ada) == []
    assert on_the_guide(partnership) == {
        "school": ["2 people have yet to answer the debrief"],
        "partner": ["1 person has yet to answer the debrief"],
    }

    give(debrief, seat_of(partnership, bob), "Well")

    assert told_to(bob) == []
    assert list(on_the_guide(partnership)) == ["school"]


def test_it_leads_to_ones_own_page(partnership, debrief, bob):
    [one] = waiting_in(Scope.of_person(bob))[0]

    args = [partnership.pk, debrief.number, seat_of(partnership, bob).pk]
    assert one.url == reverse("evaluations:answer_debrief", args=args)
    assert one.on == debrief.closes_on


def test_a_coordinator_hands_over_links_and_may_close_when_all_have_answered(
    partnership, partner, alice, bob, sam
):
    theirs = partnership.parties.last()
    theirs.partnership = partnership
    pat = theirs.seat(PersonFactory(partner=partner), {Role.MEMBER}, by=alice)
    debrief = open_debrief(partnership, by=alice)
    assert told_to(alice) == [ANSWER, "1 person needs a personal link to the debrief"] or told_to(
        alice
    ) == ["1 person needs a personal link to the debrief", ANSWER]
    debrief.partnership = with_sides(partnership)
    debrief.ask(next(s for s in debrief.partnership.current_seats if s.pk == pat.pk)).make_link(
        by=alice
    )
    assert told_to(alice) == [ANSWER]

    for seat in with_sides(partnership).current_seats:
        give(debrief, seat, "Well")

    assert told_to(alice) == ["Everybody has answered the debrief: you can close it"]
    assert told_to(bob) == []


def test_the_page_of_the_school_says_how_many(debrief, school):
    found, _more = waiting_in(Scope.of_school(school))

    assert [str(one.title) for one in found] == ["3 people have yet to answer the debrief"]


def test_nothing_waits_once_it_is_closed_or_its_day_is_over(partnership, debrief, alice, bob):
    with clock.at(timezone.now() + timedelta(days=20)):
        assert told_to(bob) == []
        assert on_the_guide(partnership) == {}
    debrief.close(by=alice)

    assert told_to(bob) == told_to(alice) == []


def test_a_pause_lets_it_rest(partnership, debrief, alice, bob):
    pause(partnership, alice)

    assert told_to(bob) == told_to(alice) == []


def test_a_closing_debrief_waits_after_the_end(client, partnership, alice, bob):
    partnership.end(by=alice, drawn_for=partnership.last_move, reason="The company moves away")

    assert told_to(bob) == told_to(alice) == [ANSWER]
    assert list(on_the_guide(partnership)) == ["school", "partner"]
    client.force_login(bob)
    assert ANSWER in client.get("/").content.decode()
    guide = client.get(reverse("desk:guide", args=[partnership.pk])).content.decode()
    assert "1 person has yet to answer the debrief" in guide


def test_who_has_left_is_not_asked(partnership, debrief, bob, district):
    seat = seat_of(partnership, bob)
    seat.left_on = district.today()
    seat.save()

    assert told_to(bob) == []


# The community's voice


@pytest.fixture
def voices(partnership, district):
    said = {"partnership": partnership, "cycle": 1, "audience": "students", "on": district.today()}
    return [Feedback.objects.create(idea=f"Idea {number}", **said) for number in range(2)]


def test_unread_voices_wait_for_each_side(partnership, voices, alice, bob):
    both = ["2 voices from the community to read"]
    assert told_to(alice, Kind.FEEDBACK) == told_to(bob, Kind.FEEDBACK) == both
    assert on_the_guide(partnership, Kind.FEEDBACK) == {"school": both, "partner": both}

    theirs = partnership.parties.last()
    for voice in voices:
        FeedbackRead.objects.create(feedback=voice, party=theirs, by=bob)

    assert told_to(bob, Kind.FEEDBACK) == []
    assert on_the_guide(partnership, Kind.FEEDBACK) == {"school": both}


def test_what_is_set_aside_waits_for_nobody(voices, alice):
    Feedback.objects.update(set_aside_at=timezone.now())

    assert told_to(alice, Kind.FEEDBACK) == []


# What it costs


def test_it_takes_no_query_more(client, partnership, alice):
    client.force_login(alice)

    def count(url):
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    pages = ["/", reverse("desk:guide", args=[partnership.pk])]
    before = [count(url) for url in pages]
    open_debrief(partnership, by=alice)

    after = [count(url) for url in pages]
    assert after[1] <= before[1] <= 12
    assert after[0] <= 12


# Mails


def reminders(day, hour=23):
    mail.outbox.clear()
    with clock.at(
        clock.midnight("America/Los_Angeles", *day.timetuple()[:3]) + timedelta(hours=hour)
    ):
        call_command("send_reminders", stdout=StringIO())
    return {one.to[0]: one for one in mail.outbox if "debrief" in one.subject}


@pytest.mark.usefixtures("mails_leave_at_once")
def test_a_reminder_two_days_before_it_closes(partnership, debrief, alice, bob, sam):
    for user in (alice, bob, sam):
        user.wants_digest = False
        user.save()
    sam.wants_reminder = False
    sam.save()
    give(debrief, seat_of(partnership, alice), "Well")

    assert reminders(debrief.closes_on - timedelta(days=3)) == {}
    sent = reminders(debrief.closes_on - timedelta(days=2))
    assert list(sent) == [bob.email]  # Alice has answered, and Sam wants none
    assert "You have not answered this debrief yet." in sent[bob.email].body
    assert "falls due today:" not in sent[bob.email].body
    assert "/mails/off/" in sent[bob.email].body
    assert reminders(debrief.closes_on - timedelta(days=2)) == {}
    assert reminders(debrief.closes_on - timedelta(days=1)) == {}
