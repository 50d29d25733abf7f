"""The items of a partnership: made, renewed, settled, counted, and late by the clock of the district."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from checklists.models import Checklist, Item, State, TemplateItem
from checklists.progress import Progress
from partnerships.events import EventKind
from partnerships.models import Partnership
from partnerships.stages import MoveKind, Stage, Status
from partnerships.vocabulary import Role, Side
from tests import clock
from tests.factories import PartnerFactory, UserFactory, make_partnership, walk_to

PER_STAGE = {"pre": 10, "mobilize": 3, "direction": 5, "action": 7, "reflect": 4, "recommit": 3}


def fresh(partnership):
    return Partnership.objects.with_sides().get(pk=partnership.pk)


def by_key(partnership, cycle=1):
    """The items of a cycle that came from the checklist, by their key."""
    items = partnership.items.filter(cycle=cycle).select_related("template_item")
    return {item.template_item.key: item for item in items if item.template_item}


def add_own(partnership, **fields):
    fields = {"wording": "Book a room", "stage": partnership.stage, **fields}
    return partnership.items.add_own(by=partnership.coordinator, **fields)


def recommit(partnership, user, stage=Stage.DIRECTION):
    walk_to(partnership, Stage.RECOMMIT, by=user)
    partnership = fresh(partnership)
    partnership.recommit(
        stage,
        by=user,
        drawn_for=partnership.last_move,
        reason="A second year, with what stays open",
    )
    return partnership


def end(partnership, user, **words):
    words = {"reason": "The company moves away", **words}
    partnership.end(by=user, drawn_for=partnership.last_move, **words)


def reopen(partnership, user):
    partnership.change_status(
        MoveKind.REOPEN, by=user, drawn_for=partnership.last_move, reason="They stay in town"
    )


def seat_of(partnership, user):
    return next(seat for seat in partnership.current_seats if seat.person.user == user)


# Making


def test_a_partnership_starts_with_one_open_item_per_line(partnership):
    items = list(partnership.items.all())

    assert len(items) == 32
    assert {item.state for item in items} == {State.OPEN}
    assert {item.cycle for item in items} == {1}
    assert Counter(item.stage for item in items) == PER_STAGE
    assert {item.owner for item in items} == {item.due_on for item in items} == {None}


def test_they_stand_in_the_order_of_the_source(partnership):
    lines = TemplateItem.objects.filter(heading__checklist__district=None)

    assert [item.template_item for item in partnership.items.all()] == list(lines)


def test_an_item_falls_to_the_side_of_its_line(partnership):
    for item in partnership.items.select_related("template_item"):
        line = item.template_item
        assert (item.side, item.stage, item.only_when) == (line.side, line.stage, line.only_when)


def test_a_retired_line_makes_no_item(alice, school):
    TemplateItem.objects.filter(key="parents").update(retired=True)

    partnership = make_partnership(school=school, by=alice)

    assert "parents" not in by_key(partnership)
    assert partnership.items.count() == 31


def test_a_line_retired_later_stays_where_it_is_used(partnership):
    TemplateItem.objects.filter(key="parents").update(retired=True)

    assert by_key(partnership)["parents"].text == "Reach out to parents for ideas and connections."


def test_a_district_with_a_checklist_of_its_own_has_items_of_that(alice, school, district):
    own = Checklist.objects.get(district=None).copy_for(district)
    line = TemplateItem.objects.get(heading__checklist=own, key="parents")
    line.wording_en, line.wording_vi = "Ask the families.", "Hỏi các gia đình."
    line.save()

    partnership = make_partnership(school=school, by=alice)

    assert by_key(partnership)["parents"].text == "Ask the families."
    assert partnership.items.count() == 32


def test_the_wording_of_a_line_shows_in_the_language_of_the_reader(partnership):
    texts = by_key(partnership)["potential-partners"].texts

    assert texts == {
        "en": "Identify potential partners.",
        "vi": "Xác định các đối tác tiềm năng.",
    }


# Renewing


def test_a_new_cycle_has_a_complete_set_of_its_own(running, alice):
    running = recommit(running, alice)

    assert set(by_key(running, 2)) == set(by_key(running, 1))
    assert running.items.filter(cycle=2).count() == 32


def test_what_repeats_opens_anew(running, alice):
    before = by_key(running)["training"]
    before.owner, before.note = seat_of(running, alice), "Only the mentors need it"
    before.due_on = date(2026, 5, 1)
    before.save()
    before.tick(by=alice)

    running = recommit(running, alice)

    anew = by_key(running, 2)["training"]
    assert (anew.state, anew.settled_by, anew.settled_at) == (State.OPEN, None, None)
    assert (anew.owner, anew.due_on, anew.note) == (None, None, "")


def test_exactly_what_the_source_marks_repeats(running, alice):
    running = recommit(running, alice)

    repeating = {key for key, item in by_key(running, 2).items() if item.is_open}
    lines = TemplateItem.objects.filter(heading__checklist__district=None)
    assert repeating == {line.key for line in lines if line.repeats or line.only_when}


def test_the_rest_is_carried_over_as_it_stands(running, bob, alice):
    done, not_relevant = by_key(running)["draft-proposal"], by_key(running)["management-structure"]
    done.owner, done.note = seat_of(running, bob), "Two pages"
    done.evidence_url, done.side = "https://minutes.example/1", Side.PARTNER
    done.due_on = date(2026, 5, 1)
    done.save()
    done.tick(by=bob)
    not_relevant.set_not_relevant("The plant has one already", by=alice)
    done.refresh_from_db()

    running = recommit(running, alice)

    later = by_key(running, 2)
    kept = ["owner", "note", "evidence_url", "side", "due_on", "state", "settled_by", "settled_at"]
    for name in kept:
        assert getattr(later["draft-proposal"], name) == getattr(done, name)
    assert later["management-structure"].reason == "The plant has one already"
    assert later["management-structure"].is_not_relevant


def test_what_stays_open_is_carried_over_open(running, alice):
    item = by_key(running)["communications-plans"]
    item.due_on = date(2026, 5, 1)
    item.save()
    running = fresh(running)
    for stage in (Stage.REFLECT, Stage.RECOMMIT):
        running.move_to(
            stage, by=alice, drawn_for=running.last_move, reason="We are late this year"
        )

    running.recommit(
        Stage.DIRECTION, by=alice, drawn_for=running.last_move, reason="Go on all the same"
    )

    later = by_key(running, 2)["communications-plans"]
    assert (later.state, later.due_on) == (State.OPEN, date(2026, 5, 1))


def test_open_items_of_ones_own_come_along_and_done_ones_stay_behind(running, bob, alice):
    opened = add_own(
        running, wording="Write to the families", side=Side.SCHOOL, due_on=date(2027, 2, 1)
    )
    opened.owner, opened.note = seat_of(running, bob), "In both languages"
    opened.save()
    done, not_relevant = add_own(running), add_own(running)
    done.tick(by=bob)
    not_relevant.set_not_relevant("We have a room", by=bob)
    running = fresh(running)
    for stage in (Stage.REFLECT, Stage.RECOMMIT):
        running.move_to(
            stage, by=alice, drawn_for=running.last_move, reason="We are late this year"
        )

    running.recommit(
        Stage.DIRECTION, by=alice, drawn_for=running.last_move, reason="Go on all the same"
    )

    carried = running.items.get(cycle=2, template_item=None)
    assert carried.text == "Write to the families"
    assert (carried.owner, carried.note) == (opened.owner, "In both languages")
    assert (carried.side, carried.due_on, carried.stage) == (
        Side.SCHOOL,
        date(2027, 2, 1),
        Stage.ACTION,
    )
    assert running.items.filter(cycle=1, template_item=None).count() == 3


def test_the_debrief_of_an_ending_opens_anew(running, alice):
    end(running, alice, no_debrief_because="We spoke on the last day")
    reopen(running, alice)

    running = recommit(running, alice)

    debrief = running.items.get(cycle=2, only_when="ending")
    assert (debrief.state, debrief.reason) == (State.OPEN, "")


def test_earlier_cycles_stay_as_they_were(running, alice):
    walk_to(running, Stage.RECOMMIT, by=alice)
    before = list(running.items.order_by("pk").values())

    running = recommit(running, alice)
    for item in running.items.filter(cycle=2):
        item.tick(by=alice)
    running = recommit(running, alice, Stage.MOBILIZE)

    assert list(running.items.filter(cycle=1).order_by("pk").values()) == before
    assert running.cycle == 3


def test_the_progress_of_an_earlier_cycle_stays_as_it_was(running, alice):
    """Also when the partnership ends later: the debrief is part of the cycle in which it ended."""
    running = recommit(running, alice)
    before = running.items.filter(cycle=1).progress_by("cycle")[1]

    end(running, alice)

    assert running.items.filter(cycle=1).progress_by("cycle")[1] == before
    assert Progress.of(fresh(running).items.filter(cycle=1)) == before


def test_a_new_cycle_follows_the_checklist_that_the_district_has_by_then(running, alice, district):
    by_key(running)["follow-up"].tick(by=alice)
    own = Checklist.objects.get(district=None).copy_for(district)
    lines = TemplateItem.objects.filter(heading__checklist=own)
    lines.filter(key="parents").update(retired=True)
    heading = own.headings.first()
    heading.items.create(wording_en="Ask the mayor.", wording_vi="Hỏi thị trưởng.", stage="pre")

    running = recommit(running, alice)

    later = by_key(running, 2)
    assert "parents" not in later
    assert [item.text for key, item in later.items() if key.startswith("own-")] == [
        "Ask the mayor."
    ]
    assert later["follow-up"].is_done
    assert all(item.template_item.heading.checklist == own for item in later.values())


# Settling


def test_ticking_keeps_who_and_when(partnership, bob):
    item = by_key(partnership)["follow-up"]
    noon = datetime(2026, 11, 4, 12, 0, tzinfo=UTC)

    with clock.at(noon):
        item.tick(by=bob)

    item.refresh_from_db()
    assert (item.state, item.settled_by, item.settled_at) == (State.DONE, bob, noon)
    event = partnership.events.get(kind=EventKind.ITEM_DONE)
    assert (event.by, event.at, event.about["item"]) == (bob, noon, item.texts)


def test_unticking_opens_it_again(partnership, alice, bob):
    item = by_key(partnership)["follow-up"]
    item.tick(by=bob)

    item.reopen(by=alice)

    item.refresh_from_db()
    assert (item.state, item.settled_by, item.settled_at) == (State.OPEN, None, None)
    assert partnership.events.first().kind == EventKind.ITEM_OPENED
    assert partnership.events.filter(kind=EventKind.ITEM_DONE).count() == 1


def test_not_relevant_keeps_the_reason(partnership, alice):
    item = by_key(partnership)["parents"]

    item.set_not_relevant("The families come to us", by=alice)

    item.refresh_from_db()
    assert (item.state, item.reason) == (State.NOT_RELEVANT, "The families come to us")
    event = partnership.events.first()
    assert (event.kind, event.reason) == (EventKind.ITEM_NOT_RELEVANT, "The families come to us")


def test_opening_it_again_takes_the_reason_back(partnership, alice):
    item = by_key(partnership)["parents"]
    item.set_not_relevant("The families come to us", by=alice)

    item.reopen(by=alice)

    item.refresh_from_db()
    assert (item.state, item.reason) == (State.OPEN, "")


def test_without_a_reason_the_database_refuses(partnership):
    item = by_key(partnership)["parents"]
    item.state = State.NOT_RELEVANT

    with pytest.raises(IntegrityError, match="not_relevant_for_a_reason"), transaction.atomic():
        item.save()
    with pytest.raises(IntegrityError), transaction.atomic():
        partnership.items.update(state=State.NOT_RELEVANT)


@pytest.mark.parametrize("reason", ["", "   ", "\n"])
def test_the_page_asks_for_the_reason(client, alice, partnership, reason):
    item = by_key(partnership)["parents"]
    client.force_login(alice)

    response = client.post(
        reverse("checklists:not_relevant", args=[partnership.pk, item.pk]), {"reason": reason}
    )

    assert response.context["form"].errors["reason"] == ["Say why, in a few words."]
    item.refresh_from_db()
    assert item.is_open


def test_a_cycle_has_each_line_once(partnership):
    item = by_key(partnership)["parents"]
    item.pk = None

    with pytest.raises(IntegrityError), transaction.atomic():
        item.save(force_insert=True)


def test_a_line_that_is_used_cannot_be_deleted(partnership):
    with pytest.raises(IntegrityError), transaction.atomic():
        by_key(partnership)["parents"].template_item.delete()


def test_a_second_click_ticks_once(client, bob, partnership):
    item = by_key(partnership)["follow-up"]
    client.force_login(bob)
    url = reverse("checklists:tick", args=[partnership.pk, item.pk])

    client.post(url)
    client.post(url)

    assert partnership.events.filter(kind=EventKind.ITEM_DONE).count() == 1


def test_items_of_ones_own_stand_behind_those_of_the_checklist(client, bob, partnership):
    client.force_login(bob)
    url = reverse("checklists:add", args=[partnership.pk])
    for number in (1, 2):
        data = {"wording": f"Item {number}", "stage": "pre", "side": "both"}
        client.post(url, {**data, "once": number})

    items = list(partnership.items.all())
    assert [item.text for item in items[-2:]] == ["Item 1", "Item 2"]
    assert {item.is_own for item in items[-2:]} == {True}
    assert partnership.events.first().kind == EventKind.ITEM_ADDED


def test_an_item_of_ones_own_says_what_is_to_be_done(client, bob, partnership):
    client.force_login(bob)

    response = client.post(
        reverse("checklists:add", args=[partnership.pk]), {"stage": "pre", "side": "both"}
    )

    assert response.context["form"].errors["wording"] == ["Say what is to be done."]
    assert partnership.items.count() == 32


# The words of an item of one's own


def details(item, **words):
    return {"side": item.side, "seen_version": item.version, **words}


def test_the_words_of_an_own_item_can_be_corrected(client, bob, partnership):
    item = add_own(partnership, wording="Bok a room", side=Side.BOTH)
    client.force_login(bob)
    assert "Bok a room" in client.get(item.get_absolute_url()).content.decode()

    client.post(item.get_absolute_url(), details(item, wording_en="Book a room"))

    now = Item.objects.get(pk=item.pk)
    assert (now.text, now.wording_vi or "", now.version) == ("Book a room", "", item.version + 1)
    event = partnership.events.first()
    assert (event.kind, event.by) == (EventKind.ITEM_CHANGED, bob)
    assert event.about["item"]["en"] == "Book a room"


@pytest.mark.parametrize("reader", ["en", "vi"])
def test_they_stay_in_the_language_they_were_written_in(client, alice, partnership, reader):
    with translation.override("vi"):
        item = add_own(partnership, wording="Đặt phòng hợp")
    alice.language = reader
    alice.save()
    client.force_login(alice)
    form = client.get(item.get_absolute_url()).context["form"]
    assert {"wording_en", "wording_vi"} & set(form.fields) == {"wording_vi"}

    client.post(
        item.get_absolute_url(),
        details(item, wording_vi="Đặt phòng họp", wording_en="Smuggled in", wording="This too"),
    )

    stored = Item.objects.filter(pk=item.pk).values("wording_en", "wording_vi").get()
    assert (stored["wording_en"] or "", stored["wording_vi"]) == ("", "Đặt phòng họp")
    assert Item.objects.get(pk=item.pk).text == "Đặt phòng họp"


def test_where_there_are_both_languages_both_are_asked(client, alice, partnership):
    seat = seat_of(partnership, alice)
    item = partnership.items.welcome(seat, by=alice)
    client.force_login(alice)
    form = client.get(item.get_absolute_url()).context["form"]
    labels = [form.fields[name].label for name in ("wording_en", "wording_vi")]
    assert labels == ["What is to be done? (English)", "What is to be done? (Vietnamese)"]

    client.post(
        item.get_absolute_url(),
        details(item, wording_en="Find somebody new", wording_vi="Tìm người mới"),
    )

    item = Item.objects.get(pk=item.pk)
    assert item.texts == {"en": "Find somebody new", "vi": "Tìm người mới"}


def test_an_own_item_cannot_be_left_without_words(client, alice, partnership):
    item = add_own(partnership)
    client.force_login(alice)

    response = client.post(item.get_absolute_url(), details(item, wording_en=" "))

    assert response.context["form"].errors["wording_en"] == ["Say what is to be done."]
    assert Item.objects.get(pk=item.pk).text == "Book a room"


def test_the_words_of_the_checklist_cannot_be_changed_here(client, alice, partnership):
    item = partnership.items.first()
    before = item.texts
    client.force_login(alice)

    page = client.get(item.get_absolute_url()).content.decode()
    client.post(
        item.get_absolute_url(),
        details(item, wording="Mine", wording_en="Mine", wording_vi="Mine", note="Ask"),
    )

    item = Item.objects.get(pk=item.pk)
    assert "wording" not in page
    assert (item.note, item.texts, item.wording_en or "", item.wording_vi or "") == (
        ("Ask", before, "", "")
    )


def test_who_corrects_words_that_changed_meanwhile_sees_both(client, alice, bob, partnership):
    item = add_own(partnership, side=Side.BOTH)
    client.force_login(bob)
    client.post(item.get_absolute_url(), details(item, wording_en="Book the hall"))
    client.force_login(alice)

    response = client.post(item.get_absolute_url(), details(item, wording_en="Book the gym"))

    said = response.content.decode()
    assert "Book the hall" in said
    assert "Book the gym" in said
    assert Item.objects.get(pk=item.pk).text == "Book the hall"


# Progress


def counted(partnership, cycle=1):
    """What the database counts, once it agrees with what Python counts."""
    items = fresh(partnership).items.filter(cycle=cycle)
    asked = items.progress_by("cycle").get(cycle, Progress())
    assert Progress.of(items) == asked
    return asked


def test_progress_in_a_cycle_not_begun(partnership):
    progress = counted(partnership)

    assert progress == Progress(done=0, open=31, late=0)  # the debrief of the ending aside
    assert (progress.total, progress.percent, progress.is_clear) == (31, 0, False)


def test_progress_is_done_by_all_that_is_relevant(partnership, alice):
    items = by_key(partnership)
    for key in ("parents", "follow-up", "good-fit"):
        items[key].tick(by=alice)
    items["core-values"].set_not_relevant("We know each other", by=alice)

    stages = fresh(partnership).items.progress_by("stage")

    assert stages["pre"] == Progress(done=3, open=6, late=0)
    assert (stages["pre"].total, stages["pre"].percent) == (9, 33)
    assert stages["recommit"] == Progress(done=0, open=2, late=0)
    assert counted(partnership) == Progress(done=3, open=27, late=0)


def test_progress_counts_what_is_late_among_the_open(partnership, alice, district):
    yesterday = district.today() - timedelta(days=1)
    items = by_key(partnership)
    for key in ("parents", "follow-up", "good-fit"):
        items[key].due_on = yesterday
        items[key].save()
    items["follow-up"].tick(by=alice)

    assert counted(partnership) == Progress(done=1, open=30, late=2)


@pytest.mark.parametrize(
    ("progress", "percent", "clear"),
    [
        (Progress(), 0, True),
        (Progress(done=1), 100, True),
        (Progress(done=1, open=2), 33, False),
        (Progress(done=2, open=1), 66, False),
        (Progress(done=199, open=1), 99, False),
        (Progress(done=1, open=199), 0, False),
    ],
)
def test_only_what_is_complete_shows_100(progress, percent, clear):
    assert (progress.percent, progress.is_clear) == (percent, clear)


def test_all_not_relevant_is_nothing_to_do(partnership, alice):
    for item in partnership.items.filter(stage="mobilize"):
        item.set_not_relevant("It is a small thing", by=alice)

    stage = fresh(partnership).items.progress_by("stage").get("mobilize", Progress())

    assert (stage, stage.total) == (Progress(), 0)


def test_the_debrief_counts_once_the_partnership_has_ended(running, alice):
    before = counted(running)

    end(running, alice)
    assert counted(running) == Progress(before.done, before.open + 1, before.late)

    running.items.get(only_when="ending").tick(by=alice)
    assert counted(running) == Progress(before.done + 1, before.open, before.late)


def test_the_parts_add_up(partnership, alice):
    by_key(partnership)["parents"].tick(by=alice)
    partnership = fresh(partnership)

    assert partnership.progress == counted(partnership)
    assert sum(partnership.progress_by_stage.values(), Progress()) == partnership.progress


# Late, and due soon, by the clock of the district


def due(partnership, on, key="parents"):
    item = by_key(partnership)[key]
    item.due_on = on
    item.save()
    return item


def judged(item):
    """Whether an item is late and whether it is due soon, once Python and the database agree."""
    item = Item.objects.select_related("partnership__district").get(pk=item.pk)
    same = Item.objects.filter(pk=item.pk)
    assert (item.is_late, item.is_due_soon) == (same.late().exists(), same.due_soon().exists())
    assert (item.days_late > 0) == item.is_late
    return item.is_late, item.is_due_soon


NEITHER, LATE, SOON = (False, False), (True, False), (False, True)


@pytest.mark.parametrize(
    ("days", "is_"), [(-400, LATE), (-1, LATE), (0, SOON), (1, SOON), (7, SOON), (8, NEITHER)]
)
def test_late_is_past_the_due_date_and_soon_is_within_a_week(partnership, days, is_):
    with clock.at(clock.midnight("America/Los_Angeles", 2027, 5, 3) + timedelta(hours=9)):
        assert judged(due(partnership, date(2027, 5, 3) + timedelta(days=days))) == is_


@pytest.mark.parametrize("state", [State.DONE, State.NOT_RELEVANT])
def test_what_is_settled_is_never_late(partnership, alice, state):
    today = partnership.district.today()
    items = [
        due(partnership, today - timedelta(days=3)),
        due(partnership, today + timedelta(days=3), key="good-fit"),
    ]
    for item in items:
        item.settle(state, by=alice, reason="It has come about")
        assert judged(item) == NEITHER


def test_what_has_no_date_is_never_late(partnership):
    assert judged(by_key(partnership)["parents"]) == NEITHER


def test_how_many_days_late(partnership):
    item = due(partnership, date(2027, 4, 30))

    with clock.at(clock.midnight("America/Los_Angeles", 2027, 5, 3)):
        assert item.days_late == 3


@pytest.mark.parametrize(
    ("zone", "day", "is_"),
    [
        ("America/Los_Angeles", date(2027, 1, 9), SOON),  # it is still the 9th there
        ("Asia/Ho_Chi_Minh", date(2027, 1, 9), LATE),  # it is the 10th already
        ("Asia/Ho_Chi_Minh", date(2027, 1, 10), SOON),
        ("America/Los_Angeles", date(2027, 1, 16), SOON),
        ("America/Los_Angeles", date(2027, 1, 17), NEITHER),
        ("Asia/Ho_Chi_Minh", date(2027, 1, 17), SOON),
    ],
)
def test_two_districts_at_the_same_instant(partnership, zone, day, is_):
    partnership.district.timezone = zone
    partnership.district.save()

    with clock.at(datetime(2027, 1, 9, 20, 0, tzinfo=UTC)):
        assert judged(due(partnership, day)) == is_


def test_one_query_over_two_districts_asks_each_ones_clock(alice, dora, partnership, district):
    other = dora.schools.get().district
    other.timezone = "Asia/Ho_Chi_Minh"
    other.save()
    there = make_partnership(school=dora.schools.get(), by=dora)
    items = [due(partnership, date(2027, 1, 9)), due(there, date(2027, 1, 9))]

    with clock.at(datetime(2027, 1, 9, 20, 0, tzinfo=UTC)):
        assert [judged(item) for item in items] == [SOON, LATE]
        assert list(Item.objects.late()) == items[1:]
        assert list(Item.objects.due_soon()) == items[:1]


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("America/Los_Angeles", date(2027, 3, 14)),  # 23 hours long
        ("America/Los_Angeles", date(2027, 11, 7)),  # 25 hours long
        ("Asia/Ho_Chi_Minh", date(2027, 3, 14)),
        ("America/Los_Angeles", date(2028, 2, 29)),
        ("Pacific/Auckland", date(2027, 4, 4)),
    ],
)
def test_a_day_lasts_from_midnight_to_midnight(partnership, zone, day):
    partnership.district.timezone = zone
    partnership.district.save()
    item = due(partnership, day)
    next_day = day + timedelta(days=1)
    begins = clock.midnight(zone, day.year, day.month, day.day)
    ends = clock.midnight(zone, next_day.year, next_day.month, next_day.day)

    for instant, is_ in [(begins, SOON), (clock.just_before(ends), SOON), (ends, LATE)]:
        with clock.at(instant):
            assert judged(item) == is_


@pytest.mark.parametrize(
    ("today", "hours"),
    [
        (date(2027, 3, 13), 23.5),  # half an hour before the short day begins
        (date(2027, 3, 13), 12),
        (date(2027, 3, 14), 0),
        (date(2027, 11, 7), 0.5),  # half an hour into the long day
        (date(2027, 11, 6), 23.5),
    ],
)
@pytest.mark.parametrize(("days", "is_"), [(6, SOON), (7, SOON), (8, NEITHER)])
def test_a_week_is_seven_days_also_when_the_clocks_change(partnership, today, hours, days, is_):
    begins = datetime(today.year, today.month, today.day, tzinfo=ZoneInfo("America/Los_Angeles"))

    with clock.at(begins.astimezone(UTC) + timedelta(hours=hours)):
        assert judged(due(partnership, today + timedelta(days=days))) == is_


ZONES = [
    "America/Los_Angeles",
    "America/St_Johns",
    "America/Sao_Paulo",
    "Asia/Ho_Chi_Minh",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "UTC",
]


# The partnership is the same for all examples; each sets the clock, the zone and the dates anew.
@settings(max_examples=60)
@given(
    hours=st.floats(0, 7 * 365 * 24),  # from the beginning of 2024 to the end of 2030
    zone=st.sampled_from(ZONES),
    states=st.lists(st.sampled_from(State), min_size=13, max_size=13),
)
def test_the_database_and_python_always_agree(partnership, hours, zone, states):
    """Items due from three days ago to nine days ahead, in all states, anywhere and at any time."""
    district = partnership.district
    district.timezone = zone
    district.save()
    instant = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    today = instant.astimezone(ZoneInfo(zone)).date()
    items = list(partnership.items.all()[: len(states)])
    for days, (item, state) in enumerate(zip(items, states, strict=True), -3):
        item.due_on, item.state = today + timedelta(days=days), state
        item.reason = "It has come about"
    Item.objects.bulk_update(items, ["due_on", "state", "reason"])

    with clock.at(instant):
        here = partnership.items.select_related("partnership__district")
        late, soon = set(here.late()), set(here.due_soon())
        assert late == {item for item in here if item.is_late}
        assert soon == {item for item in here if item.is_due_soon}
        assert Progress.of(here) == sum(here.progress_by("stage").values(), Progress())
    past = {item for item in items if item.state == State.OPEN and item.due_on < today}
    assert late == past


# Whose side an item falls to, and who may work on it


@pytest.mark.parametrize(
    ("side", "workers"),
    [
        (Side.BOTH, {"alice", "sam", "bob", "ola"}),
        (Side.SCHOOL, {"alice", "sam", "ola"}),
        (Side.PARTNER, {"alice", "bob", "ola"}),
    ],
)
@pytest.mark.parametrize(
    "name", ["alice", "sam", "bob", "ola", "ada", "charlie", "dora", "edna", "vera"]
)
def test_who_may_work_on_an_item(request, partnership, side, workers, name):
    user = request.getfixturevalue(name)
    item = add_own(partnership, side=side)

    assert fresh(partnership).items.get(pk=item.pk).can_be_worked_on_by(user) is (name in workers)


def test_the_owner_may_whatever_side_it_falls_to(partnership, bob):
    item = add_own(partnership, side=Side.SCHOOL, owner=seat_of(partnership, bob))

    assert item.can_be_worked_on_by(bob)


def test_a_colleague_of_the_owner_may_not_on_the_other_sides_item(partnership, alice, bob, partner):
    item = add_own(partnership, side=Side.SCHOOL, owner=seat_of(partnership, bob))
    colleague = partner.people.create(name="Carol Diaz", user=UserFactory())
    partnership.parties.get(school=None).seat(colleague, {Role.BOARD}, by=alice)

    assert not fresh(partnership).items.get(pk=item.pk).can_be_worked_on_by(colleague.user)


@pytest.mark.parametrize("name", ["alice", "bob", "ola"])
def test_nobody_works_on_an_earlier_cycle(request, running, alice, name):
    running = recommit(running, alice)
    item = fresh(running).items.filter(cycle=1, side=Side.BOTH).first()

    assert not item.can_be_worked_on_by(request.getfixturevalue(name))


@pytest.mark.parametrize("name", ["alice", "bob", "ola"])
def test_the_debrief_waits_for_the_ending(request, running, alice, name):
    user = request.getfixturevalue(name)
    debrief = running.items.get(only_when="ending")
    assert not debrief.can_be_worked_on_by(user)

    end(running, alice)

    ended = fresh(running)
    workable = [item.only_when for item in ended.items.all() if item.can_be_worked_on_by(user)]
    assert workable == ["ending"]


def test_a_partner_contact_ticks_what_is_shared_and_not_what_is_the_schools(
    client, bob, partnership
):
    client.force_login(bob)
    shared, schools = by_key(partnership)["follow-up"], by_key(partnership)["parents"]
    urls = [
        reverse("checklists:tick", args=[partnership.pk, item.pk]) for item in (shared, schools)
    ]

    assert [client.post(url).status_code for url in urls] == [302, 403]
    shared.refresh_from_db()
    schools.refresh_from_db()
    assert (shared.is_done, schools.is_done) == (True, False)


def test_an_item_is_reached_through_its_own_partnership_only(client, alice, school, partnership):
    other = make_partnership(school=school, by=alice)
    client.force_login(alice)

    url = reverse("checklists:tick", args=[partnership.pk, other.items.first().pk])

    assert client.post(url).status_code == 404


def test_where_two_partners_sit_an_item_of_the_partners_falls_to_both(partnership, alice, bob):
    third = PartnerFactory(district=partnership.district)
    party = partnership.parties.create(partner=third, position=3)
    person = third.people.create(name="Carol Diaz", user=UserFactory())
    party.seat(person, {Role.CONTACT}, by=alice)
    item = add_own(partnership, side=Side.PARTNER)

    item = fresh(partnership).items.get(pk=item.pk)
    assert item.can_be_worked_on_by(bob)
    assert item.can_be_worked_on_by(person.user)


def test_an_active_partnership_is_worked_in_and_a_paused_one_too(running, alice, bob):
    running.change_status(
        MoveKind.PAUSE, by=alice, drawn_for=running.last_move, reason="Exams until the summer"
    )

    paused = fresh(running)
    assert paused.status == Status.PAUSED
    assert paused.can_be_worked_in_by(bob)
