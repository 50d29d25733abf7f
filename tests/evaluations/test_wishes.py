"""What each side would like to come next: behind the veil until every side at the table has said its own."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluations.models import WhatNext, Wish
from evaluations.wishes import Wishes
from partnerships.events import EventKind
from partnerships.models import Partnership, School
from partnerships.stages import MoveKind, Stage
from partnerships.table import join, leave
from partnerships.vocabulary import Role
from tests.access.matrix import undone
from tests.factories import (
    PartnerFactory,
    PersonFactory,
    UserFactory,
    make_partnership,
    walk_to,
)

SECRET = re.compile(r"secret-\d+-\d+x")
BECAUSE = "It does us good"


def address(party):
    return reverse("evaluations:say_wish", args=[party.partnership_id, party.pk])


def parties(partnership):
    found = list(Partnership.objects.with_sides().get(pk=partnership.pk).parties.all())
    for party in found:
        party.partnership = partnership
    return found


def page_words(client, address) -> str:
    return " ".join(client.get(address).content.decode().split())


@pytest.fixture
def ours(partnership):
    return parties(partnership)[0]


@pytest.fixture
def theirs(partnership):
    return parties(partnership)[1]


def say(party, by, because=BECAUSE, what_next=WhatNext.GO_ON, **said):
    return Wish.objects.say(party, what_next, because, by=by, **said)


def wishes(partnership, user):
    return Wishes(Partnership.objects.with_sides().get(pk=partnership.pk), user)


def read(partnership, user) -> list[str]:
    return [voice.wish.because for voice in wishes(partnership, user).voices if voice.wish]


# The rules


def test_it_is_kept_with_who_said_it_and_told_without_what_it_says(partnership, ours, alice):
    wish = say(ours, alice, "secret-0-1x", WhatNext.END)

    assert (wish.party, wish.cycle, wish.by, wish.what_next) == (ours, 1, alice, "end")
    event = partnership.events.first()
    assert (event.kind, event.about) == (EventKind.WISH_SAID, {"party": "Lincoln High"})


def test_to_say_the_same_again_changes_nothing(partnership, ours, alice):
    first = say(ours, alice)

    assert say(ours, alice) == first
    assert (Wish.objects.count(), partnership.events.filter(kind="wish_said").count()) == (1, 1)


def test_the_last_one_counts_and_the_first_is_kept(partnership, ours, theirs, alice, bob):
    say(ours, alice, "First")
    say(theirs, bob, "Theirs")
    say(ours, alice, "Then")

    assert read(partnership, bob) == ["Then", "Theirs"]
    assert Wish.objects.count() == 3


def test_a_new_cycle_begins_without_any(running, alice, bob):
    for party in parties(running):
        say(party, alice)
    walk_to(running, Stage.RECOMMIT, by=alice)
    running.recommit(
        Stage.DIRECTION, by=alice, drawn_for=running.last_move, reason="We go on together now"
    )

    found = wishes(running, alice)
    assert [voice.has_said for voice in found.voices] == [False, False]
    assert not found.is_lifted


def test_they_differ_only_when_all_have_said(partnership, ours, theirs, alice, bob):
    say(ours, alice, what_next=WhatNext.END)
    assert not wishes(partnership, alice).differ

    say(theirs, bob, what_next=WhatNext.GO_ON)
    assert wishes(partnership, alice).differ

    say(theirs, bob, what_next=WhatNext.END)
    assert not wishes(partnership, alice).differ


def test_a_wish_is_never_edited(ours, alice):
    wish = say(ours, alice)
    wish.because = "Something else"

    with pytest.raises(TypeError):
        wish.save()
    with pytest.raises(TypeError):
        Wish.objects.update(because="Something else")


# The veil


@pytest.mark.parametrize("name", ["bob", "ada", "ola"])
def test_nobody_else_reads_it_before_all_have_said(request, partnership, ours, theirs, alice, name):
    reader = request.getfixturevalue(name)
    say(ours, alice, "secret-0-1x")
    assert read(partnership, reader) == []

    say(theirs, alice, "secret-1-2x")

    assert read(partnership, reader) == ["secret-0-1x", "secret-1-2x"]


def test_ones_own_side_reads_its_own(partnership, ours, alice, sam):
    say(ours, alice)

    assert read(partnership, alice) == read(partnership, sam) == [BECAUSE]


ACTS = ["say", "say", "say", "join", "leave"]
stories = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(ACTS)), max_size=12)


class Table:
    """Two to four sides that speak, join and leave, and what each may read of the others."""

    def __init__(self, partnership, people):
        self.partnership, self.people = partnership, people  # (organization, user) by number
        self.here, self.said, self.clock = {0, 1}, {}, 0

    def fresh(self):
        return Partnership.objects.with_sides().get(pk=self.partnership.pk)

    def party(self, number):
        table = self.fresh()
        for party in table.parties.all():
            if party.organization == self.people[number][0]:
                party.partnership = table
                return party
        raise LookupError(number)

    def act(self, number, act):
        self.clock += 1
        organization, user = self.people[number]
        if act == "join" and number not in self.here:
            party = join(self.fresh(), organization, by=self.people[0][1])
            party.seat(organization.people.get(), {Role.CONTACT}, by=self.people[0][1])
            self.here.add(number)
        elif act == "leave" and number in self.here and number > 1:
            leave(self.party(number), reason="They have moved away", by=self.people[0][1])
            self.here.remove(number)
        elif act == "say" and number in self.here:
            self.said[number] = f"secret-{number}-{self.clock}x"
            client = Client()
            client.force_login(user)
            client.post(
                address(self.party(number)), {"what_next": "end", "because": self.wish_of(number)}
            )

    def wish_of(self, number):
        return f"We say {self.said[number]} now"

    def may_be_read_by(self, reader) -> set[str]:
        here = {number: self.said.get(number) for number in self.here}
        if all(here.values()):
            return set(here.values())
        return {here[reader]} - {None} if reader in here else set()

    def read_by(self, user) -> set[str]:
        client = Client()
        client.force_login(user)
        pk = self.partnership.pk
        names = ["decide", "ending", "guide", "cycles", "dossier"]
        pages = [reverse(f"desk:{name}", args=[pk]) for name in names]
        pages += [reverse("partnerships:timeline", args=[pk]) + "?print", "/"]
        pages += [
            reverse("evaluations:say_wish", args=[pk, party.pk])
            for party in self.fresh().parties.all()
        ]
        return {found for page in pages for found in SECRET.findall(client.get(page).text)}


@pytest.fixture
def people(partnership, alice, bob, partner, school, district):
    found = [(school, alice), (partner, bob)]
    for number in (2, 3):
        organization = PartnerFactory(district=district, name=f"Partner {number}")
        user = UserFactory(name=f"User {number}")
        PersonFactory(partner=organization, name=user.name, user=user)
        found.append((organization, user))
    return found


def faults(partnership, people, story, others) -> list[str]:
    with undone():
        table, found = Table(partnership, people), []
        for number, act in story:
            table.act(number, act)
        readers = {number: people[number][1] for number in table.here} | others
        for reader, user in readers.items():
            read, allowed = table.read_by(user), table.may_be_read_by(reader)
            if read != allowed:
                found.append(f"{reader} reads {sorted(read)}, not {sorted(allowed)}")
    return found


@settings(max_examples=25)
@given(story=stories)
def test_in_any_order_each_is_read_when_all_have_said(partnership, people, ada, story):
    assert faults(partnership, people, story, {"ada": ada}) == []


def test_control_a_hole_in_the_veil_is_found(partnership, people, ada, monkeypatch):
    monkeypatch.setattr(Wishes, "is_lifted", True)

    assert faults(partnership, people, [(0, "say")], {"ada": ada}) != []


# The pages


def test_said_through_the_page(client, bob, theirs, alice):
    client.force_login(bob)
    page = client.get(address(theirs)).text

    response = client.post(
        address(theirs), {"what_next": "change", "because": "We want a second group"}
    )

    assert "Talk about it on your side first" in page
    assert response.url == reverse("desk:decide", args=[theirs.partnership_id])
    wish = Wish.objects.get()
    assert (wish.party, wish.what_next, wish.because, wish.by, wish.how) == (
        theirs,
        "change",
        "We want a second group",
        bob,
        "here",
    )


@pytest.mark.parametrize(
    ("data", "field", "words"),
    [
        ({"because": "We want a second group"}, "what_next", "Choose what this side would like."),
        ({"what_next": "end"}, "because", "Say why, in a few words."),
        ({"what_next": "conquer", "because": "Why not so"}, "what_next", None),
    ],
)
def test_it_asks_for_both(client, alice, ours, data, field, words):
    client.force_login(alice)

    response = client.post(address(ours), data)

    errors = response.context["form"].errors
    assert list(errors) == [field]
    assert words is None or errors[field] == [words]
    assert not Wish.objects.exists()


def test_one_starts_from_what_ones_side_said_before(client, alice, ours):
    say(ours, alice, "As it was before", WhatNext.PAUSE)
    client.force_login(alice)

    form = client.get(address(ours)).context["form"]

    assert form.initial == {"what_next": "pause", "because": "As it was before"}


def test_when_all_have_said_the_page_says_that_it_is_read_at_once(client, bob, ours, theirs, alice):
    client.force_login(bob)
    behind = "The other side reads it when every side has said its own"
    assert behind in page_words(client, address(theirs))
    said = {"what_next": "pause", "because": "We are few this year."}

    client.post(address(theirs), said)
    assert "It is kept. All sides read it when" in page_words(client, address(theirs))
    say(ours, alice)
    assert behind not in page_words(client, address(theirs))
    client.post(address(theirs), said | {"because": "We are too few this year."})

    assert "so all read it now" in page_words(client, address(theirs))


def test_a_coordinator_enters_for_a_side_without_a_login_what_it_said(client, alice, district):
    partner = PartnerFactory(district=district)
    table = make_partnership(school=School.objects.get(), partner=partner, by=alice)
    party = table.parties.all()[1]
    party.seat(PersonFactory(partner=partner, name="June Jensen"), {Role.CONTACT}, by=alice)
    client.force_login(alice)

    assert client.get(address(party)).context["form"].initial == {"speaker": "June Jensen"}
    said = {"what_next": "end", "because": "We are moving", "how": "phone", "speaker": "June"}
    client.post(address(party), said)

    wish = Wish.objects.get()
    assert (wish.how, wish.speaker, wish.by) == ("phone", "June", alice)
    # What they said stays behind the veil, also from whoever entered it.
    assert read(table, alice) == []


@pytest.mark.parametrize(("name", "status"), [("alice", 403), ("ola", 403), ("dora", 404)])
def test_who_has_a_login_speaks_for_themselves(request, client, theirs, bob, name, status):
    client.force_login(request.getfixturevalue(name))

    response = client.post(address(theirs), {"what_next": "end", "because": "They said so"})

    assert response.status_code == status
    assert not Wish.objects.exists()


def test_nothing_is_wished_for_once_it_has_ended(client, alice, partnership, ours):
    partnership.end(by=alice, drawn_for=partnership.last_move, reason="We have moved away")
    client.force_login(alice)

    assert client.post(address(ours), {"what_next": "end", "because": BECAUSE}).status_code == 403
    assert not Wish.objects.exists()


def test_while_it_is_paused_sides_may_say_what_they_would_like(client, alice, partnership, ours):
    partnership.change_status(
        MoveKind.PAUSE, by=alice, drawn_for=partnership.last_move, reason="Exams come first now"
    )
    client.force_login(alice)

    client.post(address(ours), {"what_next": "end", "because": BECAUSE + " to rest"})

    assert Wish.objects.count() == 1


def test_nothing_is_written_by_get_put_or_delete(client, alice, ours):
    client.force_login(alice)

    assert client.put(address(ours)).status_code == 405
    assert client.delete(address(ours)).status_code == 405
    client.get(address(ours), {"what_next": "end", "because": BECAUSE})
    assert not Wish.objects.exists()
