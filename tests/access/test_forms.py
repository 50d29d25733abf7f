"""Mass assignment: whatever else is posted, only a form's own fields count; and what is chosen from
a list is one of those that the list offers its reader."""

import re

import pytest
from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models
from django.urls import reverse

from partnerships.models import Person
from tests.access.admin_matrix import ADDED, CHANGED, ROWS
from tests.access.browser import fields_of, names_in
from tests.access.matrix import send, undone
from tests.access.rules import ADMIN_FORMS, KEYS, RULES, WRITING
from tests.access.world import NONEXISTENT, OUR_APPS, differing, leaks, rows_by_table, snapshot
from tests.factories import PASSWORD

OUR_MODELS = [
    model
    for app in OUR_APPS
    for model in apps.get_app_config(app).get_models(include_auto_created=True)
]


def every_field_name(world) -> dict:
    """Every field of every model of ours, with a value that would be taken if it counted."""
    data = {}
    for model in OUR_MODELS:
        for field in [*model._meta.concrete_fields, *model._meta.many_to_many]:
            data |= {field.name: value_for(field), field.attname: value_for(field)}
    theirs = world.doras
    return data | {
        "stage": "recommit",
        "cycle": 9,
        "status": "ended",
        "version": 99,
        "state": "done",
        "district": world.faraway.pk,
        "districts": world.faraway.pk,
        "admins": world.users["vera"].pk,
        "school": theirs.school.pk,
        "partner": theirs.partner.pk,
        "user": world.users["vera"].pk,
        "by": world.users["vera"].pk,
        "settled_by": world.users["vera"].pk,
        "is_staff": "on",
        "is_superuser": "on",
        "is_active": "",
        "email": "taken@x.example",
        "password": "pbkdf2_sha256$1$x$x",
    }


def value_for(field):
    if isinstance(field, models.BooleanField):
        return "on"
    if isinstance(field, models.DateTimeField):
        return "2001-01-31T00:00"
    if isinstance(field, models.DateField):
        return "2001-01-31"
    if field.choices:
        return list(field.choices)[-1][0]
    return 2 if isinstance(field, (models.IntegerField, models.ForeignKey)) else "smuggled"


# What differs from one time to the next: moments, salted passwords, links, mails that are sealed.
PASSING = re.compile(
    r"(^|_)(at|date|joined|login)$|^password$|^token_hash$|^slug$|^sealed$|^scan$|^file$"
)


def effect_of(post) -> list:
    """What a post changes, row by row, in words that two equal posts share; it is undone at once."""
    with undone():
        number_new_rows_alike()
        before = rows_by_table()
        response = post()
        after = rows_by_table()
    return [response.status_code, *sorted(map(str, changes(before, after)))]


def is_drawn_by_lot(column: str, value) -> bool:
    """The key of content of a district's own."""
    return column == "key" and str(value).startswith("own-")


