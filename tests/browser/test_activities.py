"""An activity from its plan to what is noted of it, by both sides; the calendar; a steering group's page."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from partnerships.models import Activity, Feed, LogEntry, Occurrence, Partnership

pytestmark = pytest.mark.browser

TITLE = "Repairing bicycles together"


def harbor():
    return Partnership.objects.with_sides().get(parties__partner__name="Harbor Robotics")


@pytest.mark.parametrize("scripts", [True, False])
def test_one_side_plans_it_and_the_other_notes_how_it_went(visit, scripts):
    rosa = visit("coordinator@demo.example", scripts=scripts)
    dana = visit("partner@demo.example", scripts=scripts)
    table = harbor()
    last_week = table.district.today() - timedelta(days=7)

    rosa.go(table.get_absolute_url())
    rosa.follow("Work")
    rosa.follow("Activities")
    rosa.follow("Plan an activity")
    rosa.press("Plan it")
    rosa.reads("Write in a few words what you do.")
    rosa.fill("What do you do?", TITLE)
    rosa.page.get_by_label("Kind of engagement").select_option(index=2)
    rosa.page.get_by_label("Every week", exact=True).check()
    rosa.fill("Date", last_week.isoformat())
    rosa.fill("Last date", (last_week + timedelta(days=21)).isoformat())
    rosa.page.get_by_label("Dana Whitfield (Harbor Robotics)").check()
    rosa.press("Plan it")
    activity = Activity.objects.get(title=TITLE)
    assert [seat.person.name for seat in activity.leads.all()] == ["Dana Whitfield"]

    dana.go("/")
    dana.page.get_by_role("link", name=TITLE).first.click()
    dana.look()
    dana.page.get_by_label("Yes, it took place").check()
    dana.fill("Students", "12")
    dana.press("Note how it went")
    noted = Occurrence.objects.get(activity=activity)
    assert (noted.planned_on, noted.students) == (last_week, 12)

    dana.go(f"{table.get_absolute_url()}calendar/")
    dana.reads(TITLE)
    rosa.is_content()
    dana.is_content()


def test_a_calendar_program_reads_the_dates_until_the_address_is_renewed(
    visit, settings, live_server
):
    settings.SITE_URL = live_server.url
    minh = visit("minh@demo.example", language="vi")

    minh.go("/calendar/")
    minh.go("/calendar/feed/")
    minh.press("Tạo địa chỉ")
    old = Feed.objects.get().path
    program = visit(None, language="vi").page.request
    read = program.get(live_server.url + old)
    assert read.status == 200
    assert "BEGIN:VCALENDAR" in read.text()
    minh.press("Tạo địa chỉ mới")

    assert program.get(live_server.url + old).status == 404
    assert program.get(live_server.url + Feed.objects.get().path).status == 200
    minh.is_content()


def test_a_steering_group_meets_from_one_page(visit):
    rosa = visit("coordinator@demo.example")
    dana = visit("partner@demo.example")
    page = f"{harbor().get_absolute_url()}work/"

    dana.go(page)
    step = dana.page.locator("li.todo", has_text="Reserve the hall of the plant")
    dana.press("Reserve the hall of the plant for the open day", within=step)
    expect(step).to_have_count(0)
    rosa.go(page)
    rosa.reads("Reserve the hall of the plant")
    rosa.follow("Write down a meeting")
    rosa.fill("What was said?", "We open the doors in May.")
    rosa.press("Add to the log")
    rosa.go(page)
    rosa.follow("Print view")
    rosa.reads("The last meeting was")

    assert LogEntry.objects.filter(kind="meeting", said="We open the doors in May.").exists()
    rosa.is_content()
    dana.is_content()
