import pytest
from django.db import transaction

from tests.access.world import World


@pytest.fixture(scope="module")
def built_world(django_db_setup, django_db_blocker):
    """Built once for all tests of a module, in a transaction that is rolled back in the end."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@pytest.fixture
def world(built_world, db):
    """The world; what a test does to it is undone (by `db`)."""
    return built_world
