"""The numbers of a debrief that has closed, against numbers worked out by hand; and the page that shows them."""

import re
import time
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from evaluations.dumbbell import Dumbbell
from evaluations.models import Comment, Debrief, DebriefKind, ResultStep, Voice
from evaluations.results import Results, Row, Score
from partnerships.models import Party
from partnerships.numbers import change, tenths
from partnerships.vocabulary import Role
from tests import clock
from tests.debriefs import answered, open_debrief, with_sides
from tests.factories import PartnerFactory, PersonFactory
from tests.reading import text_of

PAGE = 12  # with notes: who is at the table, the checklist in the tab, both debriefs, and all that was said


@pytest.fixture
def table(partnership, school, alice):
    """Four people of the school (Alice, Sam and two more) and three of the partner."""
    ours, theirs = partnership.parties.all()
    for _number in range(2):
        ours.seat(PersonFactory(school=school), {Role.MEMBER}, by=alice)
        theirs.seat(PersonFactory(partner=theirs.partner), {Role.MEMBER}, by=alice)
    return with_sides(partnership)


def seats(table) -> list:
    """Whose answer comes when: the order in which they are asked."""
    return [seat.party.side for seat in table.current_seats]


def row_of(debrief, key, before=None):
    return next(row for row in Results(debrief, before).in_order if row.key == key)


def row_with(ours: list[int], theirs: list[int]) -> Row:
    """A row in which a school and a partner have said these values."""
    sides = (Party(school_id=1), ours), (Party(partner_id=1), theirs)
    return Row({"key": "q1"}, tuple(Score(party, tuple(values), 0) for party, values in sides))


def print_of(debrief) -> str:
    return reverse("evaluations:print_debrief", args=[debrief.partnership_id, debrief.number])


def words(client, address) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", client.get(address).content.decode()).split())


def test_mean_spread_and_counts_by_hand(table, alice):
    assert seats(table) == ["school"] * 4 + ["partner"] * 3
    debrief = answered(table, 5, 4, 4, 2, 1, 0, 2, by=alice)

    ours, theirs = row_of(debrief, "q1").scores

    assert (ours.mean, ours.low, ours.high, ours.count) == (Fraction(15, 4), 2, 5, 4)
    assert ours.shown == Decimal("3.8")  # 3.75, halves up
    assert (theirs.mean, theirs.low, theirs.high) == (Fraction(3, 2), 1, 2)
    assert (theirs.count, theirs.cannot_say) == (2, 1)


def test_who_can_only_say_that_they_cannot_has_no_numbers(table, alice):
    debrief = answered(table, 0, 0, 0, 0, 3, 3, 3, by=alice)

    ours = row_of(debrief, "q1").scores[0]

    assert (ours.mean, ours.shown, ours.low, ours.high, ours.change) == (None,) * 5
    assert (ours.count, ours.cannot_say) == (0, 4)
    assert [mark.side for mark in Dumbbell(row_of(debrief, "q1")).marks] == ["partner"]


def test_changes_are_of_the_exact_means(table, alice):
    """3.25 before and 3.3 recurring after are shown as 3.3 and 3.3; they differ by 0.1 all the same."""
    first = answered(table, 3, 3, 3, 4, 2, 2, 2, by=alice)  # 13/4 and 2
    second = answered(table, 3, 3, 4, None, 2, 2, 1, by=alice)  # 10/3 and 5/3

    scores = row_of(second, "q1", before=first).scores

    assert [score.shown for score in scores] == [Decimal("3.3"), Decimal("1.7")]
    assert [score.change for score in scores] == [Decimal("0.1"), Decimal("-0.3")]


def test_halves_of_a_change_go_away_from_nought(table, alice):
    first = answered(table, 4, 4, 4, 4, 2, 2, 2, by=alice)
    said = [{"q1": 4}, {"q1": 4}, {"q1": 4}, {"q1": 3}]
    second = answered(table, *((4, one) for one in said), 2, 2, 2, by=alice)

    assert row_of(second, "q1", before=first).scores[0].change == Decimal("-0.3")  # -0.25


def test_a_side_that_was_silent_before_has_no_change(table, alice):
    first = answered(table, None, None, None, None, 2, 2, 2, by=alice)
    second = answered(table, 4, 4, 4, 4, 2, 2, 2, by=alice)

    assert [one.change for one in row_of(second, "q1", before=first).scores] == [None, Decimal("0")]


