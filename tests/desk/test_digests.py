"""The mails that come by themselves: to whom, on which day and hour, once, and in which words."""

import threading
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from itertools import count

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.core.signing import TimestampSigner, b62_encode
from django.db import connection

from accounts.models import Mail, Round, User
from accounts.outbox import Periodic
from desk.waiting import waiting_in
from evaluations.models import Question, give
from partnerships.models import Coordinator, Partnership, PartnershipMail
from partnerships.stages import MoveKind, Stage
from partnerships.vocabulary import Role, Side
from tests import clock
from tests.factories import DistrictFactory, SchoolFactory, UserFactory, make_partnership

pytestmark = pytest.mark.usefixtures("mails_leave_at_once")

LOS_ANGELES, HANOI = "America/Los_Angeles", "Asia/Ho_Chi_Minh"
MONDAY = date(2027, 1, 11)


@pytest.fixture(autouse=True)
def _the_friday_before():
    """When the cast gets together; a test then says what time it is."""
    with clock.at(datetime(2027, 1, 8, 20, 0, tzinfo=UTC)):
        yield


def clock_shows(zone: str, day: date, hour: int, minute: int = 0):
    """Let the clocks of a zone show this day and hour."""
    midnight = clock.midnight(zone, day.year, day.month, day.day)
    shown = midnight.replace(hour=hour, minute=minute)  # by the clock, whatever the season
    return clock.at(shown.astimezone(UTC))


def run() -> list[str]:
    """Send what is due, and return to whom mails went."""
    before = len(mail.outbox)
    call_command("send_reminders", stdout=StringIO())
    return [to for message in mail.outbox[before:] for to in message.to]


def due(partnership, on, **fields):
    fields = {"wording": f"Due on {on}", "stage": partnership.stage, **fields}
    return partnership.items.add_own(by=partnership.coordinator, due_on=on, **fields)


def seat_of(partnership, user):
    return next(seat for seat in partnership.current_seats if seat.person.user == user)


def only(kind: Periodic, *users):
    """Let nobody but these get this kind of mail, and nobody another."""
    User.objects.update(wants_digest=False, wants_reminder=False)
    switch = "wants_digest" if kind == Periodic.DIGEST else "wants_reminder"
    User.objects.filter(pk__in=[user.pk for user in users]).update(**{switch: True})


@pytest.fixture
def late(running):
    """Something that waits for the coordinator and for both sides, whatever the day."""
    return due(running, MONDAY - timedelta(days=3), wording="Book the bus")


# The digest: whose, and when


def test_a_new_account_has_its_digest_on_monday_at_eight(running, late, alice, bob, sam):
    with clock_shows(LOS_ANGELES, MONDAY, 7, 59):
        assert run() == []
    with clock_shows(LOS_ANGELES, MONDAY, 8):
        assert sorted(run()) == [alice.email, bob.email, sam.email]


@pytest.mark.parametrize("hour", [9, 13, 23])
def test_a_run_that_was_missed_is_made_up_for_on_the_same_day(running, late, alice, hour):
    only(Periodic.DIGEST, alice)

    with clock_shows(LOS_ANGELES, MONDAY, hour):
        assert run() == [alice.email]


@pytest.mark.parametrize("days", [1, 2, 6])
def test_but_not_on_another_day(running, late, alice, days):
    only(Periodic.DIGEST, alice)

    with clock_shows(LOS_ANGELES, MONDAY + timedelta(days=days), 8):
        assert run() == []


def test_each_chooses_a_day_and_an_hour(running, late, alice):
    only(Periodic.DIGEST, alice)
    User.objects.filter(pk=alice.pk).update(digest_day=3, mail_hour=17)
    thursday = MONDAY + timedelta(days=3)

    with clock_shows(LOS_ANGELES, MONDAY, 17):
        assert run() == []
    with clock_shows(LOS_ANGELES, thursday, 16, 59):
        assert run() == []
    with clock_shows(LOS_ANGELES, thursday, 17):
        assert run() == [alice.email]


def test_it_comes_once_a_week(running, late, alice):
    only(Periodic.DIGEST, alice)

    for hour in (8, 8, 9, 20):
        with clock_shows(LOS_ANGELES, MONDAY, hour):
            run()
    assert len(mail.outbox) == 1

    with clock_shows(LOS_ANGELES, MONDAY + timedelta(days=7), 8):
        assert run() == [alice.email]


