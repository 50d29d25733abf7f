"""The demo: believable on whatever day it is made, and never mixed with anybody's real data."""

from collections import Counter
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime, timedelta
from io import StringIO
from unittest.mock import patch
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import transaction
from django.db.models import DateField, DateTimeField
from django.utils import timezone
from django.utils.timezone import now as real_now

from accounts.models import User
from accounts.text import language_of
from checklists.models import Item
from evaluations.models import Answer, Question
from partnerships.models import (
    Activity,
    District,
    Event,
    LevelView,
    LogEntry,
    Move,
    Partner,
    Partnership,
    School,
    Seat,
    Step,
)
from partnerships.stages import MoveKind, Stage, Status
from partnerships.vocabulary import PartnerKind
from tests import clock
from tests.factories import DistrictFactory, UserFactory

DAYS = {
    "now": None,
    "a Sunday": datetime(2027, 5, 2, 3, 30, tzinfo=UTC),
    "a leap day": datetime(2028, 2, 29, 23, 45, tzinfo=UTC),
}
LOS_ANGELES = ZoneInfo("America/Los_Angeles")
OURS = ["accounts", "partnerships", "checklists", "evaluations"]


def make_demo():
    out = StringIO()
    call_command("demo", stdout=out)
    return out.getvalue()


@contextmanager
def on(instant):
    """Let it be `instant` for the demo too, which keeps the real clock at hand."""
    with clock.at(instant), patch("desk.demo.NOW", lambda: instant):
        yield


@pytest.fixture(scope="module", params=DAYS)
def today(request, django_db_setup, django_db_blocker):
    """The demo, made on one of the days, for all tests of that day; the date in its district."""
    instant = DAYS[request.param]
    day = on(instant) if instant else nullcontext()
    with django_db_blocker.unblock(), transaction.atomic(), day:
        make_demo()
        yield District.objects.get().today()
        transaction.set_rollback(True)


@pytest.fixture
def partnerships(today):
    return list(Partnership.objects.with_sides())


# Only in an empty database


def counts():
    models = [model for app in OURS for model in apps.get_app_config(app).get_models()]
    return {model.__name__: model.objects.count() for model in models}


@pytest.mark.parametrize("factory", [DistrictFactory, UserFactory])
def test_it_refuses_where_there_is_something_and_changes_nothing(db, factory):
    factory()
    before = counts()

    with pytest.raises(CommandError, match="use an empty database"):
        make_demo()

    assert counts() == before


def test_it_says_nothing_where_it_is_asked_to_only_fill_an_empty_one(db):
    DistrictFactory()
    before, out = counts(), StringIO()

    call_command("demo", "--if-empty", stdout=out)

    assert (out.getvalue(), counts()) == ("", before)


def test_it_refuses_to_tell_the_story_twice(db):
    said = make_demo()
    before = counts()

    with pytest.raises(CommandError):
        make_demo()

    assert counts() == before
    assert "Bayview Unified School District" in said
    assert "alongside-demo" in said


# What it holds


def test_one_district_three_schools_twelve_partners(today):
    assert (District.objects.count(), School.objects.count(), Partner.objects.count()) == (1, 3, 12)


def test_partners_of_every_kind_some_with_vietnamese_names(today):
    partners = Partner.objects.all()

    assert {partner.kind for partner in partners} == set(PartnerKind)
    assert sum(language_of(partner.name) == "vi" for partner in partners) >= 2
    assert {partner.place for partner in partners if partner.kind == PartnerKind.INTERNAL} == {
        "inside"
    }


def test_partnerships_at_every_stage(partnerships):
    running = Counter(one.stage for one in partnerships if not one.has_ended)

    assert len(partnerships) >= 14
    assert set(running) == set(Stage)


def test_a_second_and_a_third_cycle(partnerships):
    assert {1, 2, 3} <= {one.cycle for one in partnerships}


def test_one_is_paused_and_one_has_ended(partnerships):
    statuses = Counter(one.status for one in partnerships)

    assert statuses[Status.PAUSED] >= 1
    assert statuses[Status.ENDED] >= 1
    assert statuses[Status.ACTIVE] > len(partnerships) / 2


def test_items_are_late_and_due_soon_and_owned_on_both_sides(today):
    late, soon = Item.objects.running().late(), Item.objects.running().due_soon()

    assert late.count() >= 3
    assert soon.count() >= 3
    owners = {item.owner.party.side for item in Item.objects.exclude(owner=None)}
    assert owners == {"school", "partner"}


