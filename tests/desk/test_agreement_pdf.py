"""The agreement as a PDF, read with a second reader: tagged, with languages, and saying what was signed.

That it keeps to PDF/UA-1 as far as a program can tell is typst's own check; it writes no other file.
"""

import io
import json
import re
import unicodedata
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pypdf
import pytest
import typst
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.agreement import Composition
from desk.pdf import TEMPLATES, UNKNOWN_LETTER, agreement_pdf, printable
from partnerships.models import Agreement, AgreementDraft
from tests import clock
from tests.agreements import (
    again,
    agree,
    arrange,
    draw_up,
    fresh,
    sign,
    sign_by_all,
    sign_on_paper,
)

HOSTILE = (
    '#panic() ] [ \\ @ref $x^2$ *b* _i_ <label> `raw` // c /* d */ = h #import "x.typ" {{ x }}'
)
VIETNAMESE = "Mười hai học sinh mỗi học kỳ, chia thành hai nhóm."


@pytest.fixture
def version(partnership, alice):
    agree(partnership, 4, "Twelve students a term.", by=alice)
    agree(partnership, 8, VIETNAMESE, by=alice)
    return draw_up(partnership, by=alice)


def read(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content), strict=True)


def text_of(content: bytes) -> str:
    """All that is said, on one line, in NFC."""
    pages = " ".join(page.extract_text() for page in read(content).pages)
    return " ".join(unicodedata.normalize("NFC", pages).split())


def structure(content: bytes) -> list:
    """Every element of the structure tree."""
    found, waiting = [], [read(content).root_object["/StructTreeRoot"]]
    while waiting:
        element = waiting.pop(0).get_object()
        if isinstance(element, list):
            waiting = [*element, *waiting]
        elif isinstance(element, dict):
            found.append(element)
            kids = element.get("/K", [])
            waiting = [*(kids if isinstance(kids, list) else [kids]), *waiting]
    return [one for one in found if "/S" in one]


def kinds(content: bytes) -> list[str]:
    return [element["/S"] for element in structure(content)]


@pytest.mark.parametrize(
    ("language", "title"), [("en", "Partnership agreement"), ("vi", "Thỏa thuận hợp tác")]
)
@pytest.mark.parametrize("beside", [False, True])
def test_it_is_tagged_and_says_what_it_is(version, language, title, beside):
    content = agreement_pdf(version, language, beside=beside)

    reader = read(content)
    root = reader.root_object
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == language
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == f"{title}: Lincoln High School × Harbor Robotics"
    xmp = reader.xmp_metadata.rdf_root.toxml()
    assert re.search(r"pdfuaid:part(>1<|=\"1\")", xmp)
    assert "/Outlines" in root
    assert all("/StructParents" in page and page["/Tabs"] == "/S" for page in reader.pages)
    assert all(
        "/FontFile" in str(font["/DescendantFonts"][0]["/FontDescriptor"])
        for page in reader.pages
        for font in (found.get_object() for found in page["/Resources"]["/Font"].values())
    )


@pytest.mark.parametrize("language", ["en", "vi"])
def test_headings_come_in_order_and_tables_have_headers(version, language):
    found = kinds(agreement_pdf(version, language))

    levels = [int(kind[2:]) for kind in found if re.fullmatch("/H[1-6]", kind)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))
    assert found.count("/Table") == 2
    assert found.count("/TH") == 8
    assert "/TD" in found
    assert "/L" in found


def test_what_is_in_the_other_language_is_marked_so(version):
    marked = [one["/Lang"] for one in structure(agreement_pdf(version, "en")) if "/Lang" in one]

    assert "vi" in {str(language)[:2] for language in marked}


def test_vietnamese_can_be_read_out_of_it(version):
    said = text_of(agreement_pdf(version, "vi"))

    for words in (VIETNAMESE, "Thỏa thuận hợp tác", "Những điều chúng ta đã thống nhất", "Chữ ký"):
        assert unicodedata.normalize("NFC", words) in said
    assert "Viết bằng tiếng Anh." in said


def test_the_other_language_follows_on_request(version):
    alone, both = (text_of(agreement_pdf(version, "en", beside=one)) for one in (False, True))

    assert "Thỏa thuận hợp tác" not in alone
    assert both.index("Partnership agreement") < both.index("Thỏa thuận hợp tác")
    assert both.count(version.fingerprint) == 2


def test_it_carries_the_signatures(version, alice, bob):
    ours, theirs = version.parties.all()
    unsigned = text_of(agreement_pdf(version, "en"))
    assert "This version is not in force: not all sides have signed it." in unsigned
    assert unsigned.count("Not signed yet") == 2
    assert "To sign by hand" in unsigned

    sign(version, ours, by=alice, language="vi")
    sign_on_paper(version, theirs, by=alice, name="Walter Jensen")
    said = text_of(agreement_pdf(again(version), "en"))

    assert "All sides have signed. This version is in force since" in said
    for words in (
        "Alice Moreno",
        "Walter Jensen",
        version.fingerprint,
        "having read the text in Vietnamese",
    ):
        assert words in said
    assert "On paper, on" in said
    assert "Version 1, drawn up on" in said
    assert "To sign by hand" not in said