def number_new_rows_alike():
    """PostgreSQL does not take numbers back that a transaction drew and did not keep."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), OUR_MODELS):
            cursor.execute(statement)


def changes(before, after):
    for table, rows in after.items():
        for pk, row in rows.items():
            earlier = before[table].get(pk, {})
            if row != earlier:
                yield (
                    table,
                    pk,
                    [
                        (column, value)
                        for column, value in row.items()
                        if not PASSING.search(column)
                        and earlier.get(column, ...) != value
                        and not is_drawn_by_lot(column, value)
                    ],
                )
        yield from ((table, pk, "gone") for pk in before[table].keys() - rows.keys())


def check_form(post, data: dict, own: set[str], extra: dict):
    """Post the data alone, then with everything else: the effect must be the same, and not nothing."""
    alone = effect_of(lambda: post(data))
    with_all = effect_of(lambda: post({**{k: v for k, v in extra.items() if k not in own}, **data}))

    assert len(alone) > 1, "the form did nothing"
    assert with_all == alone


@pytest.mark.parametrize("name", WRITING)
def test_only_the_fields_of_a_form_count(world, name):
    rule = RULES[name]
    keys = KEYS[rule.of[0]](world.alices) if rule.of else {}
    if rule.given:
        rule.given(world.alices)
    url = reverse(name, kwargs=keys | rule.also)
    page = send(world, "alice", "GET", url).content.decode() if "GET" in rule.takes else ""
    data = rule.data(world.alices)
    extra = every_field_name(world)
    # Worksheets name their fields by question.
    for question in world.alices.questions:
        extra |= {
            f"q{question.pk}-{field}": value for field, value in extra.items() if "-" not in field
        }

    check_form(
        lambda data: send(world, "alice", "POST", url, data),
        data,
        own=names_in(page) | {*data, "next"},
        extra=dict(list(extra.items())[:480]),
    )


@pytest.mark.ignore_template_errors
@pytest.mark.parametrize(("label", "what"), ADMIN_FORMS)
def test_only_the_fields_of_an_admins_form_count(world, label, what):
    name = f"admin:{label.replace('.', '_')}_{what}"
    args = [ROWS[label](world.alices).pk] if what == "change" else []
    url = reverse(name, args=args)
    page = send(world, "ada", "GET", url).content.decode()
    data = ADDED[label](world.alices) if what == "add" else fields_of(page)
    if what == "change":
        data |= CHANGED.get(label, {"name": "Something else"})

    check_form(
        lambda data: send(world, "ada", "POST", url, data),
        data,
        own=names_in(page) | {*data},
        extra=every_field_name(world),
    )


def test_changing_ones_password_changes_nothing_else(world):
    word = "a quite different word"
    check_form(
        lambda data: send(world, "alice", "POST", reverse("account_change_password"), data),
        {"oldpassword": PASSWORD, "password1": word, "password2": word},
        own=set(),
        extra=every_field_name(world) | {"user": world.users["ola"].pk},
    )


def test_control_a_form_that_takes_more_is_found(world):
    """The check must see a field that slipped in."""

    def careless(data):
        allowed = {field.name for field in Person._meta.concrete_fields} & {*data}
        values = {name: data[name] for name in allowed - {"id", "user", "school", "partner"}}
        Person.objects.filter(pk=world.alices.at_school.pk).update(**values)
        return send(world, "alice", "GET", "/profile/")

    with pytest.raises(AssertionError):
        check_form(careless, {"name": "Nadia"}, own={"name"}, extra={"title": "smuggled"})


# What may be chosen


def seat_of(corner):
    return corner.partner_party.seats.first().pk


def goal_of(corner):
    """A goal, so that there is something to choose at the table."""
    return corner.partnership.goals.create(
        what="canary goal",
        measure="Students",
        unit="students",
        starts_on="2026-01-01",
        due_on="2027-01-01",
        starting_value=0,
        target=10,
        made_by=corner.coordinator,
    ).pk


def last_move(corner):
    return corner.partnership.last_move.pk


# An address, a field of its form, and a row that its reader must not be able to choose there.
CHOICES = {
    "owner from another table": ("checklists:item", "owner", lambda w: seat_of(w.corner("others"))),
    "owner from another district": ("checklists:item", "owner", lambda w: seat_of(w.doras)),
    "owner of one's own item": ("checklists:add", "owner", lambda w: seat_of(w.charlies)),
    "owner of a step": ("partnerships:add_step", "owner", lambda w: seat_of(w.corner("others"))),
    "owner of a step, elsewhere": ("partnerships:step", "owner", lambda w: seat_of(w.doras)),
    "goal of another table": (
        "partnerships:add_step",
        "goal",
        lambda w: goal_of(w.alices) and goal_of(w.corner("others")),
    ),
    "who took part at another table": (
        "partnerships:add_log_entry",
        "people",
        lambda w: seat_of(w.corner("others")),
    ),
    "thanks to somebody of another table": (
        "partnerships:thank",
        "seat",
        lambda w: seat_of(w.corner("others")),
    ),
    "thanks to somebody elsewhere": ("partnerships:thank", "seat", lambda w: seat_of(w.doras)),
    "a seat for the other side": (
        "partnerships:add_seat",
        "person",
        lambda w: w.alices.at_school.pk,
    ),
    "a seat for a stranger": ("partnerships:add_seat", "person", lambda w: w.doras.at_partner.pk),
    "a seat for a neighbour": (
        "partnerships:add_seat",
        "person",
        lambda w: w.charlies.at_partner.pk,
    ),
    "a move of another table": ("partnerships:pause", "drawn_for", lambda w: last_move(w.doras)),
    "a move of one's other table": (
        "partnerships:move",
        "drawn_for",
        lambda w: last_move(w.corner("others")),
    ),
    "successor from the other side": (
        "partnerships:leave_seat",
        "successor",
        lambda w: w.alices.at_school.pk,
    ),
    "successor from elsewhere": (
        "partnerships:leave_seat",
        "successor",
        lambda w: w.doras.at_partner.pk,
    ),
}


def errors_of(response):
    form = response.context.get("adminform") or response.context["form"]
    return form.errors


def refused_like_nothing(world, role, url, field, data, foreign):
    """The form says no to a row of somebody else's, in the words it has for what does not exist."""
    before, answers = snapshot(), []
    for pk in (foreign, NONEXISTENT):
        response = send(world, role, "POST", url, data | {field: pk})
        assert response.status_code == 200
        assert leaks(response, role) == set()
        answers.append(errors_of(response))
    assert field in answers[0]
    assert answers[0] == answers[1]
    assert differing(before, snapshot()) == []


