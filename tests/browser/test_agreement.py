"""From nothing drawn up to an agreement in force: a coordinator in English, a partner in Vietnamese."""

import pytest
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import expect

from partnerships.models import Agreement, Partnership
from tests.agreements import PDF

pytestmark = pytest.mark.browser

HERS = "Hội Phụ huynh Việt"


def vi(message, **words):
    with translation.override("vi"):
        return gettext(message) % words if words else gettext(message)


def guide(partner, school="Lincoln High School"):
    found = Partnership.objects.filter(parties__partner__name=partner)
    return found.get(parties__school__name=school).get_absolute_url()


def fill_in_signature(visitor, name):
    visitor.page.locator("#id_name").fill(name)
    visitor.page.locator("#id_authority").check()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_two_sides_sign_one_text_in_two_languages(visit, scripts):
    rosa = visit("coordinator@demo.example", scripts=scripts)
    hoa = visit("hoa@demo.example", language="vi", scripts=scripts)

    rosa.go(guide(HERS))
    rosa.follow("Agreement")
    rosa.reads("10 questions are not agreed yet")
    rosa.follow("Arrange its parts")
    rosa.page.locator("#id_rhythm").fill("We meet on the first Saturday of each month.")
    rosa.press("Save the draft")
    rosa.reads("We meet on the first Saturday of each month.")
    rosa.press("Draw up this version")
    rosa.follow("Sign for Lincoln High")
    rosa.press("Go on")  # without a name, on purpose
    rosa.reads("Enter your full name.")
    fill_in_signature(rosa, "Rosa Delgado")
    rosa.press("Go on")
    rosa.reads("Check before you sign")
    rosa.press("Sign this agreement")
    rosa.reads("The agreement waits for the other signatures.")

    hoa.go(guide(HERS))
    hoa.follow(vi("Agreement"))
    hoa.follow(vi("Read the text"))
    hoa.reads("Phụ huynh Việt tham gia vào việc học")
    hoa.reads(vi("Written in English."))
    hoa.follow(vi("Sign for %(party)s", party=HERS))
    fill_in_signature(hoa, "Phạm Thị Hoa")
    hoa.press(vi("Go on"))
    hoa.press(vi("Sign this agreement"))
    hoa.reads(vi("It is signed by all sides, and in force."))

    for visitor in (rosa, hoa):
        visitor.go(f"{guide(HERS)}agreement/")
        link = visitor.page.locator("a[href*='/pdf/vi/']").first.get_attribute("href")
        file = visitor.page.request.get(visitor.base + link)
        assert file.headers["content-type"] == "application/pdf"
        assert file.body().startswith(b"%PDF-")
        visitor.is_content()
    version = Agreement.objects.get(partnership__parties__partner__name=HERS)
    signed = [(one.name, one.language) for one in version.signatures.all()]
    assert signed == [("Rosa Delgado", "en"), ("Phạm Thị Hoa", "vi")]


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_side_without_a_login_signs_on_paper(visit, scripts, tmp_path):
    rosa = visit("coordinator@demo.example", scripts=scripts)
    scan, no_scan = tmp_path / "page.pdf", tmp_path / "page.svg"
    scan.write_bytes(PDF)
    no_scan.write_text("<svg/>")

    rosa.go(guide("Green Valley Farm"))
    rosa.follow("Agreement")
    rosa.page.get_by_role("link", name="Enter a signature on paper").click()
    rosa.look()
    rosa.page.locator("#id_name").fill("Walter Jensen")
    today = Partnership.objects.first().district.today()
    rosa.page.locator("#id_signed_on").fill(today.isoformat())
    rosa.page.locator("#id_scan").set_input_files(no_scan)
    rosa.press("Enter this signature")
    rosa.reads("Choose a PDF, PNG or JPG file.")
    rosa.page.locator("#id_scan").set_input_files(scan)
    rosa.press("Enter this signature")
    rosa.reads("It is signed by all sides, and in force.")
    with rosa.page.expect_download() as download:
        rosa.page.get_by_role("link", name="Download the scan").first.click()

    assert download.value.path().read_bytes() == PDF
    rosa.is_content()


def test_every_page_around_it_is_accessible_in_both_languages(visit):
    rosa, minh = visit("coordinator@demo.example"), visit("minh@demo.example", language="vi")
    farm, harbor = guide("Green Valley Farm"), guide("Harbor Robotics")

    for visitor in (rosa, minh):
        for path in (
            f"{farm}agreement/draw-up/",
            f"{farm}agreement/draft/",
            f"{farm}agreement/2/",
            f"{farm}agreement/2/?beside",
            f"{farm}agreement/1/?print&beside",
            f"{farm}end/",
            f"{harbor}agreement/",
            f"{harbor}agreement/1/?beside",
            f"{harbor}questions/ten-questions/",
        ):
            visitor.go(path)
        expect(visitor.page.locator("h1")).to_contain_text("Harbor Robotics")
        visitor.is_content()


def test_taking_a_version_back(visit):
    rosa = visit("coordinator@demo.example")
    rosa.go(f"{guide('City Library')}agreement/draw-up/")

    rosa.press("Draw up this version")
    rosa.follow("Take this version back")
    rosa.press("Take it back")

    rosa.reads("Version 1 is taken back.")
    rosa.is_content()
