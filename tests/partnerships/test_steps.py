"""Action steps: who does what by when, on whose list, and what becomes of them."""

from datetime import timedelta

import pytest
from django.urls import reverse

from desk.demo import make_demo
from partnerships.events import EventKind
from partnerships.models import Partnership, Step, StepState
from partnerships.stages import MoveKind, Stage
from partnerships.vocabulary import ContactKind
from partnerships.waiting import Kind, Scope
from partnerships.waiting_steps import due_steps
from tests.factories import PersonFactory

CAST = ["alice", "sam", "bob", "ada", "ola", "charlie", "dora", "vera"]


@pytest.fixture
def today(district):
    return district.today()


@pytest.fixture
def add(running, alice):
    """Plan a step, due so many days from now."""

    def plan(days=None, what="Call the office", **fields) -> Step:
        due_on = None if days is None else running.district.today(timedelta(days=days))
        return running.steps.plan(by=alice, what=what, due_on=due_on, **fields)

    return plan


def seat_of(partnership, user):
    return next(seat for seat in partnership.current_seats if seat.person.user == user)


def fresh(partnership):
    return Partnership.objects.with_sides().get(pk=partnership.pk)


def address(name, partnership, *keys):
    return reverse(f"partnerships:{name}", args=[partnership.pk, *keys])


def events(partnership):
    return [(event.kind, event.by, event.about) for event in partnership.events.all()]


def listed(client, user, partnership, query="") -> list[str]:
    client.force_login(user)
    page = client.get(address("steps", partnership) + query)
    return [step.what for _state, steps in page.context["groups"] for step in steps]


# Adding and changing


@pytest.mark.parametrize("name", ["alice", "sam", "bob"])
def test_whoever_works_here_adds_a_step(request, client, running, today, name):
    user = request.getfixturevalue(name)
    bobs = seat_of(running, request.getfixturevalue("bob"))
    client.force_login(user)

    response = client.post(
        address("add_step", running),
        {"what": "Book the bus", "owner": bobs.pk, "due_on": today.isoformat(), "note": "Two"},
    )

    step = running.steps.get()
    assert response.url == step.get_absolute_url()
    assert (step.what, step.owner, step.due_on, step.note) == ("Book the bus", bobs, today, "Two")
    assert (step.state, step.made_by, step.cycle) == (StepState.OPEN, user, 1)
    assert events(running)[0] == (EventKind.STEP_ADDED, user, {"step": "Book the bus"})


def test_a_step_says_what_is_to_be_done(client, running, alice):
    client.force_login(alice)

    page = client.post(address("add_step", running), {"what": " ", "due_on": "tomorrow"})

    assert page.context["form"].errors == {
        "what": ["Say what is to be done."],
        "due_on": ["Enter a date, such as 2027-01-31."],
    }
    assert not running.steps.exists()


def make_goal(partnership, what="Twelve students stay"):
    return partnership.goals.create(
        what=what,
        measure="Students",
        unit="students",
        starts_on="2026-01-01",
        due_on="2027-01-01",
        starting_value=0,
        target=12,
        made_by=partnership.coordinator,
    )


def make_activity(partnership, title="Open day"):
    return partnership.activities.create(
        title=title, kind="visit", on="2026-05-01", made_by=partnership.coordinator
    )


def test_the_address_fills_in_what_and_what_for(client, running, alice):
    goal, activity = make_goal(running), make_activity(running)
    client.force_login(alice)

    query = f"?what=Print+flyers&goal={goal.pk}&activity={activity.pk}"
    form = client.get(address("add_step", running) + query).context["form"]

    assert (form["what"].value(), form["goal"].value(), form["activity"].value()) == (
        "Print flyers",
        str(goal.pk),
        str(activity.pk),
    )
    client.post(
        address("add_step", running),
        {"what": "Print flyers", "goal": goal.pk, "activity": activity.pk},
    )
    step = running.steps.get()
    assert (step.goal, step.activity) == (goal, activity)
    page = client.get(step.get_absolute_url()).content.decode()
    assert "for the goal “Twelve students stay”" in page
    assert "for the activity “Open day”" in page


def test_a_goal_is_asked_only_where_there_is_one(client, running, alice):
    client.force_login(alice)
    url = address("add_step", running)
    assert "goal" not in client.get(url).context["form"].fields

    make_goal(running)

    assert "goal" in client.get(url).context["form"].fields


