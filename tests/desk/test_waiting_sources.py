"""What else waits, beside items: answers, wordings, invitations, mails that did not arrive."""

from datetime import timedelta

import pytest
from django.core.mail.backends import locmem
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from accounts.models import Mail, User
from accounts.outbox import Fault
from accounts.templatetags.mails import in_plain_text
from desk.waiting import SOURCES, waiting_in, whose_move
from evaluations.joint import Standing
from evaluations.models import Question, give, propose
from partnerships.mails import note, send_invitation
from partnerships.models import Invitation, Partnership, PartnershipMail
from partnerships.stages import MoveKind, Stage
from partnerships.vocabulary import Role, Side
from partnerships.waiting import Kind, Scope, handovers
from tests import clock
from tests.activities import plan, weekly
from tests.agreements import draw_up, sign
from tests.factories import PartnerFactory, PersonFactory, UserFactory, make_partnership

CAST = ["alice", "sam", "bob", "ada", "ola", "charlie", "dora", "edna", "vera"]
SECRET = "behind-the-veil"


def told(scope, *kinds):
    return [
        (one.kind, in_plain_text(one.title), in_plain_text(one.because))
        for one in waiting_in(scope)[0]
        if not kinds or one.kind in kinds
    ]


def told_to(user, *kinds):
    return told(Scope.of_person(user), *kinds)


def on_the_guide(partnership, *, managed=True) -> dict:
    """What the guide says: per party, how many of each kind."""
    fresh = Partnership.objects.with_sides().get(pk=partnership.pk)
    fresh.managed_by_reader = managed
    moves = whose_move(fresh, [], Standing(fresh))
    return {
        move.party.label: {kind: move.count(kind) for kind in Kind if move.count(kind)}
        for move in moves
    }


def question(key="q6"):
    return Question.objects.get(set__key="ten-questions", key=key)


@pytest.fixture
def sides(running):
    return running.parties.all()


@pytest.fixture
def answered(sides, bob):
    """The partner has given its answer, the school has not."""
    return give(question(), sides[1], SECRET, by=bob)


# Answers


def test_whoever_has_not_answered_is_told_who_waits(running, answered, alice, sam, bob):
    day = answered.at.strftime("%-d %b")
    expected = [
        (
            Kind.ANSWER,
            f"Question 6: {question().text}",
            f"Harbor Robotics answered on {day} and waits for you",
        )
    ]
    assert told_to(alice) == expected
    assert told_to(sam) == expected
    assert told_to(bob) == []
    assert on_the_guide(running) == {"Lincoln High": {Kind.ANSWER: 1}}


def test_it_works_the_other_way_round(running, sides, alice, sam, bob):
    give(question(), sides[0], SECRET, by=alice)

    assert [kind for kind, *_rest in told_to(bob)] == [Kind.ANSWER]
    assert told_to(alice) == told_to(sam) == []
    assert on_the_guide(running) == {"Harbor Robotics": {Kind.ANSWER: 1}}


def test_it_waits_for_nobody_else(request, answered):
    waiting = {name for name in CAST if told_to(request.getfixturevalue(name), Kind.ANSWER)}

    assert waiting == {"alice", "sam"}  # operators and admins speak for no party


def test_once_both_have_answered_nobody_waits(running, answered, sides, alice, bob):
    give(question(), sides[0], "", not_relevant=True, by=alice)

    assert told_to(alice) == told_to(bob) == []
    assert on_the_guide(running) == {}


def test_several_questions_of_a_set_are_one_line(running, sides, alice, bob):
    for key in ("q1", "q2", "q3"):
        give(question(key), sides[1], SECRET, by=bob)

    [(kind, title, _because)] = told_to(alice)

    assert (kind, title) == (Kind.ANSWER, f"3 questions of “{question().set.title}”")
    assert on_the_guide(running) == {"Lincoln High": {Kind.ANSWER: 3}}


def test_a_third_party_is_waited_for_too(running, answered, sides, school, alice, bob):
    third = PartnerFactory(district=school.district, name="City Library")
    zoe = UserFactory(name="Zoe Park")
    party = running.parties.create(partner=third, position=3)
    party.seat(PersonFactory(partner=third, user=zoe), {Role.CONTACT, Role.CHAMPION}, by=alice)
    give(question(), sides[0], SECRET, by=alice)

    [(kind, _title, because)] = told_to(zoe)
    assert kind == Kind.ANSWER
    assert because.startswith("Harbor Robotics, Lincoln High answered, the first on ")
    assert because.endswith(", and wait for you")
    assert told_to(bob) == told_to(alice) == []


