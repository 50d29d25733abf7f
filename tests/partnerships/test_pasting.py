"""Numbers pasted from a spreadsheet: understood, shown, then saved once."""

import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import translation
from django.utils.html import strip_tags

from partnerships.models import Measurement
from partnerships.pasting import Order, read
from tests.factories import make_goal
from tests.partnerships.test_goals import fresh, sentences, url


@pytest.fixture
def goal(partnership, alice):
    early = date(2020, 1, 1)
    return fresh(make_goal(partnership, by=alice, starts_on=early))


def understood(goal, text, **more):
    reading = read(text, goal=goal, **more)
    return [row.problem or (row.on.isoformat(), str(row.value), row.note) for row in reading.rows]


JANUARY = [("2026-01-31", "12.5", "First term"), ("2026-02-28", "14.0", "")]


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-31\t12.5\tFirst term\n2026-02-28\t14",
        "2026-01-31\t12,5\tFirst term\r\n2026-02-28\t14\t\r\n",
        "Date\tValue\tNote\n1/31/2026\t12.5\tFirst term\n2/28/2026\t14\t",
        "Ngày;Giá trị;Ghi chú\n31/01/2026;12,5;First term\n28/02/2026;14,00;",
        '2026-01-31,"12,5",First term\n2026-02-28,14',
        "2026-01-31,12.5,First term\n\n\n2026-02-28,14,\n",
        "31.01.2026;12,5;First term\n28.02.2026;14;",
        "1/31/26\t12.5\tFirst term\n2/28/26\t14",
        "1/31/2026 0:00\t12.5\t First   term \n2/28/2026 12:00:00 AM\t14",
        '"2026-01-31"\t"12.5"\t"First\nterm"\n2026-02-28\t14',
    ],
)
def test_many_ways_to_write_the_same(goal, text):
    assert understood(goal, text) == JANUARY


@pytest.mark.parametrize(
    ("language", "order", "expected"),
    [
        ("en", "", "2026-03-04"),
        ("vi", "", "2026-04-03"),
        ("en", Order.DAY, "2026-04-03"),
        ("vi", Order.MONTH, "2026-03-04"),
        ("en", "nonsense", "2026-03-04"),
    ],
)
def test_a_date_that_may_be_two_goes_by_the_language_or_by_choice(goal, language, order, expected):
    with translation.override(language):
        assert understood(goal, "3/4/2026\t5", order=order) == [(expected, "5.0", "")]


def test_one_date_tells_the_order_of_all(goal):
    assert understood(goal, "3/4/2026\t5\n31/3/2026\t6") == [
        ("2026-04-03", "5.0", ""),
        ("2026-03-31", "6.0", ""),
    ]


def test_where_no_order_fits_all_the_odd_one_is_named(goal):
    rows = understood(goal, "1/31/2026\t5\n31/1/2026\t6")

    assert rows == [("2026-01-31", "5.0", ""), "Write the date as 2027-01-31."]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ("soon1\t5", "Write the date as 2027-01-31."),
        ("2026-02-30\t5", "Write the date as 2027-01-31."),
        ("0000-01-01\t5", "Write the date as 2027-01-31."),
        ("\t5", "Write the date as 2027-01-31."),
        ("2026-01-31", "Write the value as a number, such as 1,250.5."),
        ("2026-01-31\tmany", "Write the value as a number, such as 1,250.5."),
        ("2026-01-31\tNaN", "Write the value as a number, such as 1,250.5."),
        ("2026-01-31\t1e999", "Write the value as a number, such as 1,250.5."),
        ("2026-01-31\t" + "9" * 13, "Write the value as a number, such as 1,250.5."),
        ("2026-01-31\t5\t" + "x" * 501, "Shorten the note to 500 characters."),
        ("2026-01-31,12,5", "Put a number with a comma into quotes, or use tabs."),
        ("2099-01-31\t5", "Enter a day that is not ahead of today."),
        ("2019-12-31\t5", "Enter a day from 1 Jan 2020 on, when counting began."),
    ],
)
def test_each_bad_row_is_named(goal, row, problem):
    assert understood(goal, row) == [problem]


def test_a_quotation_mark_that_is_none_swallows_nothing(goal):
    rows = understood(goal, '2026-01-31\t5\t"Quoted" and "not\n2026-02-28\t6\t5" pipe')

    assert [row[1] for row in rows] == ["5.0", "6.0"]


# The page


def checked(page: str) -> str:
    return re.search(r'name="checked" value="(\w+)"', page).group(1)


