"""What is handed on at an end: written before it, or until the closing debrief closes."""

from datetime import timedelta

import pytest
from django.urls import reverse

from evaluations.models import Debrief, DebriefKind, QuestionSet
from partnerships.events import EventKind
from partnerships.models import HandedOn, Partnership, School
from partnerships.vocabulary import Role
from tests import clock
from tests.factories import PartnerFactory, PersonFactory, make_partnership

TEXT = "The key of the greenhouse hangs in the office."


def again(partnership):
    return Partnership.objects.with_sides().get(pk=partnership.pk)


def party(partnership, number):
    found = again(partnership).parties.all()[number]
    found.partnership = again(partnership)
    return found


def url(party):
    return reverse("partnerships:hand_on", args=[party.partnership_id, party.pk])


def end(partnership, by):
    """End it, and hold no closing debrief."""
    partnership.end(
        by=by,
        drawn_for=partnership.last_move,
        reason="The plant has moved away",
        no_debrief_because="We have talked it through",
    )


def open_debrief(partnership, by, kind=DebriefKind.CLOSING) -> Debrief:
    return Debrief.objects.open(
        again(partnership),
        kind,
        question_set=QuestionSet.objects.get(key=kind.set_key, district=None),
        closes_on=partnership.district.today() + timedelta(days=14),
        by=by,
    )


@pytest.fixture
def ours(partnership):
    return party(partnership, 0)


def test_a_side_writes_it_and_all_read_it(client, alice, bob, partnership, ours):
    client.force_login(alice)

    response = client.post(url(ours), {"text": TEXT})

    written = HandedOn.objects.get()
    assert response.url == reverse("desk:ending", args=[partnership.pk])
    assert (written.party, written.text, written.by, written.how) == (ours, TEXT, alice, "here")
    event = partnership.events.first()
    assert (event.kind, event.about) == (EventKind.HANDED_ON, {"party": "Lincoln High"})
    client.force_login(bob)
    assert TEXT in client.get(response.url).text


def test_an_empty_text_is_asked_for(client, alice, ours):
    client.force_login(alice)

    response = client.post(url(ours), {"text": " "})

    assert response.context["form"].errors == {"text": ["Write down what is handed on."]}
    assert not HandedOn.objects.exists()


def test_to_save_the_same_again_tells_nothing(client, alice, partnership, ours):
    client.force_login(alice)
    client.post(url(ours), {"text": TEXT})
    client.post(url(ours), {"text": TEXT, "seen_version": 0})

    assert partnership.events.filter(kind=EventKind.HANDED_ON).count() == 1
    assert HandedOn.objects.get().version == 0


def test_of_two_who_write_at_once_the_second_reads_both(client, alice, sam, ours):
    HandedOn(party=ours, text="What Sam wrote").write(by=sam)
    client.force_login(alice)
    HandedOn.of(ours).write(by=sam)
    HandedOn.objects.update(version=1)

    response = client.post(url(ours), {"text": TEXT, "seen_version": 0})

    assert "What Sam wrote" in response.text
    assert TEXT in response.text
    assert HandedOn.objects.get().text == "What Sam wrote"

    client.post(url(ours), {"text": TEXT, "seen_version": 1})
    assert (HandedOn.objects.get().text, HandedOn.objects.get().version) == (TEXT, 2)


@pytest.mark.parametrize(
    ("name", "status"), [("bob", 403), ("ada", 403), ("ola", 403), ("charlie", 404), ("dora", 404)]
)
def test_only_its_own_people_write_it(request, client, ours, name, status):
    client.force_login(request.getfixturevalue(name))

    assert client.get(url(ours)).status_code == status
    assert client.post(url(ours), {"text": TEXT}).status_code == status
    assert not HandedOn.objects.exists()


def test_for_a_side_without_a_login_a_coordinator_enters_it(client, alice, school):
    partner = PartnerFactory(district=school.district)
    table = make_partnership(school=School.objects.get(), partner=partner, by=alice)
    theirs = table.parties.all()[1]
    theirs.seat(PersonFactory(partner=partner, name="June Jensen"), {Role.CONTACT}, by=alice)
    client.force_login(alice)

    assert client.get(url(theirs)).context["form"].initial["speaker"] == "June Jensen"
    refused = client.post(url(theirs), {"text": TEXT})
    client.post(url(theirs), {"text": TEXT, "how": "phone", "speaker": "June Jensen"})

    assert list(refused.context["form"].errors) == ["how", "speaker"]
    written = HandedOn.objects.get()
    assert (written.how, written.speaker, written.by) == ("phone", "June Jensen", alice)
    page = client.get(reverse("desk:ending", args=[table.pk])).text
    assert "June Jensen, by phone" in " ".join(page.split())


# When


def may(client, user, party) -> bool:
    client.force_login(user)
    return client.post(url(party), {"text": TEXT}).status_code == 302


def test_while_it_goes_on(client, alice, partnership, ours):
    assert again(partnership).may_be_handed_on
    assert may(client, alice, ours)


def test_after_the_end_not_without_a_closing_debrief(client, alice, partnership, ours):
    end(partnership, alice)

    assert not again(partnership).may_be_handed_on
    assert not may(client, alice, ours)
    assert client.get(url(ours)).status_code == 403
    assert not HandedOn.objects.exists()


@pytest.mark.parametrize("name", ["alice", "bob"])
def test_while_its_closing_debrief_is_open(request, client, alice, partnership, name):
    end(partnership, alice)
    open_debrief(partnership, alice)
    number = {"alice": 0, "bob": 1}[name]

    assert may(client, request.getfixturevalue(name), party(partnership, number))
    assert HandedOn.objects.get().text == TEXT


def test_nothing_else_can_be_changed_then(client, alice, partnership):
    end(partnership, alice)
    open_debrief(partnership, alice)
    client.force_login(alice)

    basics = reverse("partnerships:basics", args=[partnership.pk])
    assert client.post(basics, {"purpose": "Something else"}).status_code == 403


def test_no_longer_when_it_has_closed(client, alice, partnership, ours):
    end(partnership, alice)
    open_debrief(partnership, alice).close(by=alice)

    assert not may(client, alice, ours)


def test_no_longer_when_its_last_day_is_over(client, alice, partnership, ours):
    end(partnership, alice)
    debrief = open_debrief(partnership, alice)

    with clock.at(debrief.opened_at + timedelta(days=16)):
        assert not again(partnership).may_be_handed_on


def test_an_open_debrief_of_another_kind_is_no_reason(client, alice, partnership, ours):
    open_debrief(partnership, alice, DebriefKind.REGULAR)
    end(partnership, alice)

    assert not may(client, alice, ours)


def test_reopened_it_can_be_written_again(client, alice, partnership, ours):
    end(partnership, alice)
    partnership.change_status(
        "reopen", by=alice, drawn_for=partnership.last_move, reason="They have come back"
    )

    assert may(client, alice, ours)
