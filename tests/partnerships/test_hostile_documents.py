"""Documents that are sent in: what is let in, what is not, and that each refusal says what to choose."""

import struct
import unicodedata
import zlib

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from partnerships import packages
from partnerships.models import Document, DocumentVersion
from partnerships.uploads import LARGEST, check_document, tidy
from tests.files import (
    MAIN,
    ODT,
    jpg,
    odt,
    office,
    office_parts,
    pdf,
    pdf_with_packed,
    png,
    types,
    upload,
    zipped,
)

SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HTML = b"<!doctype html><script>alert(1)</script>"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
REMOTE = (
    b'<Relationships><Relationship Type="http://x/relationships/attachedTemplate" '
    b'Target="https://evil.example/t.dotm" TargetMode="External"/></Relationships>'
)
LINK = REMOTE.replace(b"attachedTemplate", b"hyperlink")
COMPANY_TEMPLATE = REMOTE.replace(b"https://evil.example/t.dotm", b"file:///C:/letter.dotx")

GOOD = {
    "a.pdf": pdf(),
    "Kế hoạch 12.11.PDF": pdf(),
    "a.png": png(),
    "a.JPEG": jpg(),
    "photo.jpg": jpg() + b"what phones put behind the picture",
    "a.docx": office("docx"),
    "a.xlsx": office("xlsx"),
    "a.pptx": office("pptx"),
    "a.odt": odt(),
    "with a link.docx": office("docx", {"word/_rels/document.xml.rels": LINK}),
    "from a template.docx": office("docx", {"word/_rels/settings.xml.rels": COMPANY_TEMPLATE}),
    "chart.pptx": office("pptx", {"ppt/embeddings/Table1.xlsx": office("xlsx")}),
    "printed.docx.pdf": pdf(),
    "v1.2 of the plan.pdf": pdf(),
    "packed.pdf": pdf_with_packed(b"1 0 <</Type/Page>>"),
    "many zeros.xlsx": office("xlsx", {"xl/sheet1.xml": b"0" * 90_000}),
}

# name of the case: file name, content, what the refusal says
WRONG_KIND = "Choose a PDF, Word (docx), Excel (xlsx), PowerPoint (pptx), OpenDocument text (odt)"
NOT_THAT = "but the file is of another kind, or is damaged"
MACROS = "macros, small programs"
LOCKED = "opens with a password only"
FILES = "holds other files that we cannot look into"
TOO_MUCH = "too large once it is unpacked"
ELSEWHERE = "fetches parts of itself from the internet"
ACTS = "holds a program, or other files"


def with_macro_type(ending):
    kind = {
        "docx": "application/vnd.ms-word.document.macroEnabled.main+xml",
        "xlsx": "application/vnd.ms-excel.sheet.macroEnabled.main+xml",
        "pptx": "application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml",
    }[ending]
    return office(ending, kind=kind)


def rewritten(data: bytes, old: bytes, new: bytes) -> bytes:
    assert old in data
    return data.replace(old, new)


def marked_encrypted(data: bytes) -> bytes:
    """Set the flag in the list of parts."""
    place = data.index(b"PK\1\2")
    return data[: place + 8] + b"\1\0" + data[place + 10 :]


def bomb() -> bytes:
    return office("docx", {"word/media/image1.bmp": b"\0" * (60 * 1024 * 1024)})


def lying_bomb() -> bytes:
    """A part that says it is small and unpacks to much more."""
    big = b"\0" * 5_000_000
    data = office("docx", {"word/x.xml": big})
    return data.replace(struct.pack("<I", len(big)), struct.pack("<I", 1000))


def many_parts() -> bytes:
    return office("docx", {f"word/{number}.xml": b"" for number in range(2100)})


def nested(depth: int) -> bytes:
    inner = office("xlsx")
    for _number in range(depth):
        inner = (
            office("docx", {"word/embeddings/inner.docx": inner})
            if _number
            else office("docx", {"word/embeddings/inner.xlsx": inner})
        )
    return inner


def listed_elsewhere() -> bytes:
    """The list names a part otherwise than the part does itself."""
    data = office("docx")
    place = data.rindex(MAIN["docx"].encode())
    return data[:place] + b"word/evilment.xml" + data[place + 17 :]


def method_99() -> bytes:
    data = bytearray(office("docx"))
    for mark, at in ((b"PK\3\4", 8), (b"PK\1\2", 10)):
        place = data.index(mark)
        data[place + at : place + at + 2] = struct.pack("<H", 99)
    return bytes(data)


