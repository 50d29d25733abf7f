"""Moves through the pages: confirmed, reasoned, once."""

import pytest
from django.urls import reverse

from partnerships.models import Move, Partnership
from partnerships.stages import MoveKind, Stage, Status


def url_to(partnership, stage):
    return reverse("partnerships:move", args=[partnership.pk, stage])


def posted(partnership, **data):
    return {"drawn_for": partnership.last_move.pk, "reason": "", **data}


def tick_all(partnership, user):
    for item in partnership.items.open_now().filter(stage=partnership.stage):
        item.tick(by=user)


def test_on_with_nothing_open_needs_no_reason(client, alice, partnership):
    tick_all(partnership, alice)
    client.force_login(alice)

    client.post(url_to(partnership, "mobilize"), posted(partnership))

    move = partnership.moves.last()
    assert (move.kind, move.from_stage, move.to_stage) == (MoveKind.NEXT, "pre", "mobilize")
    assert (move.by, move.open_items, move.cycle) == (alice, 0, 1)
    partnership.refresh_from_db()
    assert partnership.stage == Stage.MOBILIZE


def test_with_items_open_it_asks_why(client, alice, partnership):
    client.force_login(alice)

    response = client.post(url_to(partnership, "mobilize"), posted(partnership, reason="Because"))

    assert response.context["form"].errors["reason"] == ["Say why, in a few words: at least three."]
    assert "Because" in response.content.decode()
    assert "<title>Error:" in response.content.decode()
    partnership.refresh_from_db()
    assert partnership.stage == Stage.PRE


def test_the_number_of_open_items_and_the_reason_are_kept(client, alice, partnership):
    client.force_login(alice)

    client.post(
        url_to(partnership, "mobilize"), posted(partnership, reason="They said yes already")
    )

    move = partnership.moves.last()
    assert (move.open_items, move.reason) == (10, "They said yes already")
    assert partnership.events.first().reason == "They said yes already"


@pytest.mark.parametrize(("stage", "kind"), [("action", MoveKind.SKIP), ("pre", MoveKind.BACK)])
def test_skipping_and_going_back_need_a_reason(client, alice, partnership, stage, kind):
    tick_all(partnership, alice)
    partnership.move_to(Stage.MOBILIZE, by=alice, drawn_for=partnership.last_move)
    tick_all(partnership, alice)
    client.force_login(alice)

    refused = client.post(url_to(partnership, stage), posted(partnership))
    client.post(
        url_to(partnership, stage), posted(partnership, reason="The team is complete again")
    )

    assert "reason" in refused.context["form"].errors
    assert partnership.moves.last().kind == kind


def test_a_page_drawn_before_somebody_moved_moves_nothing(client, alice, sam, partnership):
    stale = posted(partnership, reason="We are quick this year")
    partnership.move_to(
        Stage.DIRECTION,
        by=alice,
        drawn_for=partnership.last_move,
        reason="The team is there already",
    )
    client.force_login(alice)

    response = client.post(url_to(partnership, "mobilize"), stale, follow=True)

    assert partnership.moves.count() == 2
    page = response.content.decode()
    assert "Nothing was moved" in page
    assert "Alice Moreno moved this partnership to “Set direction and infrastructure”." in page


def test_a_second_click_is_not_a_second_move(client, alice, partnership):
    tick_all(partnership, alice)
    client.force_login(alice)
    data = posted(partnership)

    client.post(url_to(partnership, "mobilize"), data)
    client.post(url_to(partnership, "mobilize"), data)

    assert partnership.moves.count() == 2  # the start, and one move


def test_recommit_begins_a_new_cycle_at_the_stage_chosen(client, alice, running):
    for stage in (Stage.REFLECT, Stage.RECOMMIT):
        tick_all(running, alice)
        running.move_to(stage, by=alice, drawn_for=running.last_move)
    tick_all(running, alice)
    client.force_login(alice)

    client.post(
        reverse("partnerships:recommit", args=[running.pk]), posted(running, stage="direction")
    )

    running.refresh_from_db()
    assert (running.cycle, running.stage) == (2, Stage.DIRECTION)
    assert running.moves.last().kind == MoveKind.RECOMMIT


