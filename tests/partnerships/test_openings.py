"""What a new cycle keeps and changes: written with the recommitment, read on the cycle's first page."""

import pytest
from django.urls import reverse

from partnerships.models import CycleNote, Partnership
from partnerships.models.partnership import MovedMeanwhile, MoveRefused
from partnerships.stages import MoveKind, Stage
from tests.factories import walk_to

KEEP, CHANGE = "The Wednesdays at the plant.", "Exam weeks are told a month ahead."


@pytest.fixture
def at_the_end(running, alice):
    walk_to(running, Stage.RECOMMIT, by=alice)
    return Partnership.objects.with_sides().get(pk=running.pk)


def url(partnership):
    return reverse("partnerships:recommit", args=[partnership.pk])


def said(partnership, **more):
    return {
        "drawn_for": partnership.last_move.pk,
        "reason": "We go on together now",
        "stage": "direction",
        "keep": KEEP,
        "change": CHANGE,
        **more,
    }


def recommit(partnership, by, stage=Stage.DIRECTION, **more):
    reason = "We go on together now"
    partnership.recommit(stage, by=by, drawn_for=partnership.last_move, reason=reason, **more)
    return again(partnership)


def again(partnership):
    return Partnership.objects.with_sides().get(pk=partnership.pk)


def test_it_is_kept_with_who_decided_and_when(client, alice, at_the_end):
    client.force_login(alice)

    client.post(url(at_the_end), said(at_the_end))

    note, move = CycleNote.objects.get(), at_the_end.moves.last()
    assert (note.cycle, note.stage, note.keep, note.change) == (2, "direction", KEEP, CHANGE)
    assert (note.by, note.at) == (alice, move.at)
    assert (move.kind, move.cycle) == (MoveKind.RECOMMIT, 2)


@pytest.mark.parametrize(("keep", "change", "notes"), [("", "", 0), (KEEP, "", 1), ("", CHANGE, 1)])
def test_either_may_be_left_out(client, alice, at_the_end, keep, change, notes):
    client.force_login(alice)

    client.post(url(at_the_end), said(at_the_end, keep=keep, change=change))

    assert again(at_the_end).cycle == 2
    assert CycleNote.objects.count() == notes


def test_the_page_says_where_to_read_first_and_what_will_happen(client, alice, at_the_end):
    client.force_login(alice)

    page = client.get(url(at_the_end)).text

    assert reverse("desk:decide", args=[at_the_end.pk]) in page
    assert "What you keep and what you change stands on its first page." in page


def test_a_refused_form_keeps_what_was_typed(client, alice, at_the_end):
    client.force_login(alice)

    page = client.post(url(at_the_end), said(at_the_end, stage="")).text

    assert KEEP in page
    assert CHANGE in page
    assert not CycleNote.objects.exists()


def test_a_second_click_begins_no_second_cycle(client, alice, at_the_end):
    client.force_login(alice)
    data = said(at_the_end)

    client.post(url(at_the_end), data)
    client.post(url(at_the_end), data)

    assert (again(at_the_end).cycle, CycleNote.objects.count()) == (2, 1)


def test_a_page_drawn_before_somebody_moved_writes_nothing(client, alice, sam, at_the_end):
    data = said(at_the_end)
    at_the_end.move_to(
        Stage.REFLECT, by=sam, drawn_for=at_the_end.last_move, reason="Not all have answered"
    )
    client.force_login(alice)

    client.post(url(at_the_end), data)

    assert (again(at_the_end).cycle, CycleNote.objects.count()) == (1, 0)


@pytest.mark.parametrize("stage", [Stage.ACTION, Stage.REFLECT])
def test_from_another_stage_nothing_is_written(running, alice, stage):
    if stage != running.stage:
        walk_to(running, stage, by=alice)

    with pytest.raises(MoveRefused):
        recommit(running, alice, keep=KEEP)

    assert not CycleNote.objects.exists()