@pytest.fixture
def tam(content):
    """Coordinates a school in Vietnam, where something is late."""
    user = UserFactory(name="Lê Thị Tâm", email="tam@truong.example", language="vi")
    school = SchoolFactory(district=DistrictFactory(timezone=HANOI), name="Trường Hòa Bình")
    Coordinator.objects.create(school=school, user=user)
    made = make_partnership(school=school, by=user, stage=Stage.ACTION)
    due(made, MONDAY - timedelta(days=3), wording="Gửi thư mời")
    return user


def test_monday_at_eight_comes_at_another_time_in_vietnam(running, late, alice, tam):
    only(Periodic.DIGEST, alice, tam)

    # 8:00 in Vietnam is 17:00 the day before in Los Angeles; 8:00 there is 23:00 in Vietnam.
    with clock.at(datetime(2027, 1, 11, 0, 59, tzinfo=UTC)):
        assert run() == []
    with clock.at(datetime(2027, 1, 11, 1, 0, tzinfo=UTC)):
        assert run() == [tam.email]
    with clock.at(datetime(2027, 1, 11, 15, 59, tzinfo=UTC)):
        assert run() == []
    with clock.at(datetime(2027, 1, 11, 16, 0, tzinfo=UTC)):
        assert run() == [alice.email]


@pytest.mark.parametrize(
    ("instant", "comes"),
    [
        (datetime(2027, 3, 8, 15, 59, tzinfo=UTC), False),  # Monday, still winter time: 7:59
        (datetime(2027, 3, 8, 16, 0, tzinfo=UTC), True),
        (datetime(2027, 3, 15, 14, 59, tzinfo=UTC), False),  # the Monday after the clocks went on
        (datetime(2027, 3, 15, 15, 0, tzinfo=UTC), True),
        (datetime(2027, 11, 8, 15, 59, tzinfo=UTC), False),  # and after they went back
        (datetime(2027, 11, 8, 16, 0, tzinfo=UTC), True),
    ],
)
def test_eight_is_eight_in_summer_and_in_winter(running, late, alice, instant, comes):
    only(Periodic.DIGEST, alice)

    with clock.at(instant):
        assert run() == ([alice.email] if comes else [])


@pytest.mark.parametrize(
    "day", [date(2027, 3, 14), date(2027, 11, 7)], ids=["shorter day", "longer day"]
)
def test_on_the_day_the_clocks_change_it_comes_once(running, late, alice, day):
    only(Periodic.DIGEST, alice)
    User.objects.filter(pk=alice.pk).update(digest_day=6, mail_hour=5)
    start = clock.midnight(LOS_ANGELES, day.year, day.month, day.day).astimezone(UTC)

    for hour in range(23):
        with clock.at(start + timedelta(hours=hour)):
            run()

    assert len(mail.outbox) == 1


# Who gets none


def test_it_is_never_empty(running, alice, bob, sam):
    with clock_shows(LOS_ANGELES, MONDAY, 8):
        assert run() == []
        due(running, MONDAY, wording="Too late for this digest")
        only(Periodic.DIGEST, alice, bob, sam)
        assert run() == []  # this week's was seen to at eight


def pause(partnership, by):
    partnership.change_status(
        MoveKind.PAUSE, by=by, drawn_for=partnership.last_move, reason="Exams until the summer"
    )


def end(partnership, by):
    partnership.end(
        by=by,
        drawn_for=partnership.last_move,
        reason="The company moves away",
        no_debrief_because="We talked it through by phone",
    )


@pytest.mark.parametrize("stop", [pause, end])
@pytest.mark.parametrize("kind", Periodic)
def test_what_is_paused_or_ended_sends_nothing(running, late, alice, stop, kind):
    due(running, MONDAY)
    stop(running, alice)

    with clock_shows(LOS_ANGELES, MONDAY, 8):
        assert run() == []


@pytest.mark.parametrize("kind", Periodic)
def test_a_deactivated_account_gets_nothing(running, late, alice, bob, sam, kind):
    due(running, MONDAY)
    only(kind, alice, bob, sam)
    User.objects.filter(pk=bob.pk).update(is_active=False)

    with clock_shows(LOS_ANGELES, MONDAY, 8):
        assert bob.email not in run()


@pytest.mark.parametrize("kind", Periodic)
def test_who_has_left_gets_nothing(running, late, alice, bob, kind):
    due(running, MONDAY, side=Side.PARTNER)
    only(kind, bob)
    seat_of(running, bob).vacate(MONDAY, successor=None, by=alice)

    with clock_shows(LOS_ANGELES, MONDAY, 8):
        assert run() == []


@pytest.mark.parametrize("kind", Periodic)
def test_who_no_longer_coordinates_gets_nothing(running, school, late, alice, kind):
    due(running, MONDAY)
    only(kind, alice)
    seat_of(running, alice).vacate(MONDAY, successor=None, by=alice)
    Coordinator.objects.filter(user=alice).delete()

    with clock_shows(LOS_ANGELES, MONDAY, 8):
        assert run() == []


