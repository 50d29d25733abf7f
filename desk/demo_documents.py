"""The files of the demo: small ones, made when the demo is made, so that none lies in the repository."""

import json
import struct
import zipfile
import zlib
from functools import partial
from io import BytesIO
from xml.sax.saxutils import escape

import typst
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.text import language_of
from desk.pdf import TEMPLATES
from partnerships.models import Document
from partnerships.packages import OFFICE
from partnerships.uploads import CONTENT_TYPES, check_document

OFFICE_ROOT = "http://schemas.openxmlformats.org"
RELATIONS = f"{OFFICE_ROOT}/package/2006/relationships"
OFFICE_RELATIONS = f"{OFFICE_ROOT}/officeDocument/2006/relationships"
XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'


def pdf(title: str, lines: list[str]) -> bytes:
    data = {"title": title, "lines": lines, "lang": language_of(title)}
    return typst.compile(
        TEMPLATES / "demo_letter.typ",
        root=TEMPLATES,
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
    )


def docx(title: str, lines: list[str]) -> bytes:
    space = f"{OFFICE_ROOT}/wordprocessingml/2006/main"
    paragraphs = "".join(
        f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in (title, *lines)
    )
    body = f'<w:document xmlns:w="{space}"><w:body>{paragraphs}</w:body></w:document>'
    return office("docx", "word/document.xml", body)


def xlsx(title: str, lines: list[str]) -> bytes:
    """One row per line; what stands between bars is a cell each."""
    space = f"{OFFICE_ROOT}/spreadsheetml/2006/main"
    rows = "".join(
        "<row>"
        + "".join(
            f'<c t="inlineStr"><is><t>{escape(cell.strip())}</t></is></c>'
            for cell in line.split("|")
        )
        + "</row>"
        for line in lines
    )
    book = (
        f'<workbook xmlns="{space}" xmlns:r="{OFFICE_RELATIONS}"><sheets>'
        f'<sheet name="{escape(title[:30])}" sheetId="1" r:id="rId1"/></sheets></workbook>'
    )
    sheet = f'<worksheet xmlns="{space}"><sheetData>{rows}</sheetData></worksheet>'
    return office("xlsx", "xl/workbook.xml", book, {"xl/worksheets/sheet1.xml": sheet})


def office(ending: str, main: str, content: str, more: dict | None = None) -> bytes:
    sheet = OFFICE["xlsx"].replace("sheet.main", "worksheet")
    kinds = [(main, OFFICE[ending]), *((name, sheet) for name in more or {})]
    types = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in kinds)
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{OFFICE_ROOT}/package/2006/content-types">'
        '<Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f"{types}</Types>",
        "_rels/.rels": relation("officeDocument", main),
        main: content,
    }
    if more:
        parts["xl/_rels/workbook.xml.rels"] = relation("worksheet", "worksheets/sheet1.xml")
    into = BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (parts | (more or {})).items():
            archive.writestr(zipfile.ZipInfo(name), XML + text)
    return into.getvalue()


def relation(kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" '
        f'Type="{OFFICE_RELATIONS}/{kind}" Target="{target}"/></Relationships>'
    )


def png(_title: str, lines: list[str]) -> bytes:
    """A plan, drawn letter by letter: a dot is floor, # a wall, anything else a machine."""
    colours = {".": (250, 248, 244), "#": (29, 39, 51)}
    machine, size = (154, 63, 23), 24
    rows = b""
    for line in lines:
        pixels = b"".join(bytes(colours.get(letter, machine)) * size for letter in line)
        rows += (b"\0" + pixels) * size
    width, height = len(lines[0]) * size, len(lines) * size
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunk(*one) for one in chunks)


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


MAKERS = {"pdf": pdf, "docx": docx, "xlsx": xlsx, "png": png}


def made(name: str, title: str, lines: list[str]) -> SimpleUploadedFile:
    """A file as somebody would send it, looked into as any other."""
    ending = name.rsplit(".", 1)[-1]
    content = MAKERS[ending](title, lines)
    return check_document(SimpleUploadedFile(name, content, CONTENT_TYPES[ending]))


def documents(story):
    """What was put there, and when; what is newer comes as a version."""
    for entry in story.entry.get("documents", []):
        shelf = Shelf(story, **entry)
        yield entry["ago"], shelf.put
        for newer in entry.get("newer", []):
            yield newer["ago"], partial(shelf.add, **newer)
        if "aside" in entry:
            yield entry["aside"], shelf.set_aside


class Shelf:
    """One document of the demo, on its way."""

    def __init__(self, story, *, by, title, name, lines, shared=False, note="", **_later):
        self.story, self.by = story, story.demo.users[by]
        self.title, self.name, self.lines = title, name, lines
        self.shared, self.note = shared, note

    def put(self):
        self.story.look_anew()
        party = self.story.partnership.parties_of(self.by)[0]
        file = made(self.name, self.title, self.lines)
        said = {"title": self.title, "note": self.note, "shared": self.shared}
        self.document = Document.put(party, file=file, by=self.by, **said)

    def add(self, *, lines, changed, name=None, ago=None):
        file = made(name or self.name, self.title, lines)
        self.document.add_version(file, by=self.by, changed=changed)

    def set_aside(self):
        self.document.set_aside(by=self.by)
