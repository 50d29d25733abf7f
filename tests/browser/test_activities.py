"""An activity from its plan to what is noted of it, by both sides; the calendar; a steering group's page."""

from datetime import timedelta
from decimal import Decimal

import pytest
from icalendar import Calendar
from playwright.sync_api import expect

from partnerships.models import Activity, Feed, LogEntry, Occurrence, Partnership, Step
from tests.browser.test_keyboard import Hands, tab_to

pytestmark = pytest.mark.browser

TITLE = "Repairing bicycles together"
READING = "Đọc sách cùng ông bà"
SAID = "We open the doors in May."
STEP = "Order the signs for the doors"


def harbor():
    return Partnership.objects.with_sides().get(parties__partner__name="Harbor Robotics")


def an_lac():
    return Activity.objects.get(title=READING).partnership


def is_told_what_is_missing(visitor, told):
    visitor.reads(told)
    if visitor.scripts:
        expect(visitor.page.locator(".error-summary")).to_be_focused()


def sees_in_the_month(visitor, path, title):
    """A table where there is room; on a phone, a list of the days that hold something."""
    visitor.go(path)
    table = visitor.page.locator("table.month")
    entry = table.get_by_role("link", name=title).first
    expect(table.locator("thead")).to_be_visible()
    expect(entry).to_be_visible()
    visitor.page.set_viewport_size({"width": 320, "height": 900})
    expect(table.locator("thead")).to_be_hidden()
    expect(entry).to_be_visible()
    visitor.page.set_viewport_size({"width": 1280, "height": 900})


@pytest.mark.parametrize("scripts", [True, False])
def test_one_side_plans_it_and_the_other_notes_how_it_went(visit, scripts):
    rosa = visit("coordinator@demo.example", scripts=scripts)
    dana = visit("partner@demo.example", scripts=scripts)
    table = harbor()
    last_week = table.district.today() - timedelta(days=6)
    next_week = last_week + timedelta(days=14)

    rosa.go(table.get_absolute_url())
    rosa.follow("Work")
    rosa.follow("Activities")
    rosa.follow("Plan an activity")
    rosa.press("Plan it")
    is_told_what_is_missing(rosa, "Write in a few words what you do.")
    rosa.fill("What do you do?", TITLE)
    rosa.page.get_by_label("Kind of engagement").select_option(index=2)
    rosa.page.get_by_label("Every week", exact=True).check()
    rosa.fill("Date", last_week.isoformat())
    rosa.fill("Last date", (last_week + timedelta(days=21)).isoformat())
    rosa.page.get_by_label("Elena Ortiz (Lincoln High)").check()
    rosa.page.get_by_label("Dana Whitfield (Harbor Robotics)").check()
    rosa.press("Plan it")
    activity = Activity.objects.get(title=TITLE)
    leads = {seat.person.name for seat in activity.leads.all()}
    assert leads == {"Elena Ortiz", "Dana Whitfield"}
    rosa.page.locator(f"a[href$='/days/{next_week}/move/']").click()
    rosa.fill("New date", (next_week + timedelta(days=1)).isoformat())
    rosa.press("Move it")
    rosa.reads("The day is moved.")
    assert activity.occurrences.get().moved_to == next_week + timedelta(days=1)

    dana.go("/")
    dana.page.get_by_role("link", name=f"How did “{TITLE}” go").click()
    dana.look()
    dana.press("Note how it went")
    is_told_what_is_missing(dana, "Choose whether it took place.")
    dana.page.get_by_label("Yes, it took place").check()
    dana.fill("Students", "1,250")
    dana.fill("Hours", "1.5")
    dana.press("Note how it went")
    dana.reads("1,250")
    noted = activity.occurrences.get(state=Occurrence.State.HELD)
    assert (noted.planned_on, noted.students, noted.hours) == (last_week, 1250, Decimal("1.5"))
    dana.go("/")
    expect(dana.page.get_by_role("link", name=f"How did “{TITLE}”")).to_have_count(0)
    sees_in_the_month(dana, f"{table.get_absolute_url()}calendar/?month={last_week:%Y-%m}", TITLE)
    rosa.is_content()
    dana.is_content()