def test_recommit_only_from_stage_5(client, alice, running):
    client.force_login(alice)

    client.post(
        reverse("partnerships:recommit", args=[running.pk]), posted(running, stage="direction")
    )

    running.refresh_from_db()
    assert running.cycle == 1


@pytest.mark.parametrize(
    ("page", "before", "after"),
    [("pause", Status.ACTIVE, Status.PAUSED), ("resume", Status.PAUSED, Status.ACTIVE)],
)
def test_pause_and_resume(client, alice, running, page, before, after):
    if before == Status.PAUSED:
        running.change_status(
            MoveKind.PAUSE, by=alice, drawn_for=running.last_move, reason="Exams until the summer"
        )
    client.force_login(alice)

    client.post(
        reverse(f"partnerships:{page}", args=[running.pk]),
        posted(running, reason="The exams are near now"),
    )

    running.refresh_from_db()
    assert running.status == after


def test_a_paused_partnership_does_not_move(client, alice, running):
    running.change_status(
        MoveKind.PAUSE, by=alice, drawn_for=running.last_move, reason="Exams until the summer"
    )
    client.force_login(alice)

    client.post(url_to(running, "reflect"), posted(running, reason="On to the next one"))

    running.refresh_from_db()
    assert running.stage == Stage.ACTION


def end(client, partnership, **data):
    url = reverse("partnerships:end", args=[partnership.pk])
    return client.post(url, posted(partnership, reason="The company moves away", **data))


def test_ending_opens_the_debrief_of_the_checklist(client, alice, running):
    client.force_login(alice)

    end(client, running, debrief="yes")

    running.refresh_from_db()
    assert running.status == Status.ENDED
    debrief = running.items.get(only_when="ending")
    assert debrief.is_open
    assert debrief in running.items.open_now()


def test_ending_without_a_debrief_says_why(client, alice, running):
    client.force_login(alice)

    refused = end(client, running, debrief="no")
    end(client, running, debrief="no", no_debrief_because="We spoke on the last day")

    assert "no_debrief_because" in refused.context["form"].errors
    debrief = running.items.get(only_when="ending")
    assert (debrief.state, debrief.reason) == ("not-relevant", "We spoke on the last day")


def test_an_ended_partnership_is_read_only_but_for_its_debrief(client, alice, running):
    client.force_login(alice)
    end(client, running, debrief="yes")
    item = running.items.open_now().exclude(only_when="ending").first()
    debrief = running.items.get(only_when="ending")

    assert client.post(reverse("checklists:tick", args=[running.pk, item.pk])).status_code == 403
    assert client.get(reverse("partnerships:basics", args=[running.pk])).status_code == 403
    client.post(reverse("checklists:tick", args=[running.pk, debrief.pk]))

    item.refresh_from_db()
    debrief.refresh_from_db()
    assert (item.is_open, debrief.is_done) == (True, True)


def test_reopening_brings_it_back_to_life(client, alice, running):
    client.force_login(alice)
    end(client, running, debrief="yes")

    client.post(
        reverse("partnerships:reopen", args=[running.pk]),
        {"drawn_for": running.moves.last().pk, "reason": "They stay in town after all"},
    )

    running.refresh_from_db()
    assert (running.status, running.stage) == (Status.ACTIVE, Stage.ACTION)


@pytest.mark.parametrize(
    ("name", "status"), [("bob", 403), ("sam", 403), ("ada", 403), ("charlie", 404), ("dora", 404)]
)
@pytest.mark.parametrize("page", ["pause", "end", "recommit", "choose_stage"])
def test_only_the_schools_coordinators_move(request, client, running, page, name, status):
    client.force_login(request.getfixturevalue(name))

    assert client.get(reverse(f"partnerships:{page}", args=[running.pk])).status_code == status


