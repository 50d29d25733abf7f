"""The handover of who leaves: what they own goes on, what they know is read by their side alone."""

from datetime import timedelta

import pytest
from django.urls import reverse

from desk.waiting import waiting_in
from partnerships.events import EventKind
from partnerships.models import Handover, Partnership
from partnerships.stages import Status
from partnerships.vocabulary import Role
from partnerships.waiting import Kind, Scope
from tests.activities import plan, weekly
from tests.desk.test_queries import queries
from tests.factories import PersonFactory, UserFactory

KNOWS = "Call the shift lead first."


@pytest.fixture
def seat(running, bob):
    return next(seat for seat in running.current_seats if seat.person.user == bob)


@pytest.fixture
def url(running, seat):
    return reverse("partnerships:handover", args=[running.pk, seat.pk])


@pytest.fixture
def colleague(seat):
    return PersonFactory(partner=seat.party.partner, name="Cleo Park")


def told(partnership):
    return partnership.events.filter(kind=EventKind.HANDOVER_WRITTEN)


def test_who_leaves_writes_what_they_know(client, running, seat, url, bob):
    client.force_login(bob)
    assert client.post(url, {"knows": KNOWS}).status_code == 302
    written = Handover.objects.get()
    assert (written.seat, written.knows, written.by) == (seat, KNOWS, bob)
    assert KNOWS in client.get(url).text
    assert KNOWS in client.get(url + "?print=1").text
    assert told(running).get().about == {"person": "Bob Keller"}


@pytest.mark.parametrize("name", ["alice", "sam", "ada", "ola", "charlie", "vera"])
def test_nobody_of_another_side_reads_it(request, client, seat, url, bob, name):
    Handover(seat=seat, knows=KNOWS).write(by=bob)
    client.force_login(request.getfixturevalue(name))
    assert client.get(url).status_code == client.post(url, {"knows": "No"}).status_code == 404
    assert Handover.objects.get().knows == KNOWS


@pytest.mark.parametrize("typed", ["", "   ", "a" * 10_001])
def test_bad_input_is_refused_and_nothing_kept(client, url, bob, typed):
    client.force_login(bob)
    assert client.post(url, {"knows": typed}).status_code == 200
    assert not Handover.objects.exists()


def test_sent_twice_it_is_told_once(client, running, url, bob):
    client.force_login(bob)
    for _again in range(2):
        assert client.post(url, {"knows": KNOWS}).status_code == 302
    assert Handover.objects.count() == told(running).count() == 1


def test_who_saves_second_sees_both_texts(client, seat, url, bob):
    client.force_login(bob)
    Handover(seat=seat, knows=KNOWS).write(by=bob)
    client.post(url, {"knows": "Of the first", "seen_version": 0})
    page = client.post(url, {"knows": "Of the second", "seen_version": 0})
    assert "Of the first" in page.text
    assert "Of the second" in page.text
    assert Handover.objects.get().knows == "Of the first"


def test_two_first_words_do_not_overwrite_each_other(client, url, bob):
    client.force_login(bob)
    client.post(url, {"knows": "Of the first"})
    assert client.post(url, {"knows": "Of the second"}).status_code == 200
    assert Handover.objects.get().knows == "Of the first"


def test_after_the_end_it_is_read_only(client, running, seat, url, bob):
    Handover(seat=seat, knows=KNOWS).write(by=bob)
    Partnership.objects.filter(pk=running.pk).update(status=Status.ENDED)
    client.force_login(bob)
    page = client.get(url)
    assert KNOWS in page.text
    assert "Save the handover" not in page.text
    assert client.post(url, {"knows": "No", "seen_version": 0}).status_code == 403


def test_activities_ahead_go_to_the_successor_and_past_ones_stay(
    client, running, seat, colleague, url, alice, bob
):
    today = running.district.today()
    past = plan(running, by=alice, leads=[seat])
    ahead = weekly(running, by=alice, leads=[seat])
    off = plan(running, by=alice, leads=[seat], on=today + timedelta(days=3))
    off.call_off("Snow", by=alice)
    version = ahead.version
    seat.vacate(today + timedelta(days=5), successor=colleague, by=alice)
    assert [lead.person for lead in ahead.leads.all()] == [colleague]
    assert list(past.leads.all()) == list(off.leads.all()) == [seat]
    ahead.refresh_from_db()
    assert ahead.version == version + 1  # who has its form open is told
    client.force_login(bob)
    page = client.get(url).text
    assert "With Cleo Park now" in page
    assert ahead.get_absolute_url() in page


def test_without_a_successor_who_led_it_stays_named(running, seat, alice):
    ahead = weekly(running, by=alice, leads=[seat])
    seat.vacate(running.district.today(), successor=None, by=alice)
    assert list(ahead.leads.all()) == [seat]