@pytest.mark.parametrize("case", CHOICES)
def test_what_is_somebody_elses_cannot_be_chosen(world, case):
    name, field, foreign = CHOICES[case]
    rule = RULES[name]
    url = reverse(name, kwargs=KEYS[rule.of[0]](world.alices) | rule.also)
    if field == "successor":
        field = f"successor_{world.alices.seat.pk}"

    refused_like_nothing(world, "alice", url, field, rule.data(world.alices), foreign(world))


@pytest.mark.parametrize("corner", ["charlies", "doras"])
@pytest.mark.parametrize("step", ["school", "partner"])
def test_a_partnership_is_started_only_with_what_one_sees(world, step, corner):
    if (step, corner) == ("partner", "charlies"):
        corner = "doras"  # partners are the whole district's
    foreign = getattr(world.corner(corner), step).pk
    url = reverse("partnerships:draft_step", args=[world.alices.draft.pk, step])

    refused_like_nothing(world, "alice", url, step, {}, foreign)


ADMIN_CHOICES = [
    ("partnerships.school", "district", lambda w: w.faraway.pk),
    ("partnerships.partner", "district", lambda w: w.faraway.pk),
    ("partnerships.person", "school", lambda w: w.doras.school.pk),
    ("partnerships.person", "partner", lambda w: w.doras.partner.pk),
    ("partnerships.partnership", "school", lambda w: w.doras.school.pk),
    ("partnerships.partnership", "coordinator", lambda w: w.doras.coordinator.pk),
    ("partnerships.partnership", "coordinator", lambda w: w.users["vera"].pk),
]


@pytest.mark.ignore_template_errors
@pytest.mark.parametrize(("label", "field", "foreign"), ADMIN_CHOICES)
def test_an_admin_cannot_choose_what_is_another_districts(world, label, field, foreign):
    url = reverse(f"admin:{label.replace('.', '_')}_change", args=[ROWS[label](world.alices).pk])
    data = fields_of(send(world, "ada", "GET", url).content.decode())

    refused_like_nothing(world, "ada", url, field, data, foreign(world))


@pytest.mark.ignore_template_errors
def test_an_admin_cannot_make_a_coordinator_of_another_districts_school(world):
    url = reverse("admin:partnerships_coordinator_add")
    data = ADDED["partnerships.coordinator"](world.alices)

    refused_like_nothing(world, "ada", url, "school", data, world.doras.school.pk)