def test_an_earlier_cycle_waits_for_nobody(running, answered, alice):
    for stage in (Stage.REFLECT, Stage.RECOMMIT):
        running.move_to(
            stage, by=alice, drawn_for=running.last_move, reason="We are late this year"
        )
    running.recommit(
        Stage.DIRECTION, by=alice, drawn_for=running.last_move, reason="Go on all the same"
    )

    assert told_to(alice, Kind.ANSWER) == []


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
def test_what_is_paused_or_ended_waits_for_nobody(running, answered, alice, bob, stop):
    invite(running, alice, days=9)
    fail(Mail.objects.get())
    stop(running, alice)

    assert told_to(alice) == told_to(bob) == []
    assert on_the_guide(running) == {}


def test_who_has_left_is_not_told(running, sides, alice, bob, district):
    give(question(), sides[0], SECRET, by=alice)
    seat = next(seat for seat in running.current_seats if seat.person.user == bob)
    seat.vacate(district.today(), successor=None, by=alice)

    assert told_to(bob) == []


# Wordings


def test_a_wording_waits_for_the_yes_of_the_others(running, answered, sides, alice, bob):
    give(question(), sides[0], SECRET, by=alice)
    wording = propose(question(), sides[0], SECRET, by=alice, seen=0)
    wording.assent(sides[0], by=alice)

    [(kind, title, because)] = told_to(bob)
    assert (kind, title) == (Kind.WORDING, f"Question 6: {question().text}")
    assert because.startswith("Lincoln High proposed what to agree on ")
    assert told_to(alice) == []
    assert on_the_guide(running) == {"Harbor Robotics": {Kind.WORDING: 1}}

    wording.assent(sides[1], by=bob)
    assert told_to(bob) == []


def test_only_the_last_wording_counts(running, answered, sides, alice, bob):
    give(question(), sides[0], SECRET, by=alice)
    first = propose(question(), sides[0], SECRET, by=alice, seen=0)
    for party in sides:
        first.assent(party, by=alice)
    propose(question(), sides[1], SECRET + " once more", by=bob, seen=1).assent(sides[1], by=bob)

    assert [kind for kind, *_rest in told_to(alice)] == [Kind.WORDING]
    assert told_to(bob) == []


def test_a_newcomer_covers_a_wording_again(running, answered, sides, school, alice, bob):
    give(question(), sides[0], SECRET, by=alice)
    propose(question(), sides[0], SECRET, by=alice, seen=0)

    running.parties.create(partner=PartnerFactory(district=school.district), position=3)

    assert told_to(bob) == []


# Signatures


def test_a_signature_waits_for_whoever_has_not_signed(running, sides, alice, bob):
    version = draw_up(running, by=alice)
    sign(version, sides[0], by=alice)

    [(kind, title, _because)] = told_to(bob)

    assert (kind, title) == (
        Kind.SIGNATURE,
        "Version 1 of the agreement waits for a signature",
    )
    assert told_to(alice) == []
    assert on_the_guide(running) == {"Harbor Robotics": {Kind.SIGNATURE: 1}}
    sign(version, sides[1], by=bob)
    assert told_to(bob) == []


# Nothing of what was said


def test_no_text_is_read_to_tell_who_waits(client, running, answered, sides, alice, bob):
    """Neither on a page, nor in what is asked of the database."""
    client.force_login(alice)
    give(question("q1"), sides[0], SECRET, by=alice)
    propose(question("q2"), sides[0], SECRET, by=alice, seen=0)

    with CaptureQueriesContext(connection) as captured:
        page = client.get(reverse("desk:today")).content.decode()
        told_to(bob)

    assert "Question 6" in page
    assert SECRET not in page
    for query in captured:
        for column in ("giving", "wording", "answer"):
            assert f'"evaluations_{column}"."text"' not in query["sql"]


# Invitations


def invite(partnership, by, days, email="dan@x.example") -> Invitation:
    party = partnership.parties.get(school=None)
    seat = party.seat(
        PersonFactory(partner=party.partner, name="Dan Wu", email=email), {Role.BOARD}, by=by
    )
    with clock.at(timezone.now() - timedelta(days=days)):
        invitation = Invitation.objects.invite(seat, email, by=by, language="en")
        send_invitation(invitation)
    return invitation


