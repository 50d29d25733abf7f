"""The month page and the feeds: the same dates, read back by a second library, across changes of the clock."""

import logging
import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from ical.calendar_stream import IcsCalendarStream
from icalendar import Calendar

from config.logs import WithoutInvitations
from desk.calendar import entries_of_partnership, entries_of_person
from desk.views.calendar import asked_for
from partnerships.models import Feed, Partnership
from partnerships.vocabulary import Rhythm
from tests import clock
from tests.access.matrix import essence
from tests.activities import plan, weekly
from tests.factories import PartnerFactory, make_partnership

MARCH = datetime(2027, 3, 1, 20, tzinfo=UTC)
HOSTILE = (
    'A, b; c\\ "d"\r\nEND:VEVENT\r\nBEGIN:VEVENT\nATTACH:x\x07 é 👩‍👧 Đồng hành ' + "long " * 30
)


@pytest.fixture(autouse=True)
def _in_march():
    with clock.at(MARCH):
        yield


@pytest.fixture
def mentoring(running, alice):
    return weekly(
        running,
        by=alice,
        on=date(2027, 3, 3),
        weeks=44,
        begins_at=time(15),
        ends_at=time(16, 30),
        place="Room 12",
    )


@pytest.fixture
def path(running, alice):
    return Feed.objects.make(user=alice, partnership=running).path


def read(client, path):
    response = client.get(path)
    assert response.status_code == 200
    return response.content.decode()


def by_second_reader(text):
    return IcsCalendarStream.calendar_from_ics(text).events


def month_page(client, partnership, month):
    url = reverse("desk:calendar", args=[partnership.pk], query={"month": month})
    return client.get(url).content.decode()


# What stands on a calendar


def test_all_kinds_of_dates_are_there(running, alice, bob):
    plan(running, by=alice, on=date(2027, 3, 8), title="Visit")
    day = {"due_on": date(2027, 3, 9)}
    running.items.add_own(by=alice, wording="Bring cake", stage="action", **day)
    running.steps.create(what="Book the bus", made_by=alice, **day)
    running.goals.create(
        what="More girls",
        measure="girls",
        unit="girls",
        starts_on=date(2027, 1, 1),
        starting_value=1,
        target=2,
        made_by=alice,
        **day,
    )
    for kind, on in (("meeting", 10), ("visit", 11), ("call", 12)):
        running.log.create(kind=kind, on=date(2027, 3, on), said="Secret", by=alice)
    Partnership.objects.filter(pk=running.pk).update(
        starts_on=date(2027, 3, 1), ends_on=date(2027, 3, 31)
    )
    fresh = Partnership.objects.with_sides().get(pk=running.pk)

    found = entries_of_partnership(fresh, date(2027, 3, 1), date(2027, 3, 31))

    assert [(one.on.day, str(one.kind), one.title) for one in found] == [
        (1, "begins", ""),
        (8, "activity", "Visit"),
        (9, "goal", "More girls"),
        (9, "item", "Bring cake"),
        (9, "step", "Book the bus"),
        (10, "contact", "Meeting"),
        (11, "contact", "Visit"),
        (31, "ends", ""),
    ]


def test_a_moved_day_stands_where_it_was_moved_to(running, mentoring, alice):
    mentoring.note_on(date(2027, 3, 31)).move_to(date(2027, 4, 2), by=alice)

    march = entries_of_partnership(running, date(2027, 3, 25), date(2027, 3, 31))
    april = entries_of_partnership(running, date(2027, 4, 1), date(2027, 4, 7))

    assert march == []
    assert [one.on for one in april] == [date(2027, 4, 2), date(2027, 4, 7)]


