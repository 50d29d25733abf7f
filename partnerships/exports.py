"""Tables as CSV files that spreadsheets open as they are, and in which no text is taken for a formula."""

import csv
import io
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import IO

from django.utils import timezone

BEGINS_A_FORMULA = "=+-@\u2212"  # the last is the minus of typography
STEERS = "\t\r"


def begins_like_a_formula(text: str) -> bool:
    """Whether a spreadsheet might compute `text`, by its first sign; what cannot be seen does not count."""
    for letter in text:
        if letter in STEERS:
            return True
        if unicodedata.category(letter)[0] not in "CZ":  # control and format signs, spaces
            # Of ＝, ﹣ and the like, the plain sign.
            return unicodedata.normalize("NFKC", letter)[0] in BEGINS_A_FORMULA
    return False


def harmless(text: str) -> str:
    """Return `text` as it may stand in a cell: an apostrophe before it keeps it from being computed."""
    text = text.replace("\0", "")
    return f"'{text}" if begins_like_a_formula(text) else text


def cell(value) -> str:
    """Return a value as CSV has it: numbers plain, dates as ISO 8601, everything else as harmless text."""
    match value:
        case None:
            return ""
        case Decimal():
            return plain(value)
        case int() | float():
            return str(value)
        case datetime():
            return timezone.localtime(value).isoformat(timespec="minutes")
        case date():
            return value.isoformat()
        case time():
            return value.isoformat(timespec="minutes")
    return harmless(str(value))


def plain(number: Decimal) -> str:
    """Return all its digits, without zeros that say nothing: 12.50 is 12.5, 1E+3 is 1000."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def write_csv(file: IO[bytes], header: Iterable, rows: Iterable[Iterable]):
    """Write a table by RFC 4180, row by row; with the mark by which Excel knows UTF-8."""
    text = io.TextIOWrapper(file, "utf-8-sig", errors="replace", newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_MINIMAL)
    writer.writerow([cell(label) for label in header])
    writer.writerows([cell(value) for value in row] for row in rows)
    text.flush()
    text.detach()
