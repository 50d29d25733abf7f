"""The welcome page: the story of a partnership so far, for somebody who is new at the table."""

import pytest
from django.urls import reverse

from partnerships.models import Handover
from tests.activities import plan
from tests.desk.test_queries import queries
from tests.factories import PersonFactory, UserFactory, make_goal

KNOWS = "Call the shift lead first."


@pytest.fixture
def url(running):
    return reverse("desk:welcome", args=[running.pk])


@pytest.fixture
def newcomer(running, alice, bob):
    """Takes over from Bob, who has written down what he knows."""
    seat = next(seat for seat in running.current_seats if seat.person.user == bob)
    Handover(seat=seat, knows=KNOWS).write(by=bob)
    running.steps.plan(by=alice, what="Order the gloves", owner=seat)
    person = PersonFactory(partner=seat.party.partner, name="Cleo Park", user=UserFactory())
    seat.vacate(running.district.today(), successor=person, by=alice)
    return person.user


@pytest.mark.parametrize("query", ["", "?print=1"])
def test_the_newcomer_reads_the_story_and_what_is_theirs(
    client, running, url, newcomer, alice, query
):
    held = plan(running, by=alice)
    held.note(held.on, "held", by=alice)
    make_goal(running, by=alice, what="Twelve students stay")
    client.force_login(newcomer)
    page = client.get(url + query).text
    for said in (KNOWS, "Order the gloves", running.purpose, "Twelve students stay"):
        assert said in page
    assert "1 day of activities was held." in page
    assert "No agreement is in force yet." in page
    assert "Take action" in page


def test_the_other_side_does_not_read_what_the_predecessor_knew(client, url, newcomer, sam):
    client.force_login(sam)
    page = client.get(url).text
    assert KNOWS not in page
    assert "Nothing waits for you now." in page


def test_the_way_there(client, running, url, newcomer):
    client.force_login(newcomer)
    assert url in client.get(reverse("desk:today")).text
    assert url in client.get(reverse("partnerships:team", args=[running.pk])).text


def test_more_of_everything_takes_no_more_queries(client, running, url, newcomer, alice):
    client.force_login(newcomer)
    seat = next(seat for seat in running.seats_of(newcomer)) if running.seats_of(newcomer) else None
    seat = seat or newcomer.people.get().seats.get()
    for what in ("One", "Two"):
        make_goal(running, by=alice, what=what)
    before = queries(client, url)
    for what in ("Three", "Four", "Five"):
        make_goal(running, by=alice, what=what)
        running.steps.plan(by=alice, what=what, owner=seat)
        running.items.add_own(by=alice, wording=what, stage=running.stage, owner=seat)
        plan(running, by=alice)
    assert queries(client, url) == before
    assert before <= 15
