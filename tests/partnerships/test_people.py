"""People at the table: their seats and roles, their leaving, and their coming back."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from checklists.forms import ItemForm
from checklists.models import State
from partnerships.events import EventKind
from partnerships.models import Partnership, Person, Seat
from partnerships.stages import Stage
from partnerships.vocabulary import Role
from tests import clock
from tests.factories import (
    PersonFactory,
    UserFactory,
    make_partnership,
    walk_to,
)

LONG = 120  # letters, the longest name that a person may have


def fresh(partnership):
    return Partnership.objects.with_sides().get(pk=partnership.pk)


def seat_of(partnership, user):
    return next(seat for seat in fresh(partnership).current_seats if seat.person.user == user)


def sees(user, partnership):
    return Partnership.objects.visible_to(user).contains(partnership)


def own_item(partnership, owner, **fields):
    by = partnership.coordinator
    fields = {"wording": "Book a room", "stage": partnership.stage, **fields}
    return partnership.items.add_own(by=by, owner=owner, **fields)


@pytest.fixture
def carol(partner):
    """A colleague of bob's with a login, without a seat so far."""
    user = UserFactory(name="Carol Diaz", email="carol@partner.example")
    PersonFactory(partner=partner, name=user.name, email=user.email, user=user)
    return user


@pytest.fixture
def bobs(partnership, bob):
    """Bob's seat."""
    return seat_of(partnership, bob)


@pytest.fixture
def today(district):
    return district.today()


# Seats and roles


def test_the_roles_of_a_seat(bobs):
    assert bobs.roles == [Role.CHAMPION, Role.CONTACT]


def test_whoever_has_no_role_is_a_member(bobs, alice):
    bobs.change_roles([], by=alice)

    assert bobs.roles == [Role.MEMBER]
    assert fresh(bobs.party.partnership).events.first().kind == EventKind.SEAT_CHANGED


def test_a_person_has_one_seat_in_a_party(bobs):
    with pytest.raises(IntegrityError), transaction.atomic():
        bobs.party.seats.create(person=bobs.person)


def test_seating_somebody_twice_sets_the_roles_anew(bobs, alice):
    again = bobs.party.seat(bobs.person, {Role.BOARD}, by=alice)

    assert (again.pk, again.roles) == (bobs.pk, [Role.BOARD])


def test_a_person_is_of_a_school_or_of_a_partner(school, partner):
    for organizations in ({}, {"school": school, "partner": partner}):
        with pytest.raises(IntegrityError), transaction.atomic():
            PersonFactory(**organizations)


def test_whoever_starts_a_partnership_is_its_contact_person(partnership, alice):
    assert seat_of(partnership, alice).roles == [Role.CONTACT]


def test_a_coordinator_seats_a_colleague_of_the_partner(client, alice, partnership, carol):
    client.force_login(alice)
    theirs = partnership.parties.get(school=None)
    url = reverse("partnerships:add_seat", args=[partnership.pk, theirs.pk])

    client.post(url, {"person": carol.people.get().pk, "roles": ["board", "family"]})

    seat = seat_of(partnership, carol)
    assert (seat.party, seat.roles) == (theirs, [Role.BOARD, Role.FAMILY])
    event = partnership.events.first()
    assert (event.kind, event.by) == (EventKind.SEAT_TAKEN, alice)
    assert event.about == {"person": "Carol Diaz", "party": "Harbor Robotics"}
    assert sees(carol, partnership)


def test_somebody_new_is_written_down_on_the_way(client, alice, partnership, partner):
    client.force_login(alice)
    theirs = partnership.parties.get(school=None)
    url = reverse("partnerships:add_seat", args=[partnership.pk, theirs.pk])

    client.post(url, {"name": "Dan Wu", "email": "dan@partner.example", "roles": ["student"]})

    person = Person.objects.get(name="Dan Wu")
    assert (person.partner, person.school, person.user) == (partner, None, None)
    assert person.seats.get().roles == [Role.STUDENT]


