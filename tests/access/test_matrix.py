"""Every address × method × role × whose thing: generated from the URL resolver.

`rules.py` says who may what; `world.py` builds the data with its canaries; `matrix.py` asks.
"""

import pytest
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.contrib.contenttypes.models import ContentType
from django.db.models import ForeignKey
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.test import Client, override_settings
from django.urls import include, path, reverse

from evaluations.models import QuestionSet
from partnerships.models import Coordinator, Partner, Partnership, Person, School, StageGuide
from partnerships.stages import Status
from tests.access.admin_matrix import AdminCheck, family_of
from tests.access.matrix import check, essence, patterns, send, undone
from tests.access.rules import (
    ADMIN,
    ADMIN_SITE,
    ALSO,
    KEYS,
    METHODS,
    RULES,
    SIGN_IN_PAGES,
    WRITING,
)
from tests.access.world import NONEXISTENT, ROLES, differing, leaks, snapshot


def told(faults):
    assert not faults, "\n" + "\n".join(faults)


OURS = [pattern for pattern in patterns() if not pattern.name.startswith("admin:")]
ADMINS = [
    family_of(pattern.name, pattern.route)
    for pattern in patterns()
    if pattern.name.startswith("admin:")
]
OF_MODELS = [address for address in ADMINS if address and address.label]


def test_every_address_has_a_rule_and_every_rule_an_address():
    assert {pattern.name for pattern in OURS} == {*RULES, *SIGN_IN_PAGES}


@pytest.mark.parametrize("name", RULES)
def test_address(world, name):
    told(check(world, name, RULES[name], ROLES))


@pytest.mark.parametrize("name", ALSO)
def test_address_of_what_falls_to_one_side(world, name):
    told(check(world, name, ALSO[name], ROLES))


def test_every_address_of_the_admin_belongs_to_a_family():
    assert None not in ADMINS
    assert {address.label for address in OF_MODELS} == {*ADMIN}


# Django's own templates name variables that are not there; simple_history calls select_related() bare
# for a model without foreign keys.
@pytest.mark.ignore_template_errors
@pytest.mark.filterwarnings("ignore:Calling select_related")
@pytest.mark.parametrize("address", OF_MODELS, ids=lambda one: f"{one.label} {one.family}")
def test_address_in_the_admin(world, address):
    told(AdminCheck(world, address).run())


@pytest.mark.ignore_template_errors
@pytest.mark.parametrize("name", ADMIN_SITE)
def test_page_of_the_admin_site(world, name):
    page = ADMIN_SITE[name]
    url = page.path or reverse(f"admin:{name}")
    before, faults = snapshot(), []
    for role in ROLES:
        for method in ("GET", "POST"):
            with undone():
                response = send(world, role, method, url)
            expected = {"GET": page.get, "POST": page.post}[method]
            if role not in {"ada", "edna", "ola"}:
                expected = 403 if name == "login" and world.is_signed_in(role) else 302
            if response.status_code != expected:
                faults.append(f"{name} {method} as {role}: {response.status_code}, not {expected}")
            faults += [f"{name} {method} as {role}: shows {leak}" for leak in leaks(response, role)]
    told(faults)
    assert differing(before, snapshot()) == []


def test_the_admins_front_pages_name_only_what_the_reader_administers(world):
    for label in ("accounts", "account"):
        assert send(world, "ada", "GET", f"/admin/{label}/").status_code == 404
        assert send(world, "ola", "GET", f"/admin/{label}/").status_code == 200


def test_view_on_site_tells_nothing_of_other_districts(world):
    """It leads from a row of the admin to its page; for a foreign row it must know no more than for none."""
    faults = []
    for row in (
        world.doras.partnership,
        world.doras.partner,
        world.doras.at_school,
        world.doras.school,
    ):
        kind = ContentType.objects.get_for_model(row).pk
        paths = [f"/admin/r/{kind}/{pk}/" for pk in (row.pk, NONEXISTENT)]
        foreign, nothing = (essence(send(world, "ada", "GET", one), one) for one in paths)
        if foreign != nothing:
            faults.append(f"a foreign {row._meta.verbose_name} is told apart from none")
    told(faults)


