"""Agreeing and signing as a machine: whatever people do, in whatever order, through the pages.

Hypothesis plays people of two or three sides. What must be true is worked out here from what they
did and from the rows alone, after every step; each story is told in a transaction that is rolled back.
"""

import hashlib
import json
from types import SimpleNamespace

import pytest
from django.db import models, transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from evaluations.models import propose
from partnerships.models import Agreement, Folder, Partnership, Signature
from tests.agreements import arrange, fresh, question
from tests.factories import PartnerFactory, PersonFactory, UserFactory, make_partnership

STORIES = settings(
    max_examples=60,
    stateful_step_count=25,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
PEOPLE = ["alice", "sam", "bob", "carol", "charlie", "ada"]
SIDES = {"alice": 0, "sam": 0, "bob": 1, "carol": 2}  # for whom each of them speaks
WHO = st.sampled_from(["alice", "bob", "carol", *PEOPLE, "alice", "bob", "carol"])
SIDE = st.integers(0, 2)
AGE = st.sampled_from([0, 0, 0, 1, 2])  # how many pages ago a form was opened
AGREEING = st.one_of(st.just({0, 1, 2}), st.sets(SIDE))
SELDOM = st.sampled_from([False, False, False, True])


@pytest.fixture
def world(district, school, partner, alice, sam, bob, charlie, ada):
    third = PartnerFactory(district=district)
    carol = UserFactory(name="Carol Diaz")
    PersonFactory(partner=third, name=carol.name, user=carol)
    users = {"alice": alice, "sam": sam, "bob": bob, "carol": carol, "charlie": charlie, "ada": ada}
    clients = {name: Client() for name in users}
    for name, client in clients.items():
        client.force_login(users[name])
    return SimpleNamespace(school=school, partners=[partner, third], users=users, clients=clients)


class Agreeing(RuleBasedStateMachine):
    world: SimpleNamespace

    def __init__(self):
        super().__init__()
        self.transaction = transaction.atomic()
        self.transaction.__enter__()
        self.drawn, self.to_draw, self.to_sign = {}, [], []
        self.signed = {}  # version: the sides that have signed it
        self.withdrawn, self.wordings, self.seen_signatures = set(), {}, {}
        self.last_in_force = 0

    def teardown(self):
        transaction.set_rollback(True)
        self.transaction.__exit__(None, None, None)

    @initialize(sides=st.integers(2, 3))
    def begins(self, sides):
        world = self.world
        by = world.users["alice"]
        made = make_partnership(school=world.school, partner=world.partners[0], by=by)
        if sides == 3:
            made.parties.create(partner=world.partners[1], position=3)
        made = fresh(made)
        for name, side in SIDES.items():
            parties = list(made.parties.all())
            if name != "alice" and side < sides:
                parties[side].partnership = made
                parties[side].seat(world.users[name].people.get(), {}, by=by)
        self.pk, self.sides = made.pk, sides

    # What one sees

    @property
    def partnership(self) -> Partnership:
        return Partnership.objects.with_sides().get(pk=self.pk)

    @property
    def parties(self):
        partnership = self.partnership
        parties = list(partnership.parties.all())
        for party in parties:
            party.partnership = partnership
        return parties

    def address(self, name, *args):
        return reverse(f"desk:{name}", args=[self.pk, *args])

    def client(self, who):
        return self.world.clients[who]

    def works_here(self, who) -> bool:
        return who in SIDES and SIDES[who] < self.sides

    @property
    def latest(self) -> int:
        return max(self.drawn, default=0)

    def complete(self, number) -> bool:
        return len(self.signed[number]) == self.sides

    def may_be_signed(self, number) -> bool:
        is_last = number == self.latest
        return is_last and number not in self.withdrawn and not self.complete(number)

    # What people do

    @rule(number=st.sampled_from([4, 5]), word=st.sampled_from("abc"), sides=AGREEING)
    def words(self, number, word, sides):
        """Somebody proposes a wording, and some sides agree to it."""
        parties, by = self.parties, self.world.users["alice"]
        _earlier, seen, before = self.wordings.get(number, ("", 0, set()))
        text = f"Wording {word}"
        wording = propose(question(number), parties[0], text, by=by, seen=seen)
        agreeing = {side for side in sides if side < self.sides}
        for side in agreeing:
            wording.assent(parties[side], by=by)
        kept = before if wording.number == seen else set()
        self.wordings[number] = (text, wording.number, kept | agreeing)

    @rule(word=st.sampled_from(["", "Mondays", "Fridays"]))
    def arranges(self, word):
        arrange(self.partnership, rhythm=word)

    def opens_the_draft(self, who):
        response = self.client(who).get(self.address("draw_up"))
        assert (response.status_code in {200, 302}) == self.works_here(who)
        if response.status_code == 200:
            form = response.context["form"]
            self.to_draw.append({name: form[name].value() for name in ("text", "seen")})

    @rule(who=WHO)
    def looks_at_the_draft(self, who):
        self.opens_the_draft(who)

    @rule(who=WHO, age=AGE)
    def draws_up(self, who, age):
        if not age:
            self.opens_the_draft(who)
        if not self.to_draw:
            return
        data = self.to_draw[max(-1 - age, -len(self.to_draw))]
        response = self.client(who).post(self.address("draw_up"), data | {"once": len(self.drawn)})
        if not self.works_here(who):
            assert response.status_code in {403, 404}
        for version in Agreement.objects.filter(partnership=self.pk).order_by("number"):
            if version.number not in self.drawn:
                self.is_drawn(version, data)

    def is_drawn(self, version, data):
        assert version.number == self.latest + 1, "numbers have a gap"
        assert data["seen"] == self.latest, "drawn up over a version that the reader had not seen"
        self.drawn[version.number] = (version.text, version.fingerprint)
        self.signed[version.number] = set()
        parts = {part["key"]: part for part in json.loads(version.text)["parts"]}
        said = {
            entry["key"]: entry["text"]["own"]
            for entry in parts.get("questions", {}).get("entries", [])
        }
        agreed = {
            f"q{number}": text
            for number, (text, _seen, sides) in self.wordings.items()
            if len(sides) == self.sides
        }
        assert said == agreed, "what is frozen is not what all sides agree on"

    @rule(who=WHO, foreign=SELDOM, side=SIDE, age=AGE, wrong_text=SELDOM)
    def signs(self, who, foreign, side, age, wrong_text):
        """The last version there is, or an earlier one from a page that lay open."""
        if not foreign:
            side = SIDES.get(who, side)
        if self.latest and not age:
            self.to_sign.append((self.latest, self.drawn[self.latest][1]))
        if not self.to_sign or side >= self.sides:
            return
        number, fingerprint = self.to_sign[max(-1 - age, -len(self.to_sign))]
        wrong_text = wrong_text and len(self.drawn) > 1
        if wrong_text:
            fingerprint = self.drawn[number - 1 if number > 1 else number + 1][1]
        party = self.parties[side]
        may = self.works_here(who) and SIDES[who] == side
        counts = may and self.may_be_signed(number) and side not in self.signed[number]
        counts = counts and not wrong_text
        response = self.client(who).post(
            self.address("sign", number, party.pk),
            {
                "name": "Somebody",
                "authority": "on",
                "fingerprint": fingerprint,
                "confirmed": "yes",
                "once": len(self.seen_signatures),
            },
        )
        assert (response.status_code == 302) == may, "somebody who may not sign may"
        has_signed = Signature.objects.filter(agreement__number=number, party=party).exists()
        assert has_signed == (counts or side in self.signed[number]), "signed what cannot be signed"
        if counts:
            self.signed[number].add(side)

    @rule(who=WHO, age=st.sampled_from([0, 1]))
    def takes_back(self, who, age):
        if not self.latest:
            return
        number = max(self.latest - age, 1)
        may = self.works_here(who) and self.may_be_signed(number) and not self.signed[number]
        self.client(who).post(self.address("withdraw_agreement", number), {"once": age})
        version = Agreement.objects.get(partnership=self.pk, number=number)
        is_withdrawn = version.is_withdrawn
        assert is_withdrawn == (may or number in self.withdrawn), "wrongly taken back"
        if is_withdrawn:
            self.withdrawn.add(number)

    # What must be true

    @invariant()
    def nothing_frozen_changes(self):
        rows = {
            version.number: (version.text, version.fingerprint)
            for version in Agreement.objects.filter(partnership=getattr(self, "pk", 0))
        }
        assert rows == self.drawn, "a frozen version has changed"
        for text, fingerprint in rows.values():
            assert hashlib.sha256(text.encode()).hexdigest() == fingerprint

    @invariant()
    def signatures_stay_and_are_of_that_text(self):
        rows = {
            row.pk: (row.agreement.number, row.party_id, row.name, row.fingerprint, row.at)
            for row in Signature.objects.select_related("agreement")
        }
        assert self.seen_signatures.items() <= rows.items(), "a signature has changed or gone"
        for number, _party, _name, fingerprint, _at in rows.values():
            assert fingerprint == self.drawn[number][1], "signed another text"
        self.seen_signatures = rows

    @invariant()
    def in_force_is_the_last_that_all_have_signed(self):
        if not hasattr(self, "pk"):
            return
        expected = max((number for number in self.drawn if self.complete(number)), default=0)
        partnership = self.partnership
        folder, in_force = Folder(partnership), partnership.agreement_in_force
        assert (folder.in_force.number if folder.in_force else 0) == expected, "wrongly in force"
        assert (in_force.number if in_force else 0) == expected, "wrongly in force"
        assert expected >= self.last_in_force, "what was signed by all is in force no more"
        self.last_in_force = expected
        to_sign = self.latest if self.latest and self.may_be_signed(self.latest) else 0
        assert (folder.to_sign.number if folder.to_sign else 0) == to_sign
        for side, party in enumerate(partnership.parties.all()):
            waits = to_sign and side not in self.signed[to_sign]
            found = [one.number for one in Agreement.objects.unsigned_by(party)]
            assert found == ([to_sign] if waits else []), "wrongly waited for"


@pytest.fixture
def machine(world):
    Agreeing.world = world
    return Agreeing


def test_whatever_people_do_the_rules_hold(machine):
    run_state_machine_as_test(machine, settings=STORIES)


# Controls: each breaks a rule of the product, and tells a story in which the machine must notice.


class Story:
    """People of two sides who do one thing after the other; the machine looks at each step."""

    def __init__(self, machine):
        self.machine = machine()
        self.machine.begins(2)

    def __enter__(self):
        return self

    def __exit__(self, *fault):
        self.machine.teardown()

    def __getattr__(self, name):
        def act(*args, **more):
            getattr(self.machine, name)(*args, **more)
            self.machine.nothing_frozen_changes()
            self.machine.signatures_stay_and_are_of_that_text()
            self.machine.in_force_is_the_last_that_all_have_signed()

        return act

    def sign(self, who, *, age=0, wrong_text=False, side=None):
        foreign = side is not None
        self.signs(who, foreign, side, age, wrong_text)

    def draw_up_anew(self, word):
        self.words(4, word, {0, 1})
        self.draws_up("alice", 0)


def an_old_version_is_signed(monkeypatch, story):
    monkeypatch.setattr(Agreement, "is_to_sign", True)
    story.draw_up_anew("a")
    story.sign("alice")
    story.draw_up_anew("b")
    story.sign("bob", age=1)  # opens nothing anew: the page of version 1


def one_signature_is_enough(monkeypatch, story):
    signed = property(lambda self: bool(self.signatures.all()))
    monkeypatch.setattr(Agreement, "is_signed_by_all", signed)
    story.draw_up_anew("a")
    story.sign("alice")


def everybody_speaks_for_all(monkeypatch, story):
    monkeypatch.setattr(Partnership, "parties_of", lambda self, user: list(self.parties.all()))
    story.draw_up_anew("a")
    story.sign("alice", side=1)


def half_agreed_counts(monkeypatch, story):
    monkeypatch.setattr("evaluations.agreed.is_by_all", lambda text, partnership: True)
    story.words(4, "a", {0})
    story.draws_up("alice", 0)


def any_text_is_signed(monkeypatch, story):
    monkeypatch.setattr(Agreement, "is_this_text", lambda self, fingerprint: True)
    story.draw_up_anew("a")
    story.draw_up_anew("b")
    story.sign("alice", wrong_text=True)


def nobody_looks_at_what_was_seen(monkeypatch, story):
    monkeypatch.setattr("partnerships.models.agreement.has_moved_on", lambda latest, seen: False)
    story.draw_up_anew("a")
    story.takes_back("alice", 0)
    story.draws_up("bob", 1)


def a_signed_version_is_taken_back(monkeypatch, story):
    story.draw_up_anew("a")
    story.sign("alice")
    monkeypatch.setattr("django.db.models.query.QuerySet.exists", nobody_signed)
    story.takes_back("alice", 0)


def nobody_signed(rows):
    return rows.model is not Signature and bool(rows[:1])


def the_text_changes(monkeypatch, story):
    story.draw_up_anew("a")
    models.QuerySet.update(Agreement.objects.all(), text="{}")
    story.draw_up_anew("b")


@pytest.mark.parametrize(
    ("breaks", "found"),
    [
        (an_old_version_is_signed, "signed what cannot be signed"),
        (one_signature_is_enough, "wrongly in force"),
        (everybody_speaks_for_all, "somebody who may not sign may"),
        (half_agreed_counts, "not what all sides agree on"),
        (any_text_is_signed, "signed what cannot be signed"),
        (nobody_looks_at_what_was_seen, "had not seen"),
        (a_signed_version_is_taken_back, "wrongly taken back"),
        (the_text_changes, "a frozen version has changed"),
    ],
)
def test_the_machine_finds_a_broken_rule(monkeypatch, machine, breaks, found):
    with Story(machine) as story, pytest.raises(AssertionError, match=found):
        breaks(monkeypatch, story)


def test_and_nothing_where_none_is_broken(machine):
    with Story(machine) as story:
        story.draw_up_anew("a")
        story.sign("alice")
        story.draw_up_anew("b")
        story.sign("bob", age=1)
        story.sign("bob")
        story.sign("sam")
        story.draw_up_anew("c")
        story.takes_back("bob", 0)
        assert story.machine.last_in_force == 2