def test_items_of_peoples_own_and_some_that_are_not_relevant(today):
    assert Item.objects.filter(template_item=None).exists()
    assert Item.objects.filter(state="not-relevant").exclude(reason="").exists()


def test_somebody_is_leaving_and_the_handover_is_under_way(today):
    leaving = Seat.objects.get(left_on__gt=today)

    assert leaving.successor.is_current
    assert not leaving.owned_items.open_now().exists()
    assert leaving.items_about.get().is_open


def test_some_parties_still_lack_people(partnerships):
    assert any(one.parties_lacking_people for one in partnerships)


def test_reasons_are_told_in_two_languages(today):
    reasons = Move.objects.exclude(reason="").values_list("reason", flat=True)

    assert {language_of(reason) for reason in reasons} == {"en", "vi"}


# Who signs in


@pytest.mark.parametrize(
    ("email", "is_"),
    [
        ("coordinator@demo.example", {"schools": 2}),
        ("partner@demo.example", {"seats": 1}),
        ("district@demo.example", {"districts": 1, "staff": True}),
        ("operator@demo.example", {"staff": True, "superuser": True}),
    ],
)
def test_the_four_accounts(today, email, is_):
    user = authenticate(None, email=email, password="alongside-demo")

    assert user is not None
    facts = {
        "schools": user.schools.count(),
        "seats": 0 if user.schools.exists() else Seat.objects.filter(person__user=user).count(),
        "districts": user.districts.count(),
        "staff": user.is_staff,
        "superuser": user.is_superuser,
    }
    assert {name: value for name, value in facts.items() if value} == is_


def test_every_account_sees_something(today):
    for user in User.objects.all():
        assert Partnership.objects.visible_to(user).exists(), user


def test_two_people_read_vietnamese(today):
    assert User.objects.filter(language="vi").count() >= 1


# The history


def replayed(partnership):
    """What the moves of a partnership lead to."""
    stage, cycle, status = None, 0, None
    for move in partnership.moves.all():
        assert move.from_stage == (stage or "")
        stage, status = move.to_stage, status or Status.ACTIVE
        if move.kind in {MoveKind.START, MoveKind.RECOMMIT}:
            cycle += 1
        assert move.cycle == cycle
        status = {
            MoveKind.PAUSE: Status.PAUSED,
            MoveKind.RESUME: Status.ACTIVE,
            MoveKind.END: Status.ENDED,
            MoveKind.REOPEN: Status.ACTIVE,
        }.get(move.kind, status)
    return stage, cycle, status


def test_every_history_replays_to_where_the_partnership_stands(partnerships):
    for one in partnerships:
        assert replayed(one) == (one.stage, one.cycle, one.status)


def test_every_move_that_needs_a_reason_has_one(today):
    for move in Move.objects.exclude(kind=MoveKind.START):
        if move.kind not in {MoveKind.NEXT, MoveKind.RECOMMIT} or move.open_items:
            assert len(move.reason.split()) >= 3, move


@pytest.mark.parametrize("model", [Event, Move])
def test_things_happen_one_after_the_other(partnerships, model):
    for one in partnerships:
        times = list(
            model.objects.filter(partnership=one).order_by("pk").values_list("at", flat=True)
        )
        assert times == sorted(times), one


def test_a_timeline_begins_with_the_start_and_nobody_acts_before_being_there(partnerships):
    for one in partnerships:
        began = one.moves.first().at
        assert one.events.last().kind == "started"
        assert min(event.at for event in one.events.all()) == began
        for item in one.items.exclude(settled_at=None):
            assert item.settled_at > began, item


def happened():
    """The columns that say when something happened, not for when it is planned."""
    planned = {"due_on", "left_on", "ends_on", "expires_at", "next_try_at"}
    planned |= {
        "closes_on",
        "until",
        "planned_on",
        "moved_to",
        "unreported_from",
    }  # the days of activities
    for app in OURS:
        for model in apps.get_app_config(app).get_models():
            for field in model._meta.concrete_fields:
                if model in {Activity, LogEntry} and field.name == "on":
                    continue  # what is ahead is planned there too
                if isinstance(field, DateField) and field.name not in planned:
                    yield model, field


def test_everything_has_happened_before_now(today):
    """But for what is planned: due dates, leaving dates, the end, and a beginning not there yet."""
    for model, field in happened():
        if field.default is real_now and timezone.now is not real_now:
            continue  # what such a default says cannot be set by the clock of a test
        limit = timezone.now() if isinstance(field, DateTimeField) else today
        ahead = model.objects.filter(**{f"{field.name}__gt": limit})
        if model in {Partnership, Partnership.history.model} and field.name == "starts_on":
            ahead = ahead.exclude(stage=Stage.PRE)
        assert list(ahead) == [], field