def test_nobody_is_no_person(client, alice, partnership):
    client.force_login(alice)
    theirs = partnership.parties.get(school=None)
    url = reverse("partnerships:add_seat", args=[partnership.pk, theirs.pk])

    response = client.post(url, {"roles": ["contact"]})

    assert "name" in response.context["form"].errors
    assert theirs.seats.count() == 1


def test_people_of_the_other_side_are_not_offered_for_a_seat(client, alice, partnership, carol):
    client.force_login(alice)
    ours = partnership.school_party
    url = reverse("partnerships:add_seat", args=[partnership.pk, ours.pk])

    response = client.post(url, {"person": carol.people.get().pk})

    assert "person" in response.context["form"].errors
    assert not sees(carol, partnership)


@pytest.mark.parametrize(
    ("name", "status"), [("bob", 403), ("sam", 403), ("ada", 403), ("charlie", 404), ("dora", 404)]
)
@pytest.mark.parametrize("page", ["edit_seat", "leave_seat"])
def test_only_coordinators_change_who_is_at_the_table(
    request, client, partnership, bobs, page, name, status
):
    client.force_login(request.getfixturevalue(name))
    url = reverse(f"partnerships:{page}", args=[partnership.pk, bobs.pk])

    assert client.get(url).status_code == status
    assert client.post(url, {"left_on": "2027-01-31", "roles": []}).status_code == status
    bobs.refresh_from_db()
    assert (bobs.left_on, bobs.contact) == (None, True)


# A champion and a contact person of each party, from stage 1 on


def lacking(partnership):
    parties = fresh(partnership).parties_lacking_people
    return {party.name: party.missing_roles for party in parties}


def test_before_stage_1_nobody_is_missing(partnership, bobs, alice):
    bobs.change_roles([], by=alice)

    assert lacking(partnership) == {}


@pytest.mark.parametrize(
    ("roles", "missing"),
    [
        ([Role.CHAMPION, Role.CONTACT, Role.BOARD], []),
        ([Role.CHAMPION], [Role.CONTACT]),
        ([Role.CONTACT, Role.BOARD], [Role.CHAMPION]),
        ([Role.BOARD, Role.STUDENT, Role.FAMILY], [Role.CHAMPION, Role.CONTACT]),
        ([], [Role.CHAMPION, Role.CONTACT]),
    ],
)
@pytest.mark.parametrize("stage", [stage for stage in Stage if stage != Stage.PRE])
def test_from_stage_1_on_each_party_needs_both(partnership, bobs, alice, stage, roles, missing):
    partnership.move_to(
        stage, by=alice, drawn_for=partnership.last_move, reason="The others are there already"
    )
    bobs.change_roles(roles, by=alice)

    assert lacking(partnership) == ({"Harbor Robotics": missing} if missing else {})


def test_two_people_may_share_what_a_party_needs(partnership, bobs, carol, alice):
    walk_to(partnership, Stage.MOBILIZE, by=alice)
    bobs.change_roles([Role.CHAMPION], by=alice)

    bobs.party.seat(carol.people.get(), {Role.CONTACT}, by=alice)

    assert lacking(partnership) == {}


def test_who_leaves_counts_until_the_day(running, bob, alice, today):
    seat = seat_of(running, bob)
    seat.vacate(today + timedelta(days=1), successor=None, by=alice)
    assert lacking(running) == {}

    with clock.at(datetime.now(UTC) + timedelta(days=2)):
        assert lacking(running) == {"Harbor Robotics": [Role.CHAMPION, Role.CONTACT]}


def test_an_ended_partnership_needs_nobody(running, bob, alice, today):
    seat_of(running, bob).vacate(today, successor=None, by=alice)
    running.end(by=alice, drawn_for=running.last_move, reason="The company moves away")

    assert lacking(running) == {}


# Leaving


