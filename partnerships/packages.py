"""Office files are ZIP packages. What one holds is looked at, part by part, before it is let in.

Parts are unpacked here rather than by zipfile, which is asked for the list alone: so nothing is taken
for granted of what a package says about the size of its parts.
"""

import re
import struct
import zipfile
import zlib
from io import BytesIO
from xml.etree import ElementTree

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOST_PARTS = 2000
LARGEST_UNPACKED = 100 * 1024 * 1024  # of all parts together
MOST_PACKED = 100  # times smaller than unpacked, as in Apache POI; small parts may be more
SMALL = 100 * 1024
DEEPEST = 2  # a table in a chart in a text
FIRST, LAST = b"PK\3\4", b"PK\5\6"
LENGTH_OF_LAST = 22
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # also what Office makes of a file with a password
STORED, DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
CANNOT_BE_LISTED = (
    zipfile.BadZipFile,
    NotImplementedError,
    ValueError,
    OverflowError,
    OSError,
    struct.error,
)

MAIN = "application/vnd.openxmlformats-officedocument.{}.main+xml"
OFFICE = {
    "docx": MAIN.format("wordprocessingml.document"),
    "xlsx": MAIN.format("spreadsheetml.sheet"),
    "pptx": MAIN.format("presentationml.presentation"),
}
ODT = b"application/vnd.oasis.opendocument.text"
ENDINGS = (*OFFICE, "odt")
MACROS = re.compile(r"macroenabled|vbaproject|vbadata|activex|ms-office\.vba", re.IGNORECASE)
CALLS_A_MACRO = b"vnd.sun.star.script:"
REMOTE_TEMPLATE = re.compile(
    rb"<[^>]*/(?:attachedTemplate|oleObject|frame|subDocument)\"[^>]*>", re.IGNORECASE
)
ELSEWHERE = re.compile(rb"Target\s*=\s*[\"'](?:https?|ftp):", re.IGNORECASE)

WITH_MACROS = _(
    "This file holds macros, small programs. Save it without macros, or as PDF, and choose that."
)
WITH_PASSWORD = _("This file opens with a password only. Save it without one, and choose that.")
WITH_FILES = _(
    "This file holds other files that we cannot look into. Save it without them, or as PDF, "
    "and choose that."
)
TOO_MUCH = _(
    "This file is too large once it is unpacked. Save it as PDF, or with smaller pictures."
)
FROM_ELSEWHERE = _(
    "This file fetches parts of itself from the internet. Save it as PDF, and choose that."
)


class NotAPackage(Exception):
    """It is no ZIP of the kind that office programs write, or it is damaged."""


