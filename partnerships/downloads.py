"""Files that are handed out: always to keep, never a page to show."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header


def to_keep(content: bytes, content_type: str, name: str) -> HttpResponse:
    """A file to keep, under its own name in any letters. Browsers are told not to guess what it is (nosniff)."""
    disposition = content_disposition_header(as_attachment=True, filename=name)
    headers = {"Content-Disposition": disposition, "Cache-Control": "private, no-store"}
    return HttpResponse(content, content_type=content_type, headers=headers)
