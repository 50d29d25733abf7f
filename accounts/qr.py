"""Pictures to scan, as SVG that stands in the page itself: our policy loads no data: images."""

import qrcode
from django.utils.safestring import SafeString, mark_safe
from qrcode.image.svg import SvgPathImage


def as_svg(text: str) -> SafeString:
    picture = qrcode.make(text, image_factory=SvgPathImage)
    return mark_safe(picture.to_string(encoding="unicode"))  # noqa: S308 # a path of squares
