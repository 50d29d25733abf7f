"""Scans that are sent in: decided by content and size, whatever they call themselves."""

import struct
import zlib
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from partnerships.models import Signature
from partnerships.uploads import LARGEST, check_scan
from tests.agreements import draw_up


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(*extra: bytes) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    picture = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b"\x89PNG\r\n\x1a\n" + head + b"".join(extra) + picture + chunk(b"IEND", b"")


def jpg(comment: bytes = b"") -> bytes:
    segment = b"\xff\xfe" + struct.pack(">H", len(comment) + 2) + comment
    app0 = b"\xff\xe0\x00\x10JFIF\0\1\1\0\0\1\0\1\0\0"
    return (
        b"\xff\xd8" + app0 + segment + b"\xff\xda\x00\x08\1\1\0\0\x3f\0" + b"\x12\x34" + b"\xff\xd9"
    )


PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\nstartxref\n9\n%%EOF\n"
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
HTML = b"<!doctype html><script>alert(1)</script>"

GOOD = {
    "a.pdf": PDF,
    "Scan 12.11.PDF": PDF,
    "a.png": png(),
    "a.jpg": jpg(),
    "a.JPEG": jpg(),
    "photo.jpg": jpg() + b"what phones put behind the picture",
    "words.png": png(chunk(b"tEXt", b"Comment\0hello")),
    "new.pdf": b"%PDF-2.0\n%%EOF",
}
BAD = {
    "an SVG": ("a.svg", SVG),
    "an SVG called PNG": ("a.png", SVG),
    "HTML": ("a.html", HTML),
    "HTML called PDF": ("a.pdf", HTML),
    "HTML before a PDF": ("a.pdf", HTML + PDF),
    "HTML instead of the end of a PDF": ("a.pdf", b"%PDF-1.4\n" + HTML),
    "HTML behind a PNG": ("a.png", png() + HTML),
    "an archive behind a PNG": ("a.png", png() + b"PK\3\4"),
    "a PNG cut short": ("a.png", png()[:-3]),
    "a PNG with a wrong checksum": ("a.png", png().replace(b"IDAT", b"IDAX")),
    "a PNG that begins with text": ("a.png", png()[:8] + chunk(b"tEXt", HTML) + png()[8:]),
    "a JPG cut short": ("a.jpg", jpg()[:-4]),
    "HTML in front of a JPG": ("a.jpg", HTML + jpg()),
    "three bytes of a JPG": ("a.jpg", b"\xff\xd8\xff"),
    "a PDF called PNG": ("a.png", PDF),
    "a PNG called PDF": ("a.pdf", png()),
    "a GIF": ("a.gif", b"GIF89a" + b"\0" * 20),
    "a PDF called HTML": ("a.html", PDF),
    "two endings": ("a.pdf.exe", PDF),
    "no ending": ("pdf", b"%PDF"),
    "only an ending": (".svg", SVG),
    "nothing": ("a.pdf", b""),
    "NUL": ("a.pdf", b"\0" * 100),
    "a word": ("a.doc", b"\xd0\xcf\x11\xe0"),
    "PostScript": ("a.pdf", b"%!PS-Adobe-3.0\n%%EOF"),
}


def upload(name, content):
    return SimpleUploadedFile(name, content, content_type="image/svg+xml")


@pytest.mark.parametrize("name", GOOD)
def test_scans_are_let_in_and_named_for_what_they_are(name):
    checked = check_scan(upload(name, GOOD[name]))

    assert checked.name in {"scan.pdf", "scan.png", "scan.jpg"}
    assert checked.read() == GOOD[name]


@pytest.mark.parametrize("case", BAD)
def test_whatever_else_is_not(case):
    with pytest.raises(ValidationError, match="Choose a PDF, PNG or JPG file"):
        check_scan(upload(*BAD[case]))


def of_size(size: int):
    return upload("a.pdf", b"%PDF-1.4\n".ljust(size - 6, b"x") + b"%%EOF\n")


def test_ten_megabytes_are_the_most():
    assert LARGEST == 10 * 1024 * 1024
    assert check_scan(of_size(LARGEST)).name == "scan.pdf"
    with pytest.raises(ValidationError, match="at most 10 MB"):
        check_scan(of_size(LARGEST + 1))


@given(
    st.binary(max_size=200), st.sampled_from(["", "%PDF-1.4", "\x89PNG\r\n\x1a\n", "\xff\xd8\xff"])
)
def test_no_bytes_make_it_stumble(tail, head):
    for name in ("a.pdf", "a.png", "a.jpg"):
        try:
            check_scan(upload(name, head.encode("latin-1") + tail))
        except ValidationError as refusal:
            assert refusal.messages  # noqa: PT017 # either answer is right, an error is not


# Through the page


@pytest.fixture
def send(client, partnership, alice):
    version = draw_up(partnership, by=alice)
    party = version.parties.last()
    client.force_login(alice)
    url = reverse("desk:sign_on_paper", args=[partnership.pk, 1, party.pk])

    def post(scan):
        data = {
            "name": "Walter Jensen",
            "signed_on": partnership.district.today().isoformat(),
            "fingerprint": version.fingerprint,
        }
        return client.post(url, data | ({"scan": scan} if scan else {}))

    return post


@pytest.mark.parametrize("case", BAD)
def test_the_page_refuses_it_and_keeps_nothing(send, case, settings):
    name, content = BAD[case]

    response = send(upload(name, content))

    said = response.content.decode()
    assert "Choose a PDF, PNG or JPG file" in said
    assert 'value="Walter Jensen"' in said
    assert not Signature.objects.exists()


def test_the_page_refuses_what_is_too_large_and_what_is_missing(send):
    assert "Choose a file of at most 10 MB." in send(of_size(LARGEST + 1)).content.decode()
    assert "Choose the file with the scan." in send(None).content.decode()
    assert not Signature.objects.exists()


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.pdf", "a\0.pdf", "…/ảnh ký.pdf", "a" * 300 + ".pdf"]
)
def test_the_name_it_came_with_leads_nowhere(send, name):
    response = send(upload(name, PDF))

    assert response.status_code == 302
    place = Signature.objects.get().scan.name
    assert place.startswith("agreements/")
    assert len(place) == len("agreements/.pdf") + 32


def test_a_polyglot_that_is_a_good_scan_is_never_shown_as_a_page(send, client):
    """A JPG may hold HTML in its comment. It comes back as a file to keep, as the JPG it is."""
    response = send(upload("a.jpg", jpg(HTML)))
    signature = Signature.objects.get()
    assert response.status_code == 302
    args = [signature.agreement.partnership_id, 1, signature.party_id]

    scan = client.get(reverse("desk:scan", args=args))

    assert scan.headers["Content-Type"] == "image/jpeg"
    assert scan.headers["Content-Disposition"].startswith("attachment")
    assert scan.headers["X-Content-Type-Options"] == "nosniff"


def test_files_are_readable_by_the_program_only(send, settings):
    send(upload("a.pdf", PDF))

    scan = Signature.objects.get().scan
    assert str(settings.MEDIA_ROOT) in scan.path
    assert str(settings.STATIC_ROOT) not in scan.path
    assert scan.storage.base_url in ("", "/")
    assert oct(Path(scan.path).stat().st_mode)[-3:] == "600"