def test_operators_get_none_about_what_others_do(running, late, ola, ada):
    only(Periodic.DIGEST, ola, ada)

    with clock_shows(LOS_ANGELES, MONDAY, 8):
        assert run() == []


# What it says


def test_it_says_what_today_says(client, running, late, bob, partnership):
    due(running, MONDAY + timedelta(days=4), wording="Print the badges", side=Side.PARTNER)
    due(running, MONDAY + timedelta(days=4), wording="Ours alone", side=Side.SCHOOL)
    due(running, MONDAY + timedelta(days=9), wording="Far off")
    only(Periodic.DIGEST, bob)

    with clock_shows(LOS_ANGELES, MONDAY, 8):
        run()

    [message] = mail.outbox
    assert message.subject == "2 things wait for you"
    assert message.body.startswith(
        "Dear Bob Keller,\n\nThis waits for you:\n\n- late: Book the bus\n"
    )
    assert "  Lincoln High × Harbor Robotics · Take action · 3 days late\n" in message.body
    assert f"  http://127.0.0.1:8000{late.get_absolute_url()}\n" in message.body
    assert "- Print the badges\n" in message.body
    assert "Friday 15 January 2027" in message.body
    assert "Ours alone" not in message.body
    assert "Far off" not in message.body
    assert "<" not in message.body


def test_a_name_with_an_ampersand_reads_as_it_is_written(running, bob):
    due(running, MONDAY, wording="Ask Smith & Sons <office>")
    only(Periodic.DIGEST, bob)

    with clock_shows(LOS_ANGELES, MONDAY, 8):
        run()

    [message] = mail.outbox
    assert "- Ask Smith & Sons <office>\n" in message.body
    html = message.alternatives[0].content
    assert "Ask Smith &amp; Sons &lt;office&gt;" in html


def test_it_comes_in_the_language_of_the_person(tam):
    with clock_shows(HANOI, MONDAY, 8):
        run()

    [message] = mail.outbox
    assert message.subject == "2 việc đang chờ bạn"  # the item, and the people still missing
    assert "Gửi thư mời" in message.body
    assert '<html lang="vi">' in message.alternatives[0].content
    for english in ("Dear", "waits", "Turn", "late", "Today"):
        assert english not in message.body


def test_it_is_short_and_says_when_there_is_more(running, alice):
    for number in range(12):
        due(running, MONDAY, wording=f"Thing number {number}")
    only(Periodic.DIGEST, alice)

    with clock_shows(LOS_ANGELES, MONDAY, 8):
        run()

    [message] = mail.outbox
    assert message.subject == "More than 10 things wait for you"
    assert message.body.count("Thing number") == 10
    assert "There is more." in message.body


def test_it_tells_who_waits_and_nothing_of_what_was_said(running, alice, bob):
    question = Question.objects.get(set__key="ten-questions", key="q6")
    theirs = running.parties.get(school=None)
    give(question, theirs, "a secret of the partner's", by=bob)
    only(Periodic.DIGEST, alice)

    with clock_shows(LOS_ANGELES, MONDAY, 8):
        run()

    [message] = mail.outbox
    html = message.alternatives[0].content
    assert "- answer: Question 6: " in message.body
    assert "Harbor Robotics answered on" in message.body
    assert "secret" not in message.body + html


@pytest.mark.parametrize("kind", Periodic)
def test_its_headers_let_a_mail_program_turn_it_off(client, running, late, bob, kind, monkeypatch):
    """By the very link of its text, however long the mail takes to write."""
    seconds = count(1_790_000_000)
    monkeypatch.setattr(TimestampSigner, "timestamp", lambda self: b62_encode(next(seconds)))
    due(running, MONDAY, side=Side.PARTNER)
    only(kind, bob)

    with clock_shows(LOS_ANGELES, MONDAY, 8):
        run()

    [message] = mail.outbox
    headers = message.message()
    link = headers["List-Unsubscribe"].strip("<>")
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert link in message.body
    assert client.post(link, {"List-Unsubscribe": "One-Click"}).status_code == 200
    bob.refresh_from_db()
    assert (bob.wants_digest, bob.wants_reminder) == (False, False)  # `only` turned off the other


# The reminder on the day


