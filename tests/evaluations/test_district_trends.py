"""Trends of a district: school by school, and in no way a single person's answer."""

import csv
import io
import time
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.district_trends import HIGHEST, LOWEST, Cell, DistrictTrends, Period, groups
from evaluations.models import THIN, Debrief, QuestionSet, Voice
from evaluations.models.debriefs import frozen
from tests.factories import SchoolFactory, make_partnership
from tests.reading import text_of

MOST = 8  # queries, sign-in state included


@pytest.fixture
def at(district, alice):
    """Note a closed debrief at a school of this name: what each of both sides said to every statement."""
    tables, body = {}, frozen(QuestionSet.objects.get(key="debrief", district=None))

    def note(name, ours, theirs=(), *, ago=1, body=body):
        if name not in tables:
            school = SchoolFactory(district=district, name=name)
            tables[name] = make_partnership(school=school, by=alice)
        partnership = tables[name]
        debrief = Debrief.objects.create(
            partnership=partnership,
            cycle=1,
            number=partnership.debriefs.count() + 1,
            kind="regular",
            body=body,
            closes_on=district.today(),
            opened_by=alice,
            closed_by=alice,
            closed_at=timezone.now() - timedelta(days=ago),
        )
        keys = [one["key"] for one in debrief.statements]
        Voice.objects.bulk_create(
            Voice(debrief=debrief, party=party, answers=dict.fromkeys(keys, value))
            for party, said in zip(partnership.parties.all(), (ours, theirs), strict=True)
            for value in said
        )
        return debrief

    note.tables = tables
    return note


def numbers(district, period=Period.ALL) -> dict:
    """What is said to the first statement: mean and answers, by school, and of the district."""
    trends = DistrictTrends(district, period)
    if not trends.rows:
        return {}
    statement, schools = trends.rows[0]
    found = {school.name: said(cell) for school, cell in schools}
    return found | {"district": said(statement.district)}


def said(cell):
    return (cell.shown, cell.count) if cell.is_shown else None


# By hand, as in docs/decisions/trends.md


def test_the_means_of_the_example(district, at):
    at("Adams", [5, 4, 4], [2, 3, 3])
    at("Baker", [4, 4, 3, 5], [1])
    at("Clark", [2, 4], [3, 3])
    at("Drew", [5], [1])

    assert numbers(district) == {
        "Adams": (Decimal("3.5"), 6),  # 21 / 6
        "Baker": (Decimal("4.0"), 4),  # 16 / 4; the partner's one is left out
        "Clark": (Decimal("3.0"), 4),  # 12 / 4; two sides of two, together
        "Drew": None,
        "district": (Decimal("3.5"), 14),  # 49 / 14, of what is shown and nothing else
    }


def test_cannot_say_is_not_among_the_three(district, at):
    at("Adams", [5, 4, 0], [0, 0, 0])

    assert numbers(district) == {"Adams": None, "district": None}


def test_schools_stand_in_the_order_of_their_names_however_they_do(district, at):
    at("Zoe", [5, 5, 5])
    at("Amy", [1, 1, 1])
    at("Max", [3, 3, 3])

    names = [school.name for school, _cell in DistrictTrends(district).rows[0][1]]

    assert names == ["Amy", "Max", "Zoe"]


@pytest.mark.parametrize(
    ("period", "first", "after"),
    [
        (Period.TWELVE_MONTHS, date(2026, 3, 10), None),
        (Period.THIS_YEAR, date(2026, 8, 1), None),
        (Period.LAST_YEAR, date(2025, 8, 1), date(2026, 8, 1)),
        (Period.ALL, None, None),
    ],
)
def test_a_school_year_begins_in_august(period, first, after):
    assert period.days(date(2027, 3, 10)) == (first, after)
    assert Period.THIS_YEAR.days(date(2027, 8, 1))[0] == date(2027, 8, 1)


def test_a_period_takes_the_debriefs_that_closed_in_it(district, at):
    at("Adams", [5, 5, 5], ago=800)
    at("Adams", [3, 3, 3], ago=3)

    assert numbers(district)["Adams"] == (Decimal("4.0"), 6)
    assert numbers(district, Period.TWELVE_MONTHS)["Adams"] == (Decimal("3.0"), 3)


def test_a_school_year_begins_by_the_clock_of_the_district(district):
    midnight = datetime(2026, 8, 1, tzinfo=ZoneInfo(district.timezone))

    assert DistrictTrends(district).beginning_of(date(2026, 8, 1)) == midnight


def test_what_is_open_is_not_in_it(district, at):
    Debrief.objects.filter(pk=at("Adams", [3, 3, 3]).pk).update(closed_at=None)

    assert numbers(district) == {}


def test_other_words_are_another_statement(district, at):
    debrief = at("Adams", [5, 5, 4])
    body = {**debrief.body, "questions": [dict(one) for one in debrief.body["questions"]]}
    body["questions"][0]["text"] = {"en": "Other words.", "vi": "Lời khác."}
    at("Baker", [1, 2, 2], body=body)

    found = {
        statement.text: [school.name for school, _cell in schools]
        for statement, schools in DistrictTrends(district).rows
        if len(schools) == 1
    }

    assert found == {
        "Other words.": ["Baker"],
        "People with real standing speak up for this partnership.": ["Adams"],
    }