def test_somebodys_own_shows_what_they_see_to(running, alice, bob, sam, ada, ola, charlie):
    day = {"stage": "action", "due_on": date(2027, 3, 9)}
    running.items.add_own(by=alice, wording="For Sam", owner=running.seats_of(sam)[0], **day)
    running.items.add_own(by=alice, wording="For all", **day)
    running.steps.create(what="For Bob", owner=running.seats_of(bob)[0], **due(9), made_by=alice)

    def seen(user):
        found = entries_of_person(user, date(2027, 3, 1), date(2027, 3, 31))
        return {one.title for one in found}

    assert seen(alice) == {"For Sam", "For all", "For Bob"}
    assert seen(bob) == {"For all", "For Bob"}
    assert seen(sam) == {"For Sam", "For all"}
    assert seen(ada) == seen(ola) == seen(charlie) == set()


def due(day):
    return {"due_on": date(2027, 3, day)}


def test_it_takes_no_more_queries_for_many(client, school, alice, running, mentoring):
    def cost(url):
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    client.force_login(alice)
    urls = [reverse("desk:own_calendar"), reverse("desk:calendar", args=[running.pk])]
    before = [cost(url) for url in urls]
    for number in range(5):
        partner = PartnerFactory(district=school.district, name=f"Partner {number}")
        weekly(make_partnership(school=school, partner=partner, by=alice), by=alice, title="More")
        weekly(running, by=alice, title="More").note(date(2027, 2, 22), "held", by=alice)

    assert [cost(url) for url in urls] == before
    assert max(before) <= 13


# The month page


def test_the_week_begins_as_where_the_language_is_at_home(client, alice, running, mentoring):
    client.force_login(alice)
    english = month_page(client, running, "2027-03")
    alice.language = "vi"
    alice.save()
    vietnamese = month_page(client, running, "2027-03")

    def heads(page):
        return [head.strip() for head in re.findall(r'<th scope="col">(.*?)</th>', page)]

    sunday = date(2027, 2, 28)
    assert heads(english)[0] == "Sunday"
    with translation.override("vi"):
        assert heads(vietnamese)[0] == date_format(sunday + timedelta(days=1), "l")
        assert heads(vietnamese)[6] == date_format(sunday, "l")


def test_today_is_said_in_words_and_months_lead_on(client, alice, running):
    client.force_login(alice)
    page = month_page(client, running, "2027-03")

    assert page.count("<b>today</b>") == 1
    assert "?month=2027-02" in page
    assert "?month=2027-04" in page
    assert "Nothing stands on the calendar" in page


@pytest.mark.parametrize(
    "asked", ["", "2027-13", "2027", "0001-01", "9999-12", "x" * 9, "2027-3-1"]
)
def test_what_is_no_month_is_this_month(client, alice, running, asked):
    client.force_login(alice)

    assert asked_for(asked) is None
    assert "March 2027" in month_page(client, running, asked)


# Feeds


@pytest.mark.parametrize(
    ("zone", "shifts"),
    [
        ("America/Los_Angeles", {-8, -7}),
        ("Europe/Berlin", {1, 2}),
        ("Asia/Ho_Chi_Minh", {7}),
    ],
)
def test_three_oclock_stays_three_oclock(client, district, running, mentoring, path, zone, shifts):
    """A second library reads the feed; in every week of the year it shows what the month page shows."""
    district.timezone = zone
    district.save()

    events = by_second_reader(read(client, path))

    assert len(events) == 45
    assert [event.dtstart.date() for event in sorted(events)] == [
        date(2027, 3, 3) + timedelta(weeks=week) for week in range(45)
    ]
    assert {event.dtstart.time() for event in events} == {time(15)}
    assert {event.dtend.time() for event in events} == {time(16, 30)}
    told = {event.dtstart.utcoffset() / timedelta(hours=1) for event in events}
    assert told == shifts
    ours = {event.dtstart.astimezone(UTC) for event in events}
    assert ours == {
        datetime.combine(event.dtstart.date(), time(15), ZoneInfo(zone)).astimezone(UTC)
        for event in events
    }