def test_on_the_day_its_owner_is_reminded(running, alice, bob, sam):
    due(running, MONDAY, wording="Book the bus", owner=seat_of(running, sam))
    due(running, MONDAY + timedelta(days=1), wording="Not today", owner=seat_of(running, bob))
    only(Periodic.REMINDER, alice, bob, sam)

    with clock_shows(LOS_ANGELES, MONDAY, 7, 59):
        assert run() == []
    with clock_shows(LOS_ANGELES, MONDAY, 8):
        assert sorted(run()) == [alice.email, sam.email]

    assert {message.subject for message in mail.outbox} == {"Due today: Book the bus"}


@pytest.mark.parametrize(
    ("side", "reminded"),
    [(Side.BOTH, {"alice", "bob"}), (Side.SCHOOL, {"alice"}), (Side.PARTNER, {"alice", "bob"})],
)
def test_without_an_owner_the_contact_persons_of_the_side_are(
    running, alice, bob, sam, side, reminded
):
    """Sam has a seat on the school's side, but is no contact person; alice looks after all of it."""
    due(running, MONDAY, side=side)
    only(Periodic.REMINDER, alice, bob, sam)

    with clock_shows(LOS_ANGELES, MONDAY, 8):
        went_to = set(run())

    assert went_to == {
        f"{name}@{'partner' if name == 'bob' else 'school'}.example" for name in reminded
    }


def step(partnership, on, **fields):
    return partnership.steps.plan(
        by=partnership.coordinator, due_on=on, **{"what": "Call the yard", **fields}
    )


def test_a_step_is_reminded_of_as_an_item_is(running, alice, bob, sam):
    step(running, MONDAY, owner=seat_of(running, sam))
    step(running, MONDAY + timedelta(days=1), what="Not today", owner=seat_of(running, bob))
    step(running, MONDAY, what="Done already", owner=seat_of(running, bob)).tick(by=bob)
    only(Periodic.REMINDER, alice, bob, sam)

    with clock_shows(LOS_ANGELES, MONDAY, 7, 59):
        assert run() == []
    with clock_shows(LOS_ANGELES, MONDAY, 8):
        assert sorted(run()) == [alice.email, sam.email]

    assert {message.subject for message in mail.outbox} == {"Due today: Call the yard"}


def test_of_a_step_that_nobody_does_the_contact_persons_of_all_sides_are(running, alice, bob, sam):
    step(running, MONDAY)
    only(Periodic.REMINDER, alice, bob, sam)

    with clock_shows(LOS_ANGELES, MONDAY, 8):
        assert sorted(run()) == [alice.email, bob.email]


def test_one_mail_tells_items_and_steps(running, bob):
    due(running, MONDAY, wording="Book the bus")
    step(running, MONDAY)
    only(Periodic.REMINDER, bob)

    with clock_shows(LOS_ANGELES, MONDAY, 8):
        assert run() == [bob.email]

    [message] = mail.outbox
    assert message.subject == "Due today: 2 things"
    assert ("Book the bus" in message.body, "Call the yard" in message.body) == (True, True)


def test_the_digest_tells_steps_and_contact_that_is_overdue(running, alice):
    step(running, MONDAY - timedelta(days=3))
    Partnership.objects.update(contact_rhythm="weekly", contact_since=MONDAY - timedelta(days=20))
    only(Periodic.DIGEST, alice)

    with clock_shows(LOS_ANGELES, MONDAY, 8):
        assert run() == [alice.email]

    [message] = mail.outbox
    assert "late: Call the yard" in message.body
    assert "contact: No contact has been noted yet" in message.body
    assert "agreed: every week" in message.body


def test_of_several_coordinators_the_one_in_charge_is(running, school, alice):
    other = UserFactory()
    Coordinator.objects.create(school=school, user=other)
    due(running, MONDAY, side=Side.SCHOOL)

    with clock_shows(LOS_ANGELES, MONDAY, 8):
        only(Periodic.REMINDER, alice, other)
        assert run() == [alice.email]

    Partnership.objects.filter(pk=running.pk).update(coordinator=None)
    due(running, MONDAY + timedelta(days=1), side=Side.SCHOOL)
    with clock_shows(LOS_ANGELES, MONDAY + timedelta(days=1), 8):
        assert sorted(run()) == sorted([alice.email, other.email])


def test_one_mail_a_day_tells_all_of_it(running, school, alice):
    due(running, MONDAY, wording="Book the bus")
    due(running, MONDAY, wording="Print the badges")
    only(Periodic.REMINDER, alice)

    for hour in (8, 9, 10):
        with clock_shows(LOS_ANGELES, MONDAY, hour):
            run()

    [message] = mail.outbox
    assert message.subject == "Due today: 2 things"
    assert "- Book the bus\n" in message.body
    assert "- Print the badges\n" in message.body


