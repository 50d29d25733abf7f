"""What the sides say to results: comments, a step of each, notes that all agree to."""

import pytest
from django.db import transaction
from django.urls import reverse

from evaluations.models import (
    Comment,
    Debrief,
    DebriefKind,
    DebriefRefused,
    MovedOn,
    Notes,
    ResultStep,
)
from partnerships.models import Step
from partnerships.stages import MoveKind
from tests.debriefs import answered, open_debrief, with_sides
from tests.factories import PartnerFactory, PersonFactory, make_partnership

SEE = "We never spoke of what it costs us."


@pytest.fixture
def debrief(partnership, alice):
    """Alice and Sam of the school, and Bob of the partner, have answered."""
    return answered(partnership, 5, 4, 2, by=alice)


@pytest.fixture
def parties(debrief):
    return list(debrief.partnership.parties.all())


def end(partnership, by):
    table = with_sides(partnership)
    table.change_status(
        MoveKind.END, by=by, drawn_for=table.last_move, reason="We have done what we wanted"
    )


def url(debrief, name, *more):
    return reverse(f"evaluations:{name}", args=[debrief.partnership_id, debrief.number, *more])


# The rules of comments


def test_a_comment_is_kept_with_who_and_told_on_the_timeline(debrief, parties, bob):
    comment = Comment.say(debrief, "q6", parties[1], SEE, by=bob, disagrees=True)

    assert (comment.text, comment.disagrees, comment.by) == (SEE, True, bob)
    event = debrief.partnership.events.first()
    assert event.kind == "result_commented"
    assert "We are honest about what each side needs and gives." in event.sentence


@pytest.mark.parametrize("text", ["", "No.", "Not so"])
def test_a_disagreement_needs_a_sentence(debrief, parties, bob, text):
    with pytest.raises(DebriefRefused), transaction.atomic():
        Comment.say(debrief, "q6", parties[1], text, by=bob, disagrees=True)

    assert not Comment.objects.exists()


def test_who_agrees_may_be_short_but_not_silent(debrief, parties, bob):
    Comment.say(debrief, "q6", parties[1], "True.", by=bob)

    with pytest.raises(DebriefRefused), transaction.atomic():
        Comment.say(debrief, "q6", parties[1], "", by=bob)
    assert Comment.objects.count() == 1


def test_nobody_comments_on_what_was_not_asked_or_is_still_open(partnership, alice):
    closed = answered(partnership, 5, 4, 2, by=alice)
    still_open = open_debrief(partnership, by=alice)
    party = closed.partnership.parties.all()[0]

    for debrief, key in ((closed, "q15"), (closed, "q99"), (still_open, "q1")):
        with pytest.raises(DebriefRefused), transaction.atomic():
            Comment.say(debrief, key, party, SEE, by=alice)


def test_the_same_said_twice_is_said_once_and_a_later_comment_follows(debrief, parties, bob):
    Comment.say(debrief, "q6", parties[1], SEE, by=bob)
    Comment.say(debrief, "q6", parties[1], SEE, by=bob)
    Comment.say(debrief, "q6", parties[1], "We have talked since.", by=bob)

    assert [one.text for one in debrief.comments.all()] == [SEE, "We have talked since."]


# Commenting, as pages do it


def test_each_side_comments_for_itself(client, bob, debrief, parties):
    client.force_login(bob)

    client.post(url(debrief, "comment_result", "q6", parties[1].pk), {"text": SEE})
    refused = client.post(url(debrief, "comment_result", "q6", parties[0].pk), {"text": SEE})

    assert refused.status_code == 403
    comment = Comment.objects.get()
    assert (comment.party, comment.by, comment.question_key) == (parties[1], bob, "q6")
    assert SEE in client.get(debrief.get_absolute_url()).content.decode()


def test_the_page_says_what_a_disagreement_needs(client, bob, debrief, parties):
    client.force_login(bob)

    response = client.post(
        url(debrief, "comment_result", "q6", parties[1].pk), {"text": "No.", "disagrees": "on"}
    )

    assert "Say in a sentence how you see it." in response.content.decode()
    assert not Comment.objects.exists()


def test_a_double_click_comments_once(client, bob, debrief, parties):
    client.force_login(bob)
    for _click in range(2):
        client.post(url(debrief, "comment_result", "q6", parties[1].pk), {"text": SEE, "once": "a"})

    assert Comment.objects.count() == 1


def test_an_unknown_statement_is_not_found(client, alice, debrief, parties):
    client.force_login(alice)

    assert client.get(url(debrief, "comment_result", "q15", parties[0].pk)).status_code == 404
    assert client.post(url(debrief, "step_from_result", "q99")).status_code == 404


@pytest.fixture
def without_login(school, district, alice):
    """A partner nobody of which can sign in; Alice has answered, and June on paper."""
    partner = PartnerFactory(district=district, name="Green Valley Farm")
    made = make_partnership(school=school, partner=partner, by=alice)
    theirs = made.parties.all()[1]
    theirs.seat(PersonFactory(partner=partner, name="June Jensen"), ["contact"], by=alice)
    return answered(made, 4, 2, by=alice)


def test_a_coordinator_enters_what_was_said_on_paper(client, alice, without_login):
    debrief = without_login
    theirs = debrief.partnership.parties.all()[1]
    client.force_login(alice)
    said = {"how": "paper", "speaker": "June Jensen"}

    client.post(url(debrief, "comment_result", "q6", theirs.pk), said | {"text": SEE})
    Notes.propose(debrief, debrief.partnership.parties.all()[0], "Both talk.", by=alice, seen=0)
    client.post(url(debrief, "notes_said", theirs.pk), said)

    comment, assent = Comment.objects.get(), debrief.notes.get().assents.get()
    assert (comment.speaker, comment.how, comment.by) == ("June Jensen", "paper", alice)
    assert (assent.speaker, assent.party, assent.how) == ("June Jensen", theirs, "paper")


