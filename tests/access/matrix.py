"""Asks every address as every role, and reports what is not as the rules say."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

from django.db import transaction
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLResolver

from tests.access.rules import (
    DOES,
    KEYS,
    METHODS,
    SEES,
    THOROUGH,
    TRIED_AT,
    Rule,
    standing,
)
from tests.access.world import NONEXISTENT, World, canaries_in, differing, leaks, snapshot

TOKEN = re.compile(
    r'(name="csrfmiddlewaretoken" value="|X-CSRFToken": ")\w+|(name="once" value=")\w+'
)


@dataclass(frozen=True)
class Pattern:
    """One line of a urls.py."""

    name: str  # with its namespaces; unnamed ones go by their route
    route: str


def patterns(resolver=None, namespaces=(), prefix="") -> Iterator[Pattern]:
    for entry in (resolver or get_resolver()).url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = (*namespaces, entry.namespace) if entry.namespace else namespaces
            yield from patterns(entry, inner, route)
        else:
            yield Pattern(":".join((*namespaces, entry.name or route)), route)


@dataclass(frozen=True)
class Target:
    """A thing to lead an address to."""

    owner: str  # a corner of the world, or "nonexistent"
    keys: dict
    mixed: bool = False  # a partnership of one corner, a thing in it of another


def nowhere(names) -> dict:
    """The keys of what does not exist; a day is one on which nothing is."""
    return {name: date(1999, 1, 1) if name == "day" else NONEXISTENT for name in names}


def targets(world: World, rule: Rule, kind: str, role: str) -> Iterator[Target]:
    """The things a role is tried at, one that does not exist first."""
    if not kind:
        yield Target("", rule.also)
        return
    keys_of = KEYS[kind]
    own = keys_of(world.alices)
    yield Target("nonexistent", nowhere(own) | rule.also)
    for owner in TRIED_AT[role]:
        yield Target(owner, keys_of(world.corner(owner)) | rule.also)
    if len(own) > 1 and "pk" in own and role in THOROUGH:
        children = nowhere(set(own) - {"pk"})
        yield Target("alices", own | children | rule.also, mixed=True)
        for owner in ("others", "doras"):
            foreign = keys_of(world.corner(owner))
            if foreign == {**own, "pk": foreign["pk"]}:
                continue  # a question belongs to a district, not to a partnership
            yield Target("alices", {**foreign, "pk": own["pk"]} | rule.also, mixed=True)
            yield Target(owner, {**own, "pk": foreign["pk"]} | rule.also, mixed=True)


def methods(role: str, owner: str, *, at_home: bool, mixed: bool) -> tuple[str, ...]:
    if mixed or (not at_home and role not in THOROUGH):
        return ("GET", "POST")
    with_head = role in THOROUGH and (at_home or owner == "nonexistent")
    return METHODS if with_head else tuple(one for one in METHODS if one != "HEAD")


def send(world: World, role: str, method: str, path: str, data=None, **headers):
    client = world.client(role)
    if method == "POST":
        return client.post(path, data or {}, headers=headers)
    return getattr(client, method.lower())(path, headers=headers)


def essence(response, path: str) -> str:
    """What one can tell two answers apart by, the path they repeat and their tokens aside."""
    page = TOKEN.sub("", response.content.decode())
    headers = {
        name: value
        for name, value in response.headers.items()
        if name not in {"Content-Length", "Expires", "Set-Cookie"}
    }
    told = str((response.status_code, headers, sorted(response.cookies), page))
    for form in (path, quote(path, safe="/"), quote(path, safe="")):
        told = told.replace(form, "PATH")
    return told


@contextmanager
def undone():
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


class Check:
    """One rule, tried at one address for one kind of thing; `faults` says what went wrong."""

    def __init__(self, world: World, name: str, rule: Rule, kind: str = ""):
        self.world, self.name, self.rule, self.kind = world, name, rule, kind
        self.faults: list[str] = []

    def run(self, roles) -> list[str]:
        with undone():
            if self.rule.given:
                for corner in self.world.corners.values():
                    self.rule.given(corner)
            self.before = snapshot()
            for role in roles:
                self.try_role(role)
            changed = differing(self.before, snapshot())
        if changed:
            self.faults.append(
                f"{self.name}: what should only read or be refused changed {changed}"
            )
        return self.faults

    def try_role(self, role):
        self.nothing = {}  # the answers for what does not exist, by method
        for number, target in enumerate(targets(self.world, self.rule, self.kind, role)):
            path = reverse(self.name, kwargs=target.keys)
            for method in methods(role, target.owner, at_home=number == 1, mixed=target.mixed):
                self.ask(role, target, method, path)

    def ask(self, role, target, method, path):
        expected = self.expected(role, target, method)
        data = self.rule.data(self.world.corners.get(target.owner, self.world.alices))
        where = f"{self.name} {method} as {role} at {target.owner}{' (mixed)' * target.mixed}"
        if expected == DOES:
            self.let_it_happen(role, method, path, data, where)
            return
        response = send(self.world, role, method, path, data)
        self.compare(response, expected, where)
        # Whoever is signed out gets back what they have sent themselves.
        sent = set() if self.world.is_signed_in(role) else canaries_in(data)
        self.look_for_leaks(response, role, where, known=sent)
        if not self.world.is_signed_in(role) and not self.rule.public:
            self.must_sign_in_first(response, where)
        if target.owner == "nonexistent":
            self.nothing[method] = essence(response, path)
        elif expected == {404} and self.nothing.get(method) not in (None, essence(response, path)):
            self.faults.append(f"{where}: told apart from what does not exist")
        if method == "GET" and response.status_code == 200:
            self.ask_for_more(role, path, where)

    def expected(self, role, target, method):
        """Return the statuses that are right, or DOES."""
        rule = self.rule
        if role in {"anonymous", "deactivated"}:
            if not rule.public:  # what was written comes back, with the way to sign in
                return {302, 403} if method == "POST" else {302}
            if method not in rule.takes:
                return {405}
            return {404} if target.owner == "nonexistent" else {rule.done}
        may = rule.answer(standing(role, target.owner, self.kind))
        if target.owner == "nonexistent":
            may = rule.answer(standing(role, "", "draft")) if self.kind == "draft" else 404
            may = 404 if may == DOES else may
        if method not in rule.takes:
            return {405} if may in {DOES, SEES} else {403, 404, 405}
        if target.mixed:
            return {404} if may in {DOES, 404} or (method == "GET" and may == SEES) else {403, 404}
        if method == "POST":
            return {SEES: {403}, DOES: DOES}.get(may, {may})
        return {rule.opens} if may in {DOES, SEES} else {may}

    def let_it_happen(self, role, method, path, data, where):
        with undone():
            response = send(self.world, role, method, path, data)
            self.compare(response, {self.rule.done}, where)
            self.look_for_leaks(response, role, where)
            if role != "anonymous" and not differing(self.before, snapshot()):
                self.faults.append(f"{where}: nothing has changed")

    def ask_for_more(self, role, path, where):
        """The same page as a fragment, and with what it can be narrowed by."""
        for query in self.rule.asks:
            response = send(self.world, role, "GET", f"{path}?{query}")
            self.look_for_leaks(response, role, f"{where} ?{query}")
        if self.rule.partial:
            response = send(self.world, role, "GET", path, hx_request="true")
            self.look_for_leaks(response, role, f"{where} as a fragment")

    def compare(self, response, expected, where):
        if response.status_code not in expected:
            self.faults.append(f"{where}: {response.status_code}, not {sorted(expected)}")

    def must_sign_in_first(self, response, where):
        if not leads_to_sign_in(response):
            self.faults.append(f"{where}: not sent to sign in")

    def look_for_leaks(self, response, role, where, known=frozenset()):
        if found := leaks(response, role) - set(self.rule.shows) - known:
            self.faults.append(f"{where}: shows {sorted(found)}")


def leads_to_sign_in(response) -> bool:
    if response.status_code == 403:  # what was written comes back, with the way there
        return 'href="/accounts/login/?next=' in response.content.decode()
    return response.headers.get("Location", "").startswith("/accounts/login/?next=")


def check(world: World, name: str, rule: Rule, roles) -> list[str]:
    """Return what is not as the rule says, over all kinds of things that the address leads to."""
    return [
        fault for kind in rule.of or [""] for fault in Check(world, name, rule, kind).run(roles)
    ]
