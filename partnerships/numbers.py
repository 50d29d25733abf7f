"""Numbers as people write them: “1,250.5” in English, “1.250,5” in Vietnamese."""

import re
from decimal import Decimal

from babel.numbers import format_decimal
from django.utils.translation import get_language

WHOLE, DECIMALS = 12, 2  # digits that the columns hold before and after the point
POINT, COMMA = ".", ","
PATTERNS = {
    point: re.compile(
        rf"[-−]?([0-9]{{1,3}}([{group} ][0-9]{{3}})+|[0-9]+)(\{point}[0-9]+)?", re.ASCII
    )
    for point, group in ((POINT, COMMA), (COMMA, POINT))
}


class NotANumber(ValueError):
    """It is not written as a number, or it has more digits than are kept."""


class TooLarge(NotANumber):
    """It has more digits before the point than are kept."""


def decimal_mark() -> str:
    """The mark before decimals in the language of the page."""
    return COMMA if get_language() == "vi" else POINT


def parse_number(text: str, *, either: bool = False) -> Decimal:
    """Read a number as the language of the page writes it. Raises NotANumber.

    With `either`, what can only have been written the other way (“12,5” on an English page) is
    read that way; what both could have written goes by the page.
    """
    text = text.replace("\N{NO-BREAK SPACE}", " ").strip()
    mark = decimal_mark()
    marks = [mark, COMMA if mark == POINT else POINT] if either else [mark]
    for point in marks:
        if PATTERNS[point].fullmatch(text):
            return fitting(text, point)
    raise NotANumber


def fitting(text: str, point: str) -> Decimal:
    whole, _, decimals = text.replace("−", "-").partition(point)
    whole = re.sub("[., ]", "", whole)
    if len(whole.lstrip("-").lstrip("0")) > WHOLE:
        raise TooLarge
    if len(decimals) > DECIMALS:  # “1.250” on an English page is more likely a thousand
        raise NotANumber
    return Decimal(f"{whole}.{decimals.rstrip('0') or '0'}") + 0  # no minus before a zero


def number(value) -> str:
    """Write a number as the language of the page does, without zeros that say nothing."""
    return format_decimal(Decimal(value), format="#,##0.##", locale=get_language())


def amount_words(value) -> str:
    """The same for what is often money: two decimals or none."""
    value = Decimal(value)
    is_whole = value == value.to_integral_value()
    return format_decimal(value, format="#,##0" if is_whole else "#,##0.00", locale=get_language())


def tenths(value) -> str:
    """Write a mean: always with one decimal."""
    return format_decimal(Decimal(value), format="0.0", locale=get_language())


def change(value) -> str:
    """Write by how much a mean has changed, with its sign."""
    value = Decimal(value)
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return f"{sign}{tenths(abs(value))}"
