"""Pictures that people send in: nothing in them but what is to be seen, and no file brings the page down."""

import random
import struct
import zlib
from collections import Counter
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from PIL import Image, ImageCms, PngImagePlugin

from partnerships.pictures import (
    HEIC,
    LARGEST,
    LONGEST_SIDE,
    NOT_A_PICTURE,
    TOO_LARGE,
    TOO_MANY_PIXELS,
    cleaned,
)
from tests.files import chunk, pdf, upload

CANARY = b"canary-37.7749-N"
WORD = CANARY.decode()
GPS, MAKER_NOTE, ORIENTATION, COMMENT = 0x8825, 0x927C, 0x0112, 0x9286
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF>{WORD}</rdf:RDF></x:xmpmeta>'.encode()


def photo(size=(80, 60), mode="RGB", colour="steelblue") -> Image.Image:
    """Its upper left quarter is red, so that one sees which side is up."""
    picture = Image.new("RGB", size, colour)
    picture.paste("red", (0, 0, size[0] // 2, size[1] // 2))
    return picture.convert(mode)


def saved(picture: Image.Image, kind: str, **how) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **how)
    return file.getvalue()


def exif(*, orientation=1) -> bytes:
    found = Image.Exif()
    found[ORIENTATION] = orientation
    found[0x010F] = found[0x013B] = found[0x010E] = WORD  # maker, artist, what it shows
    found.get_ifd(GPS).update({1: "N", 2: (37.0, 46.0, 29.64), 29: WORD})
    found.get_ifd(0x8769).update({0x9003: WORD, MAKER_NOTE: CANARY, COMMENT: CANARY})
    return found.tobytes()


def segment(marker: int, data: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def with_segments(jpeg: bytes, *segments: bytes) -> bytes:
    return jpeg[:2] + b"".join(segments) + jpeg[2:]


def with_chunks(png: bytes, *chunks: bytes) -> bytes:
    end = png.index(b"IDAT") - 4
    return png[:end] + b"".join(chunks) + png[end:]


def thumbnail_in_exif() -> bytes:
    """EXIF as cameras write it: a second, small JPEG within, with a comment of its own."""
    small = with_segments(saved(photo((16, 12)), "JPEG"), segment(0xFE, CANARY))
    first = struct.pack("<H", 0) + struct.pack("<I", 14)  # no entries; the next directory is at 14
    entries = [(0x0201, 4, 1, 14 + 2 + 24 + 4), (0x0202, 4, 1, len(small))]
    second = struct.pack("<H", 2) + b"".join(struct.pack("<HHII", *one) for one in entries)
    return b"Exif\0\0II*\0" + struct.pack("<I", 8) + first + second + struct.pack("<I", 0) + small


def iptc() -> bytes:
    record = b"\x1c\x02\x5a" + struct.pack(">H", len(CANARY)) + CANARY  # the city
    return (
        b"Photoshop 3.0\08BIM\x04\x04\0\0"
        + struct.pack(">I", len(record))
        + record
        + b"\0" * (len(record) % 2)
    )


def profile() -> bytes:
    made = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return made + CANARY


PHOTO = saved(photo(), "JPEG")
WITH_SECRETS = {
    "EXIF with GPS": saved(photo(), "JPEG", exif=exif()),
    "EXIF with a thumbnail": with_segments(PHOTO, segment(0xE1, thumbnail_in_exif())),
    "XMP": with_segments(PHOTO, segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP)),
    "IPTC": with_segments(PHOTO, segment(0xED, iptc())),
    "ICC": saved(photo(), "JPEG", icc_profile=profile()),
    "comment": with_segments(PHOTO, segment(0xFE, CANARY)),
    "unknown segment": with_segments(PHOTO, segment(0xEC, CANARY)),
    "behind the end": PHOTO + CANARY,
    "a second picture behind the end": PHOTO + saved(photo(), "JPEG", comment=CANARY),
    "a PDF behind the end": PHOTO + pdf(CANARY),
    "PNG text": saved(
        photo(),
        "PNG",
        pnginfo=(lambda info: info.add_text("Author", WORD) or info)(PngImagePlugin.PngInfo()),
    ),
    "PNG packed text": with_chunks(
        saved(photo(), "PNG"), chunk(b"zTXt", b"Author\0\0" + zlib.compress(CANARY))
    ),
    "PNG international text": with_chunks(
        saved(photo(), "PNG"), chunk(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP)
    ),
    "PNG EXIF": saved(photo(), "PNG", exif=exif()),
    "PNG behind the end": saved(photo(), "PNG") + CANARY,
    "WebP EXIF and XMP": saved(photo(), "WEBP", exif=exif(), xmp=XMP),
    "WebP ICC": saved(photo(), "WEBP", icc_profile=profile()),
}


@pytest.mark.parametrize("kind", WITH_SECRETS)
def test_nothing_but_the_picture_is_kept(kind):
    sent = WITH_SECRETS[kind]
    assert CANARY in sent or zlib.compress(CANARY) in sent  # the control

    kept = cleaned(upload(f"{WORD}.jpg", sent))

    content = kept.read()
    picture = Image.open(BytesIO(content))
    picture.load()
    assert CANARY not in content
    assert WORD not in kept.name
    assert (picture.format, picture.mode, picture.size) == ("JPEG", "RGB", (80, 60))
    assert dict(picture.getexif()) == {}
    assert set(picture.info) <= {
        "jfif",
        "jfif_version",
        "jfif_unit",
        "jfif_density",
        "progressive",
        "progression",
    }
    assert sorted({one[0] for one in segments_of(content)}) == [0xC2, 0xC4, 0xDA, 0xDB, 0xE0]
    assert content.endswith(b"\xff\xd9")
    assert content.count(b"\xff\xd8\xff") == 1


def segments_of(jpeg: bytes):
    """The segments of a JPEG up to the picture itself."""
    place = 2
    while place < len(jpeg):
        marker, length = struct.unpack_from(">xBH", jpeg, place)
        yield marker, jpeg[place + 4 : place + 2 + length]
        if marker == 0xDA:
            return
        place += 2 + length


@pytest.mark.parametrize("orientation", range(1, 9))
def test_it_stands_upright(orientation):
    """As it is to be seen, red is at the upper left; the camera has stored it turned."""
    turned = {
        1: None, 2: Image.Transpose.FLIP_LEFT_RIGHT, 3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM, 5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90, 7: Image.Transpose.TRANSVERSE, 8: Image.Transpose.ROTATE_270,
    }[orientation]  # fmt: skip
    stored = photo() if turned is None else photo().transpose(turned)

    kept = Image.open(
        cleaned(upload("a.jpg", saved(stored, "JPEG", exif=exif(orientation=orientation))))
    )

    assert kept.size == (80, 60)
    red, _green, blue = kept.getpixel((10, 10))
    assert (red > 200, blue < 60) == (True, True)
    assert kept.getpixel((70, 50))[2] > 120


SIZES = [
    ((4000, 3000), (LONGEST_SIDE, 960)),
    ((300, 5000), (77, LONGEST_SIDE)),
    ((20, 10), (20, 10)),
]


@pytest.mark.parametrize(("size", "kept"), SIZES)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_it_is_made_small_and_never_larger(kind, size, kept):
    assert Image.open(cleaned(upload("a", saved(photo(size), kind)))).size == kept


MODES = {
    "CMYK": ("JPEG", "CMYK"),
    "grey": ("JPEG", "L"),
    "two colours": ("PNG", "1"),
    "palette": ("PNG", "P"),
    "grey and see-through": ("PNG", "LA"),
    "see-through": ("PNG", "RGBA"),
    "see-through WebP": ("WEBP", "RGBA"),
}


@pytest.mark.parametrize("kind", MODES)
def test_colours_of_every_kind_are_kept_as_one_sees_them(kind):
    file, mode = MODES[kind]

    kept = Image.open(cleaned(upload("a", saved(photo(mode=mode), file))))

    assert (kept.mode, kept.size) == ("RGB", (80, 60))
    if mode in {"CMYK", "P", "RGBA"}:
        red, green, blue = kept.getpixel((10, 10))
        assert (red > 180, green < 80, blue < 80) == (True, True, True)


def test_what_is_see_through_is_white():
    kept = Image.open(
        cleaned(upload("a.png", saved(Image.new("RGBA", (9, 9), (0, 0, 0, 0)), "PNG")))
    )

    assert kept.getpixel((4, 4)) == (255, 255, 255)


def test_a_colour_of_the_palette_that_is_see_through_is_white():
    picture = Image.new("P", (9, 9), 0)
    picture.putpalette([0, 0, 0, 255, 0, 0])

    kept = Image.open(cleaned(upload("a.png", saved(picture, "PNG", transparency=0))))

    assert kept.getpixel((4, 4)) == (255, 255, 255)


def test_grey_of_sixteen_bits_is_neither_black_nor_white():
    picture = Image.new("I;16", (9, 9), 32768)

    kept = Image.open(cleaned(upload("a.png", saved(picture, "PNG"))))

    assert 120 < kept.getpixel((4, 4))[0] < 136


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_a_moving_picture_the_first_is_kept(kind):
    second = Image.new("RGB", (80, 60), "black")
    sent = saved(photo(), kind, save_all=True, append_images=[second])

    kept = Image.open(cleaned(upload("a", sent)))

    assert getattr(kept, "n_frames", 1) == 1
    assert kept.getpixel((10, 10))[0] > 200


def png_that_claims(width, height, rows=b"\0" * 100) -> bytes:
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(rows))
    return b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")


