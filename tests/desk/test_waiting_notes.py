"""Notes of the conversation about a debrief wait for the yes of each side, like a wording."""

import pytest
from django.urls import reverse

from desk.digests import digest
from desk.waiting import waiting_in, whose_move
from evaluations.joint import Standing
from evaluations.models import Notes
from partnerships.models import Partnership
from partnerships.stages import MoveKind, Stage
from partnerships.waiting import Kind, Scope
from tests.debriefs import answered
from tests.desk.test_queries import queries
from tests.factories import walk_to

YOURS = "Say whether you agree to the notes of the conversation"
THEIRS = "Has yet to agree to the notes of the conversation"


@pytest.fixture
def debrief(running, alice):
    return answered(running, by=alice)


@pytest.fixture
def parties(debrief):
    return list(debrief.partnership.parties.all())


def propose(debrief, party, by, text="We meet on Tuesdays."):
    latest = debrief.notes.last()
    seen = latest.number if latest else 0
    return Notes.propose(debrief, party, text, by=by, seen=seen)


def told(scope):
    found = [one for one in waiting_in(scope)[0] if one.kind == Kind.NOTES]
    return [(str(one.title), str(one.because)) for one in found]


def titles_for(user):
    return [title for title, _because in told(Scope.of_person(user))]


def on_the_guide(partnership):
    fresh = Partnership.objects.with_sides().get(pk=partnership.pk)
    fresh.managed_by_reader = True
    moves = whose_move(fresh, [], Standing(fresh))
    found = {move.party.label: [one.title for one in move.of(Kind.NOTES)] for move in moves}
    return {label: titles for label, titles in found.items() if titles}


def test_they_wait_for_the_side_that_has_not_agreed(debrief, parties, school, alice, bob, ola):
    school_side, partner_side = parties
    assert titles_for(alice) == titles_for(bob) == []

    notes = propose(debrief, partner_side, bob)
    notes.assent(partner_side, by=bob)

    [(title, because)] = told(Scope.of_person(alice))
    assert title == YOURS
    assert "Harbor Robotics" in because
    assert "proposed them on" in because
    assert notes.at.strftime("%-d %b") in because
    assert [title for title, _because in told(Scope.of_school(school))] == [THEIRS]
    assert titles_for(bob) == titles_for(ola) == []
    assert on_the_guide(debrief.partnership) == {"Lincoln High": [THEIRS]}

    notes.assent(school_side, by=alice)

    assert titles_for(alice) == titles_for(bob) == []
    assert on_the_guide(debrief.partnership) == {}


def test_a_changed_text_waits_anew_and_the_one_before_for_nobody(debrief, parties, alice, bob):
    school_side, partner_side = parties
    first = propose(debrief, partner_side, bob)
    first.assent(partner_side, by=bob)
    propose(debrief, school_side, alice, "On Mondays.").assent(school_side, by=alice)

    assert titles_for(alice) == []
    assert titles_for(bob) == [YOURS]
    assert on_the_guide(debrief.partnership) == {"Harbor Robotics": [THEIRS]}


def test_of_two_debriefs_one_line_tells_both(running, debrief, parties, alice, bob):
    _school_side, partner_side = parties
    later = answered(running, by=alice)
    for one in (debrief, later):
        propose(one, partner_side, bob).assent(partner_side, by=bob)

    assert titles_for(alice) == ["Say whether you agree to the notes of 2 conversations"]
    assert on_the_guide(running) == {"Lincoln High": [THEIRS]}


def test_when_paused_or_in_the_next_cycle_they_wait_for_nobody(
    running, debrief, parties, alice, bob
):
    _school_side, partner_side = parties
    propose(debrief, partner_side, bob).assent(partner_side, by=bob)
    assert titles_for(alice) == [YOURS]

    running.refresh_from_db()
    running.change_status(
        MoveKind.PAUSE, by=alice, drawn_for=running.last_move, reason="Exams until summer"
    )
    assert titles_for(alice) == []
    running.change_status(
        MoveKind.RESUME, by=alice, drawn_for=running.last_move, reason="Exams are over now"
    )
    assert titles_for(alice) == [YOURS]

    walk_to(running, Stage.RECOMMIT, by=alice)
    running.recommit(
        Stage.DIRECTION, by=alice, drawn_for=running.last_move, reason="We go on together"
    )
    assert titles_for(alice) == []
    assert on_the_guide(running) == {}


def test_today_the_guide_and_the_weekly_mail_tell_it_and_take_no_query_more(
    client, running, debrief, parties, alice, bob
):
    client.force_login(alice)
    pages = [reverse("desk:today"), reverse("desk:guide", args=[running.pk])]
    before = {url: queries(client, url) for url in pages}

    propose(debrief, parties[1], bob).assent(parties[1], by=bob)

    assert YOURS in digest(alice).message().body
    for url in pages:
        assert queries(client, url) <= before[url]
        page = client.get(url).text
        assert YOURS in page or THEIRS in page
        assert reverse("evaluations:debrief_notes", args=[running.pk, debrief.number]) in page
