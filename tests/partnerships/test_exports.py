"""CSV that no spreadsheet computes, read back by the standard library."""

import csv
import io
import unicodedata
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from partnerships.exports import begins_like_a_formula, cell, harmless, write_csv

LIVE = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx"]
DISGUISED = [
    *(f"{space}=1" for space in (" ", "   ", "\u00a0", "\u200b", "\ufeff", "\n", "\x00", "\u202e")),
    *(f"{sign}1" for sign in "＝＋－＠﹦﹢﹣﹫−"),
    " \t=1",
]
texts = st.text(st.characters(codec="utf-8"), max_size=40)


def written(rows, header=("A", "B")) -> bytes:
    file = io.BytesIO()
    write_csv(file, header, rows)
    return file.getvalue()


def read(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True))


@pytest.mark.parametrize("text", [*LIVE, *DISGUISED])
def test_a_text_that_would_be_computed_gets_an_apostrophe(text):
    assert cell(text) == "'" + text.replace("\0", "")


@pytest.mark.parametrize(
    "text", ["", "Twelve students", "a=b", "1-2", "'=1", "đ = d", "🤖 =1", "  x"]
)
def test_other_texts_stay_as_they_are(text):
    assert cell(text) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (-3, "-3"),
        (0, "0"),
        (Decimal("-12.50"), "-12.5"),
        (Decimal("100.00"), "100"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.00"), "0"),
        (date(2026, 3, 9), "2026-03-09"),
        (time(9, 30), "09:30"),
    ],
)
def test_numbers_are_numbers_and_days_are_iso(value, text):
    assert cell(value) == text


def test_times_are_said_by_the_clock_at_hand():
    with timezone.override("Asia/Ho_Chi_Minh"):
        assert cell(datetime(2026, 3, 9, 20, 15, tzinfo=UTC)) == "2026-03-10T03:15+07:00"


def test_it_is_utf_8_with_a_mark_and_ends_lines_by_the_rfc():
    content = written([["Phụ huynh", 'say "yes", please'], ["two\nlines", -1]])

    assert content.startswith(b"\xef\xbb\xbfA,B\r\n")
    assert content.endswith(b'"two\nlines",-1\r\n')
    assert read(content)[1:] == [["Phụ huynh", 'say "yes", please'], ["two\nlines", "-1"]]


@given(texts)
def test_no_text_begins_like_a_formula_any_more(text):
    said = harmless(text)

    assert not begins_like_a_formula(said)
    assert said.removeprefix("'") == text.replace("\0", "").removeprefix("'")
    seen = [letter for letter in said if unicodedata.category(letter)[0] not in "CZ"]
    assert not seen or unicodedata.normalize("NFKC", seen[0])[0] not in "=+-@"


@given(st.lists(st.lists(texts | st.integers() | st.none(), min_size=2, max_size=2), max_size=5))
def test_whatever_is_written_is_read_back(rows):
    assert read(written(rows)) == [["A", "B"], *([cell(value) for value in row] for row in rows)]


@given(st.decimals(-(10**12), 10**12, places=2))
def test_a_number_is_read_back_as_the_same_number(number):
    assert Decimal(cell(number)) == number


def test_what_cannot_be_written_in_utf_8_breaks_nothing():
    assert read(written([["a\ud800b", "x"]]))[1] == ["a?b", "x"]
