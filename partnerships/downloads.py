"""Files that are handed out: to keep, or pictures to see."""

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

A_WEEK = "private, max-age=604800, immutable"


def to_keep(content: bytes, content_type: str, name: str) -> HttpResponse:
    """A file to keep, under its own name in any letters. Browsers are told not to guess what it is (nosniff)."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    headers = {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=content_type, headers=headers)


def picture_of(win, name: str, *, cache: str = A_WEEK) -> HttpResponse:
    """The picture of a win, if it is still the one of this name (else 404).

    Whoever calls this has made sure that the reader may see the win. Browsers may keep the picture,
    since another one has another name.
    """
    if not name or name != win.picture_name:
        raise Http404
    try:
        with win.picture.open() as file:
            content = file.read()
    except FileNotFoundError:  # removed just now
        raise Http404 from None
    return HttpResponse(content, content_type="image/jpeg", headers={"Cache-Control": cache})