INVITED = (Kind.INVITATION, "Dan Wu has not accepted the invitation yet", "")


@pytest.mark.parametrize(("days", "waits"), [(2, False), (3.01, True), (29, True)])
def test_an_invitation_is_news_after_three_days(running, alice, bob, days, waits):
    invite(running, alice, days)

    assert told_to(alice) == ([INVITED] if waits else [])
    assert told_to(bob) == []
    assert on_the_guide(running) == ({"Harbor Robotics": {Kind.INVITATION: 1}} if waits else {})
    assert on_the_guide(running, managed=False) == {}


def accept(invitation, by):
    invitation.accept_with_new_account("a long enough password")


def revoke(invitation, by):
    invitation.revoke(by=by)


def leave(invitation, by):
    seat = invitation.seat
    seat.vacate(invitation.partnership.district.today(), successor=None, by=by)


@pytest.mark.parametrize("settle", [accept, revoke, leave])
def test_and_until_it_is_settled(running, alice, settle):
    settle(invite(running, alice, days=9), alice)

    assert told_to(alice) == []


# Mails that did not arrive


def fail(kept: Mail, fault=Fault.ADDRESS):
    kept.give_up(fault)


UNDELIVERED = (Kind.MAIL, "The mail to dan@x.example could not be delivered", "")


def test_a_mail_that_did_not_arrive_is_told_to_the_coordinator(client, running, alice, bob, ola):
    invite(running, alice, days=0)
    fail(Mail.objects.get())

    assert told_to(alice) == [UNDELIVERED]
    assert told_to(ola) == [UNDELIVERED]
    assert told_to(bob) == []
    assert on_the_guide(running) == {"Harbor Robotics": {Kind.MAIL: 1}}


def people_page(client, user, partnership) -> str:
    client.force_login(user)
    return client.get(reverse("partnerships:team", args=[partnership.pk])).content.decode()


def test_the_people_page_says_what_to_do(client, running, alice, bob):
    invite(running, alice, days=0)
    assert "could not be delivered" not in people_page(client, alice, running)
    fail(Mail.objects.get())

    page = people_page(client, alice, running)

    assert "The mail to dan@x.example could not be delivered." in page
    assert "The mail server refused this address." in page
    assert "Check the address. If it is right, press “Renew”" in page
    assert "could not be delivered" not in people_page(client, bob, running)


def test_sending_it_again_settles_it(client, running, alice, mails_leave_at_once, monkeypatch):
    def fails(*args):
        raise ConnectionRefusedError

    with monkeypatch.context() as broken:
        broken.setattr(locmem.EmailBackend, "send_messages", fails)
        invitation = invite(running, alice, days=1)
    assert told_to(alice) == [UNDELIVERED]

    client.force_login(alice)
    client.post(reverse("partnerships:renew", args=[running.pk, invitation.seat_id]))

    assert [one.mail.sent_at is not None for one in PartnershipMail.objects.all()] == [True, False]
    assert told_to(alice) == []


@pytest.mark.parametrize("settle", [accept, revoke, leave])
def test_it_is_news_no_longer_than_the_invitation(running, alice, settle):
    invitation = invite(running, alice, days=1)
    fail(Mail.objects.get())
    settle(invitation, alice)

    assert told_to(alice) == []


def test_a_mail_to_a_coordinator_is_told_to_whoever_manages(running, alice, school):
    kept = Mail.objects.put(
        kind="wish", email="x@x.example", user=alice, subject="", text="", html="", headers={}
    )
    note(kept, running)
    fail(kept, Fault.SERVER)

    assert [kind for kind, *_rest in told_to(alice)] == [Kind.MAIL]
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert told_to(alice) == []


# A school, and all together


def test_a_school_is_waited_for_as_its_coordinator_is(running, answered, alice, school, charlie):
    invite(running, alice, days=9)
    scope = Scope.of_school(school)

    assert [kind for kind, *_rest in told(scope)] == [Kind.ANSWER, Kind.INVITATION]
    assert told(scope)[0][2] == "Harbor Robotics has waited since today"
    assert told(Scope.of_school(charlie.schools.get())) == []


