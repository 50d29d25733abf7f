"""How many queries a page takes, sign-in state included, and that more rows do not take more."""

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from evaluations.models import give
from partnerships.models import Partnership
from partnerships.stages import Stage
from partnerships.table import join
from partnerships.vocabulary import Level, Role
from tests.access.test_signing_in import sign_in
from tests.agreements import agree, draw_up, question, sign_by_all
from tests.factories import PartnerFactory, PersonFactory, make_goal, make_partnership

TODAY, GUIDE, LISTS = 12, 12, 8
AGREEMENT = 17  # drawn from many places
SHEET = 15  # questions with their parts; answers, wordings, translations, and who gave and assented
ENTRY = 11  # of the log, with the steps that follow and a form for another
SCHOOL = 10  # what waits at a school is Today for a school: it asks every source


def queries(client, url) -> int:
    client.get(url)  # so that what is kept between requests is in place
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def add_partnerships(count, *, school, by):
    stages = list(Stage)
    for number in range(count):
        partner = PartnerFactory(district=school.district, name=f"Workshop number {number}")
        made = make_partnership(
            school=school, partner=partner, by=by, stage=stages[number % 6], engagements=["visit"]
        )
        ours, theirs = made.parties.all()
        theirs.seat(PersonFactory(partner=partner), {Role.CONTACT}, by=by)
        made.items.open_now().update(due_on="2020-01-01", owner=ours.seats.get())


@pytest.fixture
def signed_in(client, alice, partnership):
    client.force_login(alice)
    return client


LIST_PAGES = [
    ("desk:today", TODAY),
    ("desk:partnerships", LISTS),
    ("partnerships:partners", LISTS),
    ("partnerships:schools", LISTS),
]


@pytest.mark.parametrize(("name", "most"), LIST_PAGES)
def test_lists_take_few_queries_and_no_more_for_fifty_rows(signed_in, school, alice, name, most):
    with_one = queries(signed_in, reverse(name))

    add_partnerships(50, school=school, by=alice)

    with_many = queries(signed_in, reverse(name))
    assert with_one <= most
    assert with_many == with_one


PAGES = [
    ("desk:guide", GUIDE),
    ("checklists:checklist", LISTS),
    ("partnerships:team", LISTS),
    ("partnerships:timeline", LISTS),
    ("partnerships:steps", LISTS),
    ("partnerships:log", LISTS),
    ("desk:cycles", LISTS),
    ("desk:dossier", LISTS),
    ("desk:agreement", AGREEMENT),
    ("desk:draw_up", AGREEMENT),
]


@pytest.mark.parametrize(("name", "most"), PAGES)
def test_pages_of_a_partnership_take_few_queries(signed_in, partnership, name, most):
    assert queries(signed_in, reverse(name, args=[partnership.pk])) <= most


@pytest.mark.parametrize(("name", "most"), PAGES)
def test_and_no_more_with_more_items_and_people(signed_in, partnership, alice, name, most):
    url = reverse(name, args=[partnership.pk])
    partnership.items.add_own(by=alice, wording="One more", stage="pre")
    before = queries(signed_in, url)

    ours, _theirs = partnership.parties.all()
    for number in range(20):
        partnership.items.add_own(
            by=alice, wording=f"Thing {number}", stage="pre", owner=ours.seats.first()
        )
        ours.seat(PersonFactory(school=ours.school), {Role.BOARD}, by=alice)

    assert queries(signed_in, url) <= before  # fewer where all items have an owner


@pytest.fixture
def signed_and_settled(partnership, alice):
    """Two versions of the agreement: one in force, one to be signed."""
    agree(partnership, 1, "What we agree", by=alice)
    sign_by_all(draw_up(partnership, by=alice), by=alice)
    agree(partnership, 2, "What we agree too", by=alice)
    draw_up(partnership, by=alice)
    agree(partnership, 2, "What we agree anew", by=alice)


