"""What a goal's numbers say: examples worked out by hand, then what must hold for all numbers."""

import re
from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone, translation
from django.utils.html import strip_tags
from hypothesis import assume, given
from hypothesis import strategies as st

from partnerships.numbers import NotANumber, number, parse_number
from partnerships.standing import NEWS, Count, Standing, State, Way
from partnerships.vocabulary import Direction

# From 10 students on 1 January to 40 on 31 January: one a day.
UP = Way(date(2027, 1, 1), Decimal(10), date(2027, 1, 31), Decimal(40))
# From 20 absences to 5 over 30 days: half of one a day.
DOWN = Way(date(2027, 1, 1), Decimal(20), date(2027, 1, 31), Decimal(5), Direction.LESS)


def on(day, value):
    return Count(date.fromisoformat(day), Decimal(value))


def state(way, latest, today="2027-01-25"):
    return way.state(latest, date.fromisoformat(today))


@pytest.mark.parametrize(
    ("way", "latest", "today", "expected"),
    [
        # the line says 30 on 21 January
        (UP, on("2027-01-21", 30), "2027-01-25", State.ON_THE_WAY),
        (UP, on("2027-01-21", "29.99"), "2027-01-25", State.BEHIND),
        (UP, on("2027-01-21", 39), "2027-01-25", State.ON_THE_WAY),
        # the day it was counted matters, not today
        (UP, on("2027-01-11", 20), "2027-01-30", State.ON_THE_WAY),
        # on the first day nothing has to be done yet
        (UP, on("2027-01-01", 10), "2027-01-01", State.ON_THE_WAY),
        (UP, on("2027-01-01", 9), "2027-01-01", State.BEHIND),
        # reached, early or long ago
        (UP, on("2027-01-02", 40), "2027-01-25", State.REACHED),
        (UP, on("2027-01-02", 41), "2029-01-25", State.REACHED),
        # on the due date there is still time, the day after there is none
        (UP, on("2027-01-30", 39), "2027-01-31", State.ON_THE_WAY),
        (UP, on("2027-01-30", 39), "2027-02-01", State.BEHIND),
        (UP, on("2027-01-31", 39), "2027-01-31", State.BEHIND),
        (UP, on("2027-02-03", 40), "2027-02-03", State.REACHED),
        (UP, on("2027-02-03", 39), "2027-02-03", State.BEHIND),
        # no data: never, or more than 92 days ago
        (UP, None, "2027-01-01", State.NO_DATA),
        (UP, None, "2027-02-10", State.NO_DATA),
        (UP, on("2027-01-30", 39), "2027-05-02", State.BEHIND),  # 92 days later
        (UP, on("2027-01-30", 39), "2027-05-03", State.NO_DATA),  # 93
        # less is better: the line says 10 on 21 January
        (DOWN, on("2027-01-21", 10), "2027-01-25", State.ON_THE_WAY),
        (DOWN, on("2027-01-21", "10.01"), "2027-01-25", State.BEHIND),
        (DOWN, on("2027-01-21", 5), "2027-01-25", State.REACHED),
        (DOWN, on("2027-01-21", 0), "2027-01-25", State.REACHED),
        (DOWN, on("2027-01-31", 6), "2027-02-01", State.BEHIND),
        (DOWN, None, "2027-01-25", State.NO_DATA),
    ],
)
def test_by_hand(way, latest, today, expected):
    assert state(way, latest, today) == expected


@pytest.fixture
def _in_2027(monkeypatch):
    noon = timezone.make_aware(datetime(2027, 1, 25, 12))  # noqa: DTZ001
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)


