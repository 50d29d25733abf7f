"""While the sides decide, whoever has not said what it would like is waited for by who has."""

import pytest
from django.urls import reverse

from desk.digests import digest
from desk.waiting import waiting_in, whose_move
from evaluations.joint import Standing
from evaluations.models import WhatNext, Wish
from partnerships.models import Partnership
from partnerships.stages import MoveKind, Stage
from partnerships.table import join
from partnerships.waiting import Kind, Scope
from tests.desk.test_queries import queries
from tests.factories import PartnerFactory, walk_to

SECRET = "behind-the-veil"
YOURS = "Say what your side would like to come next"
THEIRS = "Has yet to say what it would like to come next"


@pytest.fixture
def deciding(running, alice):
    walk_to(running, Stage.RECOMMIT, by=alice)
    return Partnership.objects.with_sides().get(pk=running.pk)


def say(partnership, number, by):
    party = partnership.parties.all()[number]
    party.partnership = partnership
    return Wish.objects.say(party, WhatNext.END, SECRET, by=by)


def told(scope):
    found = [one for one in waiting_in(scope)[0] if one.kind == Kind.WISH]
    return [(str(one.title), str(one.because)) for one in found]


def told_to(user):
    return told(Scope.of_person(user))


def on_the_guide(partnership):
    fresh = Partnership.objects.with_sides().get(pk=partnership.pk)
    fresh.managed_by_reader = True
    moves = whose_move(fresh, [], Standing(fresh))
    found = {move.party.label: [one.title for one in move.of(Kind.WISH)] for move in moves}
    return {label: titles for label, titles in found.items() if titles}


def test_it_waits_for_the_side_that_has_not_said_it(deciding, school, alice, bob, sam, ada, ola):
    assert told_to(alice) == told_to(bob) == []
    assert on_the_guide(deciding) == {}

    wish = say(deciding, 1, bob)

    day = wish.at.strftime("%-d %b")
    for user in (alice, sam):
        [(title, because)] = told_to(user)
        assert title == YOURS
        assert "Harbor Robotics" in because
        assert "said what it would like on" in because
        assert day in because
    [(title, because)] = told(Scope.of_school(school))
    assert title == THEIRS
    assert "has waited since" in because
    assert told_to(bob) == told_to(ada) == told_to(ola) == []
    assert on_the_guide(deciding) == {"Lincoln High": [THEIRS]}


def test_when_all_have_said_it_nobody_is_waited_for(deciding, alice, bob):
    say(deciding, 1, bob)
    say(deciding, 0, alice)

    assert told_to(alice) == told_to(bob) == []
    assert on_the_guide(deciding) == {}


def test_of_three_whoever_lacks_is_told_once(deciding, district, alice, bob):
    join(deciding, PartnerFactory(district=district, name="City Library"), by=alice)
    fresh = Partnership.objects.with_sides().get(pk=deciding.pk)
    say(fresh, 1, bob)
    say(fresh, 2, alice)

    [(_title, because)] = told_to(alice)

    assert "said what they would like, the first on" in because
    assert on_the_guide(deciding) == {"Lincoln High": [THEIRS]}


def test_before_the_sides_decide_and_while_it_is_paused_it_waits_for_nobody(running, alice, bob):
    say(running, 1, bob)
    assert told_to(alice) == []
    assert on_the_guide(running) == {}

    walk_to(running, Stage.RECOMMIT, by=alice)
    assert [title for title, _because in told_to(alice)] == [YOURS]

    running.change_status(
        MoveKind.PAUSE, by=alice, drawn_for=running.last_move, reason="Exams until summer"
    )
    assert told_to(alice) == []


def test_what_was_said_in_an_earlier_cycle_waits_for_nobody(deciding, alice, bob):
    say(deciding, 1, bob)
    deciding.recommit(
        Stage.DIRECTION, by=alice, drawn_for=deciding.last_move, reason="We go on together"
    )
    walk_to(deciding, Stage.RECOMMIT, by=alice)

    assert told_to(alice) == []
    assert on_the_guide(deciding) == {}


def test_today_the_guide_and_the_weekly_mail_tell_it_and_take_no_query_more(
    client, deciding, alice, bob
):
    client.force_login(alice)
    pages = [reverse("desk:today"), reverse("desk:guide", args=[deciding.pk])]
    before = {url: queries(client, url) for url in pages}

    say(deciding, 1, bob)

    assert YOURS in digest(alice).message().body
    for url in pages:
        assert queries(client, url) <= before[url]
        page = client.get(url).text
        assert YOURS in page or THEIRS in page
        assert reverse("desk:decide", args=[deciding.pk]) in page
        assert SECRET not in page
