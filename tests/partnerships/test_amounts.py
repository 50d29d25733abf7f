"""Amounts as people type and read them, in both languages, and units that are alike."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from partnerships.amounts import Amount, AmountField, known_unit
from partnerships.numbers import NotANumber, amount_words, parse_number

TYPED = [
    ("en", "1250", Decimal(1250)),
    ("en", "1,250", Decimal(1250)),
    ("en", "1,250.5", Decimal("1250.5")),
    ("en", " 1 250.50 ", Decimal("1250.50")),
    ("en", "0.25", Decimal("0.25")),
    ("en", "1.250", None),  # three decimals: more likely a Vietnamese thousand
    ("en", "1.250,5", None),
    ("en", "12,50", None),
    ("vi", "1.250", Decimal(1250)),
    ("vi", "1.250,5", Decimal("1250.5")),
    ("vi", "4.500.000", Decimal(4_500_000)),
    ("vi", "0,25", Decimal("0.25")),
    ("vi", "1,250", None),
    ("vi", "1,250.5", None),
    ("en", "1 2", None),
    ("vi", "4 500 000", Decimal(4_500_000)),
    ("en", "1e9", None),
    ("en", "NaN", None),
    ("en", "٣", None),
    ("en", "", None),
    ("en", ".5", None),
    ("en", "9" * 5000, None),
]


def read(text):
    try:
        return parse_number(text)
    except NotANumber:
        return None


@pytest.mark.parametrize(("language", "text", "number"), TYPED)
def test_a_number_is_read_as_the_language_of_the_page_writes_it(language, text, number):
    with translation.override(language):
        assert read(text) == number


@pytest.mark.parametrize(
    ("number", "english", "vietnamese"),
    [
        ("1250.5", "1,250.50", "1.250,50"),
        ("4500000", "4,500,000", "4.500.000"),
        ("20.00", "20", "20"),
        ("0.25", "0.25", "0,25"),
        ("999999999999.99", "999,999,999,999.99", "999.999.999.999,99"),
    ],
)
def test_a_number_is_written_so_too_and_read_back(number, english, vietnamese):
    for language, text in (("en", english), ("vi", vietnamese)):
        with translation.override(language):
            assert amount_words(Decimal(number)) == text
            assert read(text) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("many", "Enter a number, such as 1,250.50."),
        ("1" * 13, "Enter a number of at most 12 digits."),
        ("9" * 38, "Enter a number of at most 12 digits."),
        ("0", "Enter a number above 0."),
        ("-5", "Enter a number above 0."),
        ("0.00", "Enter a number above 0."),
        ("1.234", "Enter a number, such as 1,250.50."),
    ],
)
def test_a_field_says_what_to_enter(text, error):
    with pytest.raises(ValidationError) as refused:
        AmountField().clean(text)

    assert refused.value.messages == [error]


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("hours", "hours"),
        (" Hour ", "hours"),
        ("giờ", "hours"),
        ("GIO", "hours"),
        ("ngày", "days"),
        ("usd", "USD"),
        ("$", "USD"),
        ("đồng", "VND"),
        ("vnđ", "VND"),
        ("robot  kits", "robot kits"),
        ("quyển", "quyển"),
    ],
)
def test_a_known_unit_is_one_however_it_is_written(text, unit):
    assert known_unit(text) == unit


def test_an_amount_is_said_in_the_language_of_the_reader():
    about, one, own = (
        Amount(Decimal("1250.5"), "hours", about=True),
        Amount(Decimal(1), "days"),
        Amount(Decimal(28), "sets"),
    )

    assert [str(about), str(one), str(own)] == ["about 1,250.50 hours", "1 day", "28 sets"]
    with translation.override("vi"):
        assert [str(about), str(one), str(own)] == ["khoảng 1.250,50 giờ", "1 ngày", "28 sets"]
        assert own.html == '28 <span lang="en">sets</span>'
    assert Amount(Decimal(2), "<b>").html == "2 &lt;b&gt;"