def test_what_is_open_goes_to_the_successor_at_once(partnership, bobs, carol, alice, today):
    items = list(partnership.items.filter(stage=Stage.PRE)[:3])
    for item in items:
        item.owner = bobs
        item.save()
    late = own_item(partnership, bobs, due_on=today - timedelta(days=3), note="Ask the caretaker")

    bobs.vacate(today + timedelta(days=5), successor=carol.people.get(), by=alice)

    successor = seat_of(partnership, carol)
    for item in [*items, late]:
        item.refresh_from_db()
        assert (item.owner, item.is_open) == (successor, True)
    assert (late.due_on, late.note) == (today - timedelta(days=3), "Ask the caretaker")


def test_without_a_successor_it_is_nobodys_yet(partnership, bobs, alice, today):
    item = own_item(partnership, bobs)

    bobs.vacate(today, successor=None, by=alice)

    item.refresh_from_db()
    assert item.owner is None


def test_what_others_own_stays_theirs(partnership, bobs, sam, carol, alice, today):
    item = own_item(partnership, seat_of(partnership, sam))

    bobs.vacate(today, successor=carol.people.get(), by=alice)

    item.refresh_from_db()
    assert item.owner == seat_of(partnership, sam)


def test_what_a_person_did_stays_theirs(partnership, bobs, bob, carol, alice, today):
    done, not_relevant = own_item(partnership, bobs), own_item(partnership, bobs)
    done.tick(by=bob)
    not_relevant.set_not_relevant("We have a room of our own", by=bob)
    events = list(partnership.events.filter(by=bob))

    bobs.vacate(today, successor=carol.people.get(), by=alice)

    for item, state in ((done, State.DONE), (not_relevant, State.NOT_RELEVANT)):
        item.refresh_from_db()
        assert (item.state, item.owner, item.settled_by) == (state, bobs, bob)
    assert list(partnership.events.filter(by=bob)) == events
    assert len(events) == 2


def test_what_is_opened_again_after_its_owner_left_does_not_wait_for_them(
    partnership, bobs, bob, carol, alice, today
):
    item = own_item(partnership, bobs)
    item.tick(by=bob)
    bobs.vacate(today, successor=carol.people.get(), by=alice)
    item.refresh_from_db()

    item.reopen(by=alice)

    item.refresh_from_db()
    assert item.owner != bobs


def test_the_debrief_of_an_ending_is_handed_over_too(running, bob, carol, alice, today):
    """It was given to bob when the partnership ended; it was reopened since."""
    running.end(by=alice, drawn_for=running.last_move, reason="The company moves away")
    debrief = running.items.get(only_when="ending")
    debrief.owner = seat_of(running, bob)
    debrief.save()
    running.change_status(
        "reopen", by=alice, drawn_for=running.last_move, reason="They stay in town"
    )

    seat_of(running, bob).vacate(today, successor=carol.people.get(), by=alice)
    running.end(by=alice, drawn_for=running.last_move, reason="They move away after all")

    debrief.refresh_from_db()
    assert debrief.is_open
    assert debrief.owner == seat_of(running, carol)


def test_nothing_new_is_given_to_somebody_who_is_leaving(partnership, bobs, carol, alice, today):
    """It would be left with them on the day they go: what was open has been handed over before."""
    bobs.vacate(today + timedelta(days=3), successor=carol.people.get(), by=alice)
    item = fresh(partnership).items.filter(stage=Stage.PRE).first()

    form = ItemForm({"side": item.side, "owner": bobs.pk, "seen_version": 0}, instance=item)

    assert "owner" in form.errors


def test_the_successor_takes_over_the_roles(partnership, bobs, carol, alice, today):
    bobs.vacate(today, successor=carol.people.get(), by=alice)

    successor = seat_of(partnership, carol)
    assert successor.roles == [Role.CHAMPION, Role.CONTACT]
    assert sees(carol, partnership)
    bobs = Seat.objects.get(pk=bobs.pk)
    assert (bobs.successor, bobs.left_on, bobs.is_gone) == (successor, today, True)