def test_where_all_say_the_highest_it_is_not_told_from_nearly_all(district, at, client, ada):
    at("Adams", [5, 5, 5])
    at("Baker", [5, 5, 4])
    at("Clark", [1, 1, 1])
    at("Drew", [1, 1, 2])

    found = numbers(district)

    assert found["Adams"] == found["Baker"] == (HIGHEST, 3)
    assert found["Clark"] == found["Drew"] == (LOWEST, 3)
    client.force_login(ada)
    page = text_of(client.get(reverse("desk:district_trends", args=[district.pk])))
    assert "4.7 or more" in page
    assert "1.3 or less" in page


# An attacker knows every number ever shown, over every period, and may be one of those who answered.

sides = st.lists(st.integers(0, 5), max_size=4)
debriefs = st.tuples(st.integers(0, 2), sides, sides, st.integers(0, 3))  # school, sides, period
districts = st.lists(debriefs, min_size=1, max_size=5)


def voices_of(held) -> list[tuple]:
    """Each person who gave a number: (debrief, side, place)."""
    return [
        (number, side, place)
        for number, (_school, *both, _period) in enumerate(held)
        for side, values in enumerate(both)
        for place, value in enumerate(values)
        if value
    ]


def counted(held, number) -> list[list[tuple]]:
    """Whom `groups` adds up in one debrief: it is given names in place of numbers."""
    _school, *both, _period = held[number]
    named = [
        [(number, side, place) for place, value in enumerate(values) if value]
        for side, values in enumerate(both)
    ]
    return groups(named)


def published(held) -> list[set[tuple]]:
    """Whose answers each number adds up: of each school and the district, in every span of periods."""
    found = []
    for first, last in product(range(4), repeat=2):
        inside = [n for n, (*_rest, period) in enumerate(held) if first <= period <= last]
        people = {
            school: {
                person
                for n in inside
                if held[n][0] == school
                for group in counted(held, n)
                for person in group
            }
            for school in range(3)
        }
        found += [*people.values(), set().union(*people.values())]
    # What the pages of the partnerships show besides: the means of each side of three or more.
    found += [
        set(g) for n in range(len(held)) for g in counted(held, n) if len({p[1] for p in g}) == 1
    ]
    return [people for people in found if people]


def values_of(held, school: int) -> list[int]:
    """The answers of those whom the number of a school adds up."""
    people = [
        person
        for number, (where, *_rest) in enumerate(held)
        if where == school
        for group in counted(held, number)
        for person in group
    ]
    return [held[number][1 + side][place] for number, side, place in people]


def solves(rows: list[list[Fraction]], wanted: list[Fraction]) -> bool:
    """Whether `wanted` is a combination of the rows: whether the attacker can work it out."""
    basis = []
    for row in [*rows, None]:
        rest = list(wanted if row is None else row)
        for pivot, one in basis:
            if rest[pivot]:
                factor = rest[pivot]
                rest = [a - factor * b for a, b in zip(rest, one, strict=True)]
        place = next((n for n, value in enumerate(rest) if value), None)
        if row is None:
            return place is None
        if place is not None:
            lead = rest[place]
            basis.append((place, [value / lead for value in rest]))
    return False


def row_of(people: set, everybody: list) -> list[Fraction]:
    return [Fraction(person in people) for person in everybody]


@settings(max_examples=150)
@given(held=districts)
def test_nobodys_answer_can_be_worked_out_not_even_by_one_who_knows_their_own(held):
    everybody = voices_of(held)
    shown = [row_of(people, everybody) for people in published(held)]
    for attacker in [None, *everybody]:
        known = [*shown, row_of({attacker}, everybody)] if attacker else shown
        for person in everybody:
            if person != attacker:
                assert not solves(known, row_of({person}, everybody)), (held, attacker, person)


def test_the_attacker_is_able_to_solve_where_two_are_added_up():
    """The control: with groups of two, whoever knows their own answer knows the other's."""
    assert solves(
        [[Fraction(1), Fraction(1)], [Fraction(1), Fraction(0)]], [Fraction(0), Fraction(1)]
    )
    # And a district's total with the hidden school in it would give that school away.
    assert solves([[Fraction(1)] * 4, [*[Fraction(1)] * 3, Fraction(0)]], row_of({3}, [0, 1, 2, 3]))


