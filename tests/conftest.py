"""The cast: alice coordinates, bob is a partner contact with a seat, sam has a seat on the school's side,
charlie is from another school of the same district, dora from another district, ada the district admin,
edna the admin of another district, ola the operator, vera a viewer with nothing."""

import hypothesis
import pytest
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation

from desk.seeding import seed
from partnerships.models import Coordinator, Partnership
from partnerships.stages import Stage
from partnerships.vocabulary import Role
from tests.backup import Backup
from tests.factories import (
    DistrictFactory,
    PartnerFactory,
    PersonFactory,
    SchoolFactory,
    UserFactory,
    make_partnership,
)
from tests.pace import (  # hooks for all tests
    pytest_collection_finish,  # noqa: F401
    pytest_runtest_protocol,  # noqa: F401
)
from tests.translations import _compiled_catalogues  # noqa: F401  # a fixture for all tests

# Properties are tried with the same examples everywhere, however slow the machine is. Where a fixture is
# the same for all examples, each of them begins by setting what it depends on.
hypothesis.settings.register_profile(
    "steady",
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=[
        hypothesis.HealthCheck.too_slow,
        hypothesis.HealthCheck.function_scoped_fixture,
    ],
)
hypothesis.settings.load_profile("steady")


@pytest.fixture(autouse=True)
def _in_english():
    """Each test begins in English, whatever the one before it activated."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup, django_db_blocker):
    """Bring in the content once, since every test needs it.

    A test that commits leaves the database as it found it: where Django would empty it, the content is
    brought back.
    """
    with django_db_blocker.unblock():
        seed()
        content = Backup()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda self: content.restore())
        yield
    with django_db_blocker.unblock():
        end_other_sessions()


def end_other_sessions():
    """Let go of the test database, so that it can be dropped.

    A browser keeps its connections to the live server open, and so the server's threads theirs to PostgreSQL.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )


@pytest.fixture
def content(db):
    """Checklist, stage texts and question sets: `django_db_setup` has brought them in."""


@pytest.fixture
def district(content):
    return DistrictFactory(name="Bayview District")


@pytest.fixture
def school(district):
    return SchoolFactory(district=district, name="Lincoln High School", short_name="Lincoln High")


@pytest.fixture
def alice(school):
    user = UserFactory(name="Alice Moreno", email="alice@school.example")
    Coordinator.objects.create(school=school, user=user)
    return user


@pytest.fixture
def charlie(district):
    user = UserFactory(name="Charlie Reed", email="charlie@school.example")
    Coordinator.objects.create(school=SchoolFactory(district=district), user=user)
    return user


@pytest.fixture
def other_district(content):
    return DistrictFactory(name="Faraway District")


@pytest.fixture
def dora(other_district):
    user = UserFactory(name="Dora Lang", email="dora@school.example")
    Coordinator.objects.create(school=SchoolFactory(district=other_district), user=user)
    return user


@pytest.fixture
def ada(district):
    user = UserFactory(name="Ada Quinn", email="ada@district.example", is_staff=True)
    district.admins.add(user)
    return user


@pytest.fixture
def edna(other_district):
    user = UserFactory(name="Edna Frost", email="edna@district.example", is_staff=True)
    other_district.admins.add(user)
    return user


@pytest.fixture
def ola(db):
    return UserFactory(name="Ola Berg", is_staff=True, is_superuser=True)


@pytest.fixture
def vera(db):
    return UserFactory(name="Vera Holt")


@pytest.fixture
def partner(district):
    return PartnerFactory(district=district, name="Harbor Robotics")


@pytest.fixture
def bob(partner):
    user = UserFactory(name="Bob Keller", email="bob@partner.example")
    PersonFactory(partner=partner, name=user.name, email=user.email, user=user)
    return user


@pytest.fixture
def sam(school):
    user = UserFactory(name="Sam Ortiz", email="sam@school.example")
    PersonFactory(school=school, name=user.name, email=user.email, user=user)
    return user


@pytest.fixture
def partnership(school, partner, alice, bob, sam):
    """At pre-partnering, with alice, sam and bob at the table."""
    return seat_cast(make_partnership(school=school, partner=partner, by=alice), alice, bob, sam)


@pytest.fixture
def running(school, partner, alice, bob, sam):
    """The same at “Take action”, everything before it done."""
    made = make_partnership(school=school, partner=partner, by=alice, stage=Stage.ACTION)
    return seat_cast(made, alice, bob, sam)


def seat_cast(partnership, alice, bob, sam):
    ours, theirs = partnership.parties.all()
    ours.seat(sam.people.get(), {Role.CHAMPION}, by=alice)
    theirs.seat(bob.people.get(), {Role.CHAMPION, Role.CONTACT}, by=alice)
    return Partnership.objects.with_sides().get(pk=partnership.pk)


@pytest.fixture
def mails_leave_at_once(monkeypatch):
    """For tests of what a mail leads to: their transaction never ends, so mails would never leave."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda act, robust=False: act())
