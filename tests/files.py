"""Files as programs write them, and as no honest program would: made here, so that none lies in the repository."""

import struct
import zipfile
import zlib
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile

from partnerships.packages import OFFICE

MAIN = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
RELS = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
ODT = b"application/vnd.oasis.opendocument.text"


def zipped(parts: dict, *, stored=(), comment=b"") -> bytes:
    """A ZIP of these parts. A value may be bytes, or (ZipInfo, bytes)."""
    into = BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            how = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), content, compress_type=how)
        archive.comment = comment
    return into.getvalue()


def types(ending: str, *, kind="", more="") -> bytes:
    part, kind = MAIN[ending], kind or OFFICE[ending]
    return (
        f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?><Types xmlns="{TYPES}">'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{part}" ContentType="{kind}"/>{more}</Types>'
    ).encode()


def office_parts(ending: str, **more) -> dict:
    return {
        "[Content_Types].xml": types(ending, **more),
        "_rels/.rels": RELS,
        MAIN[ending]: b"<document>Plan</document>",
    }


def office(ending: str, parts=None, **more) -> bytes:
    return zipped(office_parts(ending, **more) | (parts or {}))


def odt(parts=None, *, mimetype=ODT) -> bytes:
    first = {"mimetype": mimetype, "content.xml": b"<office/>", "META-INF/manifest.xml": b"<m/>"}
    return zipped(first | (parts or {}), stored=["mimetype"])


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png() -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    picture = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + head + picture + chunk(b"IEND", b"")


def jpg(comment: bytes = b"") -> bytes:
    segment = b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment
    app0 = b"\xff\xe0\x00\x10JFIF\0\1\1\0\0\1\0\1\0\0"
    return b"\xff\xd8" + app0 + segment + b"\xff\xda\x00\x08\1\1\0\0\x3f\0\x12\x34\xff\xd9"


def pdf(said: bytes = b"<</Type/Catalog>>") -> bytes:
    return b"%PDF-1.7\n1 0 obj" + said + b"endobj\ntrailer<</Root 1 0 R>>\nstartxref\n9\n%%EOF\n"


def pdf_with_packed(objects: bytes) -> bytes:
    packed = zlib.compress(objects)
    head = b"<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(packed)
    return pdf()[:-6] + b"2 0 obj" + head + packed + b"\nendstream\nendobj\n%%EOF\n"


def upload(name: str, content: bytes, content_type="text/html") -> SimpleUploadedFile:
    """As a browser sends it, with a type that nobody believes."""
    return SimpleUploadedFile(name, content, content_type=content_type)
