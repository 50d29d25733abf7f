"""Both sides take the whole partnership away, each in their language."""

import pytest
from django.utils import translation
from django.utils.translation import gettext

from partnerships.models import Partnership
from tests.reading import files_of, text_of_pdf

pytestmark = pytest.mark.browser


def vi(message):
    with translation.override("vi"):
        return gettext(message)


def download(visitor, name) -> bytes:
    with visitor.page.expect_download() as waiting:
        visitor.page.get_by_role("link", name=name, exact=True).click()
    return waiting.value.path().read_bytes()


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_both_sides_take_it_away(visit, scripts):
    rosa = visit("coordinator@demo.example", scripts=scripts)
    hoa = visit("hoa@demo.example", language="vi", scripts=scripts)
    found = Partnership.objects.filter(parties__partner__name="Hội Phụ huynh Việt")
    guide = found.get(parties__school__name="Lincoln High School").get_absolute_url()

    rosa.go(guide)
    rosa.follow("Record")
    rosa.follow("Everything in one file")
    rosa.reads("Yours hold the worksheets of the school side")
    assert "Worksheets of the school side" in text_of_pdf(download(rosa, "PDF in English"))
    assert "worksheets.csv" in files_of(download(rosa, "Tables in English"))

    hoa.go(guide)
    hoa.follow(vi("Record"))
    hoa.follow(vi("Everything in one file"))
    said = text_of_pdf(download(hoa, vi("PDF in Vietnamese")))
    assert vi("The agreement in force") in said
    assert vi("Worksheets of the school side") not in said
    tables = files_of(download(hoa, vi("Tables in Vietnamese")))
    assert "worksheets.csv" not in tables
    for visitor in (rosa, hoa):
        visitor.is_content()
