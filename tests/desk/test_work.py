"""The page for a meeting: what counts as since the last one, what is open, and what is ahead."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from desk.meeting import Meeting
from partnerships.models import Contribution
from tests.activities import plan
from tests.factories import make_goal

pytestmark = pytest.mark.django_db


@pytest.fixture
def today(partnership):
    return partnership.district.today()


@pytest.fixture
def met(partnership, alice, today):
    """They met ten days ago."""
    return partnership.log.write(
        by=alice, kind="meeting", on=today - timedelta(days=10), said="We begin with the bus."
    )


def page(client, partnership, user, query=""):
    client.force_login(user)
    return client.get(reverse("desk:work", args=[partnership.pk]) + query)


def test_it_looks_back_to_the_last_meeting(partnership, alice, today, met):
    partnership.log.write(by=alice, kind="call", on=today, said="A call is no meeting.")
    partnership.log.write(
        by=alice, kind="meeting", on=today + timedelta(days=5), said="Next", people=[]
    )

    meeting = Meeting(partnership)

    assert (meeting.last, meeting.since) == (met, met.on)
    assert meeting.next.on == today + timedelta(days=5)


def test_on_the_day_of_a_meeting_it_still_looks_back_to_the_one_before(
    client, partnership, alice, today, met
):
    present = partnership.log.write(by=alice, kind="meeting", on=today, said="We go on.")

    meeting = Meeting(partnership)

    assert (meeting.last, meeting.since, meeting.of_today) == (met, met.on, present)
    shown = page(client, partnership, alice).content.decode()
    assert "Today’s meeting is in the log." in shown
    assert "We go on." not in shown  # it is the one that is held


def test_without_a_meeting_it_looks_back_three_months(partnership, today):
    meeting = Meeting(partnership)

    assert meeting.last is None
    assert meeting.since == today - timedelta(days=91)


def test_what_was_done_and_decided_since_then(partnership, alice, today, met):
    done, _open = (partnership.steps.plan(by=alice, what=what) for what in ("Call", "Write"))
    done.tick(by=alice)
    before = partnership.log.write(
        by=alice, kind="decision", on=met.on - timedelta(days=1), said="Earlier"
    )
    decided = partnership.log.write(by=alice, kind="decision", on=today, said="Buses")

    meeting = Meeting(partnership)

    assert [step.what for step in meeting.done] == ["Call"]
    assert [step.what for step in meeting.steps] == ["Write"]
    assert meeting.decided == [decided]
    assert before not in meeting.decided


def test_an_old_disagreement_stays_until_it_is_settled(partnership, alice, today, met):
    entry = partnership.log.write(
        by=alice, kind="disagreement", on=today - timedelta(days=100), said="Who pays?"
    )
    assert Meeting(partnership).unsettled == [entry]

    entry.settle("Each half", on=today, by=alice)

    assert Meeting(partnership).unsettled == []


def test_activities_since_then_with_how_they_went(partnership, alice, today, met):
    held = plan(partnership, by=alice, on=today - timedelta(days=3))
    held.note(held.on, "held", by=alice, students=21)
    earlier = plan(partnership, by=alice, on=today - timedelta(days=20))
    earlier.note(earlier.on, "held", by=alice, students=9)

    assert [day.students for day in Meeting(partnership).held] == [21]


def test_what_went_well_since_then(client, partnership, alice, today, met):
    before, since, taken_back = (
        partnership.wins.tell(by=alice, text=text, on=today - timedelta(days=ago))
        for text, ago in (("Long ago", 11), ("It draws", 3), ("A mistake", 2))
    )
    taken_back.take_back(by=alice)

    assert Meeting(partnership).wins == [since]
    shown = page(client, partnership, alice).content.decode()
    assert (since.text in shown, before.text in shown) == (True, False)


def test_goals_that_are_behind_come_first_and_reached_ones_last(partnership, alice, today):
    starts_on, due_on = today - timedelta(days=50), today + timedelta(days=50)
    for what, value in (("reached", 40), ("behind", 1), ("on the way", 30)):
        goal = make_goal(
            partnership, by=alice, what=what, starts_on=starts_on, due_on=due_on, target=Decimal(40)
        )
        goal.note(on=today, value=Decimal(value), by=alice)

    assert [goal.what for goal in Meeting(partnership).goals] == ["behind", "on the way", "reached"]


def test_a_promise_that_is_late_is_to_be_talked_through(partnership, alice, today):
    theirs = partnership.parties.last()
    for what, days in (("kits", -1), ("rooms", 1)):
        Contribution(
            partnership=partnership,
            party=theirs,
            kind="goods",
            what=what,
            unit="pieces",
            promised=Decimal(3),
            due_on=today + timedelta(days=days),
        ).enter(by=alice)

    assert [one.what for one in Meeting(partnership).late_promises] == ["kits"]


@pytest.mark.parametrize("name", ["alice", "bob"])
def test_both_sides_open_it_and_may_write_down_the_meeting(request, client, partnership, name, met):
    for query in ("", "?print=1"):
        answer = page(client, partnership, request.getfixturevalue(name), query)

        assert answer.status_code == 200
        assert met.get_absolute_url() in answer.content.decode()
    assert (
        "?kind=meeting" in page(client, partnership, request.getfixturevalue(name)).content.decode()
    )


def test_what_has_ended_offers_nothing_to_write(client, partnership, alice, met):
    partnership.end(
        by=alice,
        drawn_for=partnership.last_move,
        reason="We are done with it",
        no_debrief_because="Nobody is left",
    )

    assert "?kind=meeting" not in page(client, partnership, alice).content.decode()


def test_of_what_has_ended_no_page_says_what_could_be_added(client, partnership, alice):
    client.force_login(alice)
    pages = {
        "partnerships:goals": "Begin with one",
        "partnerships:activities": "plan one, and it stands here",
        "partnerships:steps": "No steps yet.",
        "partnerships:give_and_take": "Nothing is noted yet.",
        "partnerships:log": "Write down a meeting",
        "partnerships:documents": "This is the place for",
        "desk:work": "What you agree on today",
        "desk:guide": "Give an item or a step a due date",
    }

    def said() -> dict:
        return {
            name: words in client.get(reverse(name, args=[partnership.pk])).content.decode()
            for name, words in pages.items()
        }

    assert said() == dict.fromkeys(pages, True)

    partnership.end(
        by=alice,
        drawn_for=partnership.last_move,
        reason="We are done with it",
        no_debrief_because="Nobody is left",
    )
    assert said() == dict.fromkeys(pages, False)


def test_more_steps_take_no_more_queries(client, partnership, alice, met):
    def count():
        with CaptureQueriesContext(connection) as queries:
            assert page(client, partnership, alice).status_code == 200
        return len(queries)

    def add():
        goal = make_goal(partnership, by=alice)
        for what in ("Call", "Write"):
            step = partnership.steps.plan(by=alice, what=what, goal=goal, follows_from=met)
        step.tick(by=alice)

    add()
    count()
    few = count()
    for _ in range(3):
        add()

    assert count() == few
