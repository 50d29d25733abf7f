"""The same for Django's admin, where one rule stands for all addresses of a model."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.urls import reverse

from checklists.models import Checklist, Heading
from evaluations.models import OptionList, QuestionSet
from partnerships.models import Coordinator, StageGuide
from tests.access.browser import fields_of
from tests.access.matrix import essence, leads_to_sign_in, send, undone
from tests.access.rules import (
    ADMIN,
    ADMIN_FAMILIES,
    ADMIN_SITE,
    DOES,
    OPERATORS_ONLY,
    SEES,
    AdminRule,
)
from tests.access.world import NONEXISTENT, WORKSHEET, World, differing, leaks, snapshot

OUTSIDE = ("anonymous", "deactivated", "bob", "alice")
# Whose rows each role is tried at, and what they are to them.
INSIDE = {
    "ada": {"nonexistent": "nonexistent", "alices": "own", "common": "common", "doras": "foreign"},
    "edna": {"nonexistent": "nonexistent", "doras": "own", "alices": "foreign"},
    "ola": {"nonexistent": "nonexistent", "alices": "own", "common": "common"},
}
ROWS = {
    "partnerships.district": lambda corner: corner.district,
    "partnerships.school": lambda corner: corner.school,
    "partnerships.coordinator": lambda corner: Coordinator.objects.get(user=corner.coordinator),
    "partnerships.partner": lambda corner: corner.partner,
    "partnerships.person": lambda corner: corner.at_school,
    "partnerships.partnership": lambda corner: corner.partnership,
    "partnerships.goal": lambda corner: corner.goal,
    "partnerships.stageguide": lambda corner: StageGuide.objects.get(district=corner.district),
    "checklists.checklist": lambda corner: Checklist.objects.get(district=corner.district),
    "checklists.heading": lambda corner: Heading.objects.filter(
        checklist__district=corner.district
    ).first(),
    "evaluations.questionset": lambda corner: QuestionSet.objects.get(district=corner.district),
    "evaluations.optionlist": lambda corner: OptionList.objects.get(district=corner.district),
    "accounts.user": lambda corner: corner.newcomer,
    "account.emailaddress": lambda corner: EmailAddress.objects.get_or_create(
        user=corner.coordinator, email=corner.coordinator.email
    )[0],
}
COMMON = {
    "partnerships.stageguide": lambda: StageGuide.objects.get(district=None, key="mobilize"),
    "checklists.checklist": lambda: Checklist.objects.get(district=None),
    "checklists.heading": lambda: Heading.objects.filter(checklist__district=None).first(),
    "evaluations.questionset": lambda: QuestionSet.objects.get(district=None, key=WORKSHEET),
    "evaluations.optionlist": lambda: OptionList.objects.get(key="agree"),
}
# What is typed into a form that changes a row, beside what it shows already.
CHANGED = {
    "partnerships.partnership": {"coordinator": ""},
    "partnerships.stageguide": {"purpose_en": "Something else"},
    "checklists.heading": {"title_en": "Something else"},
    "evaluations.questionset": {"title_en": "Something else"},
    "evaluations.optionlist": {"options-0-label_en": "Something else"},
    "account.emailaddress": {"verified": "on"},
}
ADDED = {
    "partnerships.district": lambda corner: {"name": "New", "timezone": "UTC"},
    "partnerships.school": lambda corner: {"district": corner.district.pk, "name": "New"},
    "partnerships.coordinator": lambda corner: {
        "school": corner.school.pk,
        "name": "Nadia New",
        "email": "nadia@x.example",
        "language": "vi",
    },
    "partnerships.partner": lambda corner: {
        "district": corner.district.pk,
        "name": "New",
        "kind": "business",
        "place": "outside",
    },
    "partnerships.person": lambda corner: {"name": "Nadia New", "school": corner.school.pk},
    "evaluations.questionset": lambda corner: {
        "district": corner.district.pk,
        "title_en": "New",
        "title_vi": "Mới",
    },
    "evaluations.optionlist": lambda corner: {
        "district": corner.district.pk,
        "options-TOTAL_FORMS": 2,
        "options-INITIAL_FORMS": 0,
        "options-0-value": 1,
        "options-0-label_en": "Yes",
        "options-0-label_vi": "Có",
        "options-1-value": 2,
        "options-1-label_en": "No",
        "options-1-label_vi": "Không",
    },
    "accounts.user": lambda corner: {
        "email": "nadia@x.example",
        "name": "Nadia New",
        "language": "en",
        "usable_password": "false",
    },
    "account.emailaddress": lambda corner: {
        "user": corner.coordinator.pk,
        "email": "other@x.example",
    },
}


@dataclass(frozen=True)
class AdminAddress:
    family: str
    label: str = ""  # of the model; empty for the site's own pages


def family_of(name: str, route: str) -> AdminAddress | None:
    """Say where a pattern of the admin belongs; None if nowhere."""
    name = name.removeprefix("admin:")
    if name == route:  # it has no name
        parts = route.split("/")
        if parts[-2:] == ["<path:object_id>", ""]:
            return AdminAddress("old_address", ".".join(parts[1:3]))
        return AdminAddress("anything_else") if route == "admin/(?P<url>.*)$" else None
    if name == "auth_user_password_change":
        return AdminAddress("password", "accounts.user")
    if name in ADMIN_SITE:
        return AdminAddress(name)
    for label in ADMIN:
        start = label.replace(".", "_") + "_"
        if name.startswith(start) and name.removeprefix(start) in ADMIN_FAMILIES:
            return AdminAddress(name.removeprefix(start), label)
    return None


class AdminCheck:
    """One family of one model's addresses."""

    def __init__(self, world: World, address: AdminAddress):
        self.world, self.family, self.label = world, address.family, address.label
        self.rule: AdminRule = ADMIN[address.label]
        self.faults: list[str] = []

    def run(self) -> list[str]:
        with undone():
            self.rows = {
                **{
                    owner: ROWS[self.label](self.world.corner(owner))
                    for owner in ("alices", "doras")
                },
                "common": COMMON[self.label]() if self.label in COMMON else None,
            }
            self.forms = {owner: self.form(owner) for owner in self.rows}
            self.before = snapshot()
            for role in OUTSIDE:
                for method in ("GET", "POST"):
                    response = send(
                        self.world, role, method, self.path("alices"), self.forms["alices"]
                    )
                    # Whoever is signed out gets back what they wrote, with the way to sign in.
                    answers = {302, 403} if method == "POST" else {302}
                    where = f"{self.label} {self.family} {method} as {role}"
                    self.compare(response, answers, where)
                    if response.status_code == 403 and not leads_to_sign_in(response):
                        self.faults.append(f"{where}: not sent to sign in")
            for role, targets in INSIDE.items():
                self.nothing = {}
                for owner, whose in targets.items():
                    if self.leads_somewhere(owner):
                        self.try_at(role, owner, whose)
            if changed := differing(self.before, snapshot()):
                self.faults.append(f"{self.label} {self.family}: {changed} changed")
        return self.faults

    def leads_somewhere(self, owner) -> bool:
        if self.family in {"changelist", "add"}:  # no row of their own; but whose row is added
            return owner == "alices" or (owner == "doras" and self.family == "add")
        return owner == "nonexistent" or self.rows[owner] is not None

    def path(self, owner: str) -> str:
        site = f"admin:{self.label.replace('.', '_')}"
        row = self.rows.get(owner)
        pk = row.pk if row else NONEXISTENT
        if self.family in {"changelist", "add"}:
            return reverse(f"{site}_{self.family}")
        if self.family == "simple_history":
            return reverse(f"{site}_simple_history", args=[pk, self.version(row)])
        if self.family == "old_address":
            return reverse(f"{site}_changelist") + f"{pk}/"
        if self.family == "password":
            return reverse("admin:auth_user_password_change", args=[pk])
        return reverse(f"{site}_{self.family}", args=[pk])

    def version(self, row) -> int:
        if row is None or not hasattr(row, "history"):
            return NONEXISTENT
        return row.history.values_list("history_id", flat=True).first()

    def form(self, owner) -> dict:
        """What is posted: for changes, the form as an operator sees it, with something typed."""
        corner = self.world.corner(owner if owner != "common" else "alices")
        if self.family == "add":
            return ADDED.get(self.label, lambda corner: {})(corner)
        if self.family == "delete":
            return {"post": "yes"}
        if self.family == "password":
            word = "a quite different word"
            return {"usable_password": "true", "password1": word, "password2": word}
        if self.family in {"change", "simple_history"} and self.rows[owner]:
            page = send(self.world, "ola", "GET", self.page_with_form(owner)).content.decode()
            return fields_of(page) | CHANGED.get(self.label, {"name": "Something else"})
        return {}

    def page_with_form(self, owner):
        label = self.label.replace(".", "_")
        return reverse(f"admin:{label}_change", args=[self.rows[owner].pk])

    def try_at(self, role, owner, whose):
        path, form = self.path(owner), self.forms.get(owner, self.forms["alices"])
        for method in ("GET", "POST"):
            expected = self.expected(role, whose, method)
            where = f"{self.label} {self.family} {method} as {role} at {whose}"
            if expected == DOES:
                self.let_it_happen(role, path, form, where)
                continue
            response = send(self.world, role, method, path, form)
            self.compare(response, expected, where)
            self.look_for_leaks(response, role, where)
            if whose == "nonexistent":
                self.nothing[method] = essence(response, path)
            elif whose == "foreign" and self.nothing.get(method) not in (
                None,
                essence(response, path),
            ):
                self.faults.append(f"{where}: told apart from what does not exist")
        if self.family == "changelist":
            self.search(role, path)
        if role == "ada" and (whose == "foreign" or self.family in {"change", "delete"}):
            self.try_other_methods(role, path, f"{self.label} {self.family} at {whose}")

    def expected(self, role, whose, method):
        may = self.may(role, whose)
        if may == DOES:
            return DOES if method == "POST" else {200}
        if may == SEES:
            return {200} if method == "GET" else {403}
        if self.family == "simple_history" and method == "POST" and may == 200:
            return {403, 405}  # an old state is read; going back is a change like any other
        return {may}

    def may(self, role, whose):  # noqa: C901 # one line for each family
        rule, family = self.rule, self.family
        operator = role == "ola"
        if family == "old_address":
            return 302
        if self.label in OPERATORS_ONLY and not operator:
            return 403
        allowed = {"add": rule.add, "change": rule.change, "delete": rule.delete}
        allowed |= rule.operator if operator else {}
        if family == "changelist":
            return 200
        if family == "add":  # to a row of another district the form says no
            return 200 if whose == "foreign" and allowed["add"] == DOES else allowed["add"]
        exists = whose in {"own", "common"}
        if family == "change":
            mine = allowed["change"] if operator or whose == "own" else rule.common
            return mine if exists else 302
        if family == "delete" and rule.deletes_own:
            return DOES if whose == "own" else 403
        if family == "delete":
            return allowed["delete"] if exists or allowed["delete"] == 403 else 302
        if family == "password":
            return DOES if exists else 404
        if not exists:
            return 302 if self.label in OPERATORS_ONLY else 404
        return rule.history if family == "history" else rule.old_version

    def let_it_happen(self, role, path, form, where):
        with undone():
            response = send(self.world, role, "POST", path, form)
            self.compare(response, {302}, where)
            self.look_for_leaks(response, role, where)
            if not differing(self.before, snapshot()) and "emailaddress" not in self.label:
                self.faults.append(f"{where}: nothing has changed")

    def try_other_methods(self, role, path, where):
        """Django's admin takes any of them for a GET; they must show and change no more than that."""
        for method in ("HEAD", "PUT", "PATCH", "DELETE", "OPTIONS"):
            response = send(self.world, role, method, path)
            self.compare(response, {200, 302, 403, 404, 405}, f"{where}, by {method}")
            self.look_for_leaks(response, role, f"{where}, by {method}")

    def search(self, role, path):
        for query in ("?q=canary", "?all="):
            self.look_for_leaks(send(self.world, role, "GET", path + query), role, path + query)

    def compare(self, response, expected, where):
        if response.status_code not in expected:
            self.faults.append(f"{where}: {response.status_code}, not {sorted(expected)}")

    def look_for_leaks(self, response, role, where):
        if found := leaks(response, role):
            self.faults.append(f"{where}: shows {sorted(found)}")