def test_the_successor_keeps_the_roles_they_had(partnership, bobs, carol, alice, today):
    bobs.party.seat(carol.people.get(), {Role.BOARD}, by=alice)

    bobs.vacate(today, successor=carol.people.get(), by=alice)

    successor = seat_of(partnership, carol)
    assert successor.roles == [Role.CHAMPION, Role.CONTACT, Role.BOARD]
    assert Seat.objects.filter(party=bobs.party).count() == 2


def test_an_item_opens_about_the_new_person_in_both_languages(running, bob, carol, alice, today):
    seat = seat_of(running, bob)

    seat.vacate(today, successor=carol.people.get(), by=alice)

    item = running.items.get(about=seat)
    assert (item.stage, item.cycle, item.side, item.state) == (Stage.ACTION, 1, "both", "open")
    assert item.owner is None
    assert item.wording_en == (
        "Establish the relationship with Carol Diaz, who takes over from Bob Keller."
    )
    assert "Carol Diaz" in item.wording_vi
    assert "Bob Keller" in item.wording_vi
    assert item.wording_vi != item.wording_en


def test_without_a_successor_an_item_opens_to_find_one(running, bob, alice, today):
    seat = seat_of(running, bob)

    seat.vacate(today, successor=None, by=alice)

    item = running.items.get(about=seat)
    assert item.wording_en == "Find somebody to take over from Bob Keller, and get to know them."
    assert "Bob Keller" in item.wording_vi
    assert item.wording_vi != item.wording_en


def test_the_longest_names_have_room_in_it(running, bob, carol, alice, today):
    Person.objects.filter(user=bob).update(name="B" * LONG)
    Person.objects.filter(user=carol).update(name="C" * LONG)
    seat = seat_of(running, bob)

    seat.vacate(today, successor=carol.people.get(), by=alice)

    running.items.get(about=seat).full_clean()


def test_leaving_is_told_on_the_timeline(partnership, bobs, carol, alice):
    bobs.vacate(date(2027, 1, 31), successor=carol.people.get(), by=alice)

    event = partnership.events.get(kind=EventKind.PERSON_LEFT)
    assert event.by == alice
    assert event.about == {
        "person": "Bob Keller",
        "on": "2027-01-31",
        "successor": "Carol Diaz",
    }


@pytest.mark.parametrize(
    ("zone", "last_second"),
    [
        (
            "America/Los_Angeles",
            clock.midnight("America/Los_Angeles", 2027, 3, 14),
        ),  # clocks change
        ("America/Los_Angeles", clock.midnight("America/Los_Angeles", 2027, 6, 30)),
        ("Asia/Ho_Chi_Minh", clock.midnight("Asia/Ho_Chi_Minh", 2027, 3, 14)),
        ("UTC", clock.midnight("UTC", 2028, 2, 29)),
    ],
)
def test_the_login_ends_that_day_by_the_clock_of_the_district(
    client, partnership, bobs, bob, alice, zone, last_second
):
    partnership.district.timezone = zone
    partnership.district.save()
    guide = reverse("desk:guide", args=[partnership.pk])
    bobs.vacate(last_second.date(), successor=None, by=alice)

    with clock.at(clock.just_before(last_second)):
        client.force_login(bob)
        assert sees(bob, partnership)
        assert fresh(partnership).can_be_worked_in_by(bob)
        assert client.get(guide).status_code == 200
    with clock.at(last_second):
        assert not sees(bob, partnership)
        assert not fresh(partnership).can_be_worked_in_by(bob)
        assert client.get(guide).status_code == 404


def test_the_login_to_other_partnerships_goes_on(partnership, bobs, bob, alice, school, today):
    other = make_partnership(school=school, partner=bobs.person.partner, by=alice)
    other.parties.get(school=None).seat(bobs.person, {Role.CONTACT}, by=alice)

    bobs.vacate(today, successor=None, by=alice)

    assert not sees(bob, partnership)
    assert sees(bob, other)


def test_who_has_left_stays_readable_among_the_former(partnership, bobs, alice, today):
    bobs.vacate(today, successor=None, by=alice)

    theirs = fresh(partnership).parties.all()[1]
    assert (theirs.current_seats, theirs.former_seats) == ([], [bobs])


