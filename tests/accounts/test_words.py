"""Days and moments as people say them, and somebody's own words in the other language."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.template import engines
from django.utils import timezone, translation

from accounts.models import User
from accounts.templatetags.words import (
    day,
    moment,
    month,
    own_lang,
    own_paragraphs,
    own_words,
    short_day,
)

# A Wednesday: noon in Greenwich, four in the morning in Los Angeles, seven in the evening in Hanoi.
NOON = datetime(2026, 11, 4, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    """Stop the clock; returns how to set it."""

    def set_to(instant):
        monkeypatch.setattr("django.utils.timezone.now", lambda: instant)

    set_to(NOON)
    return set_to


@pytest.fixture
def vietnamese():
    with translation.override("vi"):
        yield


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (date(2026, 11, 4), "today"),
        (date(2026, 11, 3), "yesterday"),
        (date(2026, 11, 5), "tomorrow"),
        (date(2026, 11, 6), "Friday"),
        (date(2026, 11, 10), "Tuesday"),
        (date(2026, 11, 11), "11 Nov"),
        (date(2026, 11, 2), "2 Nov"),
        (date(2026, 1, 31), "31 Jan"),
        (date(2024, 11, 4), "4 Nov 2024"),
        (date(2027, 1, 1), "1 Jan 2027"),
    ],
)
def test_a_day_as_one_says_it(value, said):
    assert short_day(value) == said


def test_the_day_of_the_week_is_said_across_a_turn_of_the_year(now):
    now(datetime(2026, 12, 30, 12, 0, tzinfo=UTC))

    assert short_day(date(2027, 1, 2)) == "Saturday"


def test_a_day_has_the_full_date_behind_it():
    assert day(date(2026, 11, 6)) == (
        '<time datetime="2026-11-06" title="Friday 6 November 2026">Friday</time>'
    )


@pytest.mark.parametrize("nothing", [None, ""])
def test_no_day_is_said_as_nothing(nothing):
    assert day(nothing) == ""


def test_the_leap_day_is_a_day():
    assert day(date(2028, 2, 29)) == (
        '<time datetime="2028-02-29" title="Tuesday 29 February 2028">29 Feb 2028</time>'
    )


@pytest.mark.parametrize(
    ("zone", "said"), [("America/Los_Angeles", "yesterday"), ("Asia/Ho_Chi_Minh", "today")]
)
def test_an_instant_falls_on_the_day_of_the_readers_clock(zone, said):
    shortly_after_midnight = datetime(2026, 11, 4, 0, 30, tzinfo=UTC)

    with timezone.override(ZoneInfo(zone)):
        assert short_day(shortly_after_midnight) == said


@pytest.mark.parametrize(
    ("zone", "today", "tomorrow"),
    [
        ("America/Los_Angeles", date(2026, 11, 4), date(2026, 11, 5)),
        ("Asia/Ho_Chi_Minh", date(2026, 11, 5), date(2026, 11, 6)),
    ],
)
def test_today_is_today_where_the_reader_is(now, zone, today, tomorrow):
    now(datetime(2026, 11, 4, 20, 0, tzinfo=UTC))  # three in the morning of the 5th in Hanoi

    with timezone.override(ZoneInfo(zone)):
        assert (short_day(today), short_day(tomorrow)) == ("today", "tomorrow")


@pytest.mark.parametrize(
    ("zone", "standard", "hour"),
    [
        ("UTC", "2026-11-04T11:05+00:00", "11:05"),
        ("America/Los_Angeles", "2026-11-04T03:05-08:00", "03:05"),
        ("Asia/Ho_Chi_Minh", "2026-11-04T18:05+07:00", "18:05"),
    ],
)
def test_a_moment_is_told_by_the_readers_clock(zone, standard, hour):
    with timezone.override(ZoneInfo(zone)):
        said = moment(datetime(2026, 11, 4, 11, 5, tzinfo=UTC))

    assert said == (
        f'<time datetime="{standard}" title="Wednesday 4 November 2026">today, {hour}</time>'
    )


def test_the_hour_that_comes_twice_can_be_told_apart():
    with timezone.override(ZoneInfo("America/Los_Angeles")):
        before = moment(datetime(2026, 11, 1, 8, 30, tzinfo=UTC))
        after = moment(datetime(2026, 11, 1, 9, 30, tzinfo=UTC))

    assert 'datetime="2026-11-01T01:30-07:00"' in before
    assert 'datetime="2026-11-01T01:30-08:00"' in after


def test_a_month_with_its_year():
    assert month(date(2025, 9, 1)) == "September 2025"


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (date(2026, 11, 4), "hôm nay"),
        (date(2026, 11, 3), "hôm qua"),
        (date(2026, 11, 5), "ngày mai"),
        (date(2026, 11, 6), "thứ (sáu|6)"),
        (date(2026, 11, 8), "chủ nhật"),
    ],
)
def test_a_day_in_vietnamese(vietnamese, value, said):
    assert re.fullmatch(said, short_day(value), re.IGNORECASE)


def test_a_full_date_in_vietnamese_says_day_before_month_before_year(vietnamese):
    said = "thứ (hai|2),? (ngày )?4 tháng (11|mười một),?( năm)? 2024"

    assert re.search(f'title="{said}"', day(date(2024, 11, 4)), re.IGNORECASE)


def test_a_moment_in_vietnamese(vietnamese):
    with timezone.override(ZoneInfo("Asia/Ho_Chi_Minh")):
        said = moment(datetime(2026, 11, 3, 23, 5, tzinfo=UTC))

    assert said.startswith('<time datetime="2026-11-04T06:05+07:00"')
    assert said.casefold().endswith(">hôm nay, 06:05</time>")


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [
        ("en", "Harbor Robotics", "Harbor Robotics"),
        ("en", "Trần Văn Minh", '<span lang="vi">Trần Văn Minh</span>'),
        ("vi", "Trần Văn Minh", "Trần Văn Minh"),
        ("vi", "Harbor Robotics", '<span lang="en">Harbor Robotics</span>'),
        ("en", "", ""),
        ("vi", "", ""),
    ],
)
def test_own_words_are_marked_where_they_are_in_the_other_language(language, text, said):
    with translation.override(language):
        assert own_words(text) == said


@pytest.mark.parametrize("language", ["en", "vi"])
@pytest.mark.parametrize("tell", [own_words, own_paragraphs])
def test_own_words_are_never_markup(language, tell):
    with translation.override(language):
        for text in ("<b>Tom & Ana</b>", "<script>alert(1)</script> Trần Văn Minh"):
            assert "<b>" not in tell(text)
            assert "<script>" not in tell(text)
            assert "&lt;" in tell(text)


def test_own_words_stay_safe_in_a_page():
    page = engines["django"].from_string("{% load words %}{{ name|own_words }}")

    assert page.render({"name": "Trần <i>Minh</i>"}) == (
        '<span lang="vi">Trần &lt;i&gt;Minh&lt;/i&gt;</span>'
    )


def test_longer_texts_keep_their_lines():
    assert own_paragraphs("One line.\nAnother.\n\nA paragraph.") == (
        '<div class="prose"><p>One line.<br>Another.</p>\n\n<p>A paragraph.</p></div>'
    )
    assert (
        own_paragraphs("Hẹn gặp lại.") == '<div class="prose" lang="vi"><p>Hẹn gặp lại.</p></div>'
    )


@pytest.mark.parametrize(
    ("language", "text", "said"),
    [("en", "Đồng hành", ' lang="vi"'), ("vi", "Đồng hành", ""), ("en", "Alongside", "")],
)
def test_the_language_of_an_element(language, text, said):
    with translation.override(language):
        assert own_lang(text) == said


@pytest.mark.parametrize(
    ("name", "language", "short"),
    [
        ("Rosa Delgado", "en", "Rosa"),
        ("Rosa Delgado", "vi", "Rosa"),
        ("Trần Văn Minh", "vi", "Minh"),
        ("Trần Văn Minh", "en", "Minh"),
        ("", "vi", "who@school.example"),
    ],
)
def test_people_are_greeted_by_their_given_name_whatever_they_read(name, language, short):
    user = User(name=name, language=language, email="who@school.example")

    assert user.get_short_name() == short