@settings(max_examples=15)
@given(held=districts)
def test_the_page_adds_up_what_the_attacker_is_told(district, at, held):
    """That the proof above is about the product: its sums are those of `published`."""
    names = ["Adams", "Baker", "Clark"]
    with transaction.atomic():
        for school, ours, theirs, _period in held:
            at(names[school], ours, theirs)
        statement = DistrictTrends(district, Period.ALL).statements[0]
        cells = {school.name: statement.at(school) for school in district.schools.all()}
        transaction.set_rollback(True)
    at.tables.clear()

    whole = [values_of(held, school) for school in range(3)]
    assert [
        (cells[name].total, cells[name].count) if name in cells else (0, 0) for name in names
    ] == [(sum(values), len(values)) for values in whole]
    assert statement.district.total == sum(map(sum, whole))
    assert statement.district.count == sum(map(len, whole))


@settings(max_examples=300)
@given(held=districts)
def test_every_number_and_every_difference_rests_on_three(held):
    found = published(held)
    for one in found:
        assert len(one) >= THIN
        for other in found:
            if other < one:
                assert len(one - other) >= THIN


@settings(max_examples=300)
@given(values=st.lists(st.integers(1, 5), min_size=THIN, max_size=6))
def test_a_mean_alone_never_says_what_somebody_answered(values):
    """Beside what was said, something else may have been: for everybody, with the same number shown."""
    cell = Cell()
    cell.take([values])
    for place, value in enumerate(values):
        assert any(
            looks_the_same(cell, replaced(values, place, other, second, place_2))
            for other in range(1, 6)
            if other != value
            for place_2 in range(len(values))
            if place_2 != place
            for second in range(1, 6)
        )


def replaced(values, place, value, second, place_2) -> list[int]:
    return [{place: value, place_2: second}.get(number, old) for number, old in enumerate(values)]


def looks_the_same(cell, values) -> bool:
    other = Cell()
    other.take([values])
    return (other.shown, other.count) == (cell.shown, cell.count)


# The page and the table


@pytest.fixture
def url(district):
    return reverse("desk:district_trends", args=[district.pk])


def test_the_page_says_what_it_is_for_in_both_languages(client, ada, at, url):
    at("Adams", [5, 4, 4], [2, 3, 3])
    at("Drew", [5], [1])
    client.force_login(ada)

    page = text_of(client.get(url))

    assert "for talking, not for grading" in page
    assert "too few answers" in page
    assert '6 <span class="meta">in 1 debrief</span>' in page
    client.post(reverse("accounts:language"), {"language": "vi", "next": "/"})
    assert "không để chấm điểm" in text_of(client.get(url))


def test_an_empty_page_says_what_belongs_there(client, ada, url):
    client.force_login(ada)

    assert "No debrief has closed in this time" in text_of(client.get(url))


@pytest.mark.parametrize(
    ("name", "status"),
    [("ada", 200), ("ola", 200), ("alice", 404), ("bob", 404), ("edna", 404), ("vera", 404)],
)
@pytest.mark.parametrize("what", ["district_trends", "district_trends_csv"])
def test_it_is_for_admins_of_the_district_alone(
    request, client, district, alice, name, status, what
):
    client.force_login(request.getfixturevalue(name))

    assert client.get(reverse(f"desk:{what}", args=[district.pk])).status_code == status


@pytest.mark.parametrize("asked", ["", "nonsense", "all", "last-year"])
def test_any_period_can_be_asked_for(client, ada, url, asked):
    client.force_login(ada)

    chosen = client.get(url, {"period": asked}).context["trends"].period

    assert chosen == (asked if asked in Period.values else Period.TWELVE_MONTHS)


def test_the_table_says_the_same_without_live_formulas(client, ada, at, district):
    at("=HYPERLINK(1)", [5, 5, 5], [2, 3, 3])
    at("Drew", [5], [1])
    client.force_login(ada)

    response = client.get(reverse("desk:district_trends_csv", args=[district.pk]))

    rows = list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))
    statement = "People with real standing speak up for this partnership."
    period = "Last 12 months"
    assert rows[:4] == [
        ["Statement", "School", "Average", "Note", "Answers", "Debriefs", "Period"],
        [statement, "All schools of the district", "3.8", "", "6", "1", period],
        [statement, "'=HYPERLINK(1)", "3.8", "", "6", "1", period],
        [statement, "Drew", "", "too few answers", "", "", period],
    ]
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("page", ["admin:index", "partnerships:schools"])
def test_the_way_leads_from_the_admin_and_from_the_schools(client, ada, alice, url, page):
    client.force_login(ada)
    assert url in client.get(reverse(page)).content.decode()

    client.force_login(alice)
    assert url not in client.get(reverse("partnerships:schools")).content.decode()


def test_a_large_district_takes_few_queries_and_less_than_a_second(
    client, ada, alice, at, url, district
):
    at("Adams", [5, 4, 4], [2, 3, 3])
    client.force_login(ada)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        client.get(url)
    for number in range(30):
        for held in range(5):
            at(f"School {number:02}", [5, 4, 4, 2, 1], [2, 3, 3, 1, 4], ago=held + 1)

    began = time.monotonic()
    with CaptureQueriesContext(connection) as many:
        response = client.get(url)
    took = time.monotonic() - began

    assert len(response.context["trends"].debriefs) == 151
    assert len(many) == len(few) <= MOST
    assert took < 5  # about half a second where nothing else runs