def test_partners_are_known_before_a_partnership_with_them_begins(today):
    for partner in Partner.objects.exclude(parties=None):
        known_since = partner.history.last().history_date
        assert (
            known_since
            < Event.objects.filter(partnership__parties__partner=partner).earliest("pk").at
        )


def test_worksheets_are_filled_in_in_both_languages(today):
    written = Answer.objects.filter(question__set__kind="worksheet")

    assert {language_of(answer.text) for answer in written if len(answer.text) > 20} == {"en", "vi"}
    whole = written.filter(party__partnership__parties__partner__name="Harbor Robotics")
    assert whole.count() == Question.objects.filter(set__kind="worksheet").count()
    assert all(answer.as_read for answer in whole)


def test_things_before_today_happened_by_day(today):
    day_of_making = Partnership.objects.first().district.today()
    moments = [
        timezone.localtime(at, LOS_ANGELES) for at in Event.objects.values_list("at", flat=True)
    ]

    earlier = [at for at in moments if at.date() < day_of_making - timedelta(days=1)]
    assert len(earlier) > 300
    assert {at.hour for at in earlier} <= set(range(9, 17))


def test_levels_were_reported_when_the_timeline_says_so(partnerships):
    for one in partnerships:
        told = [event.at for event in one.events.filter(kind="levels_set").order_by("pk")]
        views = LevelView.objects.filter(party__partnership=one).order_by("pk")
        apart = [abs(view.at - at) for view, at in zip(views, told, strict=True)]
        assert max(apart) < timedelta(minutes=1), one


def test_a_partnership_ends_after_it_begins(partnerships):
    for one in partnerships:
        assert one.ends_on is None or one.ends_on > one.starts_on


def test_a_step_from_a_debrief_is_in_the_language_of_whoever_made_it(partnerships):
    said = {(step.made_by.language, step.what) for step in Step.objects.exclude(result=None)}

    assert {language for language, _what in said} == {"en", "vi"}
    assert {language == "en" for language, what in said if "Talk about" in what} == {True}
    assert {language == "vi" for language, what in said if "Talk about" not in what} == {True}


def test_sides_say_what_they_would_like_and_what_was_kept_and_handed_on(partnerships):
    said = {one.title: one.parties.filter(wishes__cycle=one.cycle).count() for one in partnerships}
    assert {title: count for title, count in said.items() if count} == {
        "Lincoln High × Green Valley Farm": 2,
        "Tiểu học An Lạc × Hội Phụ huynh Việt": 1,
    }
    notes = {
        (one.title, note.cycle)
        for one in partnerships
        for note in one.cycle_notes.all()
        if note.keep
    }
    assert notes == {
        ("Lincoln High × Harbor Robotics", 2),
        ("Lincoln High × Green Valley Farm", 3),
    }
    ended = next(one for one in partnerships if one.has_ended)
    assert ended.parties.exclude(handed_on=None).count() == 2


def test_what_is_written_is_composed_and_in_one_language_at_a_time(today):
    assert {language_of(one.purpose) for one in Partnership.objects.all()} == {"en", "vi"}


# On whatever day


def story():
    """All that does not depend on the day: who did what, in which order, and what came of it."""
    return [
        (
            one.title,
            (one.stage, one.cycle, one.status, one.purpose),
            [(move.kind, move.by.email, move.reason, move.open_items) for move in one.moves.all()],
            [(event.kind, event.by.email) for event in one.events.order_by("pk")],
            [
                (item.text, item.state, item.cycle, item.owner and item.owner.person.name)
                for item in one.items.with_words().order_by("cycle", "position", "pk")
            ],
        )
        for one in Partnership.objects.order_by("pk")
    ]


def days_ahead():
    """How many days from today everything planned is."""
    today = District.objects.get().today()
    items = Item.objects.exclude(due_on=None).order_by("pk").values_list("due_on", flat=True)
    seats = Seat.objects.exclude(left_on=None).order_by("pk").values_list("left_on", flat=True)
    return [(day - today).days for day in (*items, *seats)]


def test_two_runs_tell_the_same_whatever_the_day_of_the_week(db):
    told = []
    sunday = datetime(2028, 2, 27, 8, 15, tzinfo=UTC)
    leap_day = datetime(2028, 2, 29, 15, 0, tzinfo=UTC)
    for instant in (sunday, leap_day):
        with on(instant), transaction.atomic():
            make_demo()
            told.append((story(), days_ahead()))
            transaction.set_rollback(True)

    assert told[0] == told[1]