BAD = {
    "an SVG": ("a.svg", SVG, WRONG_KIND),
    "an SVG called PNG": ("a.png", SVG, NOT_THAT),
    "HTML": ("a.html", HTML, WRONG_KIND),
    "HTML called Word": ("a.docx", HTML, NOT_THAT),
    "HTML before a PDF": ("a.pdf", HTML + pdf(), NOT_THAT),
    "XML": ("a.xml", SVG, WRONG_KIND),
    "a program": ("a.exe", b"MZ\x90\0", WRONG_KIND),
    "a program called PDF": ("a.pdf", b"MZ\x90\0" * 99, NOT_THAT),
    "a ZIP": ("a.zip", zipped({"a": b"b"}), WRONG_KIND),
    "a ZIP called Word": ("a.docx", zipped({"a": b"b"}), NOT_THAT),
    "a ZIP called OpenDocument": ("a.odt", zipped({"a": b"b"}), NOT_THAT),
    "no ending": ("plan", pdf(), WRONG_KIND),
    "only an ending": (".svg", SVG, WRONG_KIND),
    "two endings, a program last": ("plan.pdf.exe", pdf(), WRONG_KIND),
    "two endings, a program before": ("plan.exe.pdf", pdf(), "the ending of a program"),
    "HTML before the ending": ("plan.HTML.png", png(), "the ending of a program"),
    "a right-to-left trick": ("plan\u202efdp.exe", pdf(), WRONG_KIND),
    "an old Word file": ("a.doc", OLE, "Save it as “.docx”"),
    "an old Excel file": ("a.xls", OLE, "Save it as “.xlsx”"),
    "a CSV": ("a.csv", b"=1+1", "Save it as “.xlsx”"),
    "a picture of a phone": ("a.heic", b"ftypheic", "Save it as “.jpg”"),
    "a kind with macros": ("a.docm", with_macro_type("docx"), MACROS),
    "Word called Excel": ("a.xlsx", office("docx"), NOT_THAT),
    "PowerPoint called OpenDocument": ("a.odt", office("pptx"), NOT_THAT),
    "OpenDocument called Word": ("a.docx", odt(), NOT_THAT),
    "a PDF called Word": ("a.docx", pdf(), NOT_THAT),
    "a spreadsheet called text": (
        "a.odt",
        odt(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"),
        NOT_THAT,
    ),
    "nothing": ("a.docx", b"", "This file is empty"),
    "nothing called PDF": ("a.pdf", b"", "This file is empty"),
    "NUL": ("a.xlsx", b"\0" * 100, NOT_THAT),
    "a password, by Office": ("a.docx", OLE, LOCKED),
    "a password, by ZIP": ("a.docx", marked_encrypted(office("docx")), LOCKED),
    "a password, by LibreOffice": (
        "a.odt",
        odt({"META-INF/manifest.xml": b"<manifest:encryption-data/>"}),
        LOCKED,
    ),
    "macros called docx": ("a.docx", with_macro_type("docx"), MACROS),
    "macros called xlsx": ("a.xlsx", with_macro_type("xlsx"), MACROS),
    "macros called pptx": ("a.pptx", with_macro_type("pptx"), MACROS),
    "a project of macros": ("a.docx", office("docx", {"word/vbaProject.bin": b"x"}), MACROS),
    "a project of macros, in capitals": (
        "a.xlsx",
        office("xlsx", {"xl/VBAPROJECT.BIN": b"x"}),
        MACROS,
    ),
    "a type of macros": (
        "a.docx",
        office(
            "docx",
            more='<Default Extension="bin" ContentType="application/vnd.ms-office.vbaProject"/>',
        ),
        MACROS,
    ),
    "ActiveX": ("a.docx", office("docx", {"word/activeX/activeX1.xml": b"x"}), MACROS),
    "Basic in OpenDocument": ("a.odt", odt({"Basic/Standard/Module1.xml": b"x"}), MACROS),
    "a script in OpenDocument": ("a.odt", odt({"Scripts/python/a.py": b"x"}), MACROS),
    "a call of a macro": (
        "a.odt",
        odt({"content.xml": b'<a href="vnd.sun.star.script:x.py"/>'}),
        MACROS,
    ),
    "an embedded object": ("a.docx", office("docx", {"word/embeddings/o.bin": OLE}), FILES),
    "a ZIP inside": ("a.docx", office("docx", {"word/x.bin": zipped({"a": b"b"})}), FILES),
    "a ZIP inside, called Excel": (
        "a.pptx",
        office("pptx", {"ppt/embeddings/a.xlsx": zipped({"a": b"b"})}),
        FILES,
    ),
    "macros inside": (
        "a.pptx",
        office("pptx", {"ppt/embeddings/a.xlsx": with_macro_type("xlsx")}),
        MACROS,
    ),
    "files in files in files": ("a.docx", nested(3), FILES),
    "a template from elsewhere": (
        "a.docx",
        office("docx", {"word/_rels/settings.xml.rels": REMOTE}),
        ELSEWHERE,
    ),
    "a bomb": ("a.docx", bomb(), TOO_MUCH),
    "a bomb that lies": ("a.docx", lying_bomb(), NOT_THAT),
    "many parts": ("a.docx", many_parts(), TOO_MUCH),
    "a part above": ("a.docx", office("docx", {"../../x": b"x"}), NOT_THAT),
    "a part from the root": ("a.docx", office("docx", {"/etc/passwd": b"x"}), NOT_THAT),
    "a part on a disk": ("a.docx", office("docx", {"C:/x": b"x"}), NOT_THAT),
    "a part with a backslash": ("a.docx", office("docx", {"word\\x": b"x"}), NOT_THAT),
    "one name twice": (
        "a.docx",
        office("docx", {"WORD/document.xml": b"x"}),
        NOT_THAT,
    ),
    "no main part": (
        "a.docx",
        zipped({"[Content_Types].xml": types("docx"), "_rels/.rels": b""}),
        NOT_THAT,
    ),
    "no list of types": (
        "a.docx",
        zipped({"_rels/.rels": b"", MAIN["docx"]: b""}),
        NOT_THAT,
    ),
    "a list of types that is no XML": (
        "a.docx",
        zipped(office_parts("docx") | {"[Content_Types].xml": b"<Types>"}),
        NOT_THAT,
    ),
    "a billion laughs": (
        "a.docx",
        zipped(
            office_parts("docx")
            | {"[Content_Types].xml": b'<!DOCTYPE a [<!ENTITY b "ha">]>' + types("docx")}
        ),
        NOT_THAT,
    ),
    "entities in UTF-16": (
        "a.docx",
        zipped(
            office_parts("docx")
            | {"[Content_Types].xml": '<!DOCTYPE a [<!ENTITY b "ha">]><a/>'.encode("utf-16")}
        ),
        NOT_THAT,
    ),
    "an unknown way of packing": ("a.docx", method_99(), NOT_THAT),
    "a list that lies": ("a.docx", listed_elsewhere(), NOT_THAT),
    "a wrong checksum": (
        "a.docx",
        rewritten(
            office("docx"),
            struct.pack("<I", zlib.crc32(b"<document>Plan</document>")),
            b"\0\0\0\0",
        ),
        NOT_THAT,
    ),
    "cut short": ("a.docx", office("docx")[:-30], NOT_THAT),
    "HTML before a Word file": ("a.docx", HTML + office("docx"), NOT_THAT),
    "HTML behind a Word file": ("a.docx", office("docx") + HTML, NOT_THAT),
    "a comment in a Word file": (
        "a.docx",
        zipped(office_parts("docx"), comment=HTML),
        NOT_THAT,
    ),
    "the kind packed, not stored": (
        "a.odt",
        zipped({"mimetype": ODT, "content.xml": b"<x/>"}),
        NOT_THAT,
    ),
    "a ZIP behind a PNG": ("a.png", png() + zipped({"a": b"b"}), NOT_THAT),
    "a ZIP behind a JPG": ("a.jpg", jpg() + zipped({"a": b"b"}), "a second file hidden"),
    "a ZIP behind a PDF": ("a.pdf", pdf() + zipped({"a": b"b"}), "a second file hidden"),
    "a PDF with a script": (
        "a.pdf",
        pdf(b"<</OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>"),
        ACTS,
    ),
    "a PDF with a script by numbers": ("a.pdf", pdf(b"<</S/J#61vaScript/JS(x)>>"), ACTS),
    "a PDF with a packed script": (
        "a.pdf",
        pdf_with_packed(b"1 0 <</S/JavaScript/JS(x)>>"),
        ACTS,
    ),
    "a PDF that starts a program": ("a.pdf", pdf(b"<</S/Launch/F(cmd.exe)>>"), ACTS),
    "a PDF with a file in it": ("a.pdf", pdf(b"<</Type/EmbeddedFile>>"), ACTS),
    "a PDF with a password": ("a.pdf", pdf(b"<</Encrypt 5 0 R>>"), "is locked"),
    "a PDF with damaged objects": (
        "a.pdf",
        rewritten(pdf_with_packed(b"1 0 <<>>"), b"stream\nx", b"stream\n\xff"),
        NOT_THAT,
    ),
}


@pytest.mark.parametrize("name", GOOD)
def test_documents_are_let_in_as_they_are(name):
    checked = check_document(upload(name, GOOD[name]))

    assert checked.read() == GOOD[name]


@pytest.mark.parametrize("case", BAD)
def test_whatever_else_is_refused_and_told_why(case):
    name, content, said = BAD[case]

    with pytest.raises(ValidationError) as refused:
        check_document(upload(name, content))

    assert said in " ".join(refused.value.messages)


def test_ten_megabytes_are_the_most():
    def of_size(size):
        return upload("a.pdf", pdf().ljust(size - 6, b"x") + b"%%EOF\n")

    assert check_document(of_size(LARGEST)).size == LARGEST
    with pytest.raises(ValidationError, match="at most 10 MB"):
        check_document(of_size(LARGEST + 1))


def test_what_files_inside_unpack_to_counts_too(monkeypatch):
    monkeypatch.setattr(packages, "LARGEST_UNPACKED", 20_000)
    inner = office("xlsx", {"xl/a.xml": b"0" * 8_000})
    parts = {f"ppt/embeddings/{number}.xlsx": inner for number in range(3)}
    monkeypatch.setattr(packages.Package.__init__, "__kwdefaults__", {"left": 20_000, "depth": 0})

    with pytest.raises(ValidationError, match="too large once"):
        check_document(upload("a.pptx", office("pptx", parts)))


def test_packed_objects_of_a_pdf_are_not_unpacked_without_end(monkeypatch):
    monkeypatch.setattr("partnerships.uploads.LARGEST_OBJECTS", 1000)

    with pytest.raises(ValidationError, match="too large once"):
        check_document(upload("a.pdf", pdf_with_packed(b"0" * 5000)))


def test_streams_that_overlap_are_not_read_again_and_again():
    heads = b"2 0 obj<</Type/ObjStm>>stream\n" * 5000

    with pytest.raises(ValidationError):
        check_document(upload("a.pdf", pdf()[:-6] + heads + b"x" * 100_000 + b"endstream\n%%EOF\n"))


@settings(max_examples=200)
@given(st.data())
def test_no_damage_makes_it_stumble(data):
    """Bytes changed, cut out or put in at any place of a good file: let in or refused, never an error."""
    name = data.draw(st.sampled_from(sorted(GOOD)))
    content = bytearray(GOOD[name])
    for _number in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content)))
        length = data.draw(st.integers(0, 8))
        content[place : place + length] = data.draw(st.binary(max_size=8))

    try:
        check_document(upload(name, bytes(content)))
    except ValidationError as refusal:
        assert refusal.messages  # noqa: PT017 # either answer is right, an error is not