def test_it_tells_the_same_as_the_month_page(client, alice, running, mentoring, path):
    mentoring.note_on(date(2027, 3, 10)).move_to(date(2027, 3, 11), by=alice)
    mentoring.note(date(2027, 11, 10), "not-held", by=alice, how_it_went="School is closed")
    events = by_second_reader(read(client, path))
    client.force_login(alice)

    for month in ("2027-03", "2027-11"):
        page = month_page(client, running, month)
        inside = [event for event in events if f"{event.dtstart:%Y-%m}" == month]
        assert len(inside) >= 4
        for event in inside:
            cell = page.split(f'<time datetime="{event.dtstart:%Y-%m-%d}">')[1].split("</td>")[0]
            assert "15:00–16:30" in cell
            assert ("Called off" in cell) == (event.status == "CANCELLED")
    assert sum(event.status == "CANCELLED" for event in events) == 1


def test_a_changed_day_keeps_its_number_and_says_that_it_changed(client, mentoring, alice, path):
    def told():
        return {event.uid: event for event in by_second_reader(read(client, path))}

    before = told()
    with clock.at(MARCH + timedelta(hours=5)):
        mentoring.note_on(date(2027, 3, 10)).move_to(date(2027, 3, 11), by=alice)
        after = told()

    assert before.keys() == after.keys()
    (uid,) = (uid for uid in before if before[uid].dtstart != after[uid].dtstart)
    assert after[uid].sequence > before[uid].sequence
    assert after[uid].last_modified > before[uid].last_modified


def test_whole_days_are_dates_and_leave_one_free(client, running, alice, path):
    running.items.add_own(by=alice, wording="Cake", stage="action", due_on=date(2027, 3, 14))

    (event,) = by_second_reader(read(client, path))

    assert (event.dtstart, event.dtend) == (date(2027, 3, 14), date(2027, 3, 15))
    assert event.transparency == "TRANSPARENT"
    assert event.summary == "Due on the checklist: Cake"


def test_hostile_words_stay_words(client, running, alice, path):
    plan(running, by=alice, on=date(2027, 3, 8), title=HOSTILE[:200], place=HOSTILE[:200])

    text = read(client, path)

    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    (event,) = Calendar.from_ical(text).walk("VEVENT")
    expected = HOSTILE[:200].replace("\r", "").replace("\x07", "").replace("\u200d", "")
    assert str(event["summary"]) == expected
    assert "ATTACH" not in event
    (again,) = by_second_reader(text)
    assert again.summary == expected


def test_hostile_names_stay_names(client, running, path):
    partner = running.parties.last().partner
    partner.name = HOSTILE[:150]
    partner.save()

    calendar = Calendar.from_ical(read(client, path))

    assert calendar.walk("VEVENT") == []
    title = f"Lincoln High × {HOSTILE[:150]}".replace("\x07", "").replace("\u200d", "")
    assert str(calendar["x-wr-calname"]) == " ".join(title.split())


def test_it_holds_titles_and_times_and_never_what_was_said(client, running, alice, path):
    activity = plan(running, by=alice, on=date(2027, 2, 8), needs="Needs", say="Their say")
    activity.note(activity.on, "held", by=alice, how_it_went="Went secretly", students=77)
    running.log.create(kind="meeting", on=date(2027, 3, 9), said="Said secretly", by=alice)

    text = read(client, path)

    assert len(by_second_reader(text)) == 2
    assert not any(word in text for word in ("secretly", "77", "Their say", "Needs"))
    assert "CLASS:PRIVATE" in text
    assert "X-WR-CALNAME:Lincoln High × Harbor Robotics" in text


def test_it_speaks_its_owners_language(client, running, alice, path):
    running.items.add_own(by=alice, wording="Cake", stage="action", due_on=date(2027, 3, 14))
    alice.language = "vi"
    alice.save()

    response = client.get(path)

    assert "Due on the checklist" not in response.content.decode()


# Secret addresses


def test_the_address_opens_without_signing_in_and_leaves_nothing_behind(path):
    response = Client().get(path)

    assert response.status_code == 200
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    assert response["Cache-Control"] == "private, no-cache"
    assert response["Referrer-Policy"] == "no-referrer"
    assert not response.cookies


@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_it_is_only_read(path, method):
    assert getattr(Client(), method)(path).status_code == 405