def test_the_same_words_are_compared_whatever_their_number(table, alice):
    """“How far did it reach its goals?” is the fourteenth of one set and the second of the other."""
    regular = answered(table, 3, 3, 3, 3, 2, 2, 2, by=alice)
    closing = answered(table, 4, 4, 4, 4, 2, 2, 2, by=alice, kind=DebriefKind.CLOSING)

    other, same = Results(closing, before=regular).in_order

    assert [one.change for one in same.scores] == [Decimal("1.0"), Decimal("0.0")]
    assert [one.change for one in other.scores] == [None, None]


def test_of_equal_differences_the_one_asked_first_comes_first(table, alice):
    more = {"q9": 1, "q4": 1, "q2": 2}
    debrief = answered(table, 4, 4, 4, 4, (4, more), (4, more), (4, more), by=alice)

    assert [row.key for row in Results(debrief).rows][:5] == ["q4", "q9", "q2", "q1", "q3"]


def test_what_only_one_side_spoke_to_comes_last(table, alice):
    debrief = answered(table, 4, 4, 4, 4, (4, {"q1": 0}), (4, {"q1": 0}), (4, {"q1": 0}), by=alice)

    assert Results(debrief).rows[-1].key == "q1"


def test_what_reads_the_same_is_no_difference(table, alice):
    """Means of 2 and 2 at the table; nobody is sent to talk about nothing."""
    debrief = answered(table, 1, 2, 2, 3, 2, 2, 2, by=alice)

    assert Results(debrief).to_talk_about is None


@pytest.mark.parametrize(("partners", "thin"), [((2, 2, None), True), ((2, 2, 2), False)])
def test_two_answers_are_few_and_three_are_enough(client, table, alice, partners, thin):
    debrief = answered(table, 4, 4, 4, 4, *partners, by=alice)
    client.force_login(alice)

    assert Results(debrief).is_thin == thin
    assert ("Few people have answered here" in words(client, debrief.get_absolute_url())) == thin


def test_a_side_that_said_nothing_is_no_thin_one(client, table, alice):
    debrief = answered(table, 4, 4, 3, 5, by=alice)
    client.force_login(alice)

    assert "Anonymity is thin here" not in words(client, debrief.get_absolute_url())
    assert not Results(debrief).is_thin


def test_of_one_side_alone_nothing_is_compared(client, table, alice):
    debrief = answered(table, 4, 4, 3, 5, by=alice)
    client.force_login(alice)

    for address in (debrief.get_absolute_url(), print_of(debrief)):
        page = words(client, address)
        assert "There is nothing to compare" in page
        assert "The sides see it the same way" not in page


def test_where_both_say_the_same_it_says_so(client, table, alice):
    debrief = answered(table, 4, 4, 4, 4, 4, 4, 4, by=alice)
    client.force_login(alice)

    page = words(client, debrief.get_absolute_url())

    assert "The sides see it the same way" in page
    assert "There is nothing to compare" not in page


def test_without_statements_there_is_nothing_to_stand_on(client, table, alice):
    """A district may ask for words alone."""
    debrief = answered(table, 4, 4, 4, 4, 4, 4, 4, by=alice)
    debrief.body["questions"] = [one for one in debrief.questions if one["answer"] != "scale"]
    debrief.save()
    client.force_login(alice)

    for address in (debrief.get_absolute_url(), print_of(debrief)):
        page = words(client, address)
        assert "Where you stand" not in page
        assert "the same way" not in page
        assert "The Wednesdays." in page


def test_without_questions_for_words_there_are_none(client, table, alice):
    debrief = answered(table, 4, 4, 4, 4, 4, 4, 4, by=alice)
    debrief.body["questions"] = debrief.statements
    debrief.save()
    client.force_login(alice)

    for address in (debrief.get_absolute_url(), print_of(debrief)):
        assert "In your own words" not in words(client, address)


def test_a_statement_with_other_ends_says_which(client, table, alice):
    """How far it reached its goals goes from not at all to all the way, the others to fully."""
    debrief = answered(table, 4, 4, 4, 4, 4, 4, 4, by=alice)
    client.force_login(alice)

    for address in (debrief.get_absolute_url(), print_of(debrief)):
        page = words(client, address)
        assert page.count("Here 1 is") == 1
        goals = page[page.index("How far did it reach its goals?") :][:200]
        assert "Here 1 is “Not at all” and 5 “All the way”." in goals


