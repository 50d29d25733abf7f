"""Both sides at one goal: set, counted, pasted, corrected, retired; every page looked at with axe."""

import pytest
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext
from playwright.sync_api import expect

from partnerships.models import Goal, Partnership

pytestmark = pytest.mark.browser


def guide(partner):
    found = Partnership.objects.filter(parties__partner__name=partner)
    return found.get(parties__school__name="Lincoln High School").get_absolute_url()


def vi(message, **words):
    with translation.override("vi"):
        return gettext(message) % words if words else gettext(message)


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_two_sides_set_and_count_a_goal(visit, scripts):
    rosa = visit("coordinator@demo.example", scripts=scripts)
    dana = visit("partner@demo.example", scripts=scripts)
    here = guide("Harbor Robotics")
    today = Partnership.objects.first().district.today()

    rosa.go(f"{here}goals/")
    rosa.follow("Set a goal")
    rosa.press("Set this goal")  # with nothing in it, on purpose
    rosa.reads("Say in a sentence what you want to reach.")
    rosa.page.locator("#id_what").fill("More students visit the plant.")
    rosa.page.get_by_label("Students", exact=True).check()
    rosa.page.locator("#id_measure").fill("Visits of students")
    rosa.page.locator("#id_unit").fill("visits")
    rosa.page.locator("#id_starts_on").fill("2026-01-01")
    rosa.page.locator("#id_starting_value").fill("10")
    rosa.page.locator("#id_target").fill("1,000")
    rosa.page.locator("#id_due_on").fill("2099-01-01")
    rosa.press("Set this goal")
    rosa.reads("No data since 1 Jan")

    dana.go(f"{here}goals/")
    dana.follow("More students visit the plant.")
    dana.page.locator("#id_value").fill("120.5")
    dana.press("Note it")
    dana.reads("On the way: 120.5 of 1,000 visits")
    dana.follow("Paste from a spreadsheet")
    dana.page.locator("#id_rows").fill(f"Date\tVisits\n1/31/2026\t30\n{today}\tmany")
    dana.press("Check")
    dana.reads("Write the value as a number")
    dana.page.locator("#id_rows").fill("Date\tVisits\n1/31/2026\t30\n2/28/2026\t45\tA guess")
    dana.press("Check again")
    dana.reads("Saturday 31 January 2026")
    dana.press("Save 2 numbers")
    dana.reads("2 numbers are noted.")
    dana.page.get_by_role("link", name="Correct 28 Feb").click()
    dana.look()
    dana.page.locator("#id_value").fill("44")
    dana.press("Correct it")
    dana.reads("Before: 45 on 28 Feb")
    expect(dana.page.locator("svg.chart.wide")).to_be_visible()
    expect(dana.page.locator("svg.chart.narrow")).to_be_hidden()

    rosa.page.reload()
    rosa.follow("Retire it")
    rosa.page.locator("#id_because").fill("It was only a try")
    rosa.press("Retire this goal")
    rosa.reads("It was only a try")
    rosa.press("Take it up again")
    rosa.reads("The goal counts again.")
    for visitor in (rosa, dana):
        visitor.is_content()
    goal = Goal.objects.get(what="More students visit the plant.")
    assert [float(row.value) for row in goal.counted] == [30, 44, 120.5]


def test_by_keyboard_alone(visit):
    dana = visit("partner@demo.example")
    goal = Goal.objects.get(what__startswith="Juniors apply")
    dana.go(goal.get_absolute_url())

    dana.page.locator("#id_value").focus()
    dana.page.keyboard.type("20")
    dana.page.keyboard.press("Tab")
    dana.page.keyboard.press("Tab")
    dana.page.keyboard.press("Enter")

    dana.reads("Reached: 20 applications")
    dana.is_content()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_page_of_goals_is_accessible_in_both_languages(visit, scheme):
    rosa, minh = visit("coordinator@demo.example"), visit("minh@demo.example", language="vi")
    here = guide("Harbor Robotics")
    goal = Goal.objects.get(what__startswith="Juniors find out")
    row = goal.lines[0].now
    its = goal.get_absolute_url()

    for visitor in (rosa, minh):
        visitor.page.emulate_media(color_scheme=scheme)
        for path in (
            f"{here}goals/",
            f"{here}goals/?cycle=1",
            f"{here}goals/?print",
            f"{here}goals/add/",
            f"{here}cycles/1/",
            its,
            f"{its}?print",
            f"{its}edit/",
            f"{its}measure/",
            f"{its}paste/",
            f"{its}retire/",
            f"{its}measurements/{row.pk}/correct/",
            f"{its}measurements/{row.pk}/take-back/",
        ):
            visitor.go(path)
        visitor.is_content()
    minh.go(its)
    with translation.override("vi"):
        day = date_format(row.on, "j/n")
    minh.reads(day)
    minh.reads(vi("Reached") if goal.standing.is_reached else vi("On the way"))


def test_on_a_phone_the_narrow_drawing_is_shown(visit):
    rosa = visit("coordinator@demo.example")
    rosa.page.set_viewport_size({"width": 320, "height": 900})
    rosa.go(Goal.objects.first().get_absolute_url())
    rosa.page.set_viewport_size({"width": 320, "height": 900})

    expect(rosa.page.locator("svg.chart.wide")).to_be_hidden()
    expect(rosa.page.locator("svg.chart.narrow .serie-2 .dot").first).to_be_visible()