def test_a_day_is_called_off_by_keyboard(visit):
    rosa = visit("coordinator@demo.example")
    me = Hands(rosa)
    mentoring = Activity.objects.get(title="Mentoring in the robot lab")
    day = next(day.planned_on for day in mentoring.days() if day.is_ahead)
    rosa.go(mentoring.get_absolute_url())

    tab_to(me.page, me.page.locator(f"a[href$='/days/{day}/call-off/']"))
    me.keyboard.press("Enter")
    me.arrive(f"{rosa.base}{mentoring.get_absolute_url()}days/{day}/call-off/")
    me.enter("button", "Call off this day")
    is_told_what_is_missing(rosa, "Say why, in a few words.")
    me.write(me.page.get_by_label("Why?"), "The lab is being painted.")
    me.enter("button", "Call off this day")

    rosa.reads("The day is called off.")
    note = mentoring.occurrences.get(planned_on=day)
    assert (note.is_not_held, note.how_it_went) == (True, "The lab is being painted.")
    rosa.is_content()


def test_a_calendar_program_reads_the_dates_until_the_address_is_renewed(
    visit, settings, live_server
):
    settings.SITE_URL = live_server.url
    minh = visit("minh@demo.example", language="vi")
    program = visit(None, language="vi").page.request
    activity = Activity.objects.get(title=READING)
    last = activity.occurrences.filter(state=Occurrence.State.HELD).latest("planned_on").on
    here = an_lac().get_absolute_url()

    minh.go(f"{activity.get_absolute_url()}days/{last}/")
    minh.fill("Học sinh", "1.250")
    minh.fill("Số giờ", "1,5")
    minh.press("Ghi lại đã diễn ra thế nào")
    minh.reads("1.250")
    noted = activity.occurrences.get(planned_on=last)
    assert (noted.students, noted.hours) == (1250, Decimal("1.5"))

    sees_in_the_month(minh, f"{here}calendar/?month={last:%Y-%m}", READING)
    minh.follow("Xem trong lịch của riêng bạn")
    minh.press("Tạo địa chỉ")
    old = minh.page.locator("main code").inner_text()
    read = program.get(old)
    assert read.status == 200
    assert READING in {event["SUMMARY"] for event in Calendar.from_ical(read.body()).events}
    minh.press("Tạo địa chỉ mới")
    new = minh.page.locator("main code").inner_text()

    assert new != old
    assert program.get(old).status == 404
    assert program.get(new).status == 200
    assert Feed.objects.get().partnership == an_lac()
    minh.is_content()


def test_a_steering_group_meets_from_one_page(visit):
    rosa, dana = visit("coordinator@demo.example"), visit("partner@demo.example")
    table = harbor()
    page = f"{table.get_absolute_url()}work/"

    rosa.go(page)
    rosa.follow("Write down a meeting")
    rosa.press("Add to the log")
    is_told_what_is_missing(rosa, "Say in a sentence what it was about.")
    rosa.fill("What was said?", SAID)
    rosa.press("Add to the log")
    rosa.fill("What is to be done?", STEP)
    rosa.press("Add the step")
    step = Step.objects.get(what=STEP)
    assert LogEntry.objects.get(kind="meeting", said=SAID) == step.follows_from

    dana.go(page)
    line = dana.page.locator("li.todo", has_text=STEP)
    dana.press(STEP, within=line)
    tick = dana.page.locator("#since-then").get_by_role("button", name=STEP)
    expect(tick).to_have_attribute("aria-pressed", "true")
    expect(tick).to_be_focused()
    expect(line).to_have_count(1)
    dana.look()
    tick.press("Enter")  # and back
    expect(dana.page.locator("#open-steps").get_by_role("button", name=STEP)).to_be_focused()
    dana.press(STEP, within=line)
    expect(tick).to_be_focused()
    step.refresh_from_db()
    assert step.is_done
    for visitor in (rosa, dana):
        visitor.go(page)
        visitor.follow("Print view")
        visitor.reads("The last meeting was on")
        visitor.reads(STEP)
        visitor.is_content()
