"""Trends of a partnership: each statement over its debriefs, without a mean of fewer than three."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.models import Debrief, DebriefKind, Question, QuestionSet
from evaluations.trends import Trends
from partnerships.models import Partnership
from partnerships.vocabulary import Role
from tests.evaluations.test_debrief_rules import answers, open_debrief
from tests.factories import PartnerFactory, PersonFactory
from tests.reading import text_of

MOST = 8  # queries, sign-in state included


@pytest.fixture
def partnership(partnership, school, alice):
    """A table with three people on each side."""
    ours, theirs = partnership.parties.all()
    for _number in range(2):
        ours.seat(PersonFactory(school=school), {Role.MEMBER}, by=alice)
        theirs.seat(PersonFactory(partner=theirs.partner), {Role.MEMBER}, by=alice)
    return fresh(partnership)


def fresh(partnership) -> Partnership:
    return Partnership.objects.with_sides().get(pk=partnership.pk)


def hold(partnership, by, ours, theirs=(), *, cycle=1, **more) -> Debrief:
    """A debrief in which each of a side says one value to every statement; whoever is not named says nothing."""
    sets = QuestionSet.objects.for_district(partnership.district_id)
    debrief = Debrief.objects.open(
        partnership,
        DebriefKind.REGULAR,
        question_set=sets.get(key="debrief"),
        closes_on=partnership.district.today() + timedelta(days=14),
        by=by,
    )
    sides = {
        party.pk: list(said)
        for party, said in zip(partnership.parties.all(), (ours, theirs), strict=False)
    }
    for response in debrief.responses.select_related("seat"):
        if values := sides[response.seat.party_id]:
            response.keep(answers(debrief, values.pop(0), **more))
            response.give()
    debrief.close(by=by)
    Debrief.objects.filter(pk=debrief.pk).update(cycle=cycle)
    return debrief


def means(line) -> list[list]:
    """Debrief by debrief what is shown of each side."""
    return [
        [point.score.shown if point.is_shown else None for point in stop.points]
        for stop in line.stops
    ]


@pytest.fixture
def page(client, alice, partnership):
    client.force_login(alice)

    def read(language="en"):
        client.post(reverse("accounts:language"), {"language": language, "next": "/"})
        return text_of(client.get(reverse("evaluations:trends", args=[partnership.pk])))

    return read


# The numbers, by hand: the school's three said 5, 4, 3, then 3, 3, 4; the partner's 1, 2, 2, then 4, 4, 5.


def test_each_side_has_a_line_with_its_means(partnership, alice):
    hold(partnership, alice, [5, 4, 3], [1, 2, 2])
    hold(partnership, alice, [3, 3, 4], [4, 4, 5])

    line = Trends(fresh(partnership)).lines[0]

    assert means(line) == [
        [Decimal("4.0"), Decimal("1.7")],
        [Decimal("3.3"), Decimal("4.3")],
    ]
    assert [drawn.party.side for drawn in line.drawn] == ["school", "partner"]
    # From 1 at 94 to 5 at 22: a mean of 4 lies at 94 - 3/4 of 72.
    assert line.drawn[0].pieces == ("26.0,40.0 284.0,52.0",)


def test_a_mean_of_two_is_not_shown_and_breaks_the_line(partnership, alice, page):
    hold(partnership, alice, [5, 4, 3], [1, 2, 2])
    hold(partnership, alice, [5, 5], [2, 2, 2])
    hold(partnership, alice, [4, 4, 4], [3, 3, 3])

    line = Trends(fresh(partnership)).lines[0]

    assert [ours for ours, _theirs in means(line)] == [Decimal("4.0"), None, Decimal("4.0")]
    assert line.drawn[0].pieces == ()
    assert len(line.drawn[0].marks) == 2
    assert len(line.drawn[1].pieces) == 1
    assert "too few answers" in page()


def test_who_cannot_say_is_not_among_the_three(partnership, alice):
    hold(partnership, alice, [5, 4, 0], [3, 3, 3])

    assert means(Trends(fresh(partnership)).lines[0]) == [[None, Decimal("3.0")]]


@settings(max_examples=20)
@given(said=st.lists(st.integers(0, 5), max_size=3))
def test_what_is_shown_rests_on_three_whoever_said_what(partnership, alice, said):
    with transaction.atomic():
        hold(partnership, alice, said)
        point = Trends(fresh(partnership)).lines[0].stops[0].points[0]
        transaction.set_rollback(True)

    assert point.is_shown == (len([value for value in said if value]) >= 3)


def test_other_words_begin_another_line_and_it_is_said(partnership, alice, page):
    hold(partnership, alice, [5, 4, 3])
    own = QuestionSet.objects.get(key="debrief", district=None).copy_for(partnership.district)
    own.questions.filter(key="q1").update(text_en="Others speak up for us.", text_vi="Khác.")
    hold(partnership, alice, [4, 4, 4])

    trends = Trends(fresh(partnership))

    first = trends.asked_now[0]
    assert (first.text, len(first.stops)) == ("Others speak up for us.", 1)
    assert [line.question["key"] for line in trends.asked_before] == ["q1"]
    assert all(len(line.stops) == 2 for line in trends.asked_now[1:])
    assert "Asked in these words since the debrief of" in page()
    assert "Asked in other words before" in page()


def test_other_words_of_the_answers_begin_another_line_too(partnership, alice):
    hold(partnership, alice, [5, 4, 3])
    scale = Question.objects.filter(set__key="debrief", key="q1").get().options
    scale.options.filter(value=5).update(label_en="Always", label_vi="Luôn luôn")
    hold(partnership, alice, [4, 4, 4])

    assert {len(line.stops) for line in Trends(fresh(partnership)).lines} == {1, 2}


def test_a_closing_debrief_asks_other_statements_under_the_same_keys(partnership, alice):
    hold(partnership, alice, [5, 4, 3])
    closing = open_debrief(partnership, alice, kind=DebriefKind.CLOSING)
    closing.close(by=alice)

    trends = Trends(fresh(partnership))

    assert trends.asked_before == []
    assert len(trends.lines) == 14 + 2


def test_cycles_are_marked(partnership, alice, page):
    hold(partnership, alice, [5, 4, 3])
    hold(partnership, alice, [5, 4, 3], cycle=2)

    trends = Trends(fresh(partnership))

    assert trends.new_cycles == [{"x": "155.0", "cycle": 2}]
    assert [cycle for cycle, _stops in trends.lines[0].by_cycle] == [1, 2]
    assert "Cycle 2" in page()
    assert "Chu kỳ 2" in page("vi")


def test_a_set_of_any_length_will_do(partnership, alice, page):
    own = QuestionSet.objects.get(key="debrief", district=None).copy_for(partnership.district)
    own.questions.exclude(key__in=["q1", "q2"]).update(retired=True)
    hold(partnership, alice, [5, 4, 3])

    assert len(Trends(fresh(partnership)).lines) == 2
    assert "People with real standing" in page()


def test_a_party_that_came_later_was_not_asked(partnership, alice, page):
    hold(partnership, alice, [5, 4, 3], [1, 2, 2])
    third = PartnerFactory(district=partnership.district, name="Latecomers")
    partnership.parties.create(partner=third, position=3)
    assert "not asked" not in page()
    party = fresh(partnership).parties.last()
    party.partnership = partnership
    for _number in range(3):
        party.seat(PersonFactory(partner=third), {Role.MEMBER}, by=alice)
    debrief = open_debrief(fresh(partnership), alice)
    for response in debrief.responses.all():
        response.keep(answers(debrief, 3))
        response.give()
    debrief.close(by=alice)

    line = Trends(fresh(partnership)).lines[0]

    assert [stop.points[2].was_asked for stop in line.stops] == [False, True]
    assert [drawn.number for drawn in line.drawn] == [1, 1, 2]
    assert "not asked" in page()


def test_what_is_open_is_not_in_it_and_the_page_says_what_belongs_there(partnership, alice, page):
    assert "No debrief has closed yet" in page()
    debrief = open_debrief(partnership, alice)
    for response in debrief.responses.all():
        response.keep(answers(debrief, 5))
        response.give()

    assert "No debrief has closed yet" in page()
    debrief.close(by=alice)
    assert "One debrief has closed so far" in page()


def test_it_takes_few_queries_and_no_more_for_many_debriefs(client, alice, partnership):
    client.force_login(alice)
    url = reverse("evaluations:trends", args=[partnership.pk])

    def queries():
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        return len(captured)

    hold(partnership, alice, [5, 4, 3], [1, 2, 2])
    with_one = queries()
    for number in range(5):
        hold(partnership, alice, [5, 4, 3], [1, 2, 2], cycle=number)

    assert queries() == with_one <= MOST
