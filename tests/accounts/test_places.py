"""The schools and districts of somebody: at hand for whoever is signed in."""

import pytest
from django.contrib.auth import authenticate

from accounts.backend import Backend
from accounts.models import User
from partnerships.models import Coordinator
from tests.factories import SchoolFactory


@pytest.fixture
def places(alice, school, district):
    """Alice coordinates two schools and is named by a district."""
    other = SchoolFactory(district=district)
    Coordinator.objects.create(school=other, user=alice)
    district.admins.add(alice)
    return {"school": {school.pk, other.pk}, "district": {district.pk}}


def test_they_come_with_whoever_is_signed_in(alice, places, django_assert_num_queries):
    alice.is_staff = True
    alice.save(update_fields=["is_staff"])

    with django_assert_num_queries(1):
        assert Backend().get_user(alice.pk).places == places


def test_of_anybody_else_they_take_one_query(alice, places, django_assert_num_queries):
    found = User.objects.get(pk=alice.pk)

    with django_assert_num_queries(1):
        assert found.school_ids == places["school"]
        assert found.district_ids == set()  # only of admins


def test_whoever_has_none_has_none(vera):
    assert Backend().get_user(vera.pk).places == {"school": set(), "district": set()}


def test_an_account_that_was_closed_is_nobody(alice):
    alice.is_active = False
    alice.save(update_fields=["is_active"])

    assert Backend().get_user(alice.pk) is None
    assert Backend().get_user(0) is None


def test_they_sign_in_as_before(rf, alice):
    alice.set_password("a long enough one")
    alice.save()

    found = authenticate(rf.post("/"), email=alice.email, password="a long enough one")

    assert found == alice
    assert found.backend == "accounts.backend.Backend"