# After the end


def test_after_the_end_only_a_closing_one_is_talked_about(client, partnership, bob, alice):
    regular = answered(partnership, 5, 4, 2, by=alice)
    closing = answered(partnership, 5, 4, 2, by=alice, kind=DebriefKind.CLOSING)
    theirs = closing.partnership.parties.all()[1]
    end(partnership, alice)
    client.force_login(bob)

    told = [
        client.post(url(one, "comment_result", "q1", theirs.pk), {"text": SEE}).status_code
        for one in (regular, closing)
    ]
    steps = [
        client.post(url(one, "step_from_result", "q1")).status_code for one in (regular, closing)
    ]

    assert (told, steps) == ([403, 302], [403, 403])
    assert Comment.objects.get().debrief == closing


# Steps


def test_a_result_becomes_a_step_that_says_where_it_comes_from(client, bob, debrief):
    client.force_login(bob)

    response = client.post(url(debrief, "step_from_result", "q6"), follow=True)

    step = Step.objects.get()
    assert step.what == "Talk about: We are honest about what each side needs and gives."
    page = " ".join(response.content.decode().split())
    assert "from Debrief 1: We are honest about what each side needs and gives." in page
    assert f'href="{debrief.get_absolute_url()}#q6"' in page


def test_a_second_time_leads_to_the_step_there_is(client, alice, bob, debrief):
    for user in (bob, alice):
        client.force_login(user)
        response = client.post(url(debrief, "step_from_result", "q6"))

    assert response.url == Step.objects.get().get_absolute_url()
    assert ResultStep.objects.count() == 1
    page = client.get(debrief.get_absolute_url()).content.decode()
    assert Step.objects.get().get_absolute_url() in page


# Notes


def test_all_agree_to_exactly_one_text(debrief, parties, alice, bob):
    ours, theirs = parties
    notes = Notes.propose(debrief, ours, "We share the calendar.", by=alice, seen=0)
    notes.assent(ours, by=alice)
    assert not notes.is_agreed
    notes.assent(theirs, by=bob)

    assert Notes.objects.get().assenting == {ours.pk, theirs.pk}
    assert debrief.partnership.events.first().kind == "notes_agreed"
    assert debrief.partnership.events.filter(kind="notes_agreed").count() == 1


def test_a_change_clears_the_assents(debrief, parties, alice, bob):
    ours, theirs = parties
    first = Notes.propose(debrief, ours, "We share the calendar.", by=alice, seen=0)
    first.assent(ours, by=alice)

    second = Notes.propose(debrief, theirs, "We share the calendar by May.", by=bob, seen=1)

    assert (second.number, second.assenting) == (2, set())
    with pytest.raises(MovedOn), transaction.atomic():
        first.assent(theirs, by=bob)


def test_who_has_not_seen_the_last_text_replaces_nothing(debrief, parties, alice, bob):
    ours, theirs = parties
    Notes.propose(debrief, ours, "We share the calendar.", by=alice, seen=0)

    with pytest.raises(MovedOn) as moved, transaction.atomic():
        Notes.propose(debrief, theirs, "Another text.", by=bob, seen=0)

    assert moved.value.latest.text == "We share the calendar."
    assert Notes.objects.count() == 1


def test_with_a_third_at_the_table_two_are_not_all(debrief, parties, alice, bob, district):
    ours, theirs = parties
    table = debrief.partnership
    table.parties.create(partner=PartnerFactory(district=district), position=3)
    debrief.partnership = with_sides(table)
    notes = Notes.propose(debrief, ours, "We share the calendar.", by=alice, seen=0)
    for party, user in ((ours, alice), (theirs, bob)):
        notes.assent(party, by=user)

    assert not notes.is_agreed


def test_notes_are_written_and_agreed_on_their_page(client, alice, bob, debrief, parties):
    ours, theirs = parties
    client.force_login(alice)
    client.post(
        url(debrief, "write_notes", ours.pk),
        {"text": "We share the calendar.", "seen": 0, "act": "agree"},
    )
    client.force_login(bob)
    client.post(
        url(debrief, "write_notes", theirs.pk),
        {"text": "We share the calendar by May.", "seen": 1, "act": "agree"},
    )

    page = client.get(url(debrief, "debrief_notes")).content.decode()
    assert "<ins>calendar" in page or "<ins> by" in page
    assert "agreed to earlier notes; they are asked again" in page
    assert [one.number for one in Debrief.objects.get().notes.all()] == [1, 2]


def test_who_comes_second_sees_both_texts(client, bob, alice, debrief, parties):
    Notes.propose(debrief, parties[0], "We share the calendar.", by=alice, seen=0)
    client.force_login(bob)

    response = client.post(
        url(debrief, "write_notes", parties[1].pk), {"text": "My own text.", "seen": 0}
    )

    page = response.content.decode()
    assert "We share the calendar." in page
    assert "My own text." in page
    assert 'name="seen" value="1"' in page
    assert Notes.objects.count() == 1


def test_nobody_writes_notes_for_another_side(client, bob, debrief, parties):
    client.force_login(bob)

    response = client.post(url(debrief, "write_notes", parties[0].pk), {"text": "Ours.", "seen": 0})

    assert response.status_code == 403
    assert not Notes.objects.exists()


def test_empty_notes_are_no_notes(client, bob, debrief, parties):
    client.force_login(bob)

    response = client.post(url(debrief, "write_notes", parties[1].pk), {"text": "", "seen": 0})

    assert "Write down what you talked about." in response.content.decode()
    assert not Notes.objects.exists()
