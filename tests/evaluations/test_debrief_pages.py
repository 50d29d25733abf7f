"""Opening a debrief, seeing who has answered, giving more time, closing; and ending with one."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse

from evaluations.models import Debrief, DebriefKind, QuestionSet
from partnerships.models.partnership import MoveRefused
from partnerships.stages import MoveKind
from partnerships.vocabulary import Role
from tests import clock
from tests.answering import give, seat_of
from tests.debriefs import open_debrief, with_sides
from tests.factories import PersonFactory, UserFactory


def at(name, debrief):
    return reverse(f"evaluations:{name}", args=[debrief.partnership_id, debrief.number])


@pytest.fixture
def debrief(partnership, alice):
    return open_debrief(partnership, by=alice)


@pytest.fixture
def at_desk(client, alice):
    client.force_login(alice)
    return client


@pytest.fixture
def opening(partnership):
    return reverse("evaluations:open_debrief", args=[partnership.pk])


def posted(partnership, days=14, key="debrief"):
    on = partnership.district.today() + timedelta(days=days)
    question_set = QuestionSet.objects.get(key=key, district=None)
    return {"question_set": question_set.pk, "closes_on": on.isoformat()}


def test_before_opening_it_says_who_is_asked_and_who_needs_a_link(at_desk, partnership, opening):
    theirs = partnership.parties.last()
    theirs.partnership = partnership
    theirs.seat(
        PersonFactory(partner=theirs.partner, name="Pat Quill"), [], by=partnership.coordinator
    )

    said = at_desk.get(opening).content.decode()

    assert "4 people are asked" in said
    assert "Pat Quill" in said.split("Without a login:")[1].split("</p>")[0]
    assert "Fewer than three:" in said
    assert f'value="{partnership.district.today() + timedelta(days=14):%Y-%m-%d}"' in said


@pytest.mark.parametrize(("days", "opens"), [(-1, 0), (0, 1), (90, 1), (91, 0)])
def test_until_when_it_can_be_answered(at_desk, partnership, opening, days, opens):
    at_desk.post(opening, posted(partnership, days))

    assert Debrief.objects.count() == opens


def test_the_set_of_an_ending_is_not_offered(at_desk, partnership, opening):
    said = at_desk.post(opening, posted(partnership, key="closing-debrief")).content.decode()

    assert "<title>Error:" in said
    assert Debrief.objects.count() == 0


def test_a_district_asks_its_own_questions(at_desk, partnership, opening):
    own = QuestionSet.objects.get(key="debrief", district=None).copy_for(partnership.district)
    own.questions.filter(position__gt=3).update(retired=True)

    at_desk.post(opening, posted(partnership) | {"question_set": own.pk})

    assert len(Debrief.objects.get().questions) == own.questions.filter(retired=False).count()


@pytest.mark.usefixtures("mails_leave_at_once")
def test_everybody_with_a_login_gets_a_mail_in_their_language(at_desk, partnership, opening, bob):
    bob.language = "vi"
    bob.save()

    at_desk.post(opening, posted(partnership))

    assert sorted(one.to[0] for one in mail.outbox) == [
        "alice@school.example",
        "bob@partner.example",
        "sam@school.example",
    ]
    [to_bob] = [one for one in mail.outbox if one.to == [bob.email]]
    assert "Mời bạn nhìn lại" in to_bob.body
    debrief = Debrief.objects.get()
    args = [partnership.pk, debrief.number, seat_of(partnership, bob).pk]
    assert reverse("evaluations:answer_debrief", args=args) in to_bob.body


def test_who_has_answered_is_shown_and_what_is_not(at_desk, partnership, debrief, bob):
    give(debrief, seat_of(partnership, bob), "Canary words")

    for address in (
        debrief.get_absolute_url(),
        reverse("evaluations:debriefs", args=[partnership.pk]),
    ):
        said = at_desk.get(address).content.decode()
        assert "1 of 1 have answered" in said
        assert "0 of 2 have answered" in said
        assert "Canary" not in said


def test_closing_asks_first_and_says_who_is_lacking(at_desk, partnership, debrief, bob):
    give(debrief, seat_of(partnership, bob), "Well")

    said = at_desk.get(at("close_debrief", debrief)).content.decode()
    assert "2 people have not answered yet" in said
    assert "It cannot be undone." in said
    assert not Debrief.objects.get().is_closed

    at_desk.post(at("close_debrief", debrief))
    assert Debrief.objects.get().is_closed
    assert at_desk.post(at("close_debrief", debrief)).url == debrief.get_absolute_url()
    assert partnership.events.filter(kind="debrief_closed").count() == 1


def test_closing_with_few_answers_warns_that_people_can_be_told_apart(
    at_desk, partnership, debrief, alice, bob
):
    closing = at("close_debrief", debrief)
    warning = "Fewer than three people have answered for:"
    assert warning not in at_desk.get(closing).content.decode()  # nobody said anything yet

    give(debrief, seat_of(partnership, bob), "Well")

    said = at_desk.get(closing).content.decode()
    assert "Harbor Robotics" in said.split(warning)[1].split("</p>")[0]
    assert "Lincoln High" not in said.split(warning)[1].split("</p>")[0]
    assert at("extend_debrief", debrief) in said.split(warning)[1]


def test_where_many_are_asked_it_is_said_what_few_answers_would_mean(
    at_desk, partnership, alice, debrief
):
    told = "If in the end fewer than three people of a side have answered"
    answering = reverse(
        "evaluations:answer_debrief",
        args=[partnership.pk, debrief.number, seat_of(partnership, alice).pk],
    )
    for address in (answering, debrief.get_absolute_url()):
        assert told not in at_desk.get(address).content.decode()  # it is thin as it is
    add_people(partnership, alice, 3)

    for address in (answering, debrief.get_absolute_url()):
        assert told in at_desk.get(address).content.decode()


def test_the_last_debrief_comes_first(at_desk, partnership, alice):
    for _number in range(3):
        open_debrief(partnership, by=alice).close(by=alice)

    said = at_desk.get(reverse("evaluations:debriefs", args=[partnership.pk])).content.decode()

    assert re.findall(r"no\. (\d)", said) == ["3", "2", "1"]


def test_more_time_may_be_given(at_desk, debrief):
    on = debrief.closes_on + timedelta(days=7)

    at_desk.post(at("extend_debrief", debrief), {"closes_on": on.isoformat()})

    assert Debrief.objects.get().closes_on == on


def test_not_less_time_and_not_for_ever(at_desk, debrief):
    for days in (0, -1, 77):
        on = debrief.closes_on + timedelta(days=days)
        said = at_desk.post(at("extend_debrief", debrief), {"closes_on": on.isoformat()})
        assert b"<title>Error:" in said.content

    assert Debrief.objects.get().closes_on == debrief.closes_on


# The last day is over


def over(debrief):
    day = (debrief.closes_on + timedelta(days=1)).timetuple()[:3]
    return clock.midnight("America/Los_Angeles", *day)


@pytest.mark.parametrize("name", ["debriefs", "debrief", "close_debrief", "extend_debrief"])
def test_whoever_comes_first_closes_it(client, alice, partnership, debrief, name):
    pages = reverse("evaluations:debriefs", args=[partnership.pk])
    url = pages if name == "debriefs" else at(name, debrief)
    with clock.at(clock.just_before(over(debrief))):
        client.force_login(alice)
        client.get(url)
        assert not Debrief.objects.get().is_closed
    with clock.at(over(debrief)):
        client.force_login(alice)
        client.get(url)
        client.get(url)

    assert Debrief.objects.get().is_closed
    assert partnership.events.filter(kind="debrief_closed").count() == 1


@pytest.mark.parametrize("name", ["debrief", "print_debrief", "debrief_notes"])
def test_whoever_comes_after_it_reads_the_results_at_once(client, bob, debrief, name):
    with clock.at(over(debrief)):
        client.force_login(bob)
        page = client.get(at(name, debrief))

    assert page.status_code == 200
    assert page.context["debrief"].is_closed
    assert Debrief.objects.get().closed_by == debrief.opened_by


@pytest.mark.parametrize("days", [0, 5])
def test_it_closed_on_its_last_day_whenever_that_is_noticed(
    client, alice, partnership, debrief, days
):
    with clock.at(over(debrief) + timedelta(days=days, minutes=40)):
        client.force_login(alice)
        client.get(debrief.get_absolute_url())

    closed_at = Debrief.objects.get().closed_at
    assert closed_at.astimezone(partnership.district.zone).date() == debrief.closes_on


def test_closed_by_hand_it_closed_at_that_time(at_desk, debrief):
    noon = over(debrief) - timedelta(days=3, hours=12)
    with clock.at(noon):
        at_desk.force_login(debrief.opened_by)
        at_desk.post(at("close_debrief", debrief))

    assert Debrief.objects.get().closed_at == noon


def test_the_hourly_command_closes_it_too(debrief):
    with clock.at(over(debrief)):
        call_command("send_reminders", stdout=StringIO())

    assert Debrief.objects.get().is_closed


# Who joins, who leaves


def test_who_joins_is_asked_and_who_leaves_is_not(partnership, debrief, school, alice, sam, bob):
    give(debrief, seat_of(partnership, bob), "Well")
    ours, theirs = with_sides(partnership).parties.all()
    ours.partnership = theirs.partnership = with_sides(partnership)
    ours.seat(PersonFactory(school=school, name="Newcomer"), [], by=alice)
    for user in (sam, bob):
        seat = seat_of(partnership, user)
        seat.left_on = partnership.district.today()
        seat.save()

    debrief.partnership = with_sides(partnership)
    debrief.close(by=alice)

    asked = {one.seat.person.name for one in debrief.responses.all()}
    assert asked == {"Alice Moreno", "Newcomer", "Bob Keller"}  # Bob had given his answers
    assert debrief.voices.count() == 1


# Ending


@pytest.fixture
def end_page(partnership):
    return reverse("partnerships:end", args=[partnership.pk])


def ending(partnership, **said):
    move = partnership.moves.last().pk
    return {"reason": "The company moves away", "drawn_for": move, "debrief": "yes", **said}


def test_ending_opens_a_closing_debrief(at_desk, partnership, end_page):
    on = partnership.district.today() + timedelta(days=30)

    at_desk.post(end_page, ending(partnership, debrief_closes_on=on.isoformat()))

    debrief = Debrief.objects.get()
    assert (debrief.kind, debrief.closes_on) == (DebriefKind.CLOSING, on)
    assert len(debrief.questions) == 7
    assert with_sides(partnership).has_ended


def test_without_a_day_it_is_two_weeks(at_desk, partnership, end_page):
    at_desk.post(end_page, ending(partnership))

    assert Debrief.objects.get().closes_on == partnership.district.today() + timedelta(days=14)


def test_a_day_too_late_is_refused(at_desk, partnership, end_page):
    on = partnership.district.today() + timedelta(days=91)

    said = at_desk.post(end_page, ending(partnership, debrief_closes_on=on.isoformat()))

    assert b"<title>Error:" in said.content
    assert not with_sides(partnership).has_ended


def test_with_no_the_reason_is_kept_and_none_opens(at_desk, partnership, end_page):
    said = {"debrief": "no", "no_debrief_because": "We talked it through by phone"}

    at_desk.post(end_page, ending(partnership, debrief_closes_on="x", **said))

    assert Debrief.objects.count() == 0
    assert partnership.items.get(only_when="ending").reason == "We talked it through by phone"


def test_one_that_is_open_closes_with_what_was_given(at_desk, partnership, debrief, bob, end_page):
    give(debrief, seat_of(partnership, bob), "Well")
    assert "that 1 of 3 people have given" in at_desk.get(end_page).content.decode()

    at_desk.post(end_page, ending(partnership))

    closing, regular = Debrief.objects.all()
    assert (closing.kind, closing.is_closed) == (DebriefKind.CLOSING, False)
    assert (regular.is_closed, regular.voices.count()) == (True, 1)


@pytest.fixture
def ended(partnership, alice):
    partnership.end(by=alice, drawn_for=partnership.last_move, reason="The company moves away")
    return with_sides(partnership)


def test_after_the_end_it_is_answered_extended_closed_and_read(client, ended, alice, bob):
    debrief = ended.debriefs.get()
    args = [ended.pk, debrief.number, seat_of(ended, bob).pk]
    client.force_login(bob)
    assert client.get(reverse("evaluations:answer_debrief", args=args)).status_code == 200
    give(debrief, seat_of(ended, bob), "Well")
    client.force_login(alice)
    on = debrief.closes_on + timedelta(days=7)
    client.post(at("extend_debrief", debrief), {"closes_on": on.isoformat()})
    client.post(at("close_debrief", debrief))

    debrief = Debrief.objects.get()
    assert (debrief.closes_on, debrief.is_closed, debrief.voices.count()) == (on, True, 1)
    client.force_login(bob)
    assert client.get(debrief.get_absolute_url()).status_code == 200


def test_nothing_else_opens_after_the_end(client, ended, alice, opening):
    client.force_login(alice)

    assert client.get(opening).status_code == 403
    assert client.post(opening, posted(ended)).status_code == 403


def test_reopened_and_ended_again_the_open_one_goes_on(at_desk, ended, alice, end_page):
    reopen = reverse("partnerships:reopen", args=[ended.pk])
    assert "The closing debrief that is open goes on" in at_desk.get(reopen).content.decode()
    ended.change_status(
        MoveKind.REOPEN, by=alice, drawn_for=ended.last_move, reason="They stay in town"
    )
    said = at_desk.get(end_page).content.decode()
    assert "The closing debrief that is open goes on" in said
    assert "Will you hold a closing debrief?" not in said

    at_desk.post(end_page, {"reason": "Now they do go", "drawn_for": ended.moves.last().pk})

    assert with_sides(ended).has_ended
    assert Debrief.objects.count() == 1


def test_an_ending_that_is_refused_opens_nothing(partnership, alice):
    with pytest.raises(MoveRefused):
        partnership.end(by=alice, drawn_for=partnership.last_move, reason="")

    assert Debrief.objects.count() == 0


# How many queries it takes


def add_people(partnership, alice, count):
    for party in partnership.parties.all():
        party.partnership = partnership
        for _number in range(count):
            place = {"school": party.school, "partner": party.partner}
            party.seat(PersonFactory(user=UserFactory(), **place), {Role.MEMBER}, by=alice)


def test_the_pages_take_no_more_queries_with_more_people_and_debriefs(
    at_desk, partnership, alice, django_assert_max_num_queries
):
    add_people(partnership, alice, 5)
    for _number in range(4):
        open_debrief(partnership, by=alice).close(by=alice)
    debrief = open_debrief(partnership, by=alice)
    everything = reverse("evaluations:debriefs", args=[partnership.pk])
    at_desk.get(everything)

    for address in (everything, debrief.get_absolute_url()):
        with django_assert_max_num_queries(8):
            at_desk.get(address)