def test_a_lead_who_leads_already_is_there_once(running, seat, colleague, alice):
    party = seat.party
    other = party.seat(colleague, set(), by=alice)
    ahead = weekly(running, by=alice, leads=[seat, other])
    seat.vacate(running.district.today(), successor=colleague, by=alice)
    assert [lead.person for lead in ahead.leads.all()] == [colleague]


def test_the_page_says_what_was_theirs_when_their_leaving_was_noted(
    client, running, seat, colleague, url, alice, bob
):
    item = running.items.open_now().with_words().first()
    running.items.filter(pk=item.pk).update(owner=seat)
    step = running.steps.plan(by=alice, what="Order the gloves", owner=seat)
    seat.vacate(running.district.today() + timedelta(days=5), successor=colleague, by=alice)
    running.steps.plan(by=alice, what="Never theirs", owner=step.owner.heir)

    seat.refresh_from_db()
    assert seat.handed_over == [
        {"what": item.texts, "url": item.get_absolute_url()},
        {"what": "Order the gloves", "url": step.get_absolute_url()},
    ]
    client.force_login(bob)
    page = client.get(url).text
    assert "Order the gloves" in page
    assert "Never theirs" not in page


def test_the_page_shows_what_is_owned(client, running, seat, url, alice, bob):
    running.items.open_now().update(owner=None)
    item = running.items.open_now().with_words().first()
    running.items.filter(pk=item.pk).update(owner=seat)
    running.steps.plan(by=alice, what="Order the gloves", owner=seat)
    weekly(running, by=alice, leads=[seat], title="Open workshop")
    client.force_login(bob)
    page = client.get(url).text
    assert "Order the gloves" in page
    assert "Open workshop" in page
    assert reverse("checklists:item", args=[running.pk, item.pk]) in page


def test_noting_that_a_colleague_leaves_leads_to_their_handover(client, running, alice, sam):
    ours = next(seat for seat in running.current_seats if seat.person.user == sam)
    client.force_login(alice)
    leave = reverse("partnerships:leave_seat", args=[running.pk, ours.pk])
    day = running.district.today() + timedelta(days=5)
    handover = reverse("partnerships:handover", args=[running.pk, ours.pk])
    form = client.get(leave).context["form"]
    data = {"left_on": day.isoformat()} | dict.fromkeys(set(form.fields) - {"left_on"}, "")
    sent = client.post(leave, data)
    assert sent.status_code == 302
    assert sent.url == handover
    team = reverse("partnerships:team", args=[running.pk])
    assert handover in client.get(team).text
    client.force_login(running.current_seats[-1].person.user)
    assert handover not in client.get(team).text


# The ways to it


def waits(user) -> list[str]:
    found, _more = waiting_in(Scope.of_person(user))
    return [one.url for one in found if one.kind == Kind.HANDOVER]


def test_who_leaves_is_asked_for_it_until_it_is_written(
    client, running, seat, url, alice, bob, sam
):
    assert waits(bob) == []

    seat.vacate(running.district.today() + timedelta(days=5), successor=None, by=alice)

    assert waits(bob) == [url]
    assert waits(alice) == waits(sam) == []
    client.force_login(bob)
    assert "Write down what whoever comes after you should know" in client.get("/").text
    handover = Handover.of(seat)
    handover.knows = KNOWS
    handover.write(by=bob)
    assert waits(bob) == []


def test_of_a_paused_partnership_nobody_is_asked(running, seat, alice, bob):
    seat.vacate(running.district.today() + timedelta(days=5), successor=None, by=alice)
    Partnership.objects.filter(pk=running.pk).update(status=Status.PAUSED)

    assert waits(bob) == []


def test_whoever_notes_that_somebody_leaves_finds_the_way_to_it(client, running, alice, sam, bob):
    """Of one's own side: the other side's page would not be there."""
    client.force_login(alice)
    for user, is_ours in ((sam, True), (bob, False)):
        seat = next(seat for seat in running.current_seats if seat.person.user == user)
        handover = reverse("partnerships:handover", args=[running.pk, seat.pk])
        for page in (
            reverse("partnerships:leave_seat", args=[running.pk, seat.pk]),
            reverse("partnerships:leave", args=[seat.person_id]),
        ):
            assert (handover in client.get(page).text) == is_ours


# For a side without a login


@pytest.fixture
def without_login(running, seat):
    """Nobody at the partner's can sign in."""
    seat.person.user = None
    seat.person.save()
    seat.vacate(
        running.district.today() + timedelta(days=5), successor=None, by=running.last_move.by
    )
    return seat


@pytest.mark.parametrize("name", ["alice", "ola"])
def test_a_coordinator_writes_it_down_for_a_side_without_a_login(
    request, client, running, without_login, url, name
):
    user = request.getfixturevalue(name)
    client.force_login(user)
    assert "Nobody at Harbor Robotics has a login." in client.get(url).text
    assert url in client.get(reverse("partnerships:team", args=[running.pk])).text

    assert client.post(url, {"knows": KNOWS}).status_code == 302

    written = Handover.objects.get()
    assert (written.knows, written.by, written.is_written_for_them) == (KNOWS, user, True)
    page = client.get(url).text
    assert KNOWS in page
    assert f"Written down by {user.name} for Harbor Robotics" in page
    assert f"Written down by {user.name}" in client.get(f"{url}?print=1").text