@given(st.text(max_size=200))
def test_no_name_makes_it_stumble(name):
    try:
        tidied = tidy(name, "pdf")
    except ValidationError as refusal:
        assert refusal.messages  # noqa: PT017
        return
    assert tidied.endswith(".pdf")
    assert len(tidied) <= 130
    assert not set(tidied) & set('\\/:*?"<>|\0\n\u202e')


def test_a_long_name_is_not_cut_within_a_letter():
    letter = "e\u0323\u0303"  # has no composed form for all three

    tidied = tidy(letter * 100 + ".pdf", "pdf")

    stem = tidied.removesuffix(".pdf")
    assert stem == unicodedata.normalize("NFC", letter) * (
        len(stem) // len(unicodedata.normalize("NFC", letter))
    )


# Through the page


@pytest.fixture
def send(client, partnership, alice):
    client.force_login(alice)
    url = reverse("partnerships:add_document", args=[partnership.pk])

    def post(file, **said):
        data = {"title": "The plan", "note": "For May", "who": "us", **said}
        return client.post(url, data | ({"file": file} if file else {}))

    return post


@pytest.mark.parametrize("case", BAD)
def test_the_page_refuses_it_and_keeps_nothing(send, case):
    name, content, said = BAD[case]

    response = send(upload(name, content))

    page = response.content.decode()
    assert response.status_code == 200
    assert said in page
    assert 'value="The plan"' in page
    assert not Document.objects.exists()