def test_an_agreement_takes_no_more_with_more_versions_and_questions(
    signed_in, partnership, alice, signed_and_settled
):
    addresses = [
        reverse("desk:agreement", args=[partnership.pk]),
        reverse("desk:draw_up", args=[partnership.pk]),
        reverse("desk:agreement_version", args=[partnership.pk, 1]),
    ]
    before = [queries(signed_in, url) for url in addresses]
    for number in range(3, 11):
        agree(partnership, number, "What we agree", by=alice)
        sign_by_all(draw_up(partnership, by=alice), by=alice)
    agree(partnership, 1, "What we agree now", by=alice)
    draw_up(partnership, by=alice)
    agree(partnership, 1, "What we agree at last", by=alice)

    after = [queries(signed_in, url) for url in addresses]

    assert all(now <= then for now, then in zip(after, before, strict=True))
    assert max(before) <= AGREEMENT


# What is written at the table


TEN = "ten-questions"
AT_THE_TABLE = {  # pages, with the most they may take
    "desk:guide": GUIDE,
    "evaluations:questions": LISTS,
    "evaluations:joint": SHEET,
    "evaluations:print_joint": SHEET,
    "evaluations:talk_levels": LISTS,
    "partnerships:levels": LISTS,
    "partnerships:team": LISTS,
    "partnerships:timeline": LISTS,
    "desk:agreement": AGREEMENT,
    "desk:draw_up": AGREEMENT,
}


def address(name, partnership):
    with_key = name in {"evaluations:joint", "evaluations:print_joint"}
    return reverse(name, args=[partnership.pk, TEN] if with_key else [partnership.pk])


def say_things(partnership, numbers, *, times, by):
    """Let every party answer these questions, agree on them, and say how it sees the relationship."""
    for party in again(partnership).parties.all():
        party.partnership = partnership
        for number in numbers:
            for time in range(times):
                give(question(number), party, f"What we think, {time}", by=by)
        for level in list(Level)[: times + 1]:
            party.report_level(now=level, wanted=level, by=by, note="As it is")
    for number in numbers:
        agree(partnership, number, "What we agree", by=by)


def again(partnership) -> Partnership:
    return Partnership.objects.with_sides().get(pk=partnership.pk)


@pytest.mark.parametrize("sides", [2, 3, 4])
@pytest.mark.parametrize("name", AT_THE_TABLE)
def test_what_is_written_at_the_table_takes_no_more(signed_in, partnership, alice, name, sides):
    url = address(name, partnership)
    say_things(partnership, [1], times=1, by=alice)
    before = queries(signed_in, url)
    for number in range(2, sides):
        organization = PartnerFactory(district=partnership.district, name=f"Partner {number}")
        party = join(again(partnership), organization, by=alice)
        party.seat(PersonFactory(partner=organization), {Role.CONTACT}, by=alice)

    say_things(partnership, range(1, 11), times=3, by=alice)

    assert before <= AT_THE_TABLE[name]
    assert queries(signed_in, url) <= before


@pytest.mark.parametrize("name", ["alice", "bob", "sam", "ola"])
def test_today_takes_no_more_when_everything_waits(
    request, client, partnership, alice, signed_and_settled, name
):
    """Answers, wordings, signatures, late items and people, each in its own query."""
    ours, theirs = again(partnership).parties.all()
    for party, number in ((ours, 6), (theirs, 7)):
        party.partnership = partnership
        give(question(number), party, "What we think", by=alice)
    partnership.items.open_now().update(due_on="2020-01-01")
    client.force_login(request.getfixturevalue(name))

    assert queries(client, reverse("desk:today")) <= TODAY


# What is said and to be done


def say_and_plan(partnership, count, *, by):
    ours, theirs = again(partnership).parties.all()
    for _number in range(count):
        seats = [
            party.seat(PersonFactory(school=party.school, partner=party.partner), [], by=by)
            for party in (ours, theirs)
        ]
        entry = partnership.log.write(
            by=by, kind="disagreement", on=partnership.district.today(), said="So", people=seats
        )
        for due_on in ("2020-01-01", partnership.district.today(), None):
            fields = {"what": "So", "due_on": due_on, "owner": seats[0], "follows_from": entry}
            partnership.steps.plan(by=by, **fields)
            partnership.steps.plan(by=by, **fields).tick(by=by)