SENTENCES = [
    (
        UP,
        on("2027-01-22", 34),
        "2027-01-25",
        "On the way: 34 of 40 students on 22 Jan. The line for that day is 31.",
        "Đúng tiến độ: 34 trên 40 students vào 22/1. Mức theo đường chỉ tiêu của ngày đó là 31.",
    ),
    (
        UP,
        on("2027-01-22", 12),
        "2027-01-25",
        "Behind: 12 of 40 students on 22 Jan. The line for that day is 31.",
        "Chậm tiến độ: 12 trên 40 students vào 22/1. Mức theo đường chỉ tiêu của ngày đó là 31.",
    ),
    (
        UP,
        on("2027-01-22", 34),
        "2027-02-01",
        "Behind: 34 of 40 students on 22 Jan. The due date was 31 Jan.",
        "Chậm tiến độ: 34 trên 40 students vào 22/1. Hạn là 31/1.",
    ),
    (
        UP,
        on("2027-01-22", 40),
        "2027-02-01",
        "Reached: 40 students on 22 Jan. The target is 40.",
        "Đã đạt: 40 students vào 22/1. Chỉ tiêu là 40.",
    ),
    (
        UP,
        None,
        "2027-01-25",
        "No data since 1 Jan, when counting began.",
        "Chưa có số liệu từ 1/1, ngày bắt đầu đếm.",
    ),
    (
        UP,
        None,
        "2026-12-30",
        "No data yet. Counting begins on 1 Jan.",
        "Chưa có số liệu. Bắt đầu đếm vào 1/1.",
    ),
    (
        UP,
        on("2027-01-22", 34),
        "2027-06-01",
        "No data since 22 Jan. Then it was 34 students. The due date was 31 Jan.",
        "Không có số liệu từ 22/1. Khi đó là 34 students. Hạn là 31/1.",
    ),
    (
        DOWN,
        on("2027-01-22", "9.5"),
        "2027-01-25",
        "On the way: 9.5 students on 22 Jan; the target is 5. The line for that day is 9.5.",
        "Đúng tiến độ: 9,5 students vào 22/1; chỉ tiêu là 5. Mức theo đường chỉ tiêu của ngày đó là 9,5.",
    ),
    (
        DOWN,
        on("2027-01-22", 12),
        "2027-01-25",
        "Behind: 12 students on 22 Jan; the target is 5. The line for that day is 9.",
        "Chậm tiến độ: 12 students vào 22/1; chỉ tiêu là 5. Mức theo đường chỉ tiêu của ngày đó là 9.",
    ),
    (
        DOWN,
        on("2027-01-22", 12),
        "2027-02-01",
        "Behind: 12 students on 22 Jan; the target is 5. The due date was 31 Jan.",
        "Chậm tiến độ: 12 students vào 22/1; chỉ tiêu là 5. Hạn là 31/1.",
    ),
]


@pytest.mark.parametrize(("way", "latest", "today", "english", "vietnamese"), SENTENCES)
@pytest.mark.usefixtures("_in_2027")
def test_it_is_told_in_words(way, latest, today, english, vietnamese):
    standing = Standing(way, "students", latest, date.fromisoformat(today))

    assert strip_tags(standing.sentence) == english
    with translation.override("vi"):
        assert strip_tags(standing.sentence) == vietnamese


@pytest.mark.usefixtures("_in_2027")
@pytest.mark.parametrize(
    ("way", "latest", "today", "english", "vietnamese"),
    [
        (
            UP,
            on("2027-01-22", 12),
            "2027-01-25",
            "Now 12 students, counted on 22 Jan. It began with 10; the target is 40.",
            "Hiện nay là 12 students, đếm ngày 22/1. Lúc đầu là 10; chỉ tiêu là 40.",
        ),
        (
            DOWN,
            on("2027-01-22", "9.5"),
            "2027-02-01",
            "Now 9.5 students, counted on 22 Jan. It began with 20; the target is 5. The due date was 31 Jan.",
            "Hiện nay là 9,5 students, đếm ngày 22/1. Lúc đầu là 20; chỉ tiêu là 5. Hạn là 31/1.",
        ),
        (
            UP,
            on("2027-01-22", 40),
            "2027-02-01",
            "Reached: 40 students on 22 Jan. The target is 40.",
            "Đã đạt: 40 students vào 22/1. Chỉ tiêu là 40.",
        ),
    ],
)
def test_everybody_is_told_without_the_line(way, latest, today, english, vietnamese):
    standing = Standing(way, "students", latest, date.fromisoformat(today))

    assert strip_tags(standing.in_plain_words) == english
    with translation.override("vi"):
        assert strip_tags(standing.in_plain_words) == vietnamese


def test_a_unit_is_words_of_people_and_no_html():
    standing = Standing(UP, "<b>kids", on("2027-01-22", 34), date(2027, 1, 25))

    assert "34 of 40 &lt;b&gt;kids on" in standing.sentence


def test_the_rounded_line_never_contradicts_the_word():
    third = Way(date(2027, 1, 1), Decimal(0), date(2027, 1, 4), Decimal(100))  # 33.33 a day

    assert Standing(third, "x", on("2027-01-02", 33), date(2027, 1, 2)).line == 34
    assert Standing(third, "x", on("2027-01-02", 34), date(2027, 1, 2)).line == 33
    assert Standing(third, "x", on("2027-01-02", "33.30"), date(2027, 1, 2)).line == Decimal(
        "33.34"
    )


@pytest.mark.parametrize(
    ("value", "percent"), [(10, 0), (9, 0), (25, 50), ("39.99", 99), (40, 100), (99, 100)]
)
def test_how_much_of_the_way_is_done(value, percent):
    assert UP.percent(Decimal(value)) == percent


# What must hold whatever the numbers