def test_autocompletes_offer_nothing_of_other_districts(world):
    faults = []
    for model in admin.site._registry:
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey):
                query = {"app_label": model._meta.app_label, "model_name": model._meta.model_name}
                url = reverse(
                    "admin:autocomplete", query=query | {"field_name": field.name, "term": ""}
                )
                faults += [
                    f"{url}: {leak}" for leak in leaks(send(world, "ada", "GET", url), "ada")
                ]
    told(faults)


@pytest.mark.ignore_template_errors
def test_actions_of_the_admin_reach_no_rows_of_other_districts(world):
    before = rows_of_faraway(world)

    for model, model_admin in admin.site._registry.items():
        url = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        everything = list(model._base_manager.values_list("pk", flat=True))
        for action in ("delete_selected", *(model_admin.actions or ())):
            data = {"action": action, "_selected_action": everything, "post": "yes"}
            assert leaks(send(world, "ada", "POST", url, data), "ada") == set()

    assert rows_of_faraway(world) == before
    copied = QuestionSet.objects.filter(district=world.bayview)
    assert "canary-faraway" not in str(copied.values_list())


def rows_of_faraway(world):
    """Everything that can be reached from an admin's list, of the other district."""
    return [
        list(rows.values())
        for rows in (
            School.objects.filter(district=world.faraway),
            Coordinator.objects.filter(school__district=world.faraway),
            Partner.objects.filter(district=world.faraway),
            Person.objects.filter(school=world.doras.school),
            Partnership.objects.filter(district=world.faraway),
            StageGuide.objects.exclude(district=world.bayview),
            QuestionSet.objects.exclude(district=world.bayview),
        )
    ]


@pytest.mark.parametrize("name", SIGN_IN_PAGES)
def test_sign_in_page(world, name):
    page = SIGN_IN_PAGES[name]
    url = reverse(name, kwargs=page.keys)
    before, faults = snapshot(), []
    for role in ("anonymous", "deactivated", "vera", "alice"):
        expected = page.signed_in if world.is_signed_in(role) else page.signed_out
        for method in METHODS:
            with undone():
                response = send(world, role, method, url)
            if response.status_code != expected[method]:
                faults.append(f"{name} {method} as {role}: {response.status_code}")
            faults += [f"{name} {method} as {role}: shows {leak}" for leak in leaks(response, role)]
    told(faults)
    assert differing(before, snapshot()) == []


IN_A_PARTNERSHIP = {
    "partnership",
    "item",
    "party",
    "seat",
    "question",
    "agreement",
    "our signature",
    "their signature",
}


def alices_address(world, name):
    rule = RULES[name]
    keys = KEYS[rule.of[0]](world.alices) if rule.of else {}
    return reverse(name, kwargs=keys | rule.also)


@pytest.mark.parametrize("name", WRITING)
def test_a_post_without_the_token_of_its_page_does_nothing(world, name):
    client = Client(enforce_csrf_checks=True)
    client.cookies = world.client("alice").cookies
    before = snapshot()

    response = client.post(alices_address(world, name), RULES[name].data(world.alices))

    assert response.status_code == 403
    assert differing(before, snapshot()) == []


# Small wins and thanks are open after the end, too; see tests/partnerships/test_wins.py.
AFTER_THE_END = {"partnerships:add_win", "partnerships:thank"}
CLOSED_BY_THE_END = [
    name for name in WRITING if IN_A_PARTNERSHIP & {*RULES[name].of} and name not in AFTER_THE_END
]


MOVES = {f"partnerships:{move}" for move in ("move", "recommit", "pause", "resume", "end")}