STEPS_AND_LOG = {
    "desk:today": TODAY,
    "desk:guide": GUIDE,
    "partnerships:steps": LISTS,
    "partnerships:log": LISTS,
    "partnerships:log_entry": ENTRY,
}


@pytest.mark.parametrize("name", STEPS_AND_LOG)
def test_steps_and_entries_take_no_more(signed_in, partnership, alice, name):
    say_and_plan(partnership, 1, by=alice)
    keys = [] if name == "desk:today" else [partnership.pk]
    keys += [partnership.log.get().pk] if name == "partnerships:log_entry" else []
    before = queries(signed_in, reverse(name, args=keys))

    say_and_plan(partnership, 12, by=alice)

    assert before <= STEPS_AND_LOG[name]
    assert queries(signed_in, reverse(name, args=keys)) <= before


# Of one's own, and of a school


def more_drafts(alice, partner):
    alice.partnership_drafts.create(answers={"partner": partner.pk})


def more_sessions(alice, partner):
    sign_in(Client(), alice.email)


def more_passkeys(alice, partner):
    data = {"name": "A key", "credential": {}, "passwordless": True}
    Authenticator.objects.create(user=alice, type=Authenticator.Type.WEBAUTHN, data=data)


def more_people(alice, partner):
    PersonFactory(partner=partner)


def more_waiting(alice, partner):
    add_partnerships(1, school=alice.schools.get(), by=alice)


OWN_PAGES = {
    "drafts": (more_drafts, lambda alice, partner: reverse("partnerships:start")),
    "sessions": (more_sessions, lambda alice, partner: reverse("accounts:sessions")),
    "passkeys": (more_passkeys, lambda alice, partner: reverse("mfa_list_webauthn")),
    "people": (
        more_people,
        lambda alice, partner: reverse("partnerships:partner", args=[partner.pk]),
    ),
    "school's waiting": (
        more_waiting,
        lambda alice, partner: reverse("desk:school_waiting", args=[alice.schools.get().pk]),
    ),
    "school": (
        more_waiting,
        lambda alice, partner: reverse("partnerships:school", args=[alice.schools.get().pk]),
    ),
}


@pytest.mark.parametrize("name", OWN_PAGES)
def test_lists_of_ones_own_take_few_and_no_more_for_fifty(signed_in, alice, partner, name):
    more, address_of = OWN_PAGES[name]
    url = address_of(alice, partner)
    more(alice, partner)
    with_one = queries(signed_in, url)

    for _row in range(49):
        more(alice, partner)

    assert with_one <= (SCHOOL if name == "school's waiting" else LISTS)
    assert queries(signed_in, url) <= with_one


@pytest.mark.parametrize("name", ["bob", "sam", "ada", "ola"])
def test_everybody_else_stays_within_the_same_bounds(request, client, partnership, name):
    client.force_login(request.getfixturevalue(name))

    assert queries(client, reverse("desk:today")) <= TODAY
    assert queries(client, reverse("desk:guide", args=[partnership.pk])) <= GUIDE
    assert queries(client, reverse("desk:partnerships")) <= LISTS


@pytest.mark.parametrize("name", ["alice", "bob", "ola"])
def test_the_guide_takes_no_more_where_students_and_families_are_unheard(
    request, client, running, alice, name
):
    client.force_login(request.getfixturevalue(name))
    url = reverse("desk:guide", args=[running.pk])
    make_goal(running, by=alice)
    with_one = queries(client, url)
    for number in range(10):
        make_goal(running, by=alice, what=f"Goal {number}")

    assert queries(client, url) == with_one <= GUIDE


def test_the_count_can_fail(signed_in, partnership):
    with pytest.raises(AssertionError):
        assert queries(signed_in, reverse("desk:guide", args=[partnership.pk])) <= 1