@pytest.mark.parametrize("entry", ["nonsense", "0", "9" * 30, "-1", ""])
def test_an_address_that_names_no_entry_is_as_without(client, running, alice, entry):
    client.force_login(alice)

    response = client.post(address("add_step", running) + f"?entry={entry}", {"what": "Call"})

    assert response.url == running.steps.get().get_absolute_url()


def test_details_are_changed_and_told(client, running, add, bob):
    step = add()
    client.force_login(bob)

    client.post(step.get_absolute_url(), {"what": "Call the yard", "seen_version": 0})

    step.refresh_from_db()
    assert (step.what, step.version) == ("Call the yard", 1)
    assert events(running)[0] == (EventKind.STEP_CHANGED, bob, {"step": "Call the yard"})


def test_saving_the_same_is_not_told(client, running, add, bob):
    step = add()
    client.force_login(bob)

    client.post(step.get_absolute_url(), {"what": step.what, "seen_version": 0})

    assert events(running)[0][0] == EventKind.STEP_ADDED


def test_who_saves_second_sees_both_texts(client, add, alice, bob):
    step = add()
    client.force_login(bob)
    client.post(step.get_absolute_url(), {"what": "Bob's words", "seen_version": 0})
    client.force_login(alice)

    page = client.post(step.get_absolute_url(), {"what": "Alice's words", "seen_version": 0})

    assert page.context["form"].conflict == [("What is to be done?", "Bob's words")]
    assert page.context["form"]["what"].value() == "Alice's words"
    step.refresh_from_db()
    assert step.what == "Bob's words"
    client.post(step.get_absolute_url(), {"what": "Alice's words", "seen_version": 1})
    step.refresh_from_db()
    assert step.what == "Alice's words"


# Done, open again, dropped


def test_a_tick_and_back(client, running, add, bob):
    step = add()
    client.force_login(bob)

    response = client.post(address("tick_step", running, step.pk), {"next": "/partnerships/"})
    step.refresh_from_db()
    assert response.url == f"/partnerships/#step-{step.pk}"
    assert (step.state, step.settled_by) == (StepState.DONE, bob)
    client.post(address("reopen_step", running, step.pk))

    step.refresh_from_db()
    assert (step.state, step.settled_by, step.settled_at) == (StepState.OPEN, None, None)
    assert [kind for kind, *_rest in events(running)][:2] == [
        EventKind.STEP_OPENED,
        EventKind.STEP_DONE,
    ]


def test_a_tick_does_not_lead_elsewhere(client, running, add, bob):
    step = add()
    client.force_login(bob)

    response = client.post(address("tick_step", running, step.pk), {"next": "//evil.example"})

    assert response.url == f"{step.get_absolute_url()}#step-{step.pk}"


def test_a_second_click_changes_nothing(client, running, add, bob, sam):
    step = add()
    for user in (bob, sam):
        client.force_login(user)
        client.post(address("tick_step", running, step.pk))

    step.refresh_from_db()
    assert (step.settled_by, step.version) == (bob, 1)


def test_it_is_dropped_for_a_reason_and_can_be_opened_again(client, running, add, bob):
    step = add()
    client.force_login(bob)
    url = address("drop_step", running, step.pk)
    refused = client.post(url, {"reason": ""})
    assert refused.context["form"].errors == {"reason": ["Say why, in a few words."]}

    client.post(url, {"reason": "The office is closed"})

    step.refresh_from_db()
    assert (step.state, step.reason) == (StepState.DROPPED, "The office is closed")
    assert events(running)[0] == (
        EventKind.STEP_DROPPED,
        bob,
        {"step": step.what, "reason": "The office is closed"},
    )
    client.post(address("reopen_step", running, step.pk))
    step.refresh_from_db()
    assert (step.state, step.reason) == (StepState.OPEN, "")


def test_an_ended_partnership_can_only_be_read(client, running, add, alice):
    step = add()
    why_none = "We spoke on the last day"
    said = {"reason": "The company moves away", "no_debrief_because": why_none}
    running.end(by=alice, drawn_for=running.last_move, **said)
    told = events(running)
    client.force_login(alice)

    assert "Add a step" not in client.get(address("steps", running)).content.decode()
    assert client.get(step.get_absolute_url()).context["form"] is None
    for name in ("tick_step", "reopen_step", "drop_step"):
        assert client.post(address(name, running, step.pk)).status_code == 403
    assert client.post(address("add_step", running), {"what": "Call"}).status_code == 403
    assert events(running) == told


# The list


