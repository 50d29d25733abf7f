"""Pictures that people send in: made small, and without anything but what is to be seen.

A picture is drawn anew from its pixels, so that place, time, device, names and whatever else a camera
or a program wrote into the file (EXIF, XMP, IPTC, comments, a second picture behind it) stay behind.
"""

import struct
from io import BytesIO
from warnings import catch_warnings, simplefilter

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _
from PIL import Image, ImageOps

LARGEST = 10 * 1024 * 1024  # bytes of the file sent in
MOST_PIXELS = 60_000_000  # more than any phone takes; what claims more is no photograph
LONGEST_SIDE = 1600  # pixels, as it is kept
QUALITY = 82
FORMATS = ("JPEG", "PNG", "WEBP")

NOT_A_PICTURE = _("Choose a JPG, PNG or WebP picture. This file is none, or is damaged.")
TOO_LARGE = _("Choose a picture of at most 10 MB.")
TOO_MANY_PIXELS = _("This picture is too large. Make it smaller, or take it again.")


def cleaned(upload) -> ContentFile:
    """Return the picture as it is kept: a JPEG of modest size, upright, with no metadata.

    Raises ValidationError with what to send instead.
    """
    if upload.size > LARGEST:
        raise ValidationError(TOO_LARGE)
    upload.seek(0)
    picture = opened(upload)
    kept = Image.new("RGB", picture.size, "white")
    has_alpha = picture.mode in {"RGBA", "LA", "PA"}
    kept.paste(picture, mask=picture.getchannel("A") if has_alpha else None)
    file = BytesIO()
    kept.save(file, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return ContentFile(file.getvalue(), name="picture.jpg")


def opened(upload) -> Image.Image:
    """Return the picture, upright and small. Raises ValidationError."""
    try:
        with catch_warnings():
            simplefilter("ignore")  # about odd files, which are opened or refused all the same
            with Image.open(upload, formats=FORMATS) as picture:
                if picture.width * picture.height > MOST_PIXELS:
                    raise ValidationError(TOO_MANY_PIXELS)
                picture.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # less to read of a large JPEG
                upright = ImageOps.exif_transpose(picture)
                upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
                return upright if upright.mode == "RGB" else upright.convert("RGBA")
    except ValidationError:
        raise
    except (
        OSError,
        SyntaxError,
        ValueError,
        TypeError,
        EOFError,
        struct.error,
        Image.DecompressionBombError,
    ) as e:
        raise ValidationError(NOT_A_PICTURE) from e
