"""Pictures to scan: as SVG that stands in the page, since our policy loads no data: images; and as files."""

from io import BytesIO

import qrcode
from django.utils.safestring import SafeString, mark_safe
from qrcode.image.pil import PilImage
from qrcode.image.svg import SvgPathImage


def as_svg(text: str) -> SafeString:
    picture = qrcode.make(text, image_factory=SvgPathImage)
    return mark_safe(picture.to_string(encoding="unicode"))  # noqa: S308 # a path of squares


def as_svg_file(text: str) -> bytes:
    return qrcode.make(text, image_factory=SvgPathImage).to_string(encoding="utf-8")


def as_png_file(text: str) -> bytes:
    """Large enough for a poster."""
    file = BytesIO()
    qrcode.make(text, image_factory=PilImage, box_size=24).save(file)
    return file.getvalue()
