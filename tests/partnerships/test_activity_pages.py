"""The pages of activities: planning, changing, noting how a day went, moving and calling off."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from partnerships.models import Activity, Occurrence
from tests.activities import plan, weekly

FIELDS = {"title": "Robot day", "kind": "visit", "rhythm": "once", "on": "2027-03-10"}


def address(name, activity, *keys):
    return reverse(f"partnerships:{name}", args=[activity.partnership_id, activity.pk, *keys])


@pytest.fixture
def signed_in(client, bob, running):
    client.force_login(bob)
    return client


@pytest.fixture
def mentoring(running, alice):
    return weekly(running, by=alice)


def test_either_side_plans_an_activity(signed_in, running, bob):
    url = reverse("partnerships:add_activity", args=[running.pk])
    leads = [seat.pk for seat in running.seats_of(bob)]

    response = signed_in.post(url, FIELDS | {"begins_at": "15:00", "leads": leads, "say": "Chosen"})

    activity = Activity.objects.get()
    assert response.url == activity.get_absolute_url()
    assert (activity.title, activity.on, activity.made_by) == ("Robot day", date(2027, 3, 10), bob)
    assert [seat.pk for seat in activity.leads.all()] == leads
    assert "Robot day" in signed_in.get(response.url).content.decode()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"title": ""}, "Write in a few words what you do."),
        ({"kind": ""}, "Choose a kind of engagement."),
        ({"on": ""}, "Enter the date, or the first one."),
        ({"on": "0027-03-10"}, "Enter a date between 1900 and 2100."),
        ({"until": "2027-04-10"}, "Choose how often it repeats, or leave this empty."),
        ({"rhythm": "weekly"}, "Enter the last date."),
        ({"rhythm": "weekly", "until": "2027-03-09"}, "not before the first"),
        ({"rhythm": "weekly", "until": "2030-03-11"}, "within three years"),
        ({"ends_at": "15:00"}, "Enter when it begins."),
        ({"begins_at": "15:00", "ends_at": "15:00"}, "Enter an end after the beginning."),
        ({"begins_at": "late"}, "Enter a time, such as 15:30."),
    ],
)
def test_what_is_missing_is_said(signed_in, running, wrong, told):
    url = reverse("partnerships:add_activity", args=[running.pk])

    page = signed_in.post(url, FIELDS | wrong).content.decode()

    assert told in page
    assert not Activity.objects.exists()


@pytest.mark.parametrize(
    ("language", "students", "hours"), [("en", "1,250", "1.5"), ("vi", "1.250", "1,5")]
)
def test_numbers_are_read_as_the_language_writes_them(
    signed_in, bob, mentoring, language, students, hours
):
    bob.language = language
    bob.save()

    signed_in.post(
        address("day", mentoring, mentoring.on),
        {"state": "held", "students": students, "hours": hours, "how_it_went": "Well"},
    )

    note = Occurrence.objects.get()
    assert (note.students, note.hours, note.by) == (1250, Decimal("1.5"), bob)
    page = signed_in.get(mentoring.get_absolute_url()).content.decode()
    assert f">{students}</td>" in page
    assert f">{hours}</td>" in page


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"state": ""}, "Choose whether it took place."),
        ({"students": "many"}, "Enter a whole number, such as 25."),
        ({"students": "-1"}, "Enter a whole number, such as 25."),
        ({"students": "1,5"}, "Enter a whole number, such as 25."),
        ({"students": "12,50"}, "Enter a whole number, such as 25."),
        ({"students": "1.5"}, "Enter a whole number, such as 25."),
        ({"hours": "long"}, "Enter hours as a number, such as 1.5."),
        ({"hours": "1,5"}, "Enter hours as a number, such as 1.5."),
        ({"hours": "-1"}, "Enter hours as a number, such as 1.5."),
        ({"hours": "1,001"}, "Enter at most 1,000 hours."),
        ({"hours": "9" * 20}, "Enter at most 1,000 hours."),
        ({"state": "not-held", "students": "3"}, "Leave this empty, or say that it took place."),
    ],
)
def test_wrong_numbers_are_said(signed_in, mentoring, wrong, told):
    url = address("day", mentoring, mentoring.on)

    assert told in signed_in.post(url, {"state": "held"} | wrong).content.decode()
    assert not Occurrence.objects.exists()


def test_a_thousand_hours_may_be_noted_as_one_writes_them(signed_in, mentoring):
    signed_in.post(address("day", mentoring, mentoring.on), {"state": "held", "hours": "1,000"})

    assert Occurrence.objects.get().hours == 1000


@pytest.mark.parametrize(("language", "told"), [("en", "1,200 students"), ("vi", "1.200 học sinh")])
def test_counts_in_sentences_are_grouped(signed_in, bob, mentoring, language, told):
    mentoring.note(mentoring.on, "held", by=bob, students=1200)
    bob.language = language
    bob.save()

    for url in (
        reverse("partnerships:activities", args=[mentoring.partnership_id]),
        reverse("desk:work", args=[mentoring.partnership_id]),
    ):
        assert told in signed_in.get(url).content.decode()


def test_where_nobody_has_a_say_yet_one_goes_on_to_the_field(signed_in, mentoring):
    field = f"{address('edit_activity', mentoring)}#id_say"

    assert field in signed_in.get(mentoring.get_absolute_url()).content.decode()
    assert 'id="id_say"' in signed_in.get(field).content.decode()

    Activity.objects.update(say="Students chose the day")
    assert field not in signed_in.get(mentoring.get_absolute_url()).content.decode()


def test_the_list_asks_how_a_day_went_though_others_are_noted(signed_in, running, bob):
    activity = weekly(running, by=bob, on=running.district.today() - timedelta(days=15), weeks=2)
    url = reverse("partnerships:activities", args=[running.pk])

    activity.note(activity.on, "held", by=bob, students=12)
    assert "How did it go?" in signed_in.get(url).content.decode()

    activity.note(activity.on + timedelta(days=7), "held", by=bob, students=12)
    activity.note(activity.on + timedelta(days=14), "not-held", by=bob)
    assert "How did it go?" not in signed_in.get(url).content.decode()


def test_a_day_ahead_cannot_have_taken_place(signed_in, mentoring):
    url = address("day", mentoring, mentoring.on + timedelta(days=14))

    assert "This day is still ahead." in signed_in.post(url, {"state": "held"}).content.decode()
    assert not Occurrence.objects.exists()


def test_a_day_that_is_none_does_not_exist(signed_in, mentoring):
    assert (
        signed_in.get(address("day", mentoring, mentoring.on + timedelta(days=1))).status_code
        == 404
    )


def test_who_notes_second_sees_what_the_first_noted(signed_in, mentoring, alice):
    mentoring.note(mentoring.on, "held", by=alice, students=12)  # while the page was open

    page = signed_in.post(
        address("day", mentoring, mentoring.on), {"state": "held", "students": "9"}
    ).content.decode()

    assert "What the other person saved" in page
    assert Occurrence.objects.get().students == 12


def test_a_day_is_moved_called_off_and_planned_again(signed_in, mentoring):
    day = mentoring.on + timedelta(days=14)
    there = day + timedelta(days=1)
    signed_in.post(address("move_day", mentoring, day), {"on": there.isoformat()})
    note = Occurrence.objects.get()
    assert note.moved_to == there

    signed_in.post(address("call_off_day", mentoring, day), {"reason": "We have no bus"})
    note.refresh_from_db()
    assert (note.state, note.how_it_went) == ("not-held", "We have no bus")

    signed_in.post(address("plan_day_again", mentoring, day))
    note.refresh_from_db()
    assert (note.state, note.moved_to) == ("planned", there)


def test_a_day_that_was_not_held_is_planned_again_only_while_it_is_ahead(signed_in, mentoring):
    past, ahead = mentoring.on, mentoring.on + timedelta(days=14)
    for day in (past, ahead):
        signed_in.post(address("day", mentoring, day), {"state": "not-held"})
    signed_in.post(address("call_off_day", mentoring, ahead), {"reason": "We have no bus"})

    page = signed_in.get(mentoring.get_absolute_url()).content.decode()

    assert f'action="{address("plan_day_again", mentoring, ahead)}"' in page
    assert f'action="{address("plan_day_again", mentoring, past)}"' not in page
    assert f'href="{address("day", mentoring, past)}"' in page


def test_the_whole_is_called_off_for_a_reason_and_planned_again(signed_in, mentoring):
    url = address("call_off_activity", mentoring)
    assert "at least three" in signed_in.post(url, {"reason": "No"}).content.decode()

    signed_in.post(url, {"reason": "We have no bus"})
    assert Activity.objects.get().is_called_off
    assert "We have no bus" in signed_in.get(mentoring.get_absolute_url()).content.decode()

    signed_in.post(address("plan_activity_again", mentoring))
    assert not Activity.objects.get().is_called_off


def test_the_list_says_what_is_ahead_behind_and_called_off(signed_in, running, mentoring, alice):
    plan(running, by=alice, title="Fair").note(
        running.district.today() - timedelta(days=7), "held", by=alice, students=40
    )
    plan(running, by=alice, title="Trip").call_off("We have no bus", by=alice)

    page = signed_in.get(reverse("partnerships:activities", args=[running.pk])).content.decode()

    places = [
        page.index(word) for word in ("Coming up", "Mentoring", "Past activities", "Fair", "Trip")
    ]
    assert places == sorted(places)
    assert "took place once · 40 students" in page
