"""The rules of activities: days by their rhythm, what is noted of them, and what came of it in numbers."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from partnerships.models import Activity, Occurrence, Totals
from partnerships.rhythm import days_in_rhythm
from partnerships.vocabulary import Rhythm
from tests import clock
from tests.activities import plan, weekly

HELD, NOT_HELD = Occurrence.State.HELD, Occurrence.State.NOT_HELD
NOON = datetime(2027, 3, 17, 20, tzinfo=UTC)  # a Wednesday, at one o'clock in Los Angeles


@pytest.fixture(autouse=True)
def _in_march():
    with clock.at(NOON):
        yield


@pytest.fixture
def mentoring(running, alice):
    """On Wednesdays from 3 March to 7 April 2027."""
    return weekly(running, by=alice, on=date(2027, 3, 3), weeks=5)


def dates(days):
    return [f"{day.on:%d.%m.}" for day in days]


def states(activity):
    return {f"{day.on:%d.%m.}": str(day.state) for day in activity.days()}


def fresh(activity):
    again = Activity.objects.get(pk=activity.pk)
    again.partnership = activity.partnership
    return again


# Rhythm


@pytest.mark.parametrize(
    ("rhythm", "first", "last", "expected"),
    [
        (Rhythm.ONCE, date(2027, 3, 3), None, ["03-03"]),
        (Rhythm.WEEKLY, date(2027, 3, 3), date(2027, 3, 24), ["03-03", "03-10", "03-17", "03-24"]),
        (Rhythm.FORTNIGHTLY, date(2027, 3, 3), date(2027, 4, 13), ["03-03", "03-17", "03-31"]),
        # The second Tuesday of each month.
        (
            Rhythm.MONTHLY,
            date(2027, 1, 12),
            date(2027, 4, 30),
            ["01-12", "02-09", "03-09", "04-13"],
        ),
        # The fifth Friday: not every month has one, so the last is meant.
        (
            Rhythm.MONTHLY,
            date(2027, 1, 29),
            date(2027, 4, 30),
            ["01-29", "02-26", "03-26", "04-30"],
        ),
        # The fourth stays the fourth, also where it is the last.
        (Rhythm.MONTHLY, date(2027, 2, 24), date(2027, 3, 31), ["02-24", "03-24"]),
        (Rhythm.WEEKLY, date(2027, 3, 3), date(2027, 3, 3), ["03-03"]),
        (Rhythm.MONTHLY, date(2028, 2, 29), date(2028, 4, 30), ["02-29", "03-28", "04-25"]),
    ],
)
def test_the_days_follow_from_the_rhythm(rhythm, first, last, expected):
    assert [f"{day:%m-%d}" for day in days_in_rhythm(rhythm, first, last)] == expected


def test_days_are_counted_as_days_across_changes_of_the_clock():
    """In 2027 the clocks change in March and November in Los Angeles, in March and October in Berlin."""
    days = days_in_rhythm(Rhythm.WEEKLY, date(2027, 1, 3), date(2027, 12, 26))

    assert len(days) == 52
    assert {day.weekday() for day in days} == {6}
    assert {later - day for day, later in pairwise(days)} == {timedelta(7)}


def test_the_database_keeps_dates_and_times_in_order(running, alice):
    for fields in (
        {"rhythm": Rhythm.WEEKLY, "until": date(2027, 3, 1)},
        {"rhythm": Rhythm.WEEKLY},
        {"rhythm": Rhythm.ONCE, "until": date(2027, 4, 1)},
        {"begins_at": time(15), "ends_at": time(15)},
        {"ends_at": time(15)},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make_row(running, by=alice, on=date(2027, 3, 3), **fields)


def make_row(partnership, *, by, **fields):
    Activity.objects.create(partnership=partnership, title="A", kind="visit", made_by=by, **fields)


# One day


def test_a_past_day_waits_until_something_is_noted(mentoring, alice):
    assert states(mentoring) == {
        "03.03.": "Nothing noted yet",
        "10.03.": "Nothing noted yet",
        "17.03.": "Planned",
        "24.03.": "Planned",
        "31.03.": "Planned",
        "07.04.": "Planned",
    }
    assert dates(mentoring.waiting_days) == ["03.03.", "10.03."]

    mentoring.note(date(2027, 3, 3), HELD, by=alice, students=12)
    mentoring.note(date(2027, 3, 10), NOT_HELD, by=alice, how_it_went="The bus did not come")

    assert mentoring.waiting_days == []
    assert states(mentoring)["03.03."] == "Took place"
    assert states(mentoring)["10.03."] == "Did not take place"
    assert dates([mentoring.next_day]) == ["17.03."]


def test_todays_day_may_be_noted_and_does_not_wait_yet(mentoring):
    today = mentoring.day_of(date(2027, 3, 17))

    assert (today.has_come, today.is_ahead, today.waits) == (True, True, False)


def test_whether_a_day_is_past_is_decided_where_the_partnership_is(mentoring):
    """At seven in the morning of the 18th in London it is still the 17th in Los Angeles."""
    with clock.at(datetime(2027, 3, 18, 6, 59, tzinfo=UTC)):
        assert not mentoring.day_of(date(2027, 3, 17)).waits
    with clock.at(datetime(2027, 3, 18, 7, 0, tzinfo=UTC)):
        assert mentoring.day_of(date(2027, 3, 17)).waits


def test_a_moved_day_takes_place_on_its_new_date_only(mentoring, alice):
    mentoring.note_on(date(2027, 3, 24)).move_to(date(2027, 3, 25), by=alice)

    assert dates(mentoring.days(date(2027, 3, 20), date(2027, 3, 31))) == ["25.03.", "31.03."]
    moved = mentoring.day_of(date(2027, 3, 24))
    assert (moved.is_moved, moved.is_ahead, str(moved.state)) == (True, True, "Planned")
    assert mentoring.partnership.events.first().kind == "activity_moved"

    mentoring.note_on(date(2027, 3, 24)).move_to(date(2027, 3, 24), by=alice)

    assert not mentoring.day_of(date(2027, 3, 24)).is_moved


def test_a_day_moved_into_the_past_waits_from_there(mentoring, alice):
    mentoring.note_on(date(2027, 3, 24)).move_to(date(2027, 3, 12), by=alice)

    assert dates(mentoring.waiting_days) == ["03.03.", "10.03.", "12.03."]


def test_a_single_day_is_called_off_and_planned_again(mentoring, alice):
    mentoring.note(date(2027, 3, 24), NOT_HELD, by=alice, how_it_went="School is closed then")

    assert states(mentoring)["24.03."] == "Called off"
    event = mentoring.partnership.events.first()
    assert (event.kind, event.reason) == ("activity_called_off", "School is closed then")
    assert "called off for <time" in event.sentence

    mentoring.note_on(date(2027, 3, 24)).plan_again(by=alice)

    assert states(mentoring)["24.03."] == "Planned"
    assert "planned again for <time" in mentoring.partnership.events.first().sentence


# The whole


def test_called_off_as_a_whole_nothing_is_ahead_and_nothing_waits(mentoring, alice):
    mentoring.note(date(2027, 3, 3), HELD, by=alice)

    mentoring.call_off("The bus is broken", by=alice)

    assert states(mentoring) == {
        "03.03.": "Took place",
        "10.03.": "Nothing noted yet",  # it may have taken place; it does not wait any more
        "17.03.": "Called off",
        "24.03.": "Called off",
        "31.03.": "Called off",
        "07.04.": "Called off",
    }
    assert (mentoring.waiting_days, mentoring.next_day) == ([], None)

    mentoring.plan_again(by=alice)

    assert dates(mentoring.waiting_days) == ["10.03."]
    kinds = [event.kind for event in mentoring.partnership.events.all()[:2]]
    assert kinds == ["activity_planned_again", "activity_called_off"]


def test_what_was_noted_stays_when_the_rhythm_changes(mentoring, alice):
    mentoring.note(date(2027, 3, 3), HELD, by=alice, students=12)
    mentoring.note_on(date(2027, 3, 24)).move_to(date(2027, 3, 25), by=alice)

    mentoring.on, mentoring.until = date(2027, 3, 18), date(2027, 4, 1)  # Thursdays from now on
    mentoring.keep(by=alice)

    assert dates(mentoring.days()) == ["03.03.", "18.03.", "25.03.", "25.03.", "01.04."]
    assert mentoring.totals.students == 12
    assert mentoring.day_of(date(2027, 3, 3)).was_held


def test_a_day_off_the_rhythm_goes_when_nothing_is_noted_any_more(mentoring, alice):
    mentoring.note(date(2027, 3, 24), NOT_HELD, by=alice, how_it_went="School is closed then")
    mentoring.on, mentoring.until = date(2027, 3, 18), date(2027, 4, 1)
    mentoring.keep(by=alice)
    assert "24.03." in dates(mentoring.days())

    mentoring.note_on(date(2027, 3, 24)).plan_again(by=alice)

    assert "24.03." not in dates(mentoring.days())


def test_the_date_of_one_day_is_corrected_with_what_is_noted(running, alice):
    visit = plan(running, by=alice, on=date(2027, 3, 3))
    visit.note(date(2027, 3, 3), HELD, by=alice, students=30)

    visit.on = date(2027, 3, 4)
    visit.keep(by=alice)

    assert [(day.on, day.was_held) for day in visit.days()] == [(date(2027, 3, 4), True)]


def test_planning_and_changing_is_on_the_timeline(mentoring, alice, running):
    mentoring.keep(by=alice)

    told = [event.kind for event in running.events.all()[:2]]
    assert told == ["activity_changed", "activity_planned"]
    assert (mentoring.made_by, mentoring.cycle) == (alice, running.cycle)


# The first day of which nothing is noted


def test_the_first_open_day_is_kept(mentoring, alice):
    assert mentoring.unreported_from == date(2027, 3, 3)

    mentoring.note(date(2027, 3, 3), HELD, by=alice)
    assert fresh(mentoring).unreported_from == date(2027, 3, 10)

    mentoring.note_on(date(2027, 3, 10)).move_to(date(2027, 3, 18), by=alice)
    assert fresh(mentoring).unreported_from == date(2027, 3, 17)

    mentoring.call_off("The bus is broken", by=alice)
    assert fresh(mentoring).unreported_from is None


def test_who_may_wait_is_found_by_it(mentoring, running, alice):
    visit = plan(running, by=alice, on=date(2027, 3, 16))
    plan(running, by=alice, on=date(2027, 3, 17))  # today
    plan(running, by=alice, on=date(2027, 2, 14))  # 31 days ago

    assert list(Activity.objects.to_report()) == [mentoring, visit]

    visit.note(date(2027, 3, 16), NOT_HELD, by=alice)
    assert list(Activity.objects.to_report()) == [mentoring]


def test_after_thirty_days_nobody_is_asked_any_more(running, alice):
    visit = plan(running, by=alice, on=date(2027, 3, 1))

    with clock.at(NOON + timedelta(days=14)):  # 31 March
        assert list(Activity.objects.to_report()) == [visit]
        assert dates(visit.waiting_days) == ["01.03."]
    with clock.at(NOON + timedelta(days=15)):
        assert list(Activity.objects.to_report()) == []
        assert visit.waiting_days == []


def test_an_old_day_does_not_hide_newer_ones(mentoring):
    with clock.at(NOON + timedelta(days=40)):  # 26 April: the first days are long past
        assert list(Activity.objects.to_report()) == [mentoring]
        assert dates(mentoring.waiting_days) == ["31.03.", "07.04."]


def test_notes_in_short_tell_the_same_days(mentoring, alice):
    mentoring.note(date(2027, 3, 3), HELD, by=alice)
    mentoring.note(date(2027, 3, 31), NOT_HELD, by=alice)
    mentoring.note_on(date(2027, 3, 24)).move_to(date(2027, 3, 25), by=alice)

    short = Activity.objects.with_notes().get(pk=mentoring.pk)

    assert states(short) == states(fresh(mentoring))
    assert dates(short.days()) == ["03.03.", "10.03.", "17.03.", "25.03.", "31.03.", "07.04."]


# In numbers


def test_only_days_that_took_place_count(mentoring, running, alice, partner):
    mentoring.note(date(2027, 3, 3), HELD, by=alice, students=12, employees=3, hours=Decimal("1.5"))
    mentoring.note(date(2027, 3, 10), HELD, by=alice, students=10, teachers=1, hours=2)
    mentoring.note(date(2027, 3, 17), NOT_HELD, by=alice)
    mentoring.note_on(date(2027, 3, 24)).move_to(date(2027, 3, 25), by=alice)
    fair = plan(running, by=alice, on=date(2027, 3, 6))
    fair.note(date(2027, 3, 6), HELD, by=alice, students=200, family_members=50)

    expected = Totals(held=2, students=22, teachers=1, employees=3, hours=Decimal("3.5"))
    assert fresh(mentoring).totals == expected
    by_activity = Occurrence.objects.totals_by_activity()
    assert by_activity == {
        mentoring.pk: expected,
        fair.pk: Totals(held=1, students=200, family_members=50),
    }
    assert sum(by_activity.values(), Totals()) == Totals(
        held=3, students=222, teachers=1, employees=3, family_members=50, hours=Decimal("3.5")
    )


def test_nothing_held_is_nothing(running, alice):
    assert plan(running, by=alice).totals == Totals()


def test_a_note_keeps_who_wrote_it_and_when(mentoring, alice, bob):
    mentoring.note(date(2027, 3, 3), HELD, by=alice)

    note = mentoring.note(date(2027, 3, 3), HELD, by=bob, students=5)

    assert (note.by, note.at, note.version) == (bob, timezone.now(), 2)
    assert mentoring.occurrences.count() == 1