def test_leaving_the_partner_is_leaving_every_seat_there(
    partnership, bobs, bob, alice, charlie, today
):
    """With seats in the partnerships of two schools, and a successor for one of them."""
    other = make_partnership(school=charlie.schools.get(), partner=bobs.person.partner, by=charlie)
    party = other.parties.get(school=None)
    party.seat(bobs.person, {Role.CONTACT}, by=charlie)
    there, here = seat_of(other, bob), seat_of(partnership, bob)
    mine, yours = own_item(partnership, here), own_item(other, there)
    successor = PersonFactory(partner=bobs.person.partner, name="Carol Diaz")

    bobs.person.leave(today, successors={here: successor}, by=alice)

    mine.refresh_from_db()
    yours.refresh_from_db()
    assert mine.owner == successor.seats.get()
    assert yours.owner is None
    assert not sees(bob, partnership)
    assert not sees(bob, other)
    assert partnership.items.get(about=here).wording_en.startswith("Establish")
    assert other.items.get(about=there).wording_en.startswith("Find somebody")
    assert bobs.person.has_left


def test_who_has_left_the_partner_no_longer_sees_what_has_ended(running, bob, alice, today):
    running.end(by=alice, drawn_for=running.last_move, reason="The company moves away")
    assert sees(bob, running)

    bob.people.get().leave(today, successors={}, by=alice)

    assert not sees(bob, running)


def test_who_has_left_is_not_back_when_a_partnership_is_reopened(running, bob, alice, today):
    running.end(by=alice, drawn_for=running.last_move, reason="The company moves away")
    bob.people.get().leave(today, successors={}, by=alice)

    running.change_status(
        "reopen", by=alice, drawn_for=running.last_move, reason="They stay in town after all"
    )

    assert bob not in [seat.person.user for seat in fresh(running).current_seats]


def test_what_was_handed_over_is_not_handed_over_twice(partnership, bobs, bob, carol, alice, today):
    """It is known that bob leaves this partnership, and who takes over; now he leaves the company."""
    friday = today + timedelta(days=3)
    bobs.vacate(friday, successor=carol.people.get(), by=alice)

    bob.people.get().leave(friday, successors={}, by=alice)

    bobs.refresh_from_db()
    assert bobs.successor == seat_of(partnership, carol)
    assert [item.wording_en for item in partnership.items.filter(about=bobs)] == [
        "Establish the relationship with Carol Diaz, who takes over from Bob Keller."
    ]


def test_a_seat_taken_over_does_not_outlast_the_new_holders_own_leaving(
    partnership, bobs, bob, carol, alice, today
):
    """Carol leaves the company on Friday. Until then she takes over from bob."""
    carols = carol.people.get()
    friday = today + timedelta(days=3)
    carols.leave(friday, successors={}, by=alice)

    bobs.vacate(today, successor=carols, by=alice)

    with clock.at(datetime.now(UTC) + timedelta(days=5)):
        assert not sees(carol, partnership)


def test_the_page_for_leaving(client, alice, partnership, bobs, carol, today):
    client.force_login(alice)
    url = reverse("partnerships:leave", args=[bobs.person_id])
    on = today + timedelta(days=8)

    client.post(url, {"left_on": on, f"successor_{bobs.pk}": carol.people.get().pk})

    bobs.refresh_from_db()
    bobs.person.refresh_from_db()
    assert (bobs.person.left_on, bobs.left_on) == (on, on)
    assert bobs.successor == seat_of(partnership, carol)
    assert not bobs.person.has_left


def test_leaving_once_is_enough(client, alice, partnership, bobs, today):
    client.force_login(alice)
    url = reverse("partnerships:leave", args=[bobs.person_id])
    client.post(url, {"left_on": today})

    response = client.post(url, {"left_on": today + timedelta(days=9)}, follow=True)

    assert "It is noted already that this person leaves." in response.content.decode()
    bobs.refresh_from_db()
    assert bobs.left_on == today
    assert partnership.items.filter(about=bobs).count() == 1


