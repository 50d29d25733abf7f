"""Scans that people send in: what is let in is decided by what a file holds, not by what it says it is."""

import struct
import zlib

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

LARGEST = 10 * 1024 * 1024
CONTENT_TYPES = {"pdf": "application/pdf", "png": "image/png", "jpg": "image/jpeg"}
ENDINGS = {"pdf": "pdf", "png": "png", "jpg": "jpg", "jpeg": "jpg"}
PNG = b"\x89PNG\r\n\x1a\n"
TAIL = 2048  # bytes in which a PDF says that it ends
NOT_A_SCAN = _("Choose a PDF, PNG or JPG file. This one is none of these, or is damaged.")


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


def check_scan(upload):
    """Return the upload, named for what it is. Raises ValidationError with what to send instead."""
    if upload.size > LARGEST:
        raise ValidationError(_("Choose a file of at most 10 MB."))
    ending = ENDINGS.get(upload.name.rsplit(".", 1)[-1].lower())
    upload.seek(0)
    data = upload.read()
    upload.seek(0)
    if ending is None or not IS[ending](data):
        raise ValidationError(NOT_A_SCAN)
    upload.name = f"scan.{ending}"
    return upload