def test_the_page_refuses_what_is_too_large_and_what_is_missing(send):
    large = upload("a.pdf", pdf().ljust(LARGEST, b"x") + b"%%EOF\n")
    assert "Choose a file of at most 10 MB." in send(large).content.decode()
    assert "Choose a file." in send(None).content.decode()
    assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("a\0b.pdf", "ab.pdf"),
        ("C:\\plans\\May.pdf", "May.pdf"),
        ("a" * 300 + ".pdf", "a" * 120 + ".pdf"),
        (unicodedata.normalize("NFD", "Kế hoạch.pdf"), "Kế hoạch.pdf"),
        ("plan\u202e\u2066.pdf", "plan.pdf"),
        ("a'b;filename=c.pdf", "a'b;filename=c.pdf"),
        ("…/ảnh ký.PDF", "ảnh ký.pdf"),
        ("   .pdf", "file.pdf"),
    ],
)
def test_the_name_it_came_with_leads_nowhere(send, client, name, kept):
    assert send(upload(name, pdf())).status_code == 302

    version = DocumentVersion.objects.get()
    assert version.name == kept
    assert version.file.name.startswith("documents/")
    assert len(version.file.name) == len("documents/.pdf") + 32
    assert client.get(version.get_absolute_url()).content == pdf()
