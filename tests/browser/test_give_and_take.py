"""Give and take from both sides: a partner promises and gives, a coordinator reads it, and it comes
into the agreement; a Vietnamese pair does the same in Vietnamese."""

import pytest
from django.utils import translation
from django.utils.translation import gettext, pgettext
from playwright.sync_api import expect

from partnerships.models import Contribution, Partnership

pytestmark = pytest.mark.browser
SCRIPTS = pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])


def vi(message, *, context="", **words):
    with translation.override("vi"):
        said = pgettext(context, message) if context else gettext(message)
        return said % words if words else said


def guide(school, partner):
    found = Partnership.objects.filter(parties__school__name__contains=school)
    return found.get(parties__partner__name=partner).get_absolute_url()


@SCRIPTS
def test_a_partner_promises_and_gives_and_the_school_reads_it(visit, scripts):
    dana = visit("partner@demo.example", scripts=scripts)
    rosa = visit("coordinator@demo.example", scripts=scripts)
    here = guide("Lincoln", "Harbor Robotics")

    dana.go(here)
    dana.follow("Work")
    dana.follow("Give and take")
    expect(dana.page.get_by_role("link", name="Add what it puts in")).to_have_count(1)
    dana.page.get_by_role("link", name="Add what it puts in").click()
    dana.press("Save this")  # with nothing in it, on purpose
    dana.reads("Choose what kind it is.")
    dana.page.get_by_label("Goods").check()
    dana.fill("What is it?", "A second training cell")
    dana.fill("What do you count it in?", "cells")
    dana.fill("How much is promised?", "2,0x")
    dana.press("Save this")
    dana.reads("Enter a number, such as 1,250.50.")
    dana.fill("How much is promised?", "2")
    dana.press("Save this")
    dana.reads("It is noted. All sides see it.")
    dana.follow("A second training cell")
    dana.fill("How much, in cells?", "20")
    dana.press("Note this")
    dana.reads("more than promised")
    dana.page.get_by_role("link", name="20 cells").click()
    dana.look()
    dana.page.locator("#id_amount").fill("1")
    dana.press("Save the correction")
    dana.reads("partly given")
    dana.reads("corrected")

    rosa.go(f"{here}give-and-take/")
    rosa.reads("2 cells promised, 1 cells given")
    rosa.page.get_by_role("link", name="Add what it gains").first.click()
    rosa.look()
    rosa.fill("What does it gain?", "Twice as many juniors at the machines.")
    rosa.press("Save this")
    rosa.reads("Twice as many juniors at the machines.")
    rosa.go(f"{here}timeline/?group=giving")
    rosa.reads("before 20 cells on")
    rosa.go(f"{here}agreement/draw-up/")
    rosa.reads("A second training cell")
    rosa.go(f"{here}give-and-take/?cycles=all")
    rosa.go(f"{here}give-and-take/?print")

    for visitor in (dana, rosa):
        visitor.is_content()
    one = Contribution.objects.with_deliveries().get(what="A second training cell")
    assert (one.promised, one.given, one.made_by.email) == (2, 1, "partner@demo.example")


@SCRIPTS
def test_a_vietnamese_pair_does_so_in_vietnamese(visit, scripts):
    hoa = visit("hoa@demo.example", language="vi", scripts=scripts)
    minh = visit("minh@demo.example", language="vi", scripts=scripts)
    here = guide("An Lạc", "Hội Phụ huynh Việt")

    hoa.go(f"{here}give-and-take/")
    hoa.reads("khoảng 216 giờ")
    hoa.page.get_by_role("link", name=vi("Add what it puts in")).click()
    hoa.look()
    hoa.page.get_by_label(vi("Money"), exact=True).check()
    hoa.fill(vi("What is it?"), "Quà cho các em cuối năm")
    hoa.fill(vi("What do you count it in?"), "đồng")
    hoa.fill(vi("How much is promised?"), "2.400.000")
    hoa.press(vi("Save this"))
    hoa.reads("đã hứa 2.400.000 VND")

    minh.go(f"{here}give-and-take/")
    minh.follow("Quà cho các em cuối năm")
    minh.page.get_by_role(
        "link", name=vi("Take it back", context="give and take"), exact=True
    ).click()
    minh.look()
    minh.page.locator("#id_reason").fill("Hội đã dùng khoản này cho sách.")
    minh.press(vi("Take it back", context="give and take"))
    minh.reads(vi("It is taken back. It stays on the timeline."))
    minh.go(f"{here}timeline/?group=giving")
    minh.reads("Hội đã dùng khoản này cho sách.")

    for visitor in (hoa, minh):
        visitor.is_content()