@pytest.mark.parametrize("theirs", [4, 3.9])
def test_marks_that_would_cover_each_other_stand_apart(theirs):
    ours = [4] * 10
    others = ours if theirs == 4 else [*ours[1:], 3]
    row = row_with(ours, others)

    square, circle = Dumbbell(row).marks

    assert circle.y - square.y >= 6
    assert square.corner[1] >= 0
    assert circle.y + 6.5 <= Dumbbell(row).height


def test_marks_that_are_apart_share_the_line():
    assert [mark.y for mark in Dumbbell(row_with([4], [3])).marks] == [11, 11]


def test_the_print_says_which_step_follows(client, table, alice):
    debrief = answered(table, 4, 4, 4, 4, 2, 2, 2, by=alice)
    made, _is_new = ResultStep.make(debrief, "q1", by=alice)
    client.force_login(alice)

    assert f"Step: {made.step.what}" in words(client, print_of(debrief))


def test_the_page_says_what_was_worked_out(client, table, alice):
    first = answered(table, 3, 3, 3, 3, 2, 2, 2, by=alice)
    debrief = answered(table, 5, 4, 4, 2, (1, {"q6": 1}), 0, 2, by=alice)
    client.force_login(alice)

    page = words(client, debrief.get_absolute_url())

    assert "4 of 4 from Lincoln High, 3 of 3 from Harbor Robotics." in page
    assert "Rated 1 (not at all) to 5 (fully)." in page
    table_of_numbers = page[page.index("statement by statement") :]
    numbers = table_of_numbers[table_of_numbers.index("People with real standing") :][:600]
    for said in ("3.8 2–5 (4)", "1.5 1–2 (2)", "1 cannot say", "+0.8", "−0.5"):
        assert said in numbers
    assert Results(debrief, first).to_talk_about.key == "q1"
    assert "Talk about this first" in page


@pytest.mark.parametrize(("days", "since"), [(1, "Since 4 Mar 2027"), (40, "Since March 2027")])
def test_the_debrief_before_is_told_by_its_month_or_its_day(client, table, alice, days, since):
    noon = datetime(2027, 3, 4, 12, tzinfo=table.district.zone)
    with clock.at(noon):
        answered(table, 3, 3, 3, 3, 2, 2, 2, by=alice)
    with clock.at(noon + timedelta(days=days)):
        debrief = answered(table, 4, 4, 4, 4, 2, 2, 2, by=alice)
        client.force_login(alice)
        assert since in words(client, debrief.get_absolute_url())


def test_numbers_are_written_as_each_language_does():
    said = []
    for language in ("en", "vi"):
        with translation.override(language):
            said.append((tenths(Decimal("4.2")), change(Decimal("-0.3")), change(Decimal("0.3"))))

    assert said == [("4.2", "−0.3", "+0.3"), ("4,2", "−0,3", "+0,3")]


def test_texts_go_by_the_alphabet_each_in_its_language(client, table, alice):
    said = ["Zebra.", "Apple.", "Nhịp gặp vào thứ Tư.", "Middle."]
    keep = [(4, {"q15": text}) for text in said]
    debrief = answered(table, *keep, 2, 2, 2, by=alice)
    client.force_login(alice)

    page = client.get(debrief.get_absolute_url()).content.decode()

    places = [page.index(text) for text in ("Apple.", "Middle.", "Nhịp gặp", "Zebra.")]
    assert places == sorted(places)
    assert re.search(r'lang="vi"[^>]*>\s*<p>Nhịp gặp', page)


def test_nothing_shows_which_answers_are_of_one_person(client, table, alice):
    """Two tables whose people said the same things in other company look the same."""
    seen = []
    for keeps in (["Alpha.", "Beta.", "Gamma.", "Delta."], ["Delta.", "Gamma.", "Beta.", "Alpha."]):
        values = zip([5, 4, 3, 2], keeps, strict=True)
        debrief = answered(table, *((v, {"q15": t}) for v, t in values), 2, 2, 2, by=alice)
        results = Results(debrief)
        scores = [(one.values, one.cannot_say) for row in results.rows for one in row.scores]
        seen.append((scores, [[side.texts for side in sides] for _q, sides in results.texts]))

    assert seen[0] == seen[1]


