"""Files that people send in: what is let in is decided by what a file holds, not by what it says it is."""

import re
import struct
import unicodedata
import zipfile
import zlib
from io import BytesIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.text import nfc
from partnerships.packages import TOO_MUCH, NotAPackage, check_package

LARGEST = 10 * 1024 * 1024
OFFICE = "application/vnd.openxmlformats-officedocument."
CONTENT_TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "docx": OFFICE + "wordprocessingml.document",
    "xlsx": OFFICE + "spreadsheetml.sheet",
    "pptx": OFFICE + "presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
}
ENDINGS = {"pdf": "pdf", "png": "png", "jpg": "jpg", "jpeg": "jpg"}  # of scans
DOCUMENT_ENDINGS = ENDINGS | {one: one for one in ("docx", "xlsx", "pptx", "odt")}
PNG = b"\x89PNG\r\n\x1a\n"
TAIL = 2048  # bytes in which a PDF says that it ends
LONGEST_NAME = 120

TOO_LARGE = _("Choose a file of at most 10 MB.")
EMPTY = _("This file is empty. Choose another.")
NOT_A_SCAN = _("Choose a PDF, PNG or JPG file. This one is none of these, or is damaged.")
NOT_A_DOCUMENT = _(
    "Choose a PDF, Word (docx), Excel (xlsx), PowerPoint (pptx), OpenDocument text (odt), PNG or JPG "
    "file."
)
NOT_WHAT_IT_SAYS = _(
    "The name ends in “.%(ending)s”, but the file is of another kind, or is damaged. "
    "Open it, save it anew and choose that."
)
OTHER_KIND = _("Files of this kind are not taken. Save it as “.%(ending)s”, and choose that.")
WITH_MACROS = _(
    "Files of this kind hold macros, small programs. Save it as “.%(ending)s”, and choose that."
)
TWO_ENDINGS = _(
    "The name has the ending of a program in it. Give the file a plain name, such as “plan.pdf”, "
    "and choose it again."
)
TWO_IN_ONE = _("There is a second file hidden in this one. Save it anew, and choose that.")
PDF_ACTS = _("This PDF holds a program, or other files. Print it into a new PDF, and choose that.")
PDF_LOCKED = _(
    "This PDF is locked, so that we cannot look into it. Save it unlocked, and choose that."
)

OTHER_KINDS = {
    **dict.fromkeys(["doc", "dot", "dotx", "rtf", "pages"], "docx"),
    **dict.fromkeys(["xls", "xlt", "xltx", "ods", "csv", "numbers"], "xlsx"),
    **dict.fromkeys(["ppt", "pot", "potx", "odp", "key"], "pptx"),
    **dict.fromkeys(["gif", "webp", "bmp", "tif", "tiff"], "png"),
    **dict.fromkeys(["heic", "heif"], "jpg"),
}
KINDS_WITH_MACROS = {
    **dict.fromkeys(["docm", "dotm"], "docx"),
    **dict.fromkeys(["xlsm", "xltm", "xlsb", "xlam"], "xlsx"),
    **dict.fromkeys(["pptm", "potm", "ppsm", "ppam"], "pptx"),
}
PROGRAMS = re.compile(
    r"\.(apk|bat|chm|cmd|cpl|dll|exe|hta|html?|iso|jar|jse?|lnk|mht|mhtml|ms[ip]|php|pif|ps1|scr|svgz?|swf"
    r"|vb[es]?|ws[fh]?|xhtml)\s*(?:\.|$)",
    re.IGNORECASE,
)
NOT_IN_NAMES = '\\/:*?"<>|'

STREAM = re.compile(rb"(?<!end)stream\r?\n")
LARGEST_OBJECTS = 50 * 1024 * 1024  # unpacked, in all
MOST_STREAMS = 20_000
ESCAPED = re.compile(rb"#([0-9a-fA-F]{2})")
ACTS = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?|RichMedia|ImportData)\b")
LOCKED = re.compile(rb"/Encrypt\b")


def is_pdf(data: bytes) -> bool:
    return data.startswith((b"%PDF-1.", b"%PDF-2.")) and b"%%EOF" in data[-TAIL:]


def is_png(data: bytes) -> bool:
    """Whether it is a PNG, chunk by chunk, and nothing else behind it."""
    if not data.startswith(PNG):
        return False
    place, kind = len(PNG), b""
    while kind != b"IEND":
        if place + 12 > len(data):
            return False
        length, kind = struct.unpack_from(">I4s", data, place)
        end = place + 8 + length
        if (place == len(PNG)) != (kind == b"IHDR") or end + 4 > len(data):
            return False
        if zlib.crc32(data[place + 4 : end]) != struct.unpack_from(">I", data, end)[0]:
            return False
        place = end + 4
    return place == len(data)