class Package:
    """A ZIP file, its parts unpacked. `left` is how much they may come to in all."""

    def __init__(self, data: bytes, *, left: int = LARGEST_UNPACKED, depth: int = 0):
        self.data, self.left, self.depth = data, left, depth
        if not data.startswith(FIRST) or data.rfind(LAST) != len(data) - LENGTH_OF_LAST:
            raise NotAPackage
        try:
            with zipfile.ZipFile(BytesIO(data)) as archive:
                self.entries = archive.infolist()
        except CANNOT_BE_LISTED as fault:
            raise NotAPackage from fault
        self.check_names()
        self.parts = {entry.filename: self.unpack(entry) for entry in self.entries}
        self.check_parts()

    def check_names(self):
        names = [entry.orig_filename for entry in self.entries]
        if len(names) > MOST_PARTS:
            raise ValidationError(TOO_MUCH)
        if len({name.casefold() for name in names}) < len(names) or not all(map(is_inside, names)):
            raise NotAPackage

    def unpack(self, entry: zipfile.ZipInfo) -> bytes:
        if entry.flag_bits & 0x1:
            raise ValidationError(WITH_PASSWORD)
        self.left -= entry.file_size
        if self.left < 0 or entry.file_size > max(SMALL, entry.compress_size * MOST_PACKED):
            raise ValidationError(TOO_MUCH)
        content = inflate(self.packed(entry), entry)
        if len(content) != entry.file_size or zlib.crc32(content) != entry.CRC:
            raise NotAPackage
        return content

    def packed(self, entry: zipfile.ZipInfo) -> bytes:
        """The bytes of a part, where its own header says; which must name it as the list does."""
        head = self.data[entry.header_offset : entry.header_offset + 30]
        if not head.startswith(FIRST) or len(head) < 30:
            raise NotAPackage
        name_length, extra_length = struct.unpack_from("<HH", head, 26)
        begin = entry.header_offset + 30 + name_length
        name = self.data[begin - name_length : begin]
        encoding = "utf-8" if entry.flag_bits & 0x800 else "cp437"
        if name != entry.orig_filename.encode(encoding, errors="replace"):
            raise NotAPackage
        return self.data[begin + extra_length : begin + extra_length + entry.compress_size]

    def check_parts(self):
        for name, content in self.parts.items():
            if MACROS.search(name):
                raise ValidationError(WITH_MACROS)
            if content.startswith(OLD_OFFICE):
                raise ValidationError(WITH_FILES)
            if content.startswith((FIRST, LAST)):
                self.check_inner(name, content)
            if name.endswith(".rels") and fetches(content):
                raise ValidationError(FROM_ELSEWHERE)

    def check_inner(self, name: str, content: bytes):
        """A chart brings its table along as a file of its own: that is looked into like the outer one."""
        ending = name.rsplit(".", 1)[-1].lower()
        if self.depth >= DEEPEST or ending not in ENDINGS:
            raise ValidationError(WITH_FILES)
        try:
            inner = Package(content, left=self.left, depth=self.depth + 1)
            inner.check_is(ending)
        except NotAPackage as fault:
            raise ValidationError(WITH_FILES) from fault
        self.left = inner.left

    def check_is(self, ending: str):
        if ending == "odt":
            self.check_is_text()
        else:
            self.check_is_office(OFFICE[ending])

    def check_is_office(self, main: str):
        types = content_types(self.parts.get("[Content_Types].xml", b""))
        if any(MACROS.search(kind) for kind, _part in types):
            raise ValidationError(WITH_MACROS)
        places = [part.lstrip("/") for kind, part in types if kind == main]
        if len(places) != 1 or places[0] not in self.parts or "_rels/.rels" not in self.parts:
            raise NotAPackage

    def check_is_text(self):
        first = self.entries[0]
        if first.filename != "mimetype" or first.compress_type != STORED:
            raise NotAPackage
        if self.parts["mimetype"] != ODT or "content.xml" not in self.parts:
            raise NotAPackage
        if b"encryption-data" in self.parts.get("META-INF/manifest.xml", b""):
            raise ValidationError(WITH_PASSWORD)
        scripts = any(name.startswith(("Basic/", "Scripts/")) for name in self.parts)
        if scripts or any(CALLS_A_MACRO in content for content in self.parts.values()):
            raise ValidationError(WITH_MACROS)


def is_inside(name: str) -> bool:
    """Whether the name of a part leads nowhere but into its package."""
    steps = name.removesuffix("/").split("/")
    return not set(steps) & {"", ".", ".."} and not set(name) & {"\\", "\0", ":"}


def inflate(packed: bytes, entry: zipfile.ZipInfo) -> bytes:
    """Unpack a part, and not a byte more than it says it has."""
    if entry.compress_type == STORED:
        return packed
    if entry.compress_type != DEFLATED:
        raise NotAPackage
    unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = unpacking.decompress(packed, entry.file_size + 1)
    except zlib.error as fault:
        raise NotAPackage from fault
    if not unpacking.eof or unpacking.unused_data:
        raise NotAPackage
    return content


def fetches(relations: bytes) -> bool:
    """Whether a part is to be fetched from elsewhere when somebody opens the file. Links may be there."""
    return any(ELSEWHERE.search(one) for one in REMOTE_TEMPLATE.findall(relations))


def content_types(xml: bytes) -> list[tuple[str, str]]:
    """What a package of Office says its parts are: (type, part), and (type, "") for whole endings."""
    if b"\0" in xml or b"<!" in xml.replace(b"<!--", b""):  # no entities, in no encoding
        raise NotAPackage
    try:
        root = ElementTree.fromstring(xml)  # noqa: S314 # without declarations there is nothing to expand
    except (ElementTree.ParseError, ValueError, LookupError) as fault:
        raise NotAPackage from fault
    return [(one.get("ContentType", ""), one.get("PartName", "")) for one in root]


def check_package(data: bytes, ending: str):
    """Raises ValidationError with what to do about it, or NotAPackage."""
    if data.startswith(OLD_OFFICE):
        raise ValidationError(WITH_PASSWORD)
    Package(data).check_is(ending)
