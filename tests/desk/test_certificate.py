"""Certificates of thanks as PDFs, read back: one page, tagged, in both languages."""

from io import BytesIO

import pypdf
import pytest
from django.urls import reverse

from desk.certificate import certificate_pdf
from partnerships.models import Partnership, Thanks
from partnerships.stages import Status
from tests.reading import text_of, text_of_pdf

VIETNAMESE = (
    "Nhà trường cảm ơn anh Đức đã đóng kệ sách cùng các phụ huynh. Giờ các em có chỗ ngồi đọc."
)


@pytest.fixture
def thanks(partnership, alice):
    said = {"name": "Đặng Minh Đức", "text": VIETNAMESE, "language": "vi", "way": "certificate"}
    return Thanks(partnership=partnership, **said).say(by=alice)


def address(thanks, language):
    return reverse("desk:certificate", args=[thanks.partnership_id, thanks.pk, language])


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Certificate of thanks", "With warm thanks to", "for the partnership"]),
        ("vi", ["Thư tri ân", "Trân trọng cảm ơn", "thay mặt quan hệ đối tác"]),
    ],
)
def test_it_says_everything_in_the_language_of_its_address(client, bob, thanks, language, words):
    client.force_login(bob)

    response = client.get(address(thanks, language))

    said = text_of(response)
    names = ["Đặng Minh Đức", VIETNAMESE, "Lincoln High School × Harbor Robotics", "Alice Moreno"]
    assert [one for one in words + names if one not in said] == []
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"] == (
        f'attachment; filename="thanks-{thanks.partnership_id}-{thanks.pk}-{language}.pdf"'
    )


def catalogue(content: bytes):
    reader = pypdf.PdfReader(BytesIO(content))
    return reader, reader.trailer["/Root"]


@pytest.mark.parametrize("language", ["en", "vi"])
def test_it_is_one_page_of_a4_on_its_side_and_tagged(thanks, language):
    reader, root = catalogue(certificate_pdf(thanks, language))

    width, height = reader.pages[0].mediabox.width, reader.pages[0].mediabox.height
    assert len(reader.pages) == 1
    assert (round(width), round(height)) == (842, 595)
    assert root["/Lang"].startswith(language)
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    assert reader.metadata.title.endswith(": Đặng Minh Đức")


LONG = ("Nhà trường cảm ơn anh Đức đã dành hai ngày cuối tuần. " * 20)[:1000]
AT_ITS_WORST = {
    "long": LONG,
    "one long word": "W" * 1000,
    "many lines": "Cảm ơn\n" * 140,
    "some lines": "\n\n".join(["Thank you for the lovely afternoons at the plant."] * 8),
    "one word": "Thanks",
    "markup": "#set page(width: 1cm) *bold* $x$ `a` // <b> & [ ] \\ @you #pagebreak()",
    "unknown letters": "谢谢 👩‍👧 ขอบคุณ",
    "not to be seen": "\u200b\u202eThanks\u0007",
}


@pytest.mark.parametrize("kind", AT_ITS_WORST)
def test_whatever_is_said_it_is_one_page(partnership, alice, kind):
    Partnership.objects.get().school_party.school.__class__.objects.update(
        name="Trường Trung học " * 6
    )
    table = Partnership.objects.with_sides().get(pk=partnership.pk)
    said = {"name": ("The mentors of the plant " * 5)[:120], "language": "en", "way": "certificate"}
    thanks = Thanks(partnership=table, text=AT_ITS_WORST[kind], **said).say(by=alice)

    content = certificate_pdf(thanks, "en")

    assert len(catalogue(content)[0].pages) == 1
    if kind in {"long", "markup"}:
        assert AT_ITS_WORST[kind].strip() in text_of_pdf(content)


def test_the_same_thanks_give_the_same_bytes(thanks):
    assert certificate_pdf(thanks, "vi") == certificate_pdf(thanks, "vi")


def test_a_language_that_is_none_is_not_found(client, bob, thanks):
    client.force_login(bob)

    assert client.get(address(thanks, "fr")).status_code == 404


@pytest.mark.parametrize(
    ("name", "status"), [("alice", 200), ("bob", 200), ("ada", 403), ("charlie", 404)]
)
def test_its_people_have_it_after_the_end_too(request, client, thanks, name, status):
    Partnership.objects.update(status=Status.ENDED)
    client.force_login(request.getfixturevalue(name))

    assert client.get(address(thanks, "en")).status_code == status


@pytest.mark.parametrize(
    ("text", "is_told"),
    [(VIETNAMESE, False), ("Thank you □ – “all”", False), ("谢谢", True), ("Thank you 🙂", True)],
)
def test_the_page_says_before_printing_what_the_pdf_has_no_letters_for(
    client, alice, partnership, text, is_told
):
    client.force_login(alice)
    said = {"name": "The mentors", "text": text, "language": "en", "way": "certificate"}

    checked = client.post(reverse("partnerships:thank", args=[partnership.pk]), said)
    thanks = Thanks(partnership=partnership, **said).say(by=alice)
    made = client.get(thanks.get_absolute_url())

    for page in (checked, made):
        assert ("shows □ in their place" in page.text) == is_told
