"""Pictures that people send in: made small, and without anything but what is to be seen.

A picture is drawn anew from its pixels, so that place, time, device, names and whatever else a camera
or a program wrote into the file (EXIF, XMP, IPTC, comments, a second picture behind it) stay behind.
"""

import struct
import zlib
from io import BytesIO
from warnings import catch_warnings, simplefilter

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

LARGEST = 10 * 1024 * 1024  # bytes of the file sent in
# What claims more is refused before it is unpacked. A JPEG is read at a fraction of its size.
MOST_PIXELS = {"JPEG": 120_000_000, "PNG": 30_000_000, "WEBP": 30_000_000}
LONGEST_SIDE = 1280  # pixels, as it is kept: enough for a page of paper
QUALITY = 82
FORMATS = tuple(MOST_PIXELS)

# What Pillow raises where a file is no picture, or a damaged one.
DAMAGED = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    OverflowError,
    struct.error,
    zlib.error,
    Image.DecompressionBombError,
)
NOT_A_PICTURE = _("Choose a JPG, PNG or WebP picture. This file is none, or is damaged.")
HEIC = _(
    "This picture is of the kind HEIC, which some phones take. Save it as JPG, and choose that."
)
TOO_LARGE = _("Choose a picture of at most 10 MB.")
TOO_MANY_PIXELS = _("This picture is too large. Make it smaller, or take it again.")
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}


def cleaned(upload) -> ContentFile:
    """Return the picture as it is kept: a JPEG of modest size, upright, with no metadata.

    Raises ValidationError with what to send instead.
    """
    if upload.size > LARGEST:
        raise ValidationError(TOO_LARGE)
    upload.seek(0)
    picture = opened(upload)
    kept = Image.new("RGB", picture.size, "white")
    kept.paste(picture, mask=picture.getchannel("A") if picture.mode == "RGBA" else None)
    file = BytesIO()
    kept.save(file, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return ContentFile(file.getvalue(), name="picture.jpg")


def opened(upload) -> Image.Image:
    """Return the picture, upright and small, as RGB or RGBA. Raises ValidationError."""
    try:
        with catch_warnings():
            simplefilter("ignore")  # about odd files, which are opened or refused all the same
            with Image.open(upload, formats=FORMATS) as picture:
                refuse_if_huge(picture)
                picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # less to read of a large JPEG
                ImageOps.exif_transpose(picture, in_place=True)
                return in_colours(picture, (LONGEST_SIDE, LONGEST_SIDE))
    except DAMAGED as e:
        raise ValidationError(HEIC if is_heic(upload) else NOT_A_PICTURE) from e


def is_heic(upload) -> bool:
    """Told from its first bytes alone: it is refused either way, this says only what to do."""
    upload.seek(0)
    start = upload.read(12)
    return start[4:8] == b"ftyp" and start[8:] in HEIC_BRANDS


def refuse_if_huge(picture: Image.Image):
    if picture.width * picture.height > MOST_PIXELS[picture.format]:
        raise ValidationError(TOO_MANY_PIXELS)


def in_colours(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    """Return a picture that fits into a size, as RGB, or RGBA where parts of it are see-through."""
    if picture.mode.startswith("I"):  # grey, of 16 bits
        picture = picture.point(lambda value: value / 256).convert("L")
    see_through = picture.has_transparency_data
    picture = picture.convert("RGBA" if see_through else "RGB")
    picture.thumbnail(size)
    return picture
