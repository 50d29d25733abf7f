"""Before the sides decide, all is on one page; after a good end, what remains is."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from desk.decision import CHANGE, KEEP, WHAT_NEXT
from evaluations.models import (
    AnswerKind,
    Debrief,
    DebriefKind,
    QuestionSet,
    SetKind,
    WhatNext,
    Wish,
)
from partnerships.models import Document, HandedOn, Partnership
from partnerships.stages import MoveKind, Stage
from partnerships.vocabulary import Role
from tests import clock
from tests.activities import plan
from tests.agreements import agree
from tests.desk.test_queries import queries
from tests.factories import PersonFactory, make_goal, walk_to

DECIDE, ENDING = 20, 22  # drawn from many places


def again(partnership):
    return Partnership.objects.with_sides().get(pk=partnership.pk)


def url(name, partnership):
    return reverse(f"desk:{name}", args=[partnership.pk])


def words(client, name, partnership) -> str:
    return " ".join(client.get(url(name, partnership)).text.split())


def open_debrief(partnership, by, kind=DebriefKind.REGULAR) -> Debrief:
    return Debrief.objects.open(
        again(partnership),
        kind,
        question_set=QuestionSet.objects.get(key=kind.set_key, district=None),
        closes_on=partnership.district.today() + timedelta(days=14),
        by=by,
    )


def answer(debrief, number, *, value=4, **said):
    """Let the person asked as number so and so answer everything that has to be answered."""
    response = debrief.responses.all()[number]
    given = {one["key"]: value for one in debrief.statements}
    for one in debrief.questions:
        if one["answer"] == "text":
            given[one["key"]] = f"Text {number}"
        elif one["answer"] == "choice":
            given[one["key"]] = 1
    response.keep(given | said)
    response.give()


@pytest.fixture
def deciding(running, alice):
    """At stage 5, with alice, sam and bob at the table."""
    walk_to(running, Stage.RECOMMIT, by=alice)
    return again(running)


def looked_back(partnership, by) -> Debrief:
    """A closed debrief: alice and sam of the school, bob of the partner."""
    debrief = open_debrief(partnership, by)
    answer(debrief, 0, **{KEEP: "Keep A", CHANGE: "Change A", WHAT_NEXT: 1})
    answer(debrief, 1, **{KEEP: "Keep B", CHANGE: "Change B", WHAT_NEXT: 2})
    answer(debrief, 2, **{KEEP: "Keep C", CHANGE: "Change C", WHAT_NEXT: 2})
    debrief.close(by=by)
    return debrief


# The questions of the debrief are found by their keys


def test_the_keys_name_the_questions_that_are_meant(content):
    debrief = QuestionSet.objects.get(key="debrief", district=None)
    asked = {one.key: one.text_en for one in debrief.questions.all()}

    assert asked[KEEP] == "What should we keep?"
    assert asked[CHANGE] == "What should we change?"
    assert asked[WHAT_NEXT] == "What next?"


# What people said


def test_it_shows_by_side_what_people_would_like_keep_and_change(client, alice, deciding):
    looked_back(deciding, alice)
    client.force_login(alice)

    response = client.get(url("decide", deciding))

    decision = response.context["decision"]
    options = ("Go on as we are", "Go on with changes", "Pause", "End")
    assert [(party.side, counts) for party, counts in decision.what_next] == [
        ("school", list(zip(options, (1, 1, 0, 0), strict=True))),
        ("partner", list(zip(options, (0, 1, 0, 0), strict=True))),
    ]
    assert [one.texts for one in decision.keep] == [("Keep A", "Keep B"), ("Keep C",)]
    assert [one.texts for one in decision.change] == [("Change A", "Change B"), ("Change C",)]
    page = " ".join(response.text.split())
    assert "Keep A" in page
    assert "On one side fewer than three people have answered." in page


@pytest.mark.parametrize("name", ["alice", "bob", "ada", "ola"])
def test_of_a_debrief_that_is_open_it_shows_nothing(request, client, alice, deciding, name):
    debrief = open_debrief(deciding, alice)
    answer(debrief, 0, **{KEEP: "secret keep", CHANGE: "secret change", WHAT_NEXT: 4})
    client.force_login(request.getfixturevalue(name))

    response = client.get(url("decide", deciding))

    assert response.context["decision"].results is None
    assert "secret" not in response.text
    assert "A debrief is open." in response.text
    assert "No debrief of this cycle has closed." in response.text


def test_while_another_is_open_the_last_closed_one_counts(client, alice, deciding):
    looked_back(deciding, alice)
    answer(open_debrief(deciding, alice), 0, **{KEEP: "secret keep"})
    client.force_login(alice)

    page = words(client, "decide", deciding)

    assert "Keep A" in page
    assert "secret" not in page
    assert "A debrief is open." in page


def over(debrief):
    """When its last day is over, where its district is."""
    day = (debrief.closes_on + timedelta(days=1)).timetuple()[:3]
    return clock.midnight("America/Los_Angeles", *day)


def test_one_whose_last_day_is_over_is_read_before_anybody_has_closed_it(
    client, bob, deciding, alice
):
    debrief = open_debrief(deciding, alice)
    answer(debrief, 2, **{KEEP: "Keep the bus"})
    for instant, is_open in ((clock.just_before(over(debrief)), True), (over(debrief), False)):
        with clock.at(instant):
            client.force_login(bob)
            page = words(client, "decide", deciding)
        assert ("A debrief is open." in page) == is_open
        assert ("Keep the bus" in page) != is_open


def test_one_that_nobody_answered_says_so(client, alice, deciding):
    open_debrief(deciding, alice).close(by=alice)
    client.force_login(alice)

    page = words(client, "decide", deciding)

    assert "Nobody answered it." in page
    assert "fewer than three" not in page


def test_a_debrief_of_an_earlier_cycle_is_not_shown(client, alice, deciding):
    looked_back(deciding, alice)
    deciding.recommit(
        Stage.DIRECTION, by=alice, drawn_for=deciding.last_move, reason="We go on together"
    )
    client.force_login(alice)

    assert "Keep A" not in words(client, "decide", deciding)


def test_a_closing_debrief_is_not_taken_for_one(client, alice, deciding):
    debrief = open_debrief(deciding, alice, DebriefKind.CLOSING)
    answer(debrief, 0)
    debrief.close(by=alice)
    client.force_login(alice)

    assert client.get(url("decide", deciding)).context["decision"].results is None


# A district's own questions


def of_their_own(partnership, *kinds) -> QuestionSet:
    """A debrief that a district has made from nothing, with a question of each of these kinds."""
    own = QuestionSet.objects.create(
        district=partnership.district,
        kind=SetKind.DEBRIEF,
        stage=Stage.REFLECT,
        title_en="Our own",
        title_vi="Của chúng tôi",
    )
    common = QuestionSet.objects.get(key="debrief", district=None).questions
    for position, kind in enumerate(kinds, 1):
        like = common.filter(answer=kind).first()
        own.questions.create(
            position=position,
            text_en=f"Our {kind}?",
            text_vi=f"Câu hỏi {kind} của chúng tôi là gì?",
            answer=kind,
            options=like.options,
            required=False,
        )
    return own


def looked_back_at_their_own(partnership, by, *kinds, texts=("We want A", "We want B", "")):
    debrief = Debrief.objects.open(
        again(partnership),
        DebriefKind.REGULAR,
        question_set=of_their_own(partnership, *kinds),
        closes_on=partnership.district.today() + timedelta(days=14),
        by=by,
    )
    for response, text in zip(debrief.responses.all(), texts, strict=True):
        said = {one["key"]: 2 for one in debrief.questions}
        said |= {one["key"]: text for one in debrief.questions if one["answer"] == "text"}
        response.keep(said)
        response.give()
    debrief.close(by=by)
    return debrief


def test_of_a_set_of_their_own_it_shows_all_that_was_written_and_chosen(client, alice, deciding):
    looked_back_at_their_own(deciding, alice, AnswerKind.TEXT, AnswerKind.CHOICE, AnswerKind.SCALE)
    client.force_login(alice)

    page = words(client, "decide", deciding)

    for said in ("other questions than", "Our text?", "We want A", "We want B", "Our choice?"):
        assert said in page
    assert "Nobody wrote or chose" not in page
    assert "What to keep" not in page


@pytest.mark.parametrize("kinds", [(AnswerKind.SCALE,), (AnswerKind.SCALE, AnswerKind.TEXT)])
def test_where_there_is_nothing_to_show_it_says_so_and_leads_to_the_results(
    client, alice, deciding, kinds
):
    debrief = looked_back_at_their_own(deciding, alice, *kinds, texts=("", "", ""))
    client.force_login(alice)

    page = words(client, "decide", deciding)

    assert "Nobody wrote or chose anything that can be shown here." in page
    assert "Our text?" not in page
    there = reverse("evaluations:debrief", args=[deciding.pk, debrief.number])
    assert f'<a href="{there}">Read all results</a>' in page


# What each side would like


def test_both_wishes_are_read_when_both_are_said(client, alice, bob, deciding):
    ours, theirs = deciding.parties.all()
    for party in (ours, theirs):
        party.partnership = deciding
    Wish.objects.say(ours, WhatNext.CHANGE, "We want a second group", by=alice)
    client.force_login(bob)

    before = words(client, "decide", deciding)
    Wish.objects.say(theirs, WhatNext.GO_ON, "It runs well as it is", by=bob)
    after = words(client, "decide", deciding)

    assert "It is shown when you have said yours." in before
    assert "We want a second group" not in before
    assert "We want a second group" in after
    assert "It runs well as it is" in after
    assert "The sides would like different things." in after


# How things stand


def test_goals_open_steps_levels_and_what_was_agreed_about_an_end(client, alice, deciding):
    make_goal(deciding, by=alice, what="Ten interns a year")
    deciding.steps.plan(by=alice, what="Call the yard")
    agree(deciding, 5, "We say it a term ahead.", by=alice)
    client.force_login(alice)

    page = words(client, "decide", deciding)

    for said in ("Ten interns a year", "Call the yard", "We say it a term ahead.", "Relationship"):
        assert said in page


# The three ways


def links(page, deciding) -> list[str]:
    names = ("recommit", "pause", "end", "resume")
    return [n for n in names if reverse(f"partnerships:{n}", args=[deciding.pk]) + '"' in page]


def ways(client, partnership) -> list[str]:
    page = client.get(url("decide", partnership)).text
    return links(page[page.index('id="ways"') :], partnership)


def test_from_stage_5_all_three_are_open_to_coordinators(client, alice, deciding):
    client.force_login(alice)

    assert ways(client, deciding) == ["recommit", "pause", "end"]


def test_from_another_stage_one_moves_to_stage_5_first(client, alice, running):
    client.force_login(alice)

    assert ways(client, running) == ["pause", "end"]
    page = client.get(url("decide", running)).text
    assert reverse("partnerships:move", args=[running.pk, "recommit"]) in page
    assert "Move to stage 5 first" in page


def test_while_it_is_paused_one_takes_it_up_again_or_ends_it(client, alice, deciding):
    deciding.change_status(
        MoveKind.PAUSE, by=alice, drawn_for=deciding.last_move, reason="Exams come first"
    )
    client.force_login(alice)

    assert ways(client, deciding) == ["end", "resume"]


@pytest.mark.parametrize("name", ["bob", "sam", "ada"])
def test_others_read_who_carries_it_out(request, client, deciding, name):
    client.force_login(request.getfixturevalue(name))

    assert ways(client, deciding) == []
    assert "coordinator carries out what you decided" in words(client, "decide", deciding)


def test_of_an_ended_one_nothing_is_decided(client, alice, deciding):
    deciding.end(by=alice, drawn_for=deciding.last_move, reason="The plant has moved away")
    client.force_login(alice)

    page = client.get(url("decide", deciding)).text

    assert 'id="ways"' not in page
    assert "Say what your side would like" not in page
    assert url("ending", deciding) in page


# Where it is found


@pytest.mark.parametrize(
    ("stage", "shown"), [("action", False), ("reflect", True), ("recommit", True)]
)
def test_the_guide_leads_there_at_stages_4_and_5(client, bob, deciding, stage, shown):
    client.force_login(bob)

    page = client.get(reverse("desk:stage", args=[deciding.pk, stage])).text

    assert ("Go to the decision" in page) == shown


def test_the_menu_and_the_row_of_tabs_lead_there(client, alice, running):
    client.force_login(alice)

    assert url("decide", running) in client.get(url("guide", running)).text
    debriefs = reverse("evaluations:debriefs", args=[running.pk])
    assert url("decide", running) in client.get(debriefs).text


# A good end


def end(partnership, by):
    """End it, and open its closing debrief afterwards."""
    partnership.end(
        by=by,
        drawn_for=partnership.last_move,
        reason="The plant has moved away",
        no_debrief_because="It opens in a moment",
    )
    open_debrief(partnership, by, DebriefKind.CLOSING)


def party(partnership, number):
    found = again(partnership).parties.all()[number]
    found.partnership = again(partnership)
    return found


@pytest.fixture
def ended(deciding, alice, bob):
    """A goal reached, a step, a document, an activity, a win; one side hands on; a closing debrief."""
    today = deciding.district.today()
    make_goal(deciding, by=alice, what="Ten interns", target=Decimal(10)).note(
        on=today, value=Decimal(12), by=alice
    )
    deciding.steps.plan(by=alice, what="Return the key", owner=deciding.seats_of(bob)[0])
    file = ContentFile(b"%PDF-1.7\n%%EOF\n", name="plan.pdf")
    ours = party(deciding, 0)
    Document.put(ours, title="Plan of the hall", file=file, by=alice, shared=True)
    kept = ContentFile(b"%PDF-1.7\n%%EOF\n", name="kept.pdf")
    Document.put(ours, title="Kept to ourselves", file=kept, by=alice)
    held = plan(deciding, by=alice)
    held.note(held.on, "held", by=alice, students=12)
    deciding.wins.tell(by=alice, text="They built a boat", on=today)
    HandedOn(party=ours, text="The boat stays at school").write(by=alice)
    end(deciding, alice)
    return again(deciding)


SAID = ("Ten interns", "Return the key", "Bob Keller", "Plan of the hall", "They built a boat")
SAID += ("The boat stays at school", "The plant has moved away", "1 day of activities was held.")


@pytest.mark.parametrize("name", ["alice", "bob", "sam", "ada", "ola"])
def test_how_it_ended_is_on_one_page_and_on_paper(request, client, ended, name):
    client.force_login(request.getfixturevalue(name))

    for page in (
        words(client, "ending", ended),
        " ".join(client.get(url("ending", ended) + "?print=1").text.split()),
    ):
        assert [said for said in SAID if said not in page] == []
        assert "Students: 12" in page
        assert "Kept to ourselves" not in page
        assert "The closing debrief is open." in page


def test_what_the_closing_debrief_says_is_read_when_it_has_closed(client, alice, ended):
    debrief = ended.debriefs.get()
    answer(debrief, 0, value=5, q3="secret of a pupil")
    answer(debrief, 2, value=2)
    client.force_login(alice)

    before = words(client, "ending", ended)
    debrief.close(by=alice)
    after = words(client, "ending", ended)

    assert "secret" not in before
    assert client.get(url("guide", ended)).status_code == 200
    assert "secret of a pupil" in after
    assert "How far did it reach its goals?" in after
    assert "<b>5.0</b>" in after
    assert "<b>2.0</b>" in after
    assert "Would you work together again?" in after


def test_a_closing_one_whose_last_day_is_over_is_read_at_once(client, bob, ended):
    debrief = ended.debriefs.get()
    answer(debrief, 2, q3="They learned to weld.")
    with clock.at(over(debrief)):
        client.force_login(bob)
        page = words(client, "ending", ended)

    assert "The closing debrief is open" not in page
    assert "They learned to weld." in page


def test_a_goal_stands_there_as_it_stood_at_the_end(client, alice, ended):
    client.force_login(alice)
    ending = client.get(url("ending", ended)).context["ending"]

    assert [goal.what for goal in ending.reached] == ["Ten interns"]


def test_the_guide_of_an_ended_one_says_what_remains(client, alice, bob, ended):
    client.force_login(bob)

    page = words(client, "guide", ended)

    assert "What remains" in page
    assert "The boat stays at school" in page
    assert reverse("partnerships:hand_on", args=[ended.pk, party(ended, 1).pk]) in page
    assert reverse("partnerships:hand_on", args=[ended.pk, party(ended, 0).pk]) not in page
    assert url("ending", ended) in page


def test_before_the_end_the_page_says_so(client, alice, running):
    client.force_login(alice)

    page = words(client, "ending", running)

    assert "The partnership goes on." in page
    assert "A closing debrief opens when the partnership ends." in page
    assert "What remains" not in words(client, "guide", running)


def test_reopened_it_goes_on(client, alice, ended):
    ended.change_status(
        MoveKind.REOPEN, by=alice, drawn_for=ended.last_move, reason="They have come back"
    )
    client.force_login(alice)

    assert "The partnership goes on." in words(client, "ending", ended)


# Few queries


def fill(partnership, count, *, by):
    for number in range(count):
        make_goal(partnership, by=by, what=f"Goal {number}")
        partnership.steps.plan(by=by, what=f"Step {number}")
        partnership.wins.tell(by=by, text=f"Win {number}", on=partnership.district.today())
        file = ContentFile(b"%PDF-1.7\n%%EOF\n", name="plan.pdf")
        owner = party(partnership, 0)
        Document.put(owner, title=f"Plan {number}", file=file, by=by, shared=True)
        owner.seat(PersonFactory(school=owner.school), {Role.BOARD}, by=by)


@pytest.mark.parametrize(("name", "most"), [("decide", DECIDE), ("ending", ENDING)])
def test_they_take_few_queries_and_no_more_for_more_rows(client, alice, deciding, name, most):
    for number in (0, 1):
        Wish.objects.say(party(deciding, number), WhatNext.GO_ON, "So be it", by=alice)
    looked_back(deciding, alice)
    agree(deciding, 5, "We say it a term ahead.", by=alice)
    fill(deciding, 1, by=alice)
    client.force_login(alice)
    before = queries(client, url(name, deciding))

    fill(deciding, 6, by=alice)

    assert before <= most
    assert queries(client, url(name, deciding)) <= before


def test_the_ended_page_takes_no_more_with_results(client, alice, ended):
    debrief = ended.debriefs.get()
    answer(debrief, 0)
    answer(debrief, 2)
    debrief.close(by=alice)
    client.force_login(alice)

    assert queries(client, url("ending", ended)) <= ENDING
    assert queries(client, url("guide", ended)) <= 12


def test_the_first_page_of_a_cycle_takes_no_more_than_any(client, alice, deciding):
    client.force_login(alice)
    before = queries(client, url("guide", deciding))
    said = {"reason": "We go on together", "keep": "The Wednesdays", "change": "The bus"}
    deciding.recommit(Stage.DIRECTION, by=alice, drawn_for=deciding.last_move, **said)

    assert "The Wednesdays" in client.get(url("guide", deciding)).text
    assert queries(client, url("guide", deciding)) <= max(before, 12)