def test_what_gets_todays_date_later_is_told_later(running, bob):
    only(Periodic.REMINDER, bob)

    with clock_shows(LOS_ANGELES, MONDAY, 8):
        due(running, MONDAY, owner=seat_of(running, bob)).tick(by=bob)
        assert run() == []
        due(running, MONDAY, owner=seat_of(running, bob))
    with clock_shows(LOS_ANGELES, MONDAY, 9):
        assert run() == [bob.email]


def test_a_digest_of_the_same_day_tells_it_already(running, bob):
    due(running, MONDAY, owner=seat_of(running, bob))
    User.objects.exclude(pk=bob.pk).update(wants_digest=False, wants_reminder=False)

    with clock_shows(LOS_ANGELES, MONDAY, 8):
        assert run() == [bob.email]

    assert mail.outbox[0].subject == "1 thing waits for you"


def test_the_day_is_that_of_the_district(tam):
    """The 12th has begun in Vietnam while it is the 11th in UTC."""
    made = Partnership.objects.get()
    made.items.update(due_on=None)
    due(made, MONDAY + timedelta(days=1))
    only(Periodic.REMINDER, tam)

    with clock.at(datetime(2027, 1, 12, 0, 59, tzinfo=UTC)):
        assert run() == []
    with clock.at(datetime(2027, 1, 12, 1, 0, tzinfo=UTC)):
        assert run() == [tam.email]


# Twice is once


@pytest.mark.django_db(transaction=True)
def test_two_runs_at_once_send_once(running, late, alice, bob, sam):
    due(running, MONDAY + timedelta(days=1))
    barrier = threading.Barrier(3)
    faults = []

    def one():
        try:
            barrier.wait()
            run()
        except BaseException as fault:
            faults.append(fault)
            raise
        finally:
            connection.close()

    with clock_shows(LOS_ANGELES, MONDAY, 8):
        runs = [threading.Thread(target=one) for _number in range(3)]
        for each in runs:
            each.start()
        for each in runs:
            each.join()

    assert faults == []
    assert sorted(Mail.objects.values_list("email", flat=True)) == sorted(
        [alice.email, bob.email, sam.email]
    )
    assert Round.objects.count() == 3


def test_a_fault_with_one_person_keeps_nobody_else_from_theirs(running, late, monkeypatch, caplog):
    """It is logged, the command fails, and the person gets their mail at the next run."""
    told = []

    def fails_at_first(*args):
        told.append(args)
        if len(told) == 1:
            raise ValueError("a fault in writing")
        return waiting_in(*args)

    monkeypatch.setattr("desk.digests.waiting_in", fails_at_first)

    with clock_shows(LOS_ANGELES, MONDAY, 8):
        with pytest.raises(CommandError, match="1 mails could not be written"):
            call_command("send_reminders", stdout=StringIO())
        assert len(mail.outbox) == 2
        assert "a fault in writing" in caplog.text
        assert len(run()) == 1


# The record of what went out


def test_a_digest_that_does_not_arrive_is_seen_beside_the_seat(running, late, bob, monkeypatch):
    only(Periodic.DIGEST, bob)

    def fails(*args):
        raise ConnectionRefusedError

    monkeypatch.setattr("django.core.mail.backends.locmem.EmailBackend.send_messages", fails)
    with clock_shows(LOS_ANGELES, MONDAY, 8):
        run()

    [note] = PartnershipMail.objects.undelivered()
    assert (note.partnership, note.seat.person.user, note.mail.kind) == (running, bob, "digest")


def test_old_records_are_cleared(running, late, alice):
    with clock_shows(LOS_ANGELES, MONDAY, 8):
        run()
    assert Mail.objects.count() == Round.objects.count() == 3

    User.objects.update(wants_digest=False, wants_reminder=False)
    with clock_shows(LOS_ANGELES, MONDAY + timedelta(days=91), 8):
        run()
    assert Mail.objects.count() == Round.objects.count() == PartnershipMail.objects.count() == 0


def test_it_costs_no_more_for_people_to_whom_nothing_is_sent(
    running, late, django_assert_max_num_queries
):
    UserFactory.create_batch(30)

    with clock_shows(LOS_ANGELES, MONDAY, 7), django_assert_max_num_queries(12):
        run()


def test_a_role_that_waits_is_told_to_the_coordinator(running, alice, bob):
    seat_of(running, bob).change_roles([Role.BOARD], by=alice)
    only(Periodic.DIGEST, alice, bob)

    with clock_shows(LOS_ANGELES, MONDAY, 8):
        assert run() == [alice.email]

    assert "people: A champion or a contact person is missing" in mail.outbox[0].body
