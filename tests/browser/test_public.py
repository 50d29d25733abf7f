"""Two sides release, a parent reads on a phone without an account, one side withdraws, and it is gone."""

import re

import pytest
from playwright.sync_api import expect

from partnerships.models import PublicPage

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_parent_reads_what_two_sides_have_released(visit, scripts):
    page = PublicPage.objects.get(partnership__parties__partner__name="Harbor Robotics")
    here = f"/partnerships/{page.partnership_id}/public/"
    rosa = visit("coordinator@demo.example", scripts=scripts)
    dana = visit("partner@demo.example", scripts=scripts)
    parent = visit(None, language="vi", scripts=scripts)
    parent.page.set_viewport_size({"width": 390, "height": 800})
    told = "first line follower"

    parent.go(f"/p/{page.address}/vi/")
    parent.reads("Chiều thứ Tư hằng tuần")
    expect(parent.page.locator("main")).not_to_contain_text(told)

    rosa.go(here)
    rosa.follow("Change the text")
    rosa.page.locator("#id_about_vi").fill("Học sinh lớp 11 học về robot. Ai cũng được đến xem.")
    rosa.press("Save the text")
    rosa.reads("everybody reads the version before")
    rosa.page.get_by_role("button", name="Release it for Lincoln High").first.click()
    rosa.look()
    rosa.reads("Released. The public sees it once these have released it too: Harbor Robotics.")
    parent.go(f"/p/{page.address}/vi/")
    parent.reads("Chiều thứ Tư hằng tuần")

    dana.go(here)
    dana.page.get_by_role(
        "button", name=re.compile("Release it for Harbor Robotics ?: What it is")
    ).click()
    dana.look()
    dana.page.get_by_role(
        "button", name=re.compile("Release it for Harbor Robotics ?: The student council")
    ).click()
    dana.look()
    parent.go(f"/p/{page.address}/vi/")
    parent.reads("Ai cũng được đến xem.")
    parent.reads(told)
    parent.page.locator("summary").first.click()
    parent.look()
    parent.page.get_by_role("link", name="English", exact=True).click()
    assert parent.page.locator("html").get_attribute("lang") == "en"


def test_on_paper_nothing_lies_upon_anything_else(visit):
    """Browsers tear grids at the end of a sheet: the parts of the page are blocks there, one below the other."""
    page = PublicPage.objects.get(partnership__parties__partner__name="Harbor Robotics")
    parent = visit(None)

    parent.go(f"/p/{page.address}/en/print/")
    parent.page.emulate_media(media="print")

    for part in (".page", ".stack", ".goals", ".public-wins"):
        for found in parent.page.locator(part).filter(visible=True).all():
            assert found.evaluate("one => getComputedStyle(one).display") == "block"
    expect(parent.page.get_by_text("Print this page from")).to_be_hidden()


def test_one_side_withdraws_and_it_is_gone(visit):
    page = PublicPage.objects.get(partnership__parties__partner__name="Harbor Robotics")
    dana, parent = visit("partner@demo.example"), visit(None)

    parent.go(f"/p/{page.address}/en/")
    parent.follow("All partnerships of Bayview Unified School District")
    parent.reads("Harbor Robotics")
    dana.go(f"/partnerships/{page.partnership_id}/public/")
    dana.page.get_by_role("button", name="Withdraw it for Harbor Robotics").first.click()
    dana.look()
    dana.reads("Nobody outside can read this page yet")

    answer = parent.page.goto(f"{parent.base}/p/{page.address}/en/")
    assert answer.status == 404
    parent.reads("There is nothing to read here")
    assert parent.page.context.cookies() == [
        one for one in parent.page.context.cookies() if one["name"].endswith("language")
    ]
    parent.go("/d/bayview-unified-school-district/")
    expect(parent.page.locator("main")).not_to_contain_text("Harbor Robotics")