def test_late_first_then_by_day_then_without_then_settled(client, running, add, alice):
    for days, what in ((3, "soon"), (None, "some day"), (-2, "late"), (40, "far"), (-9, "later")):
        add(days, what)
    add(1, "done first").tick(by=alice)
    add(1, "done last").tick(by=alice)
    add(1, "dropped").drop("We need no bus", by=alice)

    assert listed(client, alice, running) == [
        *("later", "late", "soon", "far", "some day"),
        *("done last", "done first", "dropped"),
    ]
    assert listed(client, alice, running, "?print")[:2] == ["later", "late"]


def test_mine(client, running, add, bob, sam):
    add(what="Bob's", owner=seat_of(running, bob))
    add(what="Sam's", owner=seat_of(running, sam))
    add(what="Nobody's")

    assert listed(client, bob, running, "?whose=mine") == ["Bob's"]
    assert len(listed(client, bob, running)) == 3
    assert len(listed(client, bob, running, "?whose=nonsense")) == 3


def test_pages_of_twenty_five(client, running, add, alice):
    for number in range(27):
        add(number, f"Step {number}")

    assert listed(client, alice, running, "?page=2") == ["Step 25", "Step 26"]
    assert len(listed(client, alice, running, "?print")) == 27


def test_an_empty_list_offers_the_first_step(client, running, alice):
    client.force_login(alice)

    page = client.get(address("steps", running)).content.decode()

    assert "No steps yet." in page
    assert page.count(address("add_step", running)) == 2


def test_htmx_gets_the_list_alone(client, running, add, alice):
    add()
    client.force_login(alice)

    part = client.get(address("steps", running), headers={"HX-Request": "true"}).content.decode()

    assert part.strip().startswith('<div id="steps"')


# Over the cycles, and over people


def recommit(partnership, by):
    for stage in (Stage.REFLECT, Stage.RECOMMIT):
        partnership.move_to(
            stage, by=by, drawn_for=partnership.last_move, reason="We are late this year"
        )
    partnership.recommit(
        Stage.DIRECTION, by=by, drawn_for=partnership.last_move, reason="Go on all the same"
    )
    return fresh(partnership)


def test_what_is_open_goes_on_in_the_new_cycle(client, running, add, alice):
    step = add(-1, "Find a second bus")

    again = recommit(running, alice)

    assert [one.what for one in again.dated_steps] == ["Find a second bus"]
    assert listed(client, alice, again) == ["Find a second bus"]
    assert "cycle 1" in client.get(address("steps", again)).content.decode()
    assert again.steps.plan(by=alice, what="Anew").cycle == 2
    step.refresh_from_db()
    assert step.cycle == 1


def test_who_leaves_hands_over_what_is_open(running, add, alice, bob, partner, today):
    bobs = seat_of(running, bob)
    mine = [add(cycle, f"Step {cycle}", owner=bobs) for cycle in (1, 2)]
    mine[1].tick(by=bob)
    nora = PersonFactory(partner=partner, name="Nora")

    bobs.vacate(today + timedelta(days=9), successor=nora, by=alice)

    owners = {step.what: step.owner.person.name for step in Step.objects.all()}
    assert owners == {"Step 1": "Nora", "Step 2": "Bob Keller"}


def test_opened_again_it_goes_to_who_took_over(client, running, add, alice, bob, partner, today):
    bobs = seat_of(running, bob)
    step = add(1, owner=bobs)
    step.tick(by=bob)
    bobs.vacate(today, successor=PersonFactory(partner=partner, name="Nora"), by=alice)
    client.force_login(alice)

    client.post(address("reopen_step", running, step.pk))

    step.refresh_from_db()
    assert step.owner.person.name == "Nora"


def test_without_a_successor_it_falls_to_nobody(running, add, alice, bob, today):
    add(1, owner=seat_of(running, bob))

    seat_of(running, bob).vacate(today, successor=None, by=alice)

    assert Step.objects.get().owner is None


# Whose move it is


def told(user):
    return [(one.kind, str(one.title)) for one in due_steps(Scope.of_person(user), 200)]


@pytest.mark.parametrize(
    ("days", "kind"),
    [(-9, Kind.LATE), (-1, Kind.LATE), (0, Kind.SOON), (7, Kind.SOON), (8, None), (None, None)],
)
def test_late_or_due_within_seven_days_as_an_item(running, add, alice, days, kind):
    add(days, owner=seat_of(running, alice))

    assert told(alice) == ([(kind, "Call the office")] if kind else [])
    on_the_guide = due_steps(Scope.of_partnership(fresh(running), [], None, None), 200)
    assert [one.kind for one in on_the_guide] == ([kind] if kind else [])


