"""How many queries a page takes, sign-in state included, and that more rows do not take more."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from partnerships.stages import Stage
from partnerships.vocabulary import Role
from tests.agreements import agree, draw_up, sign_by_all
from tests.factories import PartnerFactory, PersonFactory, make_partnership

TODAY_AND_GUIDE, LISTS = 12, 8
AGREEMENT = 18  # drawn from many places


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
    ("desk:today", TODAY_AND_GUIDE),
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
    ("desk:guide", TODAY_AND_GUIDE),
    ("checklists:checklist", TODAY_AND_GUIDE),
    ("partnerships:team", LISTS),
    ("partnerships:timeline", LISTS + 1),
    ("desk:cycles", LISTS + 1),
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


@pytest.mark.parametrize("name", ["bob", "sam", "ada", "ola"])
def test_everybody_else_stays_within_the_same_bounds(request, client, partnership, name):
    client.force_login(request.getfixturevalue(name))

    assert queries(client, reverse("desk:today")) <= TODAY_AND_GUIDE
    assert queries(client, reverse("desk:guide", args=[partnership.pk])) <= TODAY_AND_GUIDE
    assert queries(client, reverse("desk:partnerships")) <= LISTS


def test_the_count_can_fail(signed_in, partnership):
    with pytest.raises(AssertionError):
        assert queries(signed_in, reverse("desk:guide", args=[partnership.pk])) <= 1
