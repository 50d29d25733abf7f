"""What waits for whom: on Today, and in “Whose move is it?” on the guide."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from checklists.waiting import items_waiting_in
from desk.waiting import waiting_in, whose_move
from evaluations.joint import Standing
from partnerships.models import Partnership
from partnerships.stages import MoveKind, Stage
from partnerships.vocabulary import Role, Side
from partnerships.waiting import Kind, Scope
from tests import clock
from tests.factories import PersonFactory, UserFactory, make_partnership

CAST = ["alice", "sam", "bob", "ada", "ola", "charlie", "dora", "edna", "vera"]
LONG_AGO = timedelta(days=31)


def fresh(partnership):
    return Partnership.objects.with_sides().get(pk=partnership.pk)


@pytest.fixture
def today(district):
    return district.today()


def due(partnership, on, **fields):
    fields = {"wording": f"Due on {on}", "stage": partnership.stage, **fields}
    return partnership.items.add_own(by=partnership.coordinator, due_on=on, **fields)


def seat_of(partnership, user):
    return next(seat for seat in partnership.current_seats if seat.person.user == user)


def waits_for(user):
    return list(items_waiting_in(Scope.of_person(user)))


def moves_of(partnership):
    """What the guide says: per party, what is late, what is due soon, and which roles are missing."""
    partnership = Partnership.objects.with_sides().get(pk=partnership.pk)
    partnership.managed_by_reader = True
    items = list(partnership.items.of_current_cycle().with_words())
    by_page = {item.get_absolute_url(): item for item in items}
    return {
        move.party.side: (
            [by_page[one.url] for one in move.of(Kind.LATE)],
            [by_page[one.url] for one in move.of(Kind.SOON)],
            move.missing_roles,
        )
        for move in whose_move(partnership, items, Standing(partnership))
    }


def pause(partnership, user):
    partnership.change_status(
        MoveKind.PAUSE, by=user, drawn_for=partnership.last_move, reason="Exams until the summer"
    )


def end(partnership, user):
    partnership.end(
        by=user,
        drawn_for=partnership.last_move,
        reason="The company moves away",
        no_debrief_because="We talked it through by phone",
    )


def fall_quiet(partnership, since=LONG_AGO):
    Partnership.objects.filter(pk=partnership.pk).update(active_at=timezone.now() - since)


def today_page(client, user):
    client.force_login(user)
    return client.get(reverse("desk:today"))


def guide_page(client, user, partnership):
    client.force_login(user)
    return client.get(reverse("desk:guide", args=[partnership.pk]))


# Items: late, or due within seven days


@pytest.mark.parametrize(
    ("days", "waits"), [(-400, True), (-1, True), (0, True), (1, True), (7, True), (8, False)]
)
def test_late_or_due_within_seven_days(running, alice, today, days, waits):
    item = due(running, today + timedelta(days=days))

    assert waits_for(alice) == ([item] if waits else [])


def test_what_has_no_date_waits_for_nobody(running, alice):
    due(running, None)

    assert waits_for(alice) == []


def test_what_is_settled_waits_for_nobody(running, alice, today):
    due(running, today).tick(by=alice)
    due(running, today).set_not_relevant("We have a room already", by=alice)

    assert waits_for(alice) == []
    assert moves_of(running) == {}


@pytest.mark.parametrize(
    ("side", "owner", "waiting"),
    [
        (Side.BOTH, None, {"alice", "sam", "bob", "ola"}),
        (Side.SCHOOL, None, {"alice", "sam", "ola"}),
        (Side.PARTNER, None, {"alice", "bob", "ola"}),
        (Side.BOTH, "sam", {"alice", "sam", "ola"}),
        (Side.BOTH, "bob", {"alice", "bob", "ola"}),
        (Side.SCHOOL, "bob", {"alice", "bob", "ola"}),
        (Side.PARTNER, "sam", {"alice", "sam", "ola"}),
        (Side.PARTNER, "alice", {"alice", "ola"}),
    ],
)
def test_for_whom_an_item_waits(request, running, today, side, owner, waiting):
    """Coordinators answer for all; an owned item waits for its owner, any other for its side."""
    seat = seat_of(running, request.getfixturevalue(owner)) if owner else None
    item = due(running, today, side=side, owner=seat)

    found = {name: waits_for(request.getfixturevalue(name)) for name in CAST}

    assert found == {name: [item] if name in waiting else [] for name in CAST}


def test_the_most_late_comes_first(running, alice, today):
    items = [due(running, today + timedelta(days=days)) for days in (3, -2, 7, 0, -9)]

    assert waits_for(alice) == [items[4], items[1], items[3], items[0], items[2]]


def test_each_district_goes_by_its_own_clock(running, dora, ola):
    there = dora.schools.get()
    there.district.timezone = "Asia/Ho_Chi_Minh"
    there.district.save()
    other = make_partnership(school=there, by=dora, stage=Stage.ACTION)
    for partnership in (running, other):
        due(partnership, date(2027, 1, 9))
        due(partnership, date(2027, 1, 17))

    # The 9th in Los Angeles, where the 17th is eight days off; the 10th in Hanoi, where it is seven.
    with clock.at(datetime(2027, 1, 9, 20, 0, tzinfo=UTC)):
        waiting = [(item.partnership, item.due_on.day, item.is_late) for item in waits_for(ola)]

    assert waiting == [(running, 9, False), (other, 9, True), (other, 17, False)]


def test_what_was_left_open_waits_in_the_new_cycle_and_no_longer_in_the_old(
    running, alice, bob, today
):
    old = due(running, today - timedelta(days=9))
    for stage in (Stage.REFLECT, Stage.RECOMMIT):
        running.move_to(
            stage, by=alice, drawn_for=running.last_move, reason="We are late this year"
        )
    running.recommit(
        Stage.DIRECTION, by=alice, drawn_for=running.last_move, reason="Go on all the same"
    )

    [waiting] = waits_for(alice)
    assert (waiting.text, waiting.cycle) == (old.text, 2)
    assert waits_for(bob) == [waiting]
    assert set(moves_of(running)) == {Side.SCHOOL, Side.PARTNER}


@pytest.mark.parametrize("stop", [pause, end])
@pytest.mark.parametrize("name", ["alice", "sam", "bob", "ola"])
def test_what_is_paused_or_ended_waits_for_nobody(request, running, alice, today, stop, name):
    due(running, today - timedelta(days=9))
    stop(running, alice)
    fall_quiet(running)
    user = request.getfixturevalue(name)

    assert waits_for(user) == []
    assert attention(user) == {}
    assert moves_of(running) == {}


def test_after_a_pause_it_waits_again(running, alice, today):
    item = due(running, today - timedelta(days=9))
    pause(running, alice)
    running.change_status(
        MoveKind.RESUME, by=alice, drawn_for=running.last_move, reason="The exams are over"
    )

    assert waits_for(alice) == [item]


def test_the_debrief_of_an_ending_does_not_wait_while_the_partnership_goes_on(
    client, running, alice, today
):
    """It was given a date when the partnership ended; then the partnership was reopened."""
    running.end(by=alice, drawn_for=running.last_move, reason="The company moves away")
    running.debriefs.get().close(by=alice)
    debrief = running.items.get(only_when="ending")
    debrief.due_on = today - timedelta(days=1)
    debrief.save()
    running.change_status(
        MoveKind.REOPEN, by=alice, drawn_for=running.last_move, reason="They stay in town"
    )

    assert waits_for(alice) == []
    assert moves_of(running) == {}
    assert "1 thing is late" not in guide_page(client, alice, running).content.decode()


def test_who_has_left_is_not_waited_for(running, alice, bob, today):
    seat = seat_of(running, bob)
    due(running, today, side=Side.PARTNER)
    seat.vacate(today, successor=None, by=alice)

    assert waits_for(bob) == []


def test_who_leaves_tomorrow_is_waited_for_today(running, alice, bob, today):
    item = due(running, today, side=Side.PARTNER)
    seat_of(running, bob).vacate(today + timedelta(days=1), successor=None, by=alice)

    assert waits_for(bob) == [item]


# Partnerships: people missing, or nothing done


def attention(user):
    """Per partnership: whether people are missing, and whether nothing was done for long."""
    told = {}
    for one in waiting_in(Scope.of_person(user))[0]:
        if one.kind in {Kind.PEOPLE, Kind.QUIET}:
            told.setdefault(one.partnership, set()).add(one.kind)
    return {one: (Kind.PEOPLE in kinds, Kind.QUIET in kinds) for one, kinds in told.items()}


def test_all_is_well(running, alice):
    assert attention(alice) == {}


@pytest.mark.parametrize("roles", [{Role.CHAMPION}, {Role.CONTACT}, {Role.BOARD}, set()])
def test_a_champion_or_a_contact_person_is_missing(running, alice, bob, roles):
    seat_of(running, bob).change_roles(roles, by=alice)

    assert attention(alice) == {running: (True, False)}


def test_it_is_early_for_that_before_stage_1(partnership, alice, bob):
    seat_of(partnership, bob).change_roles([], by=alice)

    assert attention(alice) == {}
    assert moves_of(partnership) == {}


def test_each_party_needs_people_of_its_own(running, alice):
    """A third party at the table, with nobody yet."""
    running.parties.create(
        partner=make_partnership(school=running.school_party.school, by=alice)
        .parties.get(school=None)
        .partner,
        position=3,
    )

    assert attention(alice) == {running: (True, False)}


@pytest.mark.parametrize(
    ("since", "quiet"),
    [(timedelta(days=29), False), (timedelta(days=30, minutes=1), True), (LONG_AGO, True)],
)
def test_nothing_was_done_for_thirty_days(running, alice, since, quiet):
    fall_quiet(running, since)

    assert attention(alice) == ({running: (False, True)} if quiet else {})


def test_whatever_somebody_does_ends_the_quiet(running, alice, bob):
    fall_quiet(running)

    running.items.open_now().first().tick(by=bob)

    assert attention(alice) == {}


@pytest.mark.parametrize("name", CAST)
def test_it_is_for_those_who_manage_to_see_to_it(request, running, bob, alice, name):
    seat_of(running, bob).change_roles([], by=alice)
    fall_quiet(running)

    expected = {running: (True, True)} if name in {"alice", "ola"} else {}
    assert attention(request.getfixturevalue(name)) == expected


def test_the_quietest_comes_first(running, school, alice):
    other = make_partnership(school=school, by=alice)
    fall_quiet(running, timedelta(days=40))
    fall_quiet(other, timedelta(days=90))

    assert list(attention(alice)) == [other, running]


# The guide


@pytest.mark.parametrize(
    ("side", "owner", "parties"),
    [
        (Side.BOTH, None, {Side.SCHOOL, Side.PARTNER}),
        (Side.SCHOOL, None, {Side.SCHOOL}),
        (Side.PARTNER, None, {Side.PARTNER}),
        (Side.BOTH, "bob", {Side.PARTNER}),
        (Side.SCHOOL, "bob", {Side.PARTNER}),
        (Side.PARTNER, "sam", {Side.SCHOOL}),
    ],
)
def test_whose_move_it_is(request, running, today, side, owner, parties):
    seat = seat_of(running, request.getfixturevalue(owner)) if owner else None
    late = due(running, today - timedelta(days=1), side=side, owner=seat)
    soon = due(running, today + timedelta(days=7), side=side, owner=seat)
    due(running, today + timedelta(days=8), side=side, owner=seat)

    assert moves_of(running) == {party: ([late], [soon], []) for party in parties}


def test_the_guide_names_the_missing_roles(running, alice, bob):
    seat_of(running, bob).change_roles([Role.CONTACT], by=alice)

    assert moves_of(running) == {Side.PARTNER: ([], [], [Role.CHAMPION])}


def test_nothing_waits(running):
    assert moves_of(running) == {}


@pytest.mark.parametrize("owner", [None, "alice", "sam", "bob"])
@pytest.mark.parametrize("side", Side)
def test_today_and_the_guide_agree(request, running, today, side, owner):
    """What the guide says that a party is waited for stands on the Today of somebody there."""
    seat = seat_of(running, request.getfixturevalue(owner)) if owner else None
    item = due(running, today - timedelta(days=1), side=side, owner=seat)

    on_the_guide = set(moves_of(running))
    on_today = {
        seat.party.side
        for seat in fresh(running).current_seats
        if item in waits_for(seat.person.user)
        and not fresh(running).can_be_managed_by(seat.person.user)
    }
    if owner == "alice":  # who answers for everything, and is left out above
        on_today = {Side.SCHOOL}
    assert on_the_guide == on_today


# The pages


def test_today_tells_each_what_waits_for_them(client, running, alice, bob, sam, vera, today):
    due(running, today - timedelta(days=2), wording="Book the bus", side=Side.PARTNER)
    due(running, today, wording="Print the badges", side=Side.SCHOOL)

    told = {
        user.name: {
            words
            for words in ("Book the bus", "Print the badges", "2 days late")
            if words in today_page(client, user).content.decode()
        }
        for user in (alice, bob, sam, vera)
    }

    assert told == {
        "Alice Moreno": {"Book the bus", "Print the badges", "2 days late"},
        "Bob Keller": {"Book the bus", "2 days late"},
        "Sam Ortiz": {"Print the badges"},
        "Vera Holt": set(),
    }


def test_today_tells_the_coordinator_of_missing_people_and_of_quiet(client, running, alice, bob):
    seat_of(running, bob).change_roles([], by=alice)
    fall_quiet(running)

    alices = today_page(client, alice).content.decode()
    bobs = today_page(client, bob).content.decode()

    assert "A champion or a contact person is missing" in alices
    assert "Nothing was done since" in alices
    assert "A champion or a contact person is missing" not in bobs
    assert "Nothing was done since" not in bobs


def test_today_says_so_when_nothing_waits(client, running, alice):
    assert "Nothing waits for you." in today_page(client, alice).content.decode()


def test_who_has_no_partnership_is_not_told_that_nothing_waits(client, running, vera):
    response = today_page(client, vera)

    assert response.context["has_partnerships"] is False
    assert "Lincoln" not in response.content.decode()


def test_today_shows_eight_and_then_all(client, running, alice, today):
    for number in range(10):
        due(running, today, wording=f"Item number {number}")

    short = today_page(client, alice)
    long = client.get(reverse("desk:today") + "?all")

    assert (len(short.context["waiting"]), short.context["there_is_more"]) == (8, True)
    assert (len(long.context["waiting"]), long.context["there_is_more"]) == (10, False)


@pytest.mark.parametrize("name", ["alice", "bob", "sam", "ada"])
def test_the_guide_tells_every_reader_whose_move_it_is(request, client, running, today, name):
    due(running, today - timedelta(days=2), side=Side.PARTNER)

    page = guide_page(client, request.getfixturevalue(name), running).content.decode()

    assert "1 thing is late." in page


@pytest.mark.parametrize("stop", [pause, end])
def test_the_guide_of_what_rests_says_that_nobody_is_waited_for(
    client, running, alice, today, stop
):
    due(running, today - timedelta(days=2))
    stop(running, alice)

    page = guide_page(client, alice, running).content.decode()

    assert "Nobody is waited for now." in page
    assert "1 thing is late." not in page


def test_what_has_ended_leaves_the_board_and_what_is_paused_stays(client, running, school, alice):
    paused = make_partnership(school=school, by=alice)
    pause(paused, alice)
    end(running, alice)

    page = today_page(client, alice).content.decode()

    assert paused.get_absolute_url() in page
    assert running.get_absolute_url() not in page


def test_today_costs_the_same_with_one_and_with_three(client, school, alice, today):
    def add():
        partnership = make_partnership(school=school, by=alice, stage=Stage.MOBILIZE)
        user = UserFactory()
        party = partnership.parties.get(school=None)
        seat = party.seat(PersonFactory(partner=party.partner, user=user), {Role.BOARD}, by=alice)
        due(partnership, today, owner=seat)
        fall_quiet(partnership)

    add()
    today_page(client, alice)
    with CaptureQueriesContext(connection) as one:
        client.get(reverse("desk:today"))
    add()
    add()
    with CaptureQueriesContext(connection) as three:
        page = client.get(reverse("desk:today"))

    assert [one.kind for one in page.context["waiting"]] == (
        [Kind.SOON] * 3 + [Kind.PEOPLE] * 3 + [Kind.QUIET] * 3
    )
    assert len(three) == len(one)