@pytest.mark.parametrize("days", [8, None])
def test_what_is_nobodys_waits_whenever_it_is_due(running, add, alice, bob, days):
    add(days)

    assert told(alice) == told(bob) == [(Kind.NOBODYS, "Call the office")]
    [on_the_guide] = due_steps(Scope.of_partnership(fresh(running), [], None, None), 200)
    assert on_the_guide.kind == Kind.NOBODYS
    assert [party.label for party in on_the_guide.parties] == ["Lincoln High", "Harbor Robotics"]


@pytest.mark.parametrize(
    ("owner", "waiting"),
    [
        (None, {"alice", "sam", "bob", "ola"}),
        ("sam", {"alice", "sam", "ola"}),
        ("bob", {"alice", "bob", "ola"}),
        ("alice", {"alice", "ola"}),
    ],
)
def test_for_whom_a_step_waits(request, running, add, owner, waiting):
    users = {name: request.getfixturevalue(name) for name in CAST}
    add(-1, owner=seat_of(running, users[owner]) if owner else None)

    assert {name for name, user in users.items() if told(user)} == waiting


@pytest.mark.parametrize(
    ("owner", "parties"),
    [
        (None, ["Lincoln High", "Harbor Robotics"]),
        ("sam", ["Lincoln High"]),
        ("bob", ["Harbor Robotics"]),
    ],
)
def test_for_which_party_it_waits_on_the_guide(request, running, add, owner, parties):
    add(-1, owner=seat_of(running, request.getfixturevalue(owner)) if owner else None)

    [one] = due_steps(Scope.of_partnership(fresh(running), [], None, None), 200)

    assert [party.label for party in one.parties] == parties


@pytest.mark.parametrize("settle", ["tick", "drop", "pause", "end"])
def test_what_is_settled_or_rests_waits_for_nobody(running, add, alice, settle):
    step, last = add(-1), running.last_move
    {
        "tick": lambda: step.tick(by=alice),
        "drop": lambda: step.drop("No need", by=alice),
        "pause": lambda: running.change_status(
            MoveKind.PAUSE, by=alice, drawn_for=last, reason="Exams until the summer"
        ),
        "end": lambda: running.end(by=alice, drawn_for=last, reason="The company moves away"),
    }[settle]()

    assert told(alice) == []


def test_items_and_steps_stand_in_one_order_on_today(client, running, add, alice, today):
    running.items.add_own(
        by=alice, wording="An item", stage=running.stage, due_on=today - timedelta(days=5)
    )
    for days in (-9, -2):
        add(days, f"A step of {-days} days ago")
    client.force_login(alice)

    waiting = client.get(reverse("desk:today")).context["waiting"]

    assert [str(one.title) for one in waiting][:3] == [
        "A step of 9 days ago",
        "An item",
        "A step of 2 days ago",
    ]


def test_the_guide_counts_items_and_steps_together(client, running, add, alice, bob, today):
    late = {"stage": running.stage, "due_on": today - timedelta(days=5)}
    running.items.add_own(by=alice, wording="An item", **late)
    add(-9, owner=seat_of(running, bob))
    add(3, "Ask for the hall", owner=seat_of(running, bob))
    client.force_login(alice)

    page = client.get(running.get_absolute_url()).content.decode()
    aside = page.split('id="whose-move"')[1]

    assert "1 thing is late." in aside  # Lincoln High: the item
    assert "2 things are late." in aside  # Harbor Robotics: the item and the step
    assert "1 thing is due:" in aside
    assert "Ask for the hall" in aside.split("<h3>Next</h3>")[1]


def test_a_step_says_what_it_follows_from(client, running, add, alice, today):
    entry = running.log.write(by=alice, kind=ContactKind.CALL, on=today, said="All is well")
    step = add(follows_from=entry)
    client.force_login(alice)

    page = client.get(step.get_absolute_url()).content.decode()

    assert "follows from: Call" in page
    assert entry.get_absolute_url() in page


def test_the_demo_has_steps_done_open_late_and_dropped(db):
    make_demo()

    assert {state: Step.objects.filter(state=state).count() > 0 for state in StepState} == (
        dict.fromkeys(StepState, True)
    )
    assert Step.objects.late().exists()
    assert Step.objects.due_soon().exists()
