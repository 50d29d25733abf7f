"""Test data. A test states only what matters to it."""

from datetime import timedelta

import factory
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.models import User
from checklists.models import State
from partnerships.models import District, Partner, Partnership, Person, School
from partnerships.stages import Stage
from partnerships.vocabulary import PartnerKind

PASSWORD = "a long enough password"


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    name = factory.Faker("name")
    email = factory.Sequence(lambda n: f"person{n}@school.example")
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def second_step(user, create, wanted):  # noqa: N805  # factory_boy's way
        """Admins have set it up, unless a test says otherwise."""
        if user.is_staff if wanted is None else wanted:
            TOTP.activate(user, generate_totp_secret())


class DistrictFactory(DjangoModelFactory):
    class Meta:
        model = District

    name = factory.Sequence(lambda n: f"District {n}")
    timezone = "America/Los_Angeles"


class SchoolFactory(DjangoModelFactory):
    class Meta:
        model = School

    district = factory.SubFactory(DistrictFactory)
    name = factory.Sequence(lambda n: f"School {n}")


class PartnerFactory(DjangoModelFactory):
    class Meta:
        model = Partner

    district = factory.SubFactory(DistrictFactory)
    name = factory.Sequence(lambda n: f"Partner {n}")
    kind = PartnerKind.BUSINESS


class PersonFactory(DjangoModelFactory):
    class Meta:
        model = Person

    name = factory.Faker("name")


def make_partnership(*, school, by, partner=None, stage=Stage.PRE, **fields) -> Partnership:
    """Start a partnership as the pages do, and walk it to a stage with everything done on the way."""
    partner = partner or PartnerFactory(district=school.district)
    fields = {"purpose": "Students meet people at work.", **fields}
    partnership = Partnership.objects.start(school=school, partner=partner, by=by, **fields)
    return walk_to(partnership, stage, by=by)


def walk_to(partnership: Partnership, stage: Stage, *, by) -> Partnership:
    while partnership.stage != stage:
        here = partnership.items.open_now().filter(stage=partnership.stage)
        here.update(state=State.DONE, settled_by=by, settled_at=timezone.now())
        partnership.move_to(partnership.at_stage.next, by=by, drawn_for=partnership.last_move)
    return Partnership.objects.with_sides().get(pk=partnership.pk)


def make_goal(partnership, *, by, **fields):
    """Set a goal: from 0 to 40 students in the hundred days around today."""
    today = partnership.district.today()
    goal = {
        "cycle": partnership.cycle,
        "what": "Students find out which trades they like",
        "for_students": True,
        "measure": "Students who have finished an internship",
        "unit": "students",
        "starts_on": today - timedelta(days=50),
        "starting_value": 0,
        "target": 40,
        "due_on": today + timedelta(days=50),
        "made_by": by,
    }
    return partnership.goals.create(**{**goal, **fields})
