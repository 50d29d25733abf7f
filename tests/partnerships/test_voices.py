"""Where nobody has asked students or families yet."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from partnerships.models import Partnership
from partnerships.stages import Stage, Status
from partnerships.vocabulary import Role
from partnerships.voices import unheard
from tests.activities import plan
from tests.factories import PersonFactory


def fresh(partnership):
    return Partnership.objects.with_sides().get(pk=partnership.pk)


def at(partnership, **fields):
    Partnership.objects.filter(pk=partnership.pk).update(**fields)
    return fresh(partnership)


def speak(partnership, role, *, by):
    ours = partnership.school_party
    return ours.seat(PersonFactory(school=ours.school), {role}, by=by)


def set_goal(partnership, *, by, **fields):
    return partnership.goals.create(
        what="More girls",
        measure="girls",
        unit="girls",
        starts_on=date(2027, 1, 1),
        starting_value=1,
        target=2,
        due_on=date(2027, 6, 1),
        made_by=by,
        **fields,
    )


@pytest.fixture
def ahead(running):
    return running.district.today() + timedelta(days=5)


def test_before_stage_one_nobody_is_missed(partnership):
    assert not unheard(partnership)


def test_from_stage_one_on_somebody_speaks_for_each(partnership, alice):
    early = at(partnership, stage=Stage.MOBILIZE)
    assert unheard(early).roles == [Role.STUDENT, Role.FAMILY]

    speak(early, Role.STUDENT, by=alice)
    assert unheard(fresh(early)).roles == [Role.FAMILY]

    seat = speak(early, Role.FAMILY, by=alice)
    assert not unheard(fresh(early))

    seat.give_up(early.district.today(), successor=None)
    assert unheard(fresh(early)).roles == [Role.FAMILY]


def test_goals_and_activities_are_asked_about_from_stage_two_on(running, alice, ahead):
    goal = set_goal(running, by=alice)
    set_goal(running, by=alice, say="The student council chose it")
    activity = plan(running, by=alice, on=ahead)
    plan(running, by=alice, on=ahead, say="Families chose the day")
    plan(running, by=alice)  # behind
    plan(running, by=alice, on=ahead).call_off("We have no bus", by=alice)

    assert unheard(at(running, stage=Stage.MOBILIZE)).goals == []
    found = unheard(at(running, stage=Stage.DIRECTION))

    assert (found.goals, found.activities) == ([goal], [activity])


@pytest.mark.parametrize("status", [Status.PAUSED, Status.ENDED])
def test_nobody_is_reminded_where_nothing_runs(running, status):
    assert not unheard(at(running, status=status))


def test_the_guide_reminds(client, alice, running, ahead):
    client.force_login(alice)
    plan(running, by=alice, on=ahead, title="Robot day")

    page = client.get(reverse("desk:guide", args=[running.pk])).content.decode()

    assert "Nobody speaks for students or for families yet." in page
    assert page.count("Robot day") == 1


def test_and_is_still_where_all_are_heard(client, alice, running):
    client.force_login(alice)
    for role in (Role.STUDENT, Role.FAMILY):
        speak(running, role, by=alice)

    page = client.get(reverse("desk:guide", args=[running.pk])).content.decode()

    assert "Students and families</h3>" not in page
