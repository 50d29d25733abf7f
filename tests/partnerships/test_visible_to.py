"""The one door: who sees which partnership."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import User
from partnerships.models import Coordinator, Partnership, Person
from partnerships.vocabulary import EngagementKind, Role
from tests.factories import (
    PartnerFactory,
    PersonFactory,
    SchoolFactory,
    UserFactory,
    make_partnership,
)

IN = ["alice", "bob", "sam", "ada", "ola"]
OUT = ["charlie", "dora", "edna", "vera"]


def seen_by(user):
    return list(Partnership.objects.visible_to(user))


@pytest.fixture
def elsewhere(dora):
    """A partnership of another district."""
    return make_partnership(school=dora.schools.get(), by=dora)


@pytest.mark.parametrize("name", IN)
def test_who_sees_it(request, partnership, name):
    assert seen_by(request.getfixturevalue(name)) == [partnership]


@pytest.mark.parametrize("name", OUT)
def test_who_does_not(request, partnership, name):
    assert seen_by(request.getfixturevalue(name)) == []


def test_the_operator_sees_all_districts(ola, partnership, elsewhere):
    assert set(seen_by(ola)) == {partnership, elsewhere}


def test_a_district_admin_sees_the_own_district_only(ada, edna, partnership, elsewhere):
    assert seen_by(ada) == [partnership]
    assert seen_by(edna) == [elsewhere]


def test_a_coordinator_sees_every_partnership_of_the_school_whoever_started_it(
    alice, charlie, school, partnership
):
    Coordinator.objects.create(school=school, user=charlie)

    assert seen_by(charlie) == [partnership]


def test_who_coordinates_no_longer_sees_no_longer(alice, school, partnership):
    Coordinator.objects.filter(user=alice).delete()
    alice.people.get().seats.all().delete()

    assert seen_by(alice) == []


def test_the_coordinators_of_each_school_in_it_see_it(charlie, partnership):
    partnership.parties.create(school=charlie.schools.get(), position=3)

    assert seen_by(charlie) == [partnership]


def test_a_seat_opens_that_partnership_and_no_other_of_the_partner(alice, bob, school, partnership):
    other = make_partnership(school=school, by=alice, partner=bob.people.get().partner)

    assert seen_by(bob) == [partnership]
    assert set(seen_by(alice)) == {partnership, other}


def test_a_person_of_the_partner_without_a_seat_sees_nothing(partner, partnership):
    user = UserFactory()
    PersonFactory(partner=partner, user=user)

    assert seen_by(user) == []


def test_a_person_of_the_school_without_a_seat_sees_nothing(school, partnership):
    user = UserFactory()
    PersonFactory(school=school, user=user)

    assert seen_by(user) == []


def test_one_person_with_seats_in_two_districts_sees_both(bob, alice, dora, partnership, elsewhere):
    there = PartnerFactory(district=elsewhere.district)
    party = elsewhere.parties.get(school=None)
    party.partner = there
    party.save()
    seat = party.seat(PersonFactory(partner=there, user=bob), {Role.CONTACT}, by=dora)

    assert set(seen_by(bob)) == {partnership, elsewhere}
    assert bob.people.count() == 2

    seat.vacate(elsewhere.district.today(), successor=None, by=dora)

    assert seen_by(bob) == [partnership]


def test_a_seat_without_a_login_opens_nothing_to_anybody(vera, partnership):
    """Two people without an account have nothing in common."""
    party = partnership.parties.get(school=None)
    party.seat(PersonFactory(partner=party.partner), {Role.BOARD}, by=partnership.coordinator)

    assert seen_by(vera) == []


def test_who_loses_the_login_sees_no_longer(bob, partnership):
    Person.objects.filter(user=bob).update(user=None)

    assert seen_by(bob) == []


@pytest.mark.parametrize("name", ["alice", "bob", "ola"])
def test_several_reasons_to_see_it_show_it_once(request, ada, name, partnership):
    user = request.getfixturevalue(name)
    partnership.district.admins.add(user)
    school = partnership.school_party.school
    Coordinator.objects.get_or_create(school=school, user=user)
    for party in partnership.parties.all():
        person = PersonFactory(**{"school" if party.school else "partner": party.organization})
        person.user = user
        person.save()
        party.seat(person, {Role.BOARD}, by=user)

    assert seen_by(user) == [partnership]
    assert Partnership.objects.visible_to(user).count() == 1


@pytest.mark.parametrize("name", ["alice", "bob", "sam", "ada"])
def test_the_door_can_be_narrowed_further(request, partnership, name):
    visible = Partnership.objects.visible_to(request.getfixturevalue(name))

    assert visible.filter(stage="pre").with_sides().get() == partnership
    assert not visible.exclude(stage="pre").exists()


def test_the_door_costs_the_same_however_many_partnerships(alice, school, partnership):
    def cost():
        user = User.objects.get(pk=alice.pk)  # as a new request reads them
        with CaptureQueriesContext(connection) as queries:
            seen = seen_by(user)
        return len(seen), len(queries)

    seen, queries = cost()
    assert seen == 1
    for _number in range(3):
        make_partnership(school=school, by=alice)

    assert cost() == (4, queries)


def test_another_school_of_the_district_is_no_reason(alice, charlie, partnership):
    theirs = make_partnership(school=SchoolFactory(district=partnership.district), by=charlie)

    assert theirs not in seen_by(alice)
    assert theirs not in seen_by(charlie)  # it is not charlie's school either


@pytest.mark.parametrize("page", ["desk:guide", "checklists:checklist", "partnerships:timeline"])
@pytest.mark.parametrize(
    ("name", "status"), [*((name, 200) for name in IN), *((name, 404) for name in OUT)]
)
def test_the_pages_stand_behind_the_door(request, client, partnership, page, name, status):
    client.force_login(request.getfixturevalue(name))

    assert client.get(reverse(page, args=[partnership.pk])).status_code == status


@pytest.mark.parametrize("name", [*IN, *OUT])
def test_who_manages_it(request, partnership, name):
    user = request.getfixturevalue(name)
    managed = name in {"alice", "ola"}

    assert partnership.can_be_managed_by(user) is managed
    assert (partnership in Partnership.objects.managed_by(user)) is managed


@pytest.mark.parametrize("name", [*IN, *OUT])
def test_who_works_in_it(request, partnership, name):
    works = name in {"alice", "bob", "sam", "ola"}

    assert partnership.can_be_worked_in_by(request.getfixturevalue(name)) is works


def test_with_sides_knows_what_it_aims_at(partnership):
    partnership.set_engagements(["visit", "planning"])
    one_with_aims = Partnership.objects.with_sides().get(pk=partnership.pk)
    partnership.set_engagements([])

    assert one_with_aims.aims == [EngagementKind.VISIT, EngagementKind.PLANNING]
    assert Partnership.objects.with_sides().get(pk=partnership.pk).aims == []