def gif() -> bytes:
    return saved(photo(mode="P"), "GIF")


SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HOSTILE = {
    "nothing": (b"", NOT_A_PICTURE),
    "text": (b"hello", NOT_A_PICTURE),
    "SVG": (SVG, NOT_A_PICTURE),
    "HTML": (b"<!doctype html><script>alert(1)</script>", NOT_A_PICTURE),
    "GIF": (gif(), NOT_A_PICTURE),
    "TIFF": (saved(photo(), "TIFF"), NOT_A_PICTURE),
    "PDF": (pdf(), NOT_A_PICTURE),
    "HEIC": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 200, HEIC),
    "a film": (b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 200, NOT_A_PICTURE),
    "cut off": (PHOTO[: len(PHOTO) // 2], NOT_A_PICTURE),
    "only a beginning": (PHOTO[:4], NOT_A_PICTURE),
    "PNG cut off": (saved(photo((400, 300)), "PNG")[:400], NOT_A_PICTURE),
    "WebP cut off": (saved(photo(), "WEBP")[:60], NOT_A_PICTURE),
    "PNG with a wrong sum": (
        saved(photo(), "PNG").replace(b"IHDR\0\0\0P", b"IHDR\0\0\0Q"),
        NOT_A_PICTURE,
    ),
    "a bomb": (png_that_claims(30_000, 30_000, b"\0" * 9_000_000), NOT_A_PICTURE),
    "larger than it may be": (png_that_claims(8_000, 8_000), TOO_MANY_PIXELS),
    "huge, it claims": (png_that_claims(2**31 - 1, 2**31 - 1), NOT_A_PICTURE),
    "of no size": (png_that_claims(0, 0), NOT_A_PICTURE),
    "of 10 MB and a byte": (PHOTO + b"\0" * (LARGEST + 1 - len(PHOTO)), TOO_LARGE),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_picture_is_refused_in_plain_words(kind):
    content, told = HOSTILE[kind]

    with pytest.raises(ValidationError) as refusal:
        cleaned(upload("a.jpg", content))
    assert refusal.value.messages == [str(told)]


def answer_to(content: bytes) -> str:
    """“kept”, or what is said to whoever sent it."""
    try:
        kept = cleaned(upload("a.jpg", content)).read()
    except ValidationError as refusal:
        return refusal.messages[0]
    return "kept" if CANARY not in kept else "kept with what it should not hold"


def test_packed_text_that_swells_is_not_unpacked():
    swelling = chunk(b"zTXt", b"a\0\0" + zlib.compress(b"a" * 9_000_000))

    assert answer_to(with_chunks(saved(photo(), "PNG"), swelling)) in {"kept", str(NOT_A_PICTURE)}


def test_damage_of_any_kind_is_refused_or_mended_but_is_no_fault():
    """Bytes changed at random, in files of every kind."""
    chance = random.Random(20)
    answers = Counter()
    for number in range(1500):
        content = bytearray(list(WITH_SECRETS.values())[number % len(WITH_SECRETS)])
        for _ in range(chance.choice([1, 2, 5, 40])):
            content[chance.randrange(len(content))] = chance.randrange(256)
        if chance.random() < 0.2:
            del content[chance.randrange(len(content)) :]
        answers[answer_to(bytes(content))] += 1
    assert answers.keys() <= {"kept", str(NOT_A_PICTURE), str(TOO_MANY_PIXELS)}
    assert (answers["kept"] > 100, answers[str(NOT_A_PICTURE)] > 100) == (True, True)