def test_a_second_reading_with_nothing_new_is_short(client, mentoring, path):
    first = client.get(path)
    again = client.get(path, headers={"If-None-Match": first["ETag"]})

    assert (again.status_code, again.content) == (304, b"")


def test_a_new_address_stops_the_old_one(client, alice, running, path):
    client.force_login(alice)

    client.post(reverse("desk:make_partnership_feed", args=[running.pk]))

    new = Feed.objects.get().path
    assert new != path
    assert Client().get(path).status_code == 404
    assert Client().get(new).status_code == 200
    page = client.get(reverse("desk:partnership_feed", args=[running.pk]))
    assert new in page.content.decode()
    assert "no-store" in page["Cache-Control"]


def test_switched_off_it_is_gone(client, alice, running, path):
    client.force_login(alice)

    client.post(reverse("desk:end_partnership_feed", args=[running.pk]))

    assert not Feed.objects.exists()
    assert Client().get(path).status_code == 404


def test_who_leaves_loses_it_that_day(running, bob, alice):
    one = Feed.objects.make(user=bob, partnership=running).path
    everything = Feed.objects.make(user=bob).path
    running.seats_of(bob)[0].vacate(date(2027, 3, 5), successor=None, by=alice)

    with clock.at(datetime(2027, 3, 5, 7, 59, tzinfo=UTC)):  # the fourth, in Los Angeles
        assert [Client().get(path).status_code for path in (one, everything)] == [200, 200]
    with clock.at(datetime(2027, 3, 5, 8, 0, tzinfo=UTC)):
        assert [Client().get(path).status_code for path in (one, everything)] == [404, 404]


@pytest.mark.parametrize("why", ["deactivated", "wrong", "other coordinator"])
def test_all_that_is_wrong_looks_the_same(running, alice, charlie, path, why):
    if why == "deactivated":
        alice.is_active = False
        alice.save()
    elif why == "wrong":
        path = path[:-2] + ("a/" if path[-2] != "a" else "b/")
    else:
        path = Feed.objects.make(user=charlie, partnership=running).path
    no_path = reverse("desk:feed", args=["nothing"])
    nothing, response = Client().get(no_path), Client().get(path)

    assert response.status_code == nothing.status_code == 404
    assert essence(response, path) == essence(nothing, no_path)
    assert running.title not in response.content.decode()


def test_the_address_is_found_by_a_hash_and_kept_sealed(path, running):
    token = path.split("/")[-2]
    feed = Feed.objects.get()

    assert len(token) >= 43  # 256 bits
    assert token not in feed.token_hash + feed.sealed
    with CaptureQueriesContext(connection) as captured:
        Client().get(path)
    assert not any(token in query["sql"] for query in captured)


def test_it_is_sealed_anew_with_a_new_key(path, settings):
    old = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 60, [old]
    assert Feed.objects.seal_anew() == 1
    settings.SECRET_KEY_FALLBACKS = []

    assert Feed.objects.get().path == path

    settings.SECRET_KEY = "m" * 60
    assert Feed.objects.get().path == ""  # only a new one helps
    assert Client().get(path).status_code == 200


def test_it_is_not_in_our_log(path, caplog):
    token = path.split("/")[-2]
    record = logging.LogRecord("x", logging.ERROR, "", 1, "Not Found: %s", (path,), None)
    WithoutInvitations().filter(record)

    assert token not in record.getMessage()


def test_its_owner_sees_when_it_was_last_read(client, path):
    client.get(path)

    assert Feed.objects.get().read_at == timezone.now()


def test_monthly_and_fortnightly_too(client, running, alice, path):
    for rhythm in (Rhythm.MONTHLY, Rhythm.FORTNIGHTLY):
        weekly(running, by=alice, rhythm=rhythm, on=date(2027, 3, 5), weeks=8)

    days = sorted(event.dtstart for event in by_second_reader(read(client, path)))

    assert [f"{day:%m-%d}" for day in days] == [
        "03-05", "03-05", "03-19", "04-02", "04-02", "04-16", "04-30",
    ]  # fmt: skip
