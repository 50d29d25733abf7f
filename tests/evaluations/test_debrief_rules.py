"""When a debrief can be answered, what it shows when, and that nobody's answer can be told."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.models import Debrief, DebriefKind, DebriefRefused, QuestionSet, Response, Voice
from evaluations.results import NotClosed, Results, rounded
from partnerships.models import Partnership
from partnerships.vocabulary import Role
from tests import clock
from tests.factories import PersonFactory

TEXTS = {"q15": "The Wednesdays.", "q16": "Tell us of exams earlier.", "q18": 1}


@pytest.fixture
def partnership(partnership, school, alice):
    """A table with three people of the school and two of the partner."""
    ours, theirs = partnership.parties.all()
    ours.seat(PersonFactory(school=school), {Role.MEMBER}, by=alice)
    theirs.seat(PersonFactory(partner=theirs.partner), {Role.MEMBER}, by=alice)
    return Partnership.objects.with_sides().get(pk=partnership.pk)


def open_debrief(partnership, by, *, days=14, kind=DebriefKind.REGULAR) -> Debrief:
    question_set = QuestionSet.objects.get(key=kind.set_key, district=None)
    closes_on = partnership.district.today() + timedelta(days=days)
    return Debrief.objects.open(
        partnership, kind, question_set=question_set, closes_on=closes_on, by=by
    )


@pytest.fixture
def debrief(partnership, alice):
    return open_debrief(partnership, alice)


def answers(debrief, value, **more):
    """The same value for every statement, and the texts."""
    said = {one["key"]: value for one in debrief.statements}
    return {**said, **TEXTS, **more}


def answer_all(debrief, *values, **more):
    for response, value in zip(debrief.responses.all(), values, strict=True):
        response.keep(answers(debrief, value, **more))
        response.give()


def test_it_asks_everybody_with_a_seat_eighteen_questions(debrief, partnership):
    assert len(debrief.questions) == 18
    assert len(debrief.statements) == 14
    asked = [response.seat for response in debrief.responses.all()]
    assert sorted(seat.pk for seat in asked) == sorted(s.pk for s in partnership.current_seats)


def test_a_second_one_waits_until_the_first_has_closed(debrief, partnership, alice):
    with pytest.raises(DebriefRefused), transaction.atomic():
        open_debrief(partnership, alice)

    debrief.close(by=alice)

    assert open_debrief(partnership, alice).number == 2


def test_what_was_asked_stays_when_the_district_changes_its_questions(debrief):
    before = debrief.questions[0]["text"]["en"]
    QuestionSet.objects.get(key="debrief").questions.update(text_en="Something else?")

    assert Debrief.objects.get().questions[0]["text"]["en"] == before


def test_answers_are_kept_as_one_goes_and_changed_until_it_closes(debrief):
    response = debrief.responses.first()
    response.keep({"q1": 4})
    response.keep({"q2": 5})
    response.keep({"q1": 2})

    assert Response.objects.get(pk=response.pk).answers == {"q1": 2, "q2": 5}


def test_it_is_given_only_when_all_that_is_required_is_answered(debrief):
    response = debrief.responses.first()
    response.keep(answers(debrief, 0, q15=""))

    with pytest.raises(DebriefRefused):
        response.give()

    assert [one["key"] for one in response.lacking] == ["q15"]
    response.keep({"q15": "The Wednesdays."})
    response.give()
    assert response.is_given


def test_nothing_is_read_before_it_closes(debrief):
    answer_all(debrief, 5, 4, 3, 2, 1)

    with pytest.raises(NotClosed):
        Results(debrief)
    assert Voice.objects.count() == 0


def test_when_it_closes_the_answers_are_cut_from_the_names(debrief, alice):
    answer_all(debrief, 5, 4, 3, 2, 1)

    debrief.close(by=alice)

    assert [one.answers for one in debrief.responses.all()] == [{}] * 5
    assert all(one.is_given for one in debrief.responses.all())
    assert sorted(one.answers["q1"] for one in debrief.voices.all()) == [1, 2, 3, 4, 5]


def test_what_was_begun_but_not_given_does_not_count(debrief, alice):
    debrief.responses.first().keep(answers(debrief, 5))

    debrief.close(by=alice)

    assert Voice.objects.count() == 0


def test_closing_twice_makes_nobody_heard_twice(debrief, alice):
    answer_all(debrief, 5, 4, 3, 2, 1)
    again = Debrief.objects.get()

    debrief.close(by=alice)
    again.close(by=alice)

    assert Voice.objects.count() == 5
    assert again.closed_at == debrief.closed_at


def test_a_closed_one_takes_no_more_answers(debrief, alice):
    response = debrief.responses.first()
    debrief.close(by=alice)

    with pytest.raises(DebriefRefused):
        response.keep({"q1": 1})
    with pytest.raises(DebriefRefused):
        response.give()
    assert Response.objects.get(pk=response.pk).answers == {}


AFTER_THE_LAST_DAY = clock.midnight("America/Los_Angeles", 2027, 3, 15)  # the clocks went forward


@pytest.mark.parametrize(
    ("instant", "is_open"),
    [(clock.just_before(AFTER_THE_LAST_DAY), True), (AFTER_THE_LAST_DAY, False)],
)
def test_the_last_day_is_over_by_the_clock_of_the_district(debrief, instant, is_open):
    debrief.closes_on = date(2027, 3, 14)
    debrief.save()

    with clock.at(instant):
        assert debrief.is_open == is_open
        assert Debrief.objects.open_now().exists() == is_open
        assert Debrief.objects.close_due() == (0 if is_open else 1)


def test_more_time_may_be_given_but_not_less(debrief, alice):
    last_day = debrief.closes_on

    with pytest.raises(DebriefRefused):
        debrief.extend(last_day, by=alice)
    debrief.extend(last_day + timedelta(days=7), by=alice)

    assert Debrief.objects.get().closes_on == last_day + timedelta(days=7)


def test_a_personal_link_leads_to_one_response_while_it_is_open(debrief, alice):
    response = debrief.responses.last()
    token = response.make_link(by=alice)

    assert Response.objects.of_link(token).get() == response
    assert token not in str(Response.objects.values().get(pk=response.pk))
    newer = response.make_link(by=alice)
    assert not Response.objects.of_link(token).exists()
    assert Response.objects.of_link(newer).get().hindrance == ""
    debrief.close(by=alice)
    assert Response.objects.of_link(newer).get().hindrance.startswith("This debrief has closed.")


# The numbers, worked out by hand: the school's three said 5, 4, 3; the partner's two said 2, 1.


def test_means_spread_and_counts_by_side(debrief, alice):
    answer_all(debrief, 5, 4, 3, 2, 1)
    debrief.close(by=alice)

    results = Results(debrief)

    ours, theirs = results.in_order[0].scores
    assert (ours.mean, ours.low, ours.high, ours.count) == (Fraction(4), 3, 5, 3)
    assert (theirs.shown, theirs.low, theirs.high, theirs.count) == (Decimal("1.5"), 1, 2, 2)
    assert results.in_order[0].gap == Fraction(5, 2)
    assert results.is_thin


def test_cannot_say_counts_in_no_mean(debrief, alice):
    answer_all(debrief, 5, 0, 4, 0, 0)
    debrief.close(by=alice)

    row = Results(debrief).in_order[0]

    ours, theirs = row.scores
    assert (ours.mean, ours.count, ours.cannot_say) == (Fraction(9, 2), 2, 1)
    assert (theirs.mean, theirs.shown, theirs.cannot_say) == (None, None, 2)
    assert row.gap is None


def test_what_is_seen_most_differently_comes_first(debrief, alice):
    everybody = list(debrief.responses.all())
    for response, value in zip(everybody, [4, 4, 4, 4, 4], strict=True):
        response.keep(answers(debrief, value))
        response.give()
    for response in everybody[3:]:
        response.keep({"q6": 1, "q9": 3})
    debrief.close(by=alice)

    results = Results(debrief)

    assert [row.key for row in results.rows][:3] == ["q6", "q9", "q1"]
    assert results.to_talk_about.key == "q6"


def test_nothing_is_to_be_talked_about_first_where_all_agree(debrief, alice):
    answer_all(debrief, 3, 3, 3, 3, 3)
    debrief.close(by=alice)

    assert Results(debrief).to_talk_about is None


def test_the_change_since_the_debrief_before(debrief, partnership, alice):
    answer_all(debrief, 3, 3, 4, 2, 2)  # means 10/3 and 2
    debrief.close(by=alice)
    later = open_debrief(partnership, alice)
    answer_all(later, 4, 4, 4, 1, 2)  # means 4 and 3/2
    later.close(by=alice)

    scores = Results(later, before=Debrief.objects.get(number=1)).in_order[0].scores

    assert [score.change for score in scores] == [Decimal("0.7"), Decimal("-0.5")]


def test_a_statement_in_other_words_is_not_compared(debrief, partnership, alice):
    answer_all(debrief, 3, 3, 4, 2, 2)
    debrief.close(by=alice)
    QuestionSet.objects.get(key="debrief").questions.filter(key="q1").update(text_en="Other words.")
    later = open_debrief(partnership, alice)
    answer_all(later, 4, 4, 4, 1, 2)
    later.close(by=alice)

    first, second, *_rest = Results(later, before=Debrief.objects.get(number=1)).in_order

    assert [score.change for score in first.scores] == [None, None]
    assert [score.change for score in second.scores] == [Decimal("0.7"), Decimal("-0.5")]


def test_how_many_chose_what(debrief, alice):
    for response, choice in zip(debrief.responses.all(), [1, 2, 2, 4, 4], strict=True):
        response.keep(answers(debrief, 3, q18=choice))
        response.give()
    debrief.close(by=alice)

    (what_next,) = Results(debrief).choices

    assert [counts for _label, counts in what_next.lines] == [(1, 0), (2, 0), (0, 0), (0, 2)]


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (Fraction(13, 4), "3.3"),
        (Fraction(10, 3), "3.3"),
        (Fraction(-1, 20), "-0.1"),
        (Fraction(4), "4.0"),
    ],
)
def test_halves_are_rounded_away_from_nought(value, shown):
    assert rounded(value) == Decimal(shown)


# Anonymity: whoever answered in whichever order, the results are the same.


@settings(max_examples=15)
@given(values=st.permutations([1, 2, 3]), texts=st.permutations(["alpha", "beta", "gamma"]))
def test_nobody_can_be_told_by_the_order_of_what_was_said(partnership, alice, values, texts):
    with transaction.atomic():
        debrief = open_debrief(partnership, alice)
        for response, value, text in zip(debrief.responses.all(), values, texts, strict=False):
            response.keep(answers(debrief, value, q15=text))
            response.give()
        debrief.close(by=alice)
        results = Results(debrief)
        ours = results.in_order[0].scores[0]
        first_text = dict(results.texts)[debrief.questions[14]["text"]["en"]][0]
        transaction.set_rollback(True)

    assert ours.values == (1, 2, 3)
    assert first_text.texts == ("alpha", "beta", "gamma")
