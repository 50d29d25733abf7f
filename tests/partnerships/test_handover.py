"""What somebody who leaves passes on: to their own side, and to whoever comes after."""

from datetime import timedelta

import pytest
from django.urls import reverse

from partnerships.models import Handover, Partnership
from partnerships.vocabulary import Role
from tests.activities import plan
from tests.factories import PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def bobs_seat(partnership, bob):
    return next(seat for seat in partnership.current_seats if seat.person.user_id == bob.pk)


@pytest.fixture
def url(partnership, bobs_seat):
    return reverse("partnerships:handover", args=[partnership.pk, bobs_seat.pk])


def post(client, url, knows, version=0):
    return client.post(url, {"knows": knows, "seen_version": version}, follow=True)


def test_the_leaving_person_writes_what_they_know(client, bob, bobs_seat, partnership, url):
    client.force_login(bob)

    post(client, url, "Call Elena after three.")

    handover = Handover.objects.get()
    assert (handover.seat, handover.knows, handover.by) == (
        bobs_seat,
        "Call Elena after three.",
        bob,
    )
    event = partnership.events.first()
    assert (event.kind, event.about) == ("handover_written", {"person": bobs_seat.person.name})


@pytest.mark.parametrize("name", ["alice", "ada", "charlie", "dora"])
def test_another_side_reads_nothing_of_it(request, client, bob, bobs_seat, url, name):
    Handover(seat=bobs_seat, knows="Call Elena after three.").keep(by=bob)
    client.force_login(request.getfixturevalue(name))

    assert client.get(url).status_code == 404
    assert post(client, url, "Mine").status_code == 404
    assert Handover.objects.get().knows == "Call Elena after three."


def test_whoever_saves_second_sees_both_texts(client, bob, bobs_seat, url):
    client.force_login(bob)
    post(client, url, "First")

    page = post(client, url, "Second", version=0)

    assert page.status_code == 200
    assert "First" in page.content.decode()
    assert "Second" in page.content.decode()
    assert Handover.objects.get().knows == "First"


def test_an_empty_one_says_what_to_write(client, bob, url):
    client.force_login(bob)

    page = post(client, url, " ")

    assert "Write down at least one thing" in page.content.decode()
    assert not Handover.objects.exclude(knows="").exists()


def test_what_has_ended_can_be_read_but_not_written(
    client, alice, bob, bobs_seat, partnership, url
):
    Handover(seat=bobs_seat, knows="Call Elena.").keep(by=bob)
    partnership.end(
        by=alice,
        drawn_for=partnership.last_move,
        reason="We are done with it",
        no_debrief_because="Nobody is left",
    )
    client.force_login(bob)

    assert "Call Elena." in client.get(url).content.decode()
    assert client.post(url, {"knows": "More", "seen_version": 1}).status_code == 403


def test_what_was_open_goes_to_the_successor_and_what_they_led(alice, partnership, bobs_seat):
    today = partnership.district.today()
    ahead = plan(partnership, by=alice, on=today + timedelta(days=5), leads=[bobs_seat])
    behind = plan(partnership, by=alice, on=today - timedelta(days=5), leads=[bobs_seat])
    step = partnership.steps.plan(by=alice, what="Call", owner=bobs_seat)
    successor = PersonFactory(partner=bobs_seat.party.partner)

    bobs_seat.vacate(today + timedelta(days=3), successor=successor, by=alice)

    step.refresh_from_db()
    assert step.owner.person == successor
    assert [seat.person for seat in ahead.leads.all()] == [successor]
    assert list(behind.leads.all()) == [bobs_seat]


def test_without_a_successor_who_led_stays_named(alice, partnership, bobs_seat):
    today = partnership.district.today()
    ahead = plan(partnership, by=alice, on=today + timedelta(days=5), leads=[bobs_seat])

    bobs_seat.vacate(today + timedelta(days=3), successor=None, by=alice)

    assert list(ahead.leads.all()) == [bobs_seat]


def test_the_team_page_leads_to_it_for_the_own_side_only(
    client, alice, bob, partnership, bobs_seat, url
):
    bobs_seat.vacate(partnership.district.today() + timedelta(days=3), successor=None, by=alice)
    team = reverse("partnerships:team", args=[partnership.pk])

    client.force_login(bob)
    assert url in client.get(team).content.decode()
    client.force_login(alice)
    assert url not in client.get(team).content.decode()


# The story for somebody new


def welcome(client, partnership, user):
    client.force_login(user)
    page = client.get(reverse("desk:welcome", args=[partnership.pk]))
    assert page.status_code == 200
    return page.content.decode()


def test_somebody_new_reads_the_story_and_what_waits_for_them(
    client, alice, bob, bobs_seat, partnership
):
    partnership.move_to(
        partnership.at_stage.next,
        by=alice,
        drawn_for=partnership.last_move,
        reason="The team is here",
    )
    partnership.steps.plan(by=alice, what="Call the office", owner=bobs_seat)

    page = welcome(client, partnership, bob)

    assert "The team is here" in page
    assert "Call the office" in page


def test_what_those_before_knew_is_read_on_their_own_side(client, alice, bob, partnership):
    theirs = partnership.parties.last()
    theirs.partnership = Partnership.objects.with_sides().get(pk=partnership.pk)
    seat = theirs.seat(PersonFactory(partner=theirs.partner), {Role.MEMBER}, by=alice)
    Handover(seat=seat, knows="Never plan a Wednesday.").keep(by=bob)

    assert "Never plan a Wednesday." in welcome(client, partnership, bob)
    assert "Never plan a Wednesday." not in welcome(client, partnership, alice)