def is_jpg(data: bytes) -> bool:
    """Whether it is a JPEG: segments up to the picture, then its end. Phones put more behind it."""
    place = 2
    if not data.startswith(b"\xff\xd8\xff"):
        return False
    while place + 4 <= len(data) and data[place] == 0xFF:
        marker, length = struct.unpack_from(">BH", data, place + 1)
        if marker == 0xDA:  # the picture begins
            return b"\xff\xd9" in data[place:]
        place += 2 + length
    return False


IS = {"pdf": is_pdf, "png": is_png, "jpg": is_jpg}


def ending_of(name: str) -> str:
    return name.rsplit(".", 1)[-1].strip().lower() if "." in name else ""


def read(upload) -> bytes:
    upload.seek(0)
    data = upload.read()
    upload.seek(0)
    return data


def check_scan(upload):
    """Return the upload, named for what it is. Raises ValidationError with what to send instead."""
    if upload.size > LARGEST:
        raise ValidationError(TOO_LARGE)
    ending = ENDINGS.get(upload.name.rsplit(".", 1)[-1].lower())
    if ending is None or not IS[ending](read(upload)):
        raise ValidationError(NOT_A_SCAN)
    upload.name = f"scan.{ending}"
    return upload


def check_document(upload):
    """Return the upload, with a name that is safe to give it. Raises ValidationError with what to choose."""
    if upload.size > LARGEST:
        raise ValidationError(TOO_LARGE)
    said = ending_of(upload.name)
    ending = DOCUMENT_ENDINGS.get(said) or refuse_ending(said)
    upload.name = tidy(upload.name, said)
    check_content(read(upload), ending)
    return upload


def refuse_ending(said: str):
    for endings, why in ((OTHER_KINDS, OTHER_KIND), (KINDS_WITH_MACROS, WITH_MACROS)):
        if said in endings:
            raise ValidationError(why, params={"ending": endings[said]})
    raise ValidationError(NOT_A_DOCUMENT)


def check_content(data: bytes, ending: str):
    if not data:
        raise ValidationError(EMPTY)
    try:
        if ending not in IS:
            check_package(data, ending)
        elif not IS[ending](data):
            raise NotAPackage
    except NotAPackage as fault:
        raise ValidationError(NOT_WHAT_IT_SAYS, params={"ending": ending}) from fault
    if ending in IS and zipfile.is_zipfile(BytesIO(data)):
        raise ValidationError(TWO_IN_ONE)
    if ending == "pdf":
        check_pdf(data)


def tidy(name: str, ending: str) -> str:
    """Return a name for files to keep: composed, without what could be a path, or letters that hide."""
    shown = "".join(letter for letter in nfc(name) if letter.isprintable())
    words = "".join(" " if letter in NOT_IN_NAMES else letter for letter in shown).split()
    stem = " ".join(words).rsplit(".", 1)[0].strip(" .")
    if PROGRAMS.search(stem):
        raise ValidationError(TWO_ENDINGS)
    return f"{whole_letters(stem) or 'file'}.{ending}"


def whole_letters(text: str) -> str:
    """The beginning of a text that is too long, not cut within a letter and its accents."""
    cut = LONGEST_NAME
    while cut < len(text) and unicodedata.combining(text[cut]):
        cut -= 1
    return text[:cut].strip(" .")


def check_pdf(data: bytes):
    """Refuse a PDF that does something, or brings other files along, as far as one can see it.

    It is looked at as it stands and in its packed objects. What programs write is found so; for
    what somebody hides on purpose there is the rest: it is handed out as a file, never shown here.
    """
    plain = with_plain_names(data)
    if LOCKED.search(plain):
        raise ValidationError(PDF_LOCKED)
    if any(ACTS.search(one) for one in (plain, *map(with_plain_names, packed_objects(data)))):
        raise ValidationError(PDF_ACTS)


def with_plain_names(data: bytes) -> bytes:
    """Names in a PDF may be written in numbers: /J#61vaScript."""
    return ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), data)


def packed_objects(data: bytes):
    """The objects of a PDF that stand packed in streams, unpacked. Those of an honest one do not overlap."""
    packed_left, left = len(data), LARGEST_OBJECTS
    for number, found in enumerate(STREAM.finditer(data)):
        if number > MOST_STREAMS:
            raise ValidationError(TOO_MUCH)
        begin = max(data.rfind(b"obj", max(0, found.start() - 1000), found.start()), 0)
        if b"/ObjStm" not in with_plain_names(data[begin : found.start()]):
            continue
        end = data.find(b"endstream", found.end())
        packed_left -= end - found.end()
        if end < 0 or packed_left < 0:
            raise ValidationError(NOT_WHAT_IT_SAYS, params={"ending": "pdf"})
        objects = unpacked(data[found.end() : end], left)
        left -= len(objects)
        yield objects


def unpacked(packed: bytes, most: int) -> bytes:
    unpacking = zlib.decompressobj()
    try:
        objects = unpacking.decompress(packed, most)
    except zlib.error as fault:
        raise ValidationError(NOT_WHAT_IT_SAYS, params={"ending": "pdf"}) from fault
    if unpacking.unconsumed_tail:
        raise ValidationError(TOO_MUCH)
    return objects