def test_nor_to_another_stage_or_from_an_old_page(at_the_end, alice):
    old = at_the_end.moves.first()
    with pytest.raises(MoveRefused):
        recommit(at_the_end, alice, stage=Stage.ACTION, keep=KEEP)
    with pytest.raises(MovedMeanwhile):
        at_the_end.recommit(Stage.DIRECTION, by=alice, drawn_for=old, reason="So be it", keep=KEEP)

    assert not CycleNote.objects.exists()
    assert again(at_the_end).cycle == 1


def test_with_a_failure_neither_the_cycle_nor_its_note_begins(at_the_end, alice, monkeypatch):
    def fail(*args, **kwargs):
        raise RuntimeError("the light goes out")

    monkeypatch.setattr("partnerships.models.goals.GoalQuerySet.begin_cycle", fail)
    with pytest.raises(RuntimeError):
        recommit(at_the_end, alice, keep=KEEP)

    assert (again(at_the_end).cycle, CycleNote.objects.count()) == (1, 0)


def test_a_note_is_never_edited(at_the_end, alice):
    recommit(at_the_end, alice, keep=KEEP)
    note = CycleNote.objects.get()

    with pytest.raises(TypeError):
        note.save()
    with pytest.raises(TypeError):
        note.delete()


# On the first page of the cycle


def page(client, name, *args):
    return client.get(reverse(name, args=args)).text


@pytest.mark.parametrize("name", ["alice", "bob", "ada"])
def test_everybody_at_the_table_reads_it_first(request, client, at_the_end, alice, name):
    recommit(at_the_end, alice, keep=KEEP, change=CHANGE)
    client.force_login(request.getfixturevalue(name))

    guide = page(client, "desk:guide", at_the_end.pk)

    assert KEEP in guide
    assert CHANGE in guide
    assert "Written down by" in guide
    assert "Alice Moreno" in guide


def test_it_stands_at_the_stage_where_the_partnership_is_and_at_no_other(client, at_the_end, alice):
    recommit(at_the_end, alice, keep=KEEP)
    client.force_login(alice)

    assert KEEP in page(client, "desk:stage", at_the_end.pk, "direction")
    assert KEEP not in page(client, "desk:stage", at_the_end.pk, "mobilize")


@pytest.mark.parametrize(
    ("begun", "now", "shown"),
    [
        (Stage.MOBILIZE, Stage.MOBILIZE, True),
        (Stage.MOBILIZE, Stage.PRE, True),
        (Stage.MOBILIZE, Stage.DIRECTION, False),
        (Stage.DIRECTION, Stage.MOBILIZE, True),
        (Stage.DIRECTION, Stage.ACTION, False),
    ],
)
def test_until_the_cycle_has_moved_on(client, at_the_end, alice, begun, now, shown):
    moved = recommit(at_the_end, alice, begun, keep=KEEP)
    if now != begun:
        moved.move_to(now, by=alice, drawn_for=moved.last_move, reason="It is time for it now")
    client.force_login(alice)

    assert (KEEP in page(client, "desk:guide", moved.pk)) == shown


def test_afterwards_it_stays_with_its_cycle(client, at_the_end, alice):
    moved = recommit(at_the_end, alice, keep=KEEP, change=CHANGE)
    moved.move_to(Stage.ACTION, by=alice, drawn_for=moved.last_move, reason="It is time for it now")
    client.force_login(alice)

    assert KEEP in page(client, "desk:cycle", moved.pk, 2)
    assert KEEP not in page(client, "desk:cycle", moved.pk, 1)
    assert CHANGE in page(client, "desk:cycles", moved.pk)


def test_without_a_note_there_is_no_such_place(client, at_the_end, alice):
    recommit(at_the_end, alice)
    client.force_login(alice)

    assert "What we keep" not in page(client, "desk:guide", at_the_end.pk)
    assert "What we keep" not in page(client, "desk:cycles", at_the_end.pk)


def test_a_later_cycle_has_its_own(client, at_the_end, alice):
    moved = recommit(at_the_end, alice, keep="Of the second")
    walk_to(moved, Stage.RECOMMIT, by=alice)
    moved = recommit(moved, alice, keep="Of the third")

    assert moved.opening["keep"] == "Of the third"
    assert [note.keep for note in moved.cycle_notes.all()] == ["Of the second", "Of the third"]