TEXT = "Date\tValue\n1/31/2026\t12.5\n2/28/2026\t14\tNew"


def test_it_is_shown_first_and_saved_then(client, bob, goal):
    client.force_login(bob)

    page = client.post(url("paste_measurements", goal), {"rows": TEXT, "act": "check"}).text

    said = " ".join(strip_tags(page).split())
    assert "Saturday 31 January 2026" in said
    assert "Left out as headings: Date, Value" in said
    assert "How the dates were read: The month first, such as 1/31/2027" in said
    assert "Save 2 numbers" in said
    assert not Measurement.objects.exists()
    client.post(
        url("paste_measurements", goal), {"rows": TEXT, "act": "save", "checked": checked(page)}
    )
    rows = [(str(row.on), row.value, row.note) for row in fresh(goal).counted]
    assert rows == [("2026-01-31", Decimal("12.5"), ""), ("2026-02-28", 14, "New")]
    told = sentences(goal.partnership)[0]
    assert "2 measurements, from 31 Jan to 28 Feb." in told


def test_what_was_not_shown_is_not_saved(client, bob, goal):
    client.force_login(bob)
    page = client.post(url("paste_measurements", goal), {"rows": TEXT, "act": "check"}).text
    other = {"rows": TEXT.replace("14", "41"), "act": "save", "checked": checked(page)}

    again = client.post(url("paste_measurements", goal), other)

    assert "Check what was understood" in again.text
    assert not Measurement.objects.exists()


def test_a_bad_row_keeps_all_from_being_saved_and_nothing_is_lost(client, bob, goal):
    client.force_login(bob)
    text = f"{TEXT}\n3/31/2026\tmany"
    page = client.post(url("paste_measurements", goal), {"rows": text, "act": "check"}).text

    again = client.post(
        url("paste_measurements", goal), {"rows": text, "act": "save", "checked": checked(page)}
    ).text

    assert "1 row cannot be taken as it is." in strip_tags(again)
    assert "3/31/2026\tmany" in again
    assert "Save 2 numbers" not in again
    assert not Measurement.objects.exists()


def test_what_is_there_already_is_shown_and_left_out(client, bob, goal):
    client.force_login(bob)
    goal.note(on=date(2026, 1, 31), value=Decimal("12.50"), by=bob)
    text = f"{TEXT}\n2/28/2026\t14"

    page = client.post(url("paste_measurements", goal), {"rows": text, "act": "check"}).text

    assert page.count("Left out: it is there already") == 2
    assert "Save 1 number<" in page
    client.post(
        url("paste_measurements", goal), {"rows": text, "act": "save", "checked": checked(page)}
    )
    assert Measurement.objects.count() == 2


def test_sent_twice_it_is_saved_once(client, bob, goal):
    client.force_login(bob)
    page = client.post(url("paste_measurements", goal), {"rows": TEXT, "act": "check"}).text
    data = {"rows": TEXT, "act": "save", "checked": checked(page)}

    for once in ("a", "a", "b"):
        client.post(url("paste_measurements", goal), {**data, "once": once})

    assert Measurement.objects.count() == 2


@pytest.mark.parametrize(
    ("rows", "error"),
    [
        ("", "Paste at least one row."),
        (" \n\t\n", "Paste at least one row."),
        ("Date\tValue", "Paste at least one row."),
        ("\n".join(["2026-01-31\t1"] * 501), "Paste at most 500 rows."),
        ("x" * 100_001, "100000"),
        ("2026-01-31\t1\x00", "Null characters are not allowed."),
    ],
)
def test_too_little_too_much_or_nonsense(client, bob, goal, rows, error):
    client.force_login(bob)

    page = client.post(url("paste_measurements", goal), {"rows": rows, "act": "save"})

    assert page.status_code == 200
    assert error in page.text
    assert not Measurement.objects.exists()


def test_five_hundred_rows_take_few_queries_to_check(
    client, bob, goal, django_assert_max_num_queries
):
    client.force_login(bob)
    days = [date(2020, 1, 1) + timedelta(days=number) for number in range(500)]
    text = "\n".join(f"{day}\t{number}" for number, day in enumerate(days))

    with django_assert_max_num_queries(20):
        page = client.post(url("paste_measurements", goal), {"rows": text, "act": "check"}).text
    client.post(
        url("paste_measurements", goal), {"rows": text, "act": "save", "checked": checked(page)}
    )

    assert Measurement.objects.count() == 500
