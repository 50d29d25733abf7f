"""Two people act on one partnership at the same moment: each gets an answer, neither waits for ever, and what
was said stays true. Each pair is tried with the first one halfway through when the second one comes."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction

from evaluations.models import Debrief, DebriefRefused, Response
from partnerships.events import EventKind
from partnerships.models import Partnership, PublicPage
from partnerships.table import join, leave
from tests.debriefs import answers, open_debrief, with_sides
from tests.factories import PartnerFactory, PersonFactory

pytestmark = pytest.mark.django_db(transaction=True)
HALFWAY = 0.6  # seconds that the first one rests


def in_turn(first, second, pause) -> dict:
    """Begin `first`; while it rests at `pause`, begin `second`. Return what came of each."""
    came, results = threading.Event(), {}
    pause.came = came

    def run(name, act, wait_for=None):
        try:
            if wait_for:
                wait_for.wait(timeout=30)
            results[name] = act()
        except Exception as fault:  # noqa: BLE001 # shown by the test, which runs in another thread
            results[name] = fault
        finally:
            connection.close()

    threads = [
        threading.Thread(target=run, args=["first", first]),
        threading.Thread(target=run, args=["second", second, came]),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


class Pause:
    """Rests once, before a method does its work, and says that it is there."""

    def __init__(self, monkeypatch, owner, name):
        self.came, self.once = None, threading.Lock()
        method = getattr(owner, name)

        def resting(*args, **kwargs):
            if self.once.acquire(blocking=False):
                self.came.set()
                threading.Event().wait(HALFWAY)
            return method(*args, **kwargs)

        monkeypatch.setattr(owner, name, resting)


@pytest.fixture
def pause(monkeypatch):
    return lambda owner, name: Pause(monkeypatch, owner, name)


def fresh(partnership) -> Partnership:
    return with_sides(partnership)


def faults(results) -> list:
    """What went wrong; to be told that a debrief has closed is an answer."""
    found = [one for one in results.values() if isinstance(one, Exception)]
    return [one for one in found if not isinstance(one, DebriefRefused)]


def end(partnership, by):
    return lambda: fresh(partnership).end(
        by=by, drawn_for=fresh(partnership).last_move, reason="We are done with it"
    )


def test_an_ending_and_a_closing_at_once(running, alice, pause):
    debrief = open_debrief(running, by=alice)

    results = in_turn(
        end(running, alice),
        lambda: Debrief.objects.get(pk=debrief.pk).close(by=alice),
        pause(type(running.debriefs), "settle_ending"),
    )

    assert faults(results) == []
    kinds = [one.kind for one in running.debriefs.order_by("number")]
    assert kinds == ["regular", "closing"]
    assert running.events.filter(kind=EventKind.DEBRIEF_CLOSED).count() == 1


def test_an_ending_and_more_time_at_once(running, alice, pause):
    debrief = open_debrief(running, by=alice)
    later = debrief.closes_on + timedelta(days=5)

    def extend():
        one = Debrief.objects.get(pk=debrief.pk)
        one.partnership = fresh(running)
        one.extend(later, by=alice)

    results = in_turn(end(running, alice), extend, pause(type(running.debriefs), "settle_ending"))

    assert faults(results) == []


def test_two_who_joined_lately_answer_at_once(running, alice, pause):
    debrief = open_debrief(running, by=alice)
    party = running.parties.first()
    seats = [
        party.seat(PersonFactory(school=party.school, name=f"New {n}"), {}, by=alice)
        for n in range(2)
    ]

    def answer(seat):
        def act():
            one = Debrief.objects.get(pk=debrief.pk)
            one.partnership = fresh(running)
            with transaction.atomic():
                response = one.ask(seat)
                response.keep(answers(one, 3))

        return act

    results = in_turn(answer(seats[0]), answer(seats[1]), pause(Response, "keep"))

    assert faults(results) == []
    assert debrief.responses.exclude(answers={}).count() == 2


def test_somebody_who_joined_lately_answers_while_it_closes(running, alice, pause):
    debrief = open_debrief(running, by=alice)
    party = running.parties.first()
    seat = party.seat(PersonFactory(school=party.school), {}, by=alice)

    @transaction.atomic
    def answer():
        response = Debrief.objects.get(pk=debrief.pk).ask(seat)
        response.keep(answers(response.debrief, 3))

    results = in_turn(
        lambda: Debrief.objects.get(pk=debrief.pk).close(by=alice),
        answer,
        pause(Debrief, "keep_who_was_asked"),
    )

    assert results["first"] is None
    assert isinstance(results["second"], DebriefRefused)
    assert debrief.responses.filter(seat=seat).count() == 1  # asked as the others were


def test_two_closings_at_once_cut_each_answer_from_its_name_once(running, alice, pause):
    debrief = open_debrief(running, by=alice)
    for response in debrief.responses.all():
        response.keep(answers(debrief, 4))
        response.give()

    def close():
        Debrief.objects.get(pk=debrief.pk).close(by=alice)

    results = in_turn(close, close, pause(Debrief, "keep_who_was_asked"))

    assert results == {"first": None, "second": None}
    assert debrief.voices.count() == debrief.responses.given().count() == 3
    assert set(debrief.responses.values_list("reader_hash", flat=True)) == {""}
    assert running.events.filter(kind=EventKind.DEBRIEF_CLOSED).count() == 1


def test_answers_given_while_it_closes_count_or_are_refused(running, alice, pause):
    debrief = open_debrief(running, by=alice)
    response = debrief.responses.first()
    response.keep(answers(debrief, 4))

    results = in_turn(
        lambda: Debrief.objects.get(pk=debrief.pk).close(by=alice),
        Response.objects.get(pk=response.pk).give,
        pause(Debrief, "keep_who_was_asked"),
    )

    assert isinstance(results["second"], DebriefRefused)
    assert debrief.voices.count() == debrief.responses.given().count() == 0


def page_of(partnership, by) -> PublicPage:
    page = PublicPage.objects.create(partnership=partnership, about_en="We build robots.")
    for party in partnership.parties.all():
        part = page.part("about")
        page.release(part, party, fingerprint=part.fingerprint, by=by)
    return page


def test_a_release_and_a_leaving_at_once(running, alice, district, pause):
    third = join(running, PartnerFactory(district=district), by=alice)
    page = page_of(fresh(running), alice)

    def release():
        one = PublicPage.objects.get(pk=page.pk)
        party = one.partnership.parties.first()
        part = one.part("voice")
        one.release(part, party, fingerprint=part.fingerprint, by=alice)

    results = in_turn(
        lambda: leave(third, reason="They moved away", by=alice),
        release,
        pause(PublicPage, "let_go"),
    )

    assert faults(results) == []


def test_a_withdrawal_and_a_leaving_at_once(running, alice, district, pause):
    third = join(running, PartnerFactory(district=district), by=alice)
    page = page_of(fresh(running), alice)

    def withdraw():
        one = PublicPage.objects.get(pk=page.pk)
        one.withdraw(one.part("about"), one.partnership.parties.first(), by=alice)

    results = in_turn(
        lambda: leave(third, reason="They moved away", by=alice),
        withdraw,
        pause(PublicPage, "let_go"),
    )

    assert faults(results) == []
    assert PublicPage.objects.get(pk=page.pk).seen_parts == []
