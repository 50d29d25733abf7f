"""Documents, by both sides: one puts it there, shares it and brings a newer one; the other reads it."""

import pytest
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import expect

from partnerships.models import Document, Partnership
from tests.files import office, pdf

pytestmark = pytest.mark.browser

HERS = "Hội Phụ huynh Việt"


def vi(message, **words):
    with translation.override("vi"):
        return gettext(message) % words if words else gettext(message)


def listed(partner, school):
    found = Partnership.objects.filter(parties__partner__name=partner)
    return f"{found.get(parties__school__name=school).get_absolute_url()}documents/"


def downloaded(visitor, name):
    with visitor.page.expect_download() as download:
        visitor.page.get_by_role("link", name=name, exact=True).first.click()
    return download.value


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_one_side_shares_and_the_other_reads(visit, scripts, tmp_path):
    minh = visit("minh@demo.example", language="vi", scripts=scripts)
    hoa = visit("hoa@demo.example", language="vi", scripts=scripts)
    program, plan, newer = (tmp_path / name for name in ("a.exe", "Kế hoạch.docx", "plan.pdf"))
    program.write_bytes(b"MZ")
    plan.write_bytes(office("docx"))
    newer.write_bytes(pdf())
    shelf = listed(HERS, "Trường Tiểu học An Lạc")

    minh.go(shelf)
    minh.follow(vi("Add a document"))
    minh.page.locator("#id_file").set_input_files(program)
    minh.page.locator("#id_title").fill("Kế hoạch mùa hè")
    minh.press(vi("Add this document"))
    minh.reads("Hãy chọn tệp PDF, Word (docx)")
    expect(minh.page.locator("#id_title")).to_have_value("Kế hoạch mùa hè")
    minh.page.locator("#id_file").set_input_files(plan)
    minh.press(vi("Add this document"))
    minh.reads(vi("The document is kept."))
    hoa.go(shelf)
    assert "Kế hoạch mùa hè" not in hoa.page.content()

    minh.press(vi("Share it with all sides"))
    minh.reads(vi("All sides see it"))
    hoa.go(shelf)
    hoa.follow("Kế hoạch mùa hè")
    file = downloaded(hoa, vi("Download"))
    assert file.suggested_filename == "Kế hoạch.docx"
    assert file.path().read_bytes() == office("docx")
    assert hoa.page.get_by_role("button", name=vi("Stop sharing it")).count() == 0

    minh.follow(vi("Add a newer version"))
    minh.page.locator("#id_file").set_input_files(newer)
    minh.page.locator("#id_changed").fill("Thêm hai buổi")
    minh.press(vi("Add this version"))
    minh.reads("Thêm hai buổi")
    hoa.go(Document.objects.get(title="Kế hoạch mùa hè").get_absolute_url())
    hoa.reads("plan.pdf")
    hoa.reads("Kế hoạch.docx")

    minh.press(vi("Stop sharing it"))
    minh.press(vi("Set it aside"))
    minh.follow(vi("Show documents that were set aside"))
    minh.follow("Kế hoạch mùa hè")
    minh.press(vi("Bring it back"))
    assert hoa.page.goto(hoa.page.url).status == 404
    for visitor in (minh, hoa):
        visitor.faults = [one for one in visitor.faults if "404" not in one]  # asked for on purpose
        visitor.is_content()


def test_its_pages_are_accessible_in_english_too(visit):
    rosa = visit("coordinator@demo.example")
    shelf = listed("Harbor Robotics", "Lincoln High School")
    document = Document.objects.get(title="Wednesdays at the plant").get_absolute_url()

    for path in (shelf, f"{shelf}?print", f"{shelf}?aside", f"{shelf}add/", document):
        rosa.go(path)
    rosa.go(f"{document}edit/")
    rosa.fill("Title", "")
    rosa.press("Save")
    rosa.reads("Enter a title.")
    rosa.go(f"{document}versions/add/")
    rosa.press("Add this version")
    rosa.reads("Choose a file.")
    rosa.is_content()