def test_the_page_asks_for_the_day(client, alice, partnership, bobs):
    client.force_login(alice)

    response = client.post(reverse("partnerships:leave", args=[bobs.person_id]), {"left_on": ""})

    assert response.context["form"].errors["left_on"] == ["Enter the day."]
    bobs.refresh_from_db()
    assert bobs.left_on is None


def test_the_page_for_leaving_one_partnership_only(client, alice, partnership, bobs, bob, today):
    client.force_login(alice)
    url = reverse("partnerships:leave_seat", args=[partnership.pk, bobs.pk])

    client.post(url, {"left_on": today})

    bobs.refresh_from_db()
    bobs.person.refresh_from_db()
    assert (bobs.left_on, bobs.person.left_on) == (today, None)


def test_nobody_takes_over_from_themselves(client, alice, partnership, bobs, today):
    client.force_login(alice)
    url = reverse("partnerships:leave_seat", args=[partnership.pk, bobs.pk])

    response = client.post(url, {"left_on": today, f"successor_{bobs.pk}": bobs.person_id})

    assert f"successor_{bobs.pk}" in response.context["form"].errors


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Ho_Chi_Minh", "UTC"])
@pytest.mark.parametrize("organization", ["school", "partner"])
def test_who_has_left_is_nobodys_colleague_by_the_clock_of_the_district(
    district, school, partner, organization, zone
):
    district.timezone = zone
    district.save()
    home = {"school": school, "partner": partner}[organization]
    leaver, stayer = (PersonFactory(**{organization: home}) for _number in range(2))
    leaver.left_on = date(2027, 6, 30)
    leaver.save()
    the_day = clock.midnight(zone, 2027, 6, 30)

    with clock.at(clock.just_before(the_day)):
        assert list(stayer.colleagues) == [leaver]
        assert not leaver.has_left
    with clock.at(the_day):
        assert list(stayer.colleagues) == []
        assert leaver.has_left


# Coming back


def test_who_comes_back_is_given_a_seat_anew(client, alice, partnership, bobs, bob, today):
    bobs.person.leave(today, successors={}, by=alice)
    client.force_login(alice)

    client.post(reverse("partnerships:come_back", args=[bobs.person_id]))
    assert not sees(bob, partnership)
    client.post(
        reverse("partnerships:add_seat", args=[partnership.pk, bobs.party_id]),
        {"person": bobs.person_id, "roles": ["board"]},
    )

    again = seat_of(partnership, bob)
    assert (again.pk, again.roles, again.left_on) == (bobs.pk, [Role.BOARD], None)
    assert sees(bob, partnership)
    assert not Person.objects.get(user=bob).has_left


def test_what_was_handed_over_stays_with_the_successor(partnership, bobs, bob, carol, alice, today):
    item = own_item(partnership, bobs)
    bobs.vacate(today, successor=carol.people.get(), by=alice)

    bobs.party.seat(bobs.person, {Role.CONTACT}, by=alice)

    item.refresh_from_db()
    assert item.owner == seat_of(partnership, carol)


@pytest.mark.parametrize(
    ("name", "status"), [("ada", 403), ("bob", 404), ("sam", 404), ("dora", 404)]
)
def test_only_coordinators_note_who_leaves_and_who_comes_back(
    request, client, partnership, bobs, name, status
):
    client.force_login(request.getfixturevalue(name))

    for page in ("leave", "come_back"):
        url = reverse(f"partnerships:{page}", args=[bobs.person_id])
        assert client.post(url, {"left_on": "2027-01-31"}).status_code == status
    bobs.refresh_from_db()
    assert bobs.left_on is None


def test_coordinators_of_the_district_keep_the_partners_people_together(
    client, charlie, partnership, bobs
):
    """What they cannot see, the partnerships of another school, they are not shown here either."""
    client.force_login(charlie)

    response = client.get(reverse("partnerships:leave", args=[bobs.person_id]))

    assert response.status_code == 200
    assert list(response.context["form"].fields) == ["left_on"]
    assert "Lincoln" not in response.content.decode()