def test_the_same_version_gives_the_same_bytes_for_ever(version, partnership, alice, settings):
    signed = sign_by_all(version, by=alice)
    files = {
        (language, beside): agreement_pdf(signed, language, beside=beside)
        for language in ("en", "vi")
        for beside in (False, True)
    }
    # Everything around it changes.
    partnership.purpose = "Something else"
    partnership.save()
    alice.name = "Another Name"
    alice.save()
    agree(partnership, 4, "Twenty students a term.", by=alice)
    draw_up(partnership, by=alice)

    with clock.at(datetime.now(UTC) + timedelta(days=2000)):
        for (language, beside), content in files.items():
            assert agreement_pdf(again(version), language, beside=beside) == content


def test_all_that_it_says_comes_from_what_was_frozen(version, monkeypatch):
    """A later catalogue or wording of ours does not change it."""
    before = agreement_pdf(version, "en")
    monkeypatch.setattr("desk.agreement.WORDS", {})

    assert agreement_pdf(again(version), "en") == before


# What people wrote is never read as markup


def test_what_looks_like_markup_is_printed_as_it_is(partnership, alice, bob):
    bobs = bob.people.get()
    bobs.name, bobs.title = "#Bob ] $", "Head of \\@training"
    bobs.save()
    partner = bobs.partner
    partner.name = "Harbor #[] $ Robotics"
    partner.save()
    agree(partnership, 4, HOSTILE, by=alice)
    arrange(partnership, rhythm=HOSTILE, introductions={"people": HOSTILE})
    version = draw_up(partnership, by=alice)
    for party in version.parties.all():
        sign(version, party, by=alice, name="#sys.inputs ] $")

    said = text_of(agreement_pdf(again(version), "en")).replace(" ", "")

    assert said.count(HOSTILE.replace(" ", "")) == 3
    for words in ("#Bob ] $", "Head of \\@training", "Harbor #[] $ Robotics", "#sys.inputs ] $"):
        assert words.replace(" ", "") in said


def test_every_letter_that_counts_as_known_can_be_set():
    known = [chr(code) for code in range(0x20, 0x2800) if not UNKNOWN_LETTER.match(chr(code))]
    source = b'#set document(title: "x")\n#set text(font: ("Libertinus Serif", "DejaVu Sans Mono"))\n= x\n'
    source += b"#for one in json(bytes(sys.inputs.data)) [ #one ]"
    words = {"data": json.dumps(printable([f"a{letter}a" for letter in known]))}

    typst.compile(
        source, format="pdf", pdf_standards="ua-1", ignore_system_fonts=True, sys_inputs=words
    )

    assert len(known) > 1000


def test_a_letter_that_the_typefaces_lack_is_named_as_such(partnership, alice):
    agree(partnership, 4, "Robots 🤖 and 机器人.", by=alice)
    version = draw_up(partnership, by=alice)

    said = text_of(agreement_pdf(version, "en"))

    assert "Robots □ and □□□." in said
    assert "The sign □ stands for a letter or picture" in said
    assert "🤖" in version.text


@settings(max_examples=150)
@given(st.text(min_size=1, max_size=60))
def test_no_text_keeps_it_from_being_written(unsaved, text):
    body, version = unsaved
    content = json.loads(json.dumps(body))
    for part in content["parts"]:
        if part["key"] == "rhythm":
            part["entries"][0]["text"] = {"own": text, "lang": "vi"}
    for row in next(part for part in content["parts"] if part["key"] == "people")["people"]:
        row["name"]["name"] = text
    version.__dict__["content"] = content

    assert read(agreement_pdf(version, "en")).pages


@pytest.fixture
def unsaved(partnership, alice):
    arrange(partnership, rhythm="On Mondays.")
    version = draw_up(partnership, by=alice)
    return version.content, version


# Through the page


@pytest.mark.parametrize("name", ["alice", "bob", "sam", "ada", "ola"])
@pytest.mark.parametrize("query", ["", "?beside"])
def test_everybody_at_the_table_can_keep_it(request, client, partnership, version, name, query):
    client.force_login(request.getfixturevalue(name))

    response = client.get(reverse("desk:agreement_pdf", args=[partnership.pk, 1, "vi"]) + query)

    assert response.headers["Content-Type"] == "application/pdf"
    disposition = f'attachment; filename="agreement-{partnership.pk}-1-vi.pdf"'
    assert response.headers["Content-Disposition"] == disposition
    assert response.content == agreement_pdf(version, "vi", beside=bool(query))


def test_there_is_none_in_another_language(client, partnership, version, alice):
    client.force_login(alice)

    assert (
        client.get(reverse("desk:agreement_pdf", args=[partnership.pk, 1, "fr"])).status_code == 404
    )


# Controls


def test_control_typst_refuses_what_breaks_the_standard():
    with pytest.raises(typst.TypstError, match="PDF/UA-1"):
        typst.compile(b"= No title", format="pdf", pdf_standards="ua-1")


def test_control_an_untagged_file_is_told_apart():
    content = typst.compile(b"= Title", format="pdf", pdf_tags=False)

    assert "/StructTreeRoot" not in read(content).root_object


def test_every_version_has_the_template_that_it_was_drawn_up_with():
    field = Agreement._meta.get_field("template")

    assert (TEMPLATES / f"agreement_{field.default}.typ").exists()


def test_a_draft_is_not_a_file(partnership):
    assert Composition(fresh(partnership), AgreementDraft.of(partnership)).body
    assert not Agreement.objects.exists()