def test_an_open_debrief_shows_nothing(client, table, alice, bob):
    debrief = open_debrief(table, by=alice)
    for response in debrief.responses.all():
        response.keep({"q15": "secret-words", "q1": 5})
    address = [table.pk, debrief.number]
    pages = [
        debrief.get_absolute_url(),
        reverse("evaluations:print_debrief", args=address),
        reverse("evaluations:debrief_notes", args=address),
        reverse("desk:debrief_pdf", args=[*address, "en"]),
    ]
    for user in (alice, bob):
        client.force_login(user)
        for page in pages:
            response = client.get(page)
            assert "secret-words" not in text_of(response), page
        assert [client.get(page).status_code for page in pages[1:]] == [403] * 3


def test_nobody_answered(client, table, alice):
    debrief = answered(table, by=alice)
    client.force_login(alice)

    page = words(client, debrief.get_absolute_url())

    assert "Nobody answered before the last day" in page
    assert "Where you stand" not in page
    assert "Few people have answered" not in page


def test_there_is_no_grade_over_all(client, table, alice):
    """No number on the page is the mean of the means."""
    debrief = answered(table, (5, {"q1": 1}), 5, 5, 5, (2, {"q2": 5}), 2, 2, by=alice)
    client.force_login(alice)
    means = [s.mean for row in Results(debrief).in_order for s in row.scores]
    over_all = tenths(Decimal(float(sum(means) / len(means))))

    assert over_all not in words(client, debrief.get_absolute_url())


# More than two at the table


@pytest.fixture
def three(table, district, alice):
    third = table.parties.create(
        partner=PartnerFactory(district=district, name="City Library"), position=3
    )
    third.partnership = table
    third.seat(PersonFactory(partner=third.partner), {Role.CONTACT}, by=alice)
    return with_sides(table)


def test_of_three_the_highest_and_the_lowest_make_the_difference(client, three, alice):
    debrief = answered(three, 4, 4, 4, 4, 3, 3, 3, 1, by=alice)
    client.force_login(alice)

    row = row_of(debrief, "q1")
    page = words(client, debrief.get_absolute_url())

    assert row.gap == Fraction(3)
    assert [score.party.name for score in row.spoken] == [
        "Lincoln High School",
        "Harbor Robotics",
        "City Library",
    ]
    assert "All sides have answered:" in page
    assert len(Dumbbell(row).lines) == 3
    assert Dumbbell(row).gap is None


def test_who_has_left_since_is_still_heard(three, alice):
    debrief = answered(three, 4, 4, 4, 4, 3, 3, 3, 1, by=alice)
    three.parties.filter(position=3).update(left_on="2026-01-31")
    debrief.partnership = with_sides(three)

    assert [party.name for party in Results(debrief).parties][-1] == "City Library"


def test_what_more_of_every_side_chose_than_anything_else(table, alice):
    def choosing(*choices):
        return answered(table, *((3, {"q18": choice}) for choice in choices), by=alice)

    (agreed,) = Results(choosing(2, 2, 2, 1, 2, 2, 1)).choices
    (apart,) = Results(choosing(2, 2, 2, 1, 1, 1, 2)).choices
    (undecided,) = Results(choosing(2, 2, 1, 1, 2, 2, 2)).choices

    assert agreed.lines[1][1] == (3, 2)
    assert (agreed.leaning, apart.leaning, undecided.leaning) == ("Go on with changes", "", "")


# Quick, however many have answered


def queries(client, address) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def test_the_page_takes_no_more_queries_with_five_hundred_voices(client, table, alice, bob):
    answered(table, 3, 3, 3, 3, 2, 2, 2, by=alice)
    debrief = answered(table, 5, 4, 4, 2, 1, 0, 2, by=alice)
    client.force_login(alice)
    with_few = queries(client, debrief.get_absolute_url())

    ours, theirs = table.parties.all()
    answers = debrief.voices.first().answers
    Voice.objects.bulk_create(
        Voice(debrief=debrief, party=party, answers=answers | {"q15": f"Text {number}."})
        for number in range(250)
        for party in (ours, theirs)
    )
    for row in Results(Debrief.objects.get(pk=debrief.pk)).in_order:
        for party, user in ((ours, alice), (theirs, bob)):
            Comment.say(debrief, row.key, party, "We have talked about it.", by=user)
    began = time.perf_counter()
    with_many = queries(client, debrief.get_absolute_url())
    took = (time.perf_counter() - began) / 2

    assert with_many == with_few <= PAGE
    assert took < 2