@pytest.mark.parametrize("name", CLOSED_BY_THE_END)
def test_a_partnership_that_has_ended_is_only_read(world, name):
    """Reopening aside; and its closing debrief, which `tests/partnerships` looks after."""
    Partnership.objects.update(status=Status.ENDED)
    before, faults = snapshot(), []
    for role in ("alice", "sam", "bob", "ola"):
        with undone():
            response = send(
                world, role, "POST", alices_address(world, name), RULES[name].data(world.alices)
            )
            changed = differing(before, snapshot())
        reopened = name == "partnerships:reopen" and role in {"alice", "ola"}
        answers = {302, 403, 404}
        if name in MOVES:
            answers |= {409}  # nothing was moved, and what was typed is shown
        if bool(changed) != reopened or response.status_code not in answers:
            faults.append(f"{name} as {role}: {response.status_code}, changed {changed}")
    told(faults)


# Controls: the same checks against views that are wrong on purpose.


@login_not_required
def shows_to_all(request, pk):
    return shows_whatever_exists(request, pk)


def shows_whatever_exists(request, pk):
    return HttpResponse(get_object_or_404(Partnership, pk=pk).purpose)


def tells_apart(request, pk):
    partnership = get_partnership_of(request, pk)
    if partnership is None:
        word = "not yours" if Partnership.objects.filter(pk=pk).exists() else "nothing"
        return HttpResponse(word, status=404)
    return HttpResponse("Welcome")


def writes_before_it_asks(request, pk):
    Partnership.objects.filter(pk=pk).update(purpose="Something else")
    if get_partnership_of(request, pk) is None:
        raise Http404
    return HttpResponse("Welcome")


def does_nothing(request, pk):
    if get_partnership_of(request, pk) is None:
        raise Http404
    return redirect("/")


def get_partnership_of(request, pk):
    return Partnership.objects.visible_to(request.user).filter(pk=pk).first()


urlpatterns = [
    path("leaks/1/<int:pk>/", shows_to_all, name="shows_to_all"),
    path("leaks/2/<int:pk>/", shows_whatever_exists, name="shows_whatever_exists"),
    path("leaks/3/<int:pk>/", tells_apart, name="tells_apart"),
    path("leaks/4/<int:pk>/", writes_before_it_asks, name="writes_before_it_asks"),
    path("leaks/5/<int:pk>/", does_nothing, name="does_nothing"),
    path("", include("config.urls")),
]


@pytest.fixture
def wrong_urls():
    with override_settings(ROOT_URLCONF=__name__):
        yield


@pytest.mark.parametrize(
    ("name", "rule", "fault"),
    [
        ("shows_to_all", RULES["desk:guide"], "as anonymous at alices: 200, not [302]"),
        ("shows_to_all", RULES["desk:guide"], "as anonymous at alices: shows ['alice-table']"),
        ("shows_whatever_exists", RULES["desk:guide"], "as dora at alices: 200, not [404]"),
        ("shows_whatever_exists", RULES["desk:guide"], "as dora at alices: shows ['alice-table']"),
        ("shows_whatever_exists", RULES["desk:guide"], "as bob at others: shows ['alice-other']"),
        (
            "tells_apart",
            RULES["desk:guide"],
            "as dora at alices: told apart from what does not exist",
        ),
        ("writes_before_it_asks", RULES["desk:guide"], "changed ['partnerships_partnership']"),
        ("does_nothing", RULES["partnerships:pause"], "as alice at alices: nothing has changed"),
    ],
)
def test_control_the_matrix_finds_what_is_wrong(world, wrong_urls, name, rule, fault):
    faults = check(world, name, rule, ("anonymous", "bob", "alice", "dora"))

    assert any(fault in found for found in faults), faults


def test_control_a_new_address_without_a_rule_is_found(wrong_urls):
    new = {pattern.name for pattern in patterns()} - {pattern.name for pattern in OURS}
    assert {name for name in new if not name.startswith("admin:")} == {
        pattern.name for pattern in urlpatterns[:-1]
    }
