"""Rows copied from a spreadsheet: a date, a value and perhaps a note in each."""

import csv
import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import TextChoices
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from partnerships.numbers import NotANumber, parse_number

MOST = 500  # rows at once
LONGEST_NOTE = 500
YEAR_FIRST = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})")
YEAR_LAST = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4}|[0-9]{2})")
HOUR = re.compile(r"[ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2})?( ?[AaPp][Mm])?$")
CENTURY = 2000  # of years written with two digits


class Order(TextChoices):
    """Which comes first in a date such as 3/4/2027."""

    MONTH = "month", _("The month first, such as 1/31/2027")
    DAY = "day", _("The day first, such as 31/1/2027")


@dataclass
class Row:
    number: int  # as the lines of a spreadsheet are counted
    said: str  # what stood there
    on: date | None = None
    value: Decimal | None = None
    note: str = ""
    problem: str = ""  # why it cannot be taken
    is_known: bool = False  # the same day and value are there already


@dataclass
class Reading:
    """What was understood."""

    rows: list[Row]
    order: Order
    header: str = ""  # a first row without a date or a number
    has_slashes: bool = False  # some date depends on the order

    @property
    def problems(self) -> list[Row]:
        return [row for row in self.rows if row.problem]

    @property
    def known(self) -> list[Row]:
        return [row for row in self.rows if row.is_known]

    @property
    def new(self) -> list[Row]:
        return [row for row in self.rows if not row.problem and not row.is_known]

    @property
    def may_be_saved(self) -> bool:
        return bool(self.new) and not self.problems


def read(text: str, *, goal, order: str = "") -> Reading:
    """Understand what was pasted, row by row, for a goal."""
    lines = [(number, cells) for number, cells in cells_of(text) if any(cells)]
    header = ""
    if lines and is_header(lines[0][1]):
        header = ", ".join(filter(None, lines.pop(0)[1]))
    dates = [cells[0] for _number, cells in lines]
    order = Order(order) if order in Order else usual_order(dates)
    rows = [understand(number, cells, order) for number, cells in lines]
    for row, (_number, cells) in zip(rows, lines, strict=True):
        if not row.problem and is_torn(cells, separator_of(text)):
            row.problem = gettext("Put a number with a comma into quotes, or use tabs.")
    check(rows, goal)
    return Reading(rows, order, header, any(YEAR_LAST.fullmatch(day_of(one)) for one in dates))


def separator_of(text: str) -> str:
    """Tabs, as a spreadsheet copies its columns; else semicolons; else commas."""
    return next((mark for mark in "\t;" if mark in text), ",")


def cells_of(text: str) -> list[tuple[int, list[str]]]:
    """Take the text apart, line by line, with quotes as spreadsheets write them."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    separator = separator_of(text)
    reader = csv.reader((f"{line}\n" for line in lines), delimiter=separator, strict=True)
    try:
        return [(reader.line_num, tidied(cells)) for cells in reader]
    except csv.Error:  # a quotation mark that is none: take each line as it stands
        return [(number, tidied(line.split(separator))) for number, line in enumerate(lines, 1)]


def tidied(cells: list[str]) -> list[str]:
    return [" ".join(cell.split()) for cell in cells]


def is_header(cells: list[str]) -> bool:
    """Whether a row names its columns: no digit in its date, nor in its value."""
    return not any(letter.isdigit() for cell in cells[:2] for letter in cell)


def day_of(cell: str) -> str:
    """A date without the hour that some spreadsheets add."""
    return HOUR.sub("", cell)


def usual_order(dates: list[str]) -> Order:
    """The order of the page's language, unless some date fits the other one only."""
    usual = Order.DAY if get_language() == "vi" else Order.MONTH
    other = Order.MONTH if usual == Order.DAY else Order.DAY
    told = [one for one in dates if YEAR_LAST.fullmatch(day_of(one))]
    for order in (usual, other):
        if all(parse_day(one, order) for one in told):
            return order
    return usual


def parse_day(cell: str, order: Order) -> date | None:
    cell = day_of(cell)
    try:
        if found := YEAR_FIRST.fullmatch(cell):
            year, month, day = map(int, found.groups())
        elif found := YEAR_LAST.fullmatch(cell):
            one, two, year = map(int, found.groups())
            month, day = (one, two) if order == Order.MONTH else (two, one)
            year += CENTURY if year < 100 else 0
        else:
            return None
        return date(year, month, day)
    except ValueError:
        return None


def understand(number: int, cells: list[str], order: Order) -> Row:
    row = Row(number, said=" | ".join(filter(None, cells)))
    row.on = parse_day(cells[0], order)
    if not row.on:
        row.problem = gettext("Write the date as 2027-01-31.")
        return row
    try:
        row.value = parse_number(cells[1] if cells[1:] else "", either=True)
    except NotANumber:
        row.problem = gettext("Write the value as a number, such as 1,250.5.")
        return row
    row.note = ", ".join(filter(None, cells[2:]))
    if len(row.note) > LONGEST_NOTE:
        row.problem = gettext("Shorten the note to %(count)s characters.") % {"count": LONGEST_NOTE}
    return row


def is_torn(cells: list[str], separator: str) -> bool:
    """Whether a comma that may belong to a number has parted it: 12,5 between commas."""
    return separator == "," and any(cell.isdecimal() for cell in cells[2:3])


def check(rows: list[Row], goal):
    """Find the days that cannot be, and what is there already or stands here twice."""
    seen = {(row.on, row.value) for row in goal.counted}
    for row in rows:
        if row.problem:
            continue
        row.problem = goal.why_not_on(row.on)
        row.is_known = not row.problem and (row.on, row.value) in seen
        seen.add((row.on, row.value))