def test_a_school_has_a_page_of_it(client, running, answered, ada, school):
    client.force_login(ada)

    page = client.get(reverse("desk:school_waiting", args=[school.pk])).content.decode()

    assert "has waited since" in page
    assert SECRET not in page


def test_each_source_asks_once_however_many_partnerships(school, alice, bob, partner):
    def add():
        made = make_partnership(
            school=school,
            partner=PartnerFactory(district=school.district),
            by=alice,
            stage=Stage.MOBILIZE,
        )
        theirs = made.parties.get(school=None)
        give(question(), theirs, SECRET, by=alice)
        made.items.open_now().update(due_on="2020-01-01")
        invite(made, alice, days=9, email=f"dan{made.pk}@x.example")
        draw_up(made, by=alice)
        weekly(made, by=alice)
        made.steps.plan(by=alice, what="Call the office", due_on="2020-01-01")

    def cost(source):
        scope = Scope.of_person(User.objects.get(pk=alice.pk))
        assert scope.seats == []  # looked up once for all sources
        assert scope.school_ids
        with CaptureQueriesContext(connection) as captured:
            # Whoever sees to whole partnerships is asked for no handover.
            assert source(scope, 200) != [] or source is handovers
        return len(captured)

    add()
    with_one = [cost(source) for source in SOURCES]
    for _number in range(4):
        add()

    assert [cost(source) for source in SOURCES] == with_one
    assert sum(with_one) <= len(SOURCES) + 1  # the partnerships of the questions


def test_it_speaks_the_readers_language(running, answered, alice):
    invite(running, alice, days=9)

    with translation.override("vi"):
        lines = [" ".join(map(str, line[1:])) for line in told_to(alice)]

    assert "Harbor Robotics đã trả lời từ" in lines[0]
    assert "Dan Wu chưa nhận lời mời" in lines[1]


def test_an_item_of_the_partner_waits_for_the_partner_on_the_guide(running, bob, district):
    item = running.items.add_own(
        by=bob, wording="Book the bus", stage="action", side=Side.PARTNER, due_on=district.today()
    )

    assert [one.url for one in waiting_in(Scope.of_person(bob))[0]] == [item.get_absolute_url()]


# Activities of whose day nothing is noted


def test_an_activity_waits_for_who_leads_it_and_for_who_sees_to_all(running, alice, bob, sam, ada):
    plan(running, by=alice, leads=running.seats_of(bob))

    day = running.district.today() - timedelta(days=7)
    line = f"How did “Mentoring” go on {day.day} {day:%b}?"
    assert [title for _kind, title, _because in told_to(alice, Kind.OUTCOME)] == [line]
    assert [title for _kind, title, _because in told_to(bob, Kind.OUTCOME)] == [line]
    assert told_to(sam, Kind.OUTCOME) == told_to(ada, Kind.OUTCOME) == []
    assert on_the_guide(running) == {"Harbor Robotics": {Kind.OUTCOME: 1}}


def test_without_a_lead_it_waits_for_the_school(running, alice, bob):
    plan(running, by=alice)

    assert told_to(bob, Kind.OUTCOME) == []
    assert on_the_guide(running) == {"Lincoln High": {Kind.OUTCOME: 1}}


def test_several_days_of_one_activity_wait_as_one(running, alice):
    activity = weekly(running, by=alice, on=running.district.today() - timedelta(days=20))

    (one,) = (one for one in waiting_in(Scope.of_person(alice))[0] if one.kind == Kind.OUTCOME)
    assert (one.url, one.remark) == (activity.get_absolute_url(), "3 days")


@pytest.mark.parametrize("why", ["noted", "called off", "paused", "old"])
def test_nothing_waits_any_more(running, alice, why):
    activity = plan(running, by=alice)
    if why == "noted":
        activity.note(activity.on, "held", by=alice, students=3)
    elif why == "called off":
        activity.call_off("We have no bus", by=alice)
    elif why == "paused":
        Partnership.objects.filter(pk=running.pk).update(status="paused")

    with clock.at(timezone.now() + timedelta(days=24 if why == "old" else 0)):
        assert told_to(alice, Kind.OUTCOME) == []


def test_who_leads_and_has_left_is_not_asked(running, alice, bob):
    plan(running, by=alice, leads=running.seats_of(bob))

    running.seats_of(bob)[0].vacate(running.district.today(), successor=None, by=alice)

    assert told_to(bob, Kind.OUTCOME) == []
