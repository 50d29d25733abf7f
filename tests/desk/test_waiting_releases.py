"""What one side has released for the public page as it stands waits for the others."""

from decimal import Decimal

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from accounts.templatetags.mails import in_plain_text
from desk.digests import digest
from desk.waiting import waiting_in, whose_move
from evaluations.joint import Standing
from partnerships.models import Partnership, PublicPage
from partnerships.stages import MoveKind
from partnerships.vocabulary import PublicPart
from partnerships.waiting import Kind, Scope
from tests.desk.test_queries import queries
from tests.factories import make_goal
from tests.files import jpg

ONE = "1 part of the public page to release"


@pytest.fixture
def page(running):
    running.set_engagements(["visit", "funding"])
    return PublicPage.objects.create(
        partnership=running, about_en="We build robots.", about_vi="Chúng tôi làm “robot”."
    )


@pytest.fixture
def release(page, alice, bob):
    def released(key, side):
        fresh = PublicPage.objects.get(pk=page.pk)
        part, party = fresh.part(key), fresh.partnership.parties.all()[side]
        by = (alice, bob)[side]
        return fresh.release(part, party, fingerprint=part.fingerprint, by=by)

    return released


def told(scope):
    found = [one for one in waiting_in(scope)[0] if one.kind == Kind.RELEASE]
    return [(one.title, in_plain_text(one.because)) for one in found]


def told_to(user):
    return told(Scope.of_person(user))


def on_the_guide(partnership):
    fresh = Partnership.objects.with_sides().get(pk=partnership.pk)
    fresh.managed_by_reader = True
    moves = whose_move(fresh, [], Standing(fresh))
    found = {move.party.label: [one.title for one in move.of(Kind.RELEASE)] for move in moves}
    return {label: titles for label, titles in found.items() if titles}


def add_things(running, by):
    """A goal with all that a goal can say, and a win with a picture; with how each is called."""
    goal = make_goal(
        running, by=by, what="Ít nhất 10 học sinh", target=Decimal("1234567.25"), for_teachers=True
    )
    win = running.wins.tell(
        by=by,
        on=running.district.today(),
        text="It draws “circles”.\nAnd \\ lines.",
        thanked="Bob",
        picture=ContentFile(jpg(), name="a.jpg"),
        picture_alt="A robot",
        consent="Nobody is on it",
    )
    plain = running.wins.tell(by=by, on=running.district.today(), text="It sings.")
    return [f"goals-{goal.pk}", f"win-{win.pk}", f"win-{plain.pk}"]


def test_each_kind_of_part_waits_for_the_side_that_has_not_released_it(
    running, page, release, school, alice, bob, sam, ada, ola
):
    keys = ["about", "voice", *add_things(running, alice)]
    assert {key.split("-")[0] for key in keys} == set(PublicPart.values)
    for count, key in enumerate(keys, 1):
        release(key, 0)
        says = ONE if count == 1 else f"{count} parts of the public page to release"
        [(title, because)] = told_to(bob)
        assert title == says
        assert because.startswith("Lincoln High released on ")
        assert because.endswith(" and waits for you")
        assert on_the_guide(running) == {"Harbor Robotics": [says]}

    assert told_to(alice) == told_to(sam) == told_to(ada) == told_to(ola) == []
    assert told(Scope.of_school(school)) == []
    for key in keys:
        release(key, 1)
    assert told_to(bob) == []
    assert on_the_guide(running) == {}


def test_it_works_the_other_way_round(running, release, school, alice, sam, bob):
    release("about", 1)

    for scope in (Scope.of_person(alice), Scope.of_person(sam), Scope.of_school(school)):
        assert [title for title, _because in told(scope)] == [ONE]
    assert "has waited since" in told(Scope.of_school(school))[0][1]
    assert told_to(bob) == []
    assert on_the_guide(running) == {"Lincoln High": [ONE]}


def test_what_has_changed_since_waits_for_nobody(running, page, release, alice, bob):
    keys = ["about", *add_things(running, alice)]
    for key in keys:
        release(key, 0)
    running.set_engagements(["visit"])
    running.goals.update(target=Decimal("99.5"))
    running.wins.update(thanked="Everybody")
    assert told_to(bob) == []
    assert on_the_guide(running) == {}

    release("about", 1)

    assert told_to(bob) == []
    assert [title for title, _because in told_to(alice)] == [ONE]


def test_what_was_withdrawn_or_is_gone_waits_for_nobody(running, page, release, alice, bob):
    key, *_others = add_things(running, alice)
    release(key, 0)
    release("about", 0)
    running.goals.get().retire(because="It is too big", by=alice)
    assert on_the_guide(running) == {"Harbor Robotics": [ONE]}
    fresh = PublicPage.objects.get(pk=page.pk)
    fresh.withdraw(fresh.part("about"), running.parties.first(), by=alice)

    assert told_to(bob) == []
    assert on_the_guide(running) == {}


def test_while_it_is_paused_it_waits_for_nobody(running, release, alice, bob):
    release("about", 0)
    running.change_status(
        MoveKind.PAUSE, by=alice, drawn_for=running.last_move, reason="Exams until summer"
    )

    assert told_to(bob) == []


def test_today_the_guide_and_the_weekly_mail_tell_it_and_take_no_query_more(
    client, running, release, alice, bob
):
    client.force_login(bob)
    pages = [reverse("desk:today"), reverse("desk:guide", args=[running.pk])]
    before = {url: queries(client, url) for url in pages}

    for key in ["about", "voice", *add_things(running, alice)]:
        release(key, 0)

    assert "5 parts of the public page to release" in digest(bob).message().body
    for url in pages:
        assert queries(client, url) <= before[url]
        page = client.get(url).text
        assert "5 parts of the public page to release" in page
        assert reverse("desk:public_settings", args=[running.pk]) in page