@pytest.mark.parametrize("name", ["sam", "ada", "charlie", "vera"])
def test_nobody_else_does(request, client, without_login, url, alice, name):
    Handover(seat=without_login, knows=KNOWS).write(by=alice)
    client.force_login(request.getfixturevalue(name))

    assert client.get(url).status_code == client.post(url, {"knows": "No"}).status_code == 404
    assert Handover.objects.get().knows == KNOWS


def test_once_one_of_them_has_a_login_they_read_it_and_others_no_more(
    client, running, without_login, url, colleague, alice
):
    Handover(seat=without_login, knows=KNOWS).write(by=alice)
    colleague.user = UserFactory(name="Cleo Park")
    colleague.save()
    party = without_login.party
    party.seat(colleague, {Role.CONTACT}, by=alice)
    client.force_login(alice)
    assert client.get(url).status_code == 404

    client.force_login(colleague.user)
    page = client.get(url).text

    assert KNOWS in page
    assert "Written down by Alice Moreno for Harbor Robotics" in page


def test_what_they_wrote_themselves_stays_theirs_when_their_last_login_is_gone(
    client, running, seat, url, alice, bob
):
    Handover(seat=seat, knows=KNOWS).write(by=bob)
    seat.vacate(running.district.today(), successor=None, by=alice)
    client.force_login(alice)

    assert client.get(url).status_code == 404
    assert client.post(url, {"knows": "No", "seen_version": 0}).status_code == 404
    assert Handover.objects.get().knows == KNOWS


# Without a successor


def leave_pages(seat):
    return [
        reverse("partnerships:leave_seat", args=[seat.party.partnership_id, seat.pk]),
        reverse("partnerships:leave", args=[seat.person_id]),
    ]


def of_nobody(user) -> list[str]:
    found, _more = waiting_in(Scope.of_person(user))
    return [str(one.title) for one in found if one.kind == Kind.NOBODYS]


@pytest.mark.parametrize("place", [0, 1])
def test_before_it_is_confirmed_the_page_says_what_would_be_nobodys(
    client, running, alice, sam, place
):
    ours = next(seat for seat in running.current_seats if seat.person.user == sam)
    url = leave_pages(ours)[place]
    client.force_login(alice)
    assert "If nobody takes over" not in client.get(url).text
    running.steps.plan(by=alice, what="Order the gloves", owner=ours)

    page = client.get(url).text

    assert "Order the gloves" in page
    assert "If nobody takes over, items and steps have no owner from then on." in page
    sent = client.post(url, {"left_on": running.district.today().isoformat()}, follow=True)
    assert "Where nobody takes over, what was open has no owner now." in sent.text


def test_with_a_successor_it_is_said_that_all_is_handed_over(client, running, alice, sam):
    ours = next(seat for seat in running.current_seats if seat.person.user == sam)
    heir = PersonFactory(school=ours.party.school)
    running.steps.plan(by=alice, what="Order the gloves", owner=ours)
    client.force_login(alice)

    today = running.district.today().isoformat()
    sent = client.post(
        leave_pages(ours)[0], {"left_on": today, f"successor_{ours.pk}": heir.pk}, follow=True
    )

    assert "Noted. What was open is handed over." in sent.text
    assert of_nobody(alice) == []


def test_steps_of_nobody_stand_on_today_and_the_guide_and_take_no_query_more(
    client, running, seat, alice, bob, sam
):
    pages = ["/", reverse("desk:guide", args=[running.pk])]
    client.force_login(sam)
    before = [queries(client, page) for page in pages]
    for what in ("Order the gloves", "Ask the yard"):
        running.steps.plan(by=alice, what=what, owner=seat)
    assert of_nobody(alice) == of_nobody(sam) == []

    seat.vacate(running.district.today(), successor=None, by=alice)

    assert of_nobody(alice) == of_nobody(sam) == ["Order the gloves", "Ask the yard"]
    assert [queries(client, page) for page in pages] <= before
    assert "Order the gloves" in client.get(pages[0]).text
    assert "2 steps are nobody’s yet" in client.get(pages[1]).text
    step = running.steps.first()
    step.owner = next(one for one in running.current_seats if one.person.user == sam)
    step.save()
    assert of_nobody(alice) == ["Ask the yard"]
    assert "1 step is nobody’s yet" in client.get(pages[1]).text


def test_a_step_of_nobody_that_is_late_is_told_once_and_says_so(running, alice):
    day = running.district.today() - timedelta(days=2)
    running.steps.plan(by=alice, what="Order the gloves", due_on=day)

    found, _more = waiting_in(Scope.of_person(alice))

    [one] = [one for one in found if one.title == "Order the gloves"]
    assert (one.kind, one.person) == (Kind.LATE, "nobody’s yet")