values = st.decimals(-(10**11), 10**11, places=2)
days = st.dates(date(2000, 1, 1), date(2099, 12, 31))


@st.composite
def ways(draw):
    starts_on, start, target = draw(days), draw(values), draw(values)
    assume(start != target)
    due_on = starts_on + timedelta(days=draw(st.integers(1, 4000)))
    direction = Direction.MORE if target > start else Direction.LESS
    return Way(starts_on, start, due_on, target, direction)


def mirrored(way: Way) -> Way:
    other = Direction.LESS if way.wants_more else Direction.MORE
    return Way(way.starts_on, -way.starting_value, way.due_on, -way.target, other)


@given(ways(), days, values, st.integers(0, 2000))
def test_less_is_more_seen_in_a_mirror(way, day, value, later):
    today = day + timedelta(days=later)

    assert way.state(Count(day, value), today) == mirrored(way).state(Count(day, -value), today)


@given(ways(), days, values, st.integers(0, 2000))
def test_a_better_count_never_stands_worse(way, day, value, later):
    order = [State.NO_DATA, State.BEHIND, State.ON_THE_WAY, State.REACHED]
    today = day + timedelta(days=later)
    better = value + 1 if way.wants_more else value - 1

    worse_state = way.state(Count(day, value), today)
    assert order.index(way.state(Count(day, better), today)) >= order.index(worse_state)


@given(ways(), values, st.integers(0, 4000), st.integers(0, 4000))
def test_each_state_says_what_it_means(way, value, after, later):
    day = way.starts_on + timedelta(days=after)
    today = day + timedelta(days=later)
    standing = Standing(way, "x", Count(day, value), today)

    if standing.is_reached:
        assert way.reaches(value, way.target)
        assert standing.percent == 100
        return
    assert not way.reaches(value, way.target)
    assert standing.has_no_data == (later > NEWS.days)
    if standing.state == State.ON_THE_WAY:
        assert today <= way.due_on
        assert way.reaches(value, standing.line)
    if standing.is_behind and not standing.is_past_due:
        assert not way.reaches(value, standing.line)


@given(ways(), days, days)
def test_the_line_runs_from_the_start_to_the_target(way, one, other):
    assert way.at(way.starts_on) == way.starting_value
    assert way.at(way.due_on) == way.target
    assert way.reaches(way.at(max(one, other)), way.at(min(one, other)))
    assert way.percent(way.starting_value) == 0
    assert way.percent(way.target) == 100


# Numbers as people write them


@pytest.mark.parametrize(
    ("text", "english", "vietnamese"),
    [
        ("12", "12", "12"),
        (" 12 ", "12", "12"),
        ("-3", "-3", "-3"),
        ("−3", "-3", "-3"),
        ("0", "0", "0"),
        ("-0", "0", "0"),
        ("1,250.5", "1250.5", None),
        ("1.250,5", None, "1250.5"),
        ("1,250", "1250", None),  # with three decimals it is more likely a thousand
        ("1.250", None, "1250"),
        ("1 250", "1250", "1250"),
        ("12.50", "12.5", None),
        ("12,50", None, "12.5"),
        ("1.5000", None, None),
        ("999999999999.99", "999999999999.99", None),
    ],
)
def test_a_number_is_read_as_the_page_writes_it(text, english, vietnamese):
    for language, expected in (("en", english), ("vi", vietnamese)):
        with translation.override(language):
            if expected is None:
                with pytest.raises(NotANumber):
                    parse_number(text)
            else:
                assert parse_number(text) == Decimal(expected)


NO_NUMBERS = """
x NaN Infinity -inf 1e999 1e5 1_000 ١٢ 1,2,3 --1 + 1. .5 0.125 12% 1,,250 1234567890123 0x10 ½
"""


@pytest.mark.parametrize(
    "text",
    [*NO_NUMBERS.split(), "", "12 students", "9" * 100_000, "1\x00"],
)
def test_what_is_no_number_or_too_long_is_refused(text):
    for either in (False, True):
        with pytest.raises(NotANumber):
            parse_number(text, either=either)


def test_what_was_pasted_may_be_written_either_way():
    assert parse_number("12,5", either=True) == Decimal("12.5")
    assert parse_number("1.250,5", either=True) == Decimal("1250.5")
    assert parse_number("1,250", either=True) == 1250  # as the page would write it


@given(st.decimals(-(10**12) + 1, 10**12 - 1, places=2), st.sampled_from(["en", "vi"]))
def test_what_is_written_can_be_read_again(value, language):
    with translation.override(language):
        written = number(value)
        assert parse_number(written) == value
        assert re.fullmatch(r"-?[0-9.,]+", written)