def test_a_stage_that_does_not_exist_is_not_found(client, alice, running):
    client.force_login(alice)

    assert client.get(url_to(running, "heaven")).status_code == 404


def test_moves_are_never_edited_or_deleted(running):
    move = running.last_move
    move.reason = "Something else"

    for attempt in (move.save, move.delete, Move.objects.all().delete):
        with pytest.raises(TypeError):
            attempt()
    with pytest.raises(TypeError):
        Move.objects.update(reason="Something else")


# What was typed is kept, whatever happens meanwhile


def at_stage_5(partnership, by):
    for stage in (Stage.REFLECT, Stage.RECOMMIT):
        tick_all(partnership, by)
        partnership.move_to(stage, by=by, drawn_for=partnership.last_move)


RECOMMITTED = {
    "stage": "direction",
    "keep": "The Wednesdays in the yard",
    "change": "Two teachers come along",
    "reason": "We go on together",
}


def recommit(client, partnership, data):
    return client.post(reverse("partnerships:recommit", args=[partnership.pk]), data)


def test_a_recommitment_drawn_before_somebody_paused_keeps_what_was_typed(client, alice, running):
    at_stage_5(running, alice)
    stale = posted(running, **RECOMMITTED)
    for kind in (MoveKind.PAUSE, MoveKind.RESUME):
        running.change_status(
            kind, by=alice, drawn_for=running.last_move, reason="The exams came first"
        )
    client.force_login(alice)

    refused = recommit(client, running, stale)
    page = refused.text

    running.refresh_from_db()
    assert running.cycle == 1
    assert "Nothing was moved" in page
    assert "Alice Moreno took this partnership up again" in page
    for typed in ("The Wednesdays in the yard", "Two teachers come along", "We go on together"):
        assert typed in page
    again = refused.context["form"].data
    recommit(client, running, again)
    running.refresh_from_db()
    note = running.cycle_notes.get()
    assert (running.cycle, note.keep) == (2, "The Wednesdays in the yard")


def test_where_two_press_at_once_the_second_keeps_what_was_typed(
    client, alice, running, monkeypatch
):
    at_stage_5(running, alice)
    typed = posted(running, **RECOMMITTED)
    really = Partnership.recommit

    def late(partnership, **said):
        """Somebody else comes between the check and the lock."""
        other = Partnership.objects.get(pk=partnership.pk)
        reason = "The exams come first"
        other.change_status(MoveKind.PAUSE, by=alice, drawn_for=other.last_move, reason=reason)
        really(partnership, **said)

    monkeypatch.setattr(Partnership, "recommit", late)
    client.force_login(alice)

    page = recommit(client, running, typed).text

    running.refresh_from_db()
    assert (running.cycle, running.status) == (1, Status.PAUSED)
    assert "Nothing was moved" in page
    assert "The Wednesdays in the yard" in page


@pytest.mark.parametrize("ended", [False, True])
def test_where_it_is_possible_no_more_what_was_typed_is_shown(client, alice, running, ended):
    at_stage_5(running, alice)
    stale = posted(running, **RECOMMITTED)
    told = {"by": alice, "drawn_for": running.last_move, "reason": "Somebody was quicker"}
    if ended:
        running.end(**told)
    else:
        running.recommit(Stage.MOBILIZE, keep="The Mondays", **told)
    client.force_login(alice)

    refused = recommit(client, running, stale)
    page = refused.text

    assert refused.status_code == 409
    assert running.moves.filter(kind=MoveKind.RECOMMIT).count() == (0 if ended else 1)
    assert "Nothing was moved" in page
    assert "What do you keep?" in page
    for typed in ("The Wednesdays in the yard", "Two teachers come along", "We go on together"):
        assert typed in page


def test_a_second_click_on_recommit_is_not_told_that_its_words_are_lost(client, alice, running):
    at_stage_5(running, alice)
    data = posted(running, **RECOMMITTED)
    client.force_login(alice)

    first, second = recommit(client, running, data), recommit(client, running, data)

    assert first.status_code == second.status_code == 302
    assert running.cycle_notes.count() == 1
