"""Fields that more than one form has."""

import pytest
from django.core.exceptions import ValidationError

from partnerships.fields import DayField, NumberField


@pytest.mark.parametrize("typed", ["0027-01-31", "1899-12-31", "2101-01-01", "9999-12-31"])
def test_a_slip_of_the_year_is_no_date(typed):
    with pytest.raises(ValidationError, match="Enter a date between 1900 and 2100"):
        DayField().clean(typed)


@pytest.mark.parametrize("typed", ["1900-01-01", "2027-01-31", "2100-12-31", ""])
def test_other_dates_are_taken(typed):
    day = DayField(required=False).clean(typed)

    assert str(day or "") == typed


def test_of_a_number_that_is_too_long_the_length_is_said():
    with pytest.raises(ValidationError, match="Enter a number of at most 12 digits"):
        NumberField().clean("1,000,000,000,000")
