"""Translations of what is agreed: proposed by one side, agreed to by all, gone with a new wording."""

import pytest
from django.urls import reverse

from evaluations.models import (
    MovedOn,
    TranslationAssent,
    WordingTranslation,
    give,
    translate,
)
from tests.agreements import agree, fresh, question
from tests.factories import PartnerFactory, PersonFactory

TEN = "ten-questions"
TEXT = "Twelve students a term."
VIETNAMESE = "Mười hai học sinh mỗi học kỳ."
OTHER = "Mỗi học kỳ mười hai em."


@pytest.fixture
def sides(partnership):
    for party in partnership.parties.all():
        party.partnership = partnership
        give(question(4), party, "What we think", by=party.current_seats[0].person.user)
    return list(partnership.parties.all())


@pytest.fixture
def wording(partnership, sides, alice):
    return agree(partnership, 4, TEXT, by=alice)


def address(partnership, party, name="translation"):
    return reverse(f"evaluations:{name}", args=[partnership.pk, TEN, question(4).pk, party.pk])


def typed(text, seen=0, act="agree"):
    pk = question(4).pk
    return {f"w{pk}-text": text, f"w{pk}-seen": seen, "act": act}


def test_one_side_proposes_and_the_other_agrees(client, partnership, wording, sides, alice, bob):
    ours, theirs = sides
    client.force_login(alice)
    client.post(address(partnership, ours), typed(VIETNAMESE))
    proposal = WordingTranslation.objects.get()
    assert (proposal.text, proposal.language, proposal.by) == (VIETNAMESE, "vi", alice)
    assert not proposal.is_agreed
    client.force_login(bob)
    said = client.get(reverse("evaluations:joint", args=[partnership.pk, TEN])).content.decode()
    assert "Read the translation and agree" in said

    client.post(address(partnership, theirs), typed(VIETNAMESE, seen=1))

    assert WordingTranslation.objects.get().is_agreed
    assert WordingTranslation.objects.count() == 1
    kinds = [event.kind for event in partnership.events.all()[:2]]
    assert kinds == ["translation_agreed", "translation_proposed"]


def test_a_change_of_the_translation_clears_the_assents(partnership, wording, sides, alice, bob):
    ours, theirs = sides
    for party, user in ((ours, alice), (theirs, bob)):
        translate(wording, ours, VIETNAMESE, by=alice, seen=0).assent(party, by=user)

    changed = translate(wording, theirs, OTHER, by=bob, seen=1)

    assert (changed.number, changed.is_agreed) == (2, False)
    assert TranslationAssent.objects.count() == 2


def test_a_change_of_the_wording_makes_it_obsolete(client, partnership, wording, sides, alice, bob):
    ours, _theirs = sides
    proposal = translate(wording, ours, VIETNAMESE, by=alice, seen=0)
    agree(partnership, 4, "Twenty students a term.", by=alice)

    with pytest.raises(MovedOn):
        proposal.assent(ours, by=alice)
    with pytest.raises(MovedOn):
        translate(wording, ours, OTHER, by=alice, seen=1)
    client.force_login(alice)
    said = client.get(reverse("evaluations:joint", args=[partnership.pk, TEN])).content.decode()
    assert VIETNAMESE not in said
    assert "Add a translation" in said


def test_who_comes_second_sees_what_came_meanwhile(client, partnership, wording, sides, bob, alice):
    ours, theirs = sides
    translate(wording, ours, VIETNAMESE, by=alice, seen=0)
    client.force_login(bob)

    response = client.post(address(partnership, theirs), typed(OTHER))

    said = response.content.decode()
    assert VIETNAMESE in said
    assert OTHER in said
    assert WordingTranslation.objects.count() == 1
    client.post(address(partnership, theirs), typed(OTHER, seen=1, act="propose"))
    assert WordingTranslation.objects.last().text == OTHER
    assert not TranslationAssent.objects.exists()


def test_what_is_not_agreed_is_not_translated(client, partnership, sides, alice):
    agree(partnership, 4, TEXT, by=alice, parties=sides[:1])
    client.force_login(alice)

    response = client.get(address(partnership, sides[0]))

    assert response.status_code == 403
    assert "There is no agreed wording to translate yet." in response.content.decode()


def test_an_empty_translation_says_what_to_write(client, partnership, wording, sides, alice):
    client.force_login(alice)

    response = client.post(address(partnership, sides[0]), typed(""))

    assert "Write the translation." in response.content.decode()
    assert not WordingTranslation.objects.exists()


def test_from_vietnamese_it_goes_into_english(client, partnership, sides, alice):
    agree(partnership, 4, VIETNAMESE, by=alice)
    client.force_login(alice)

    assert "Translate into English" in client.get(address(partnership, sides[0])).content.decode()
    client.post(address(partnership, sides[0]), typed(TEXT))
    assert WordingTranslation.objects.get().language == "en"


@pytest.mark.parametrize(
    ("name", "status"), [("bob", 403), ("ada", 403), ("ola", 403), ("charlie", 404)]
)
def test_nobody_translates_for_another_side(
    request, client, partnership, wording, sides, name, status
):
    client.force_login(request.getfixturevalue(name))

    assert client.post(address(partnership, sides[0]), typed(VIETNAMESE)).status_code == status
    assert not WordingTranslation.objects.exists()


# A side without a login


@pytest.fixture
def third(partnership, alice):
    partner = PartnerFactory(district=partnership.district)
    third = partnership.parties.create(partner=partner, position=3)
    third.partnership = fresh(partnership)
    third.seat(PersonFactory(partner=partner, name="June Jensen"), {"contact"}, by=alice)
    give(question(4), third, "What we think", by=alice, how="phone", speaker="June Jensen")
    return third


def test_the_coordinator_enters_what_a_side_without_a_login_said(
    client, partnership, sides, third, alice, bob
):
    wording = agree(partnership, 4, TEXT, by=alice)
    proposal = translate(wording, sides[0], VIETNAMESE, by=alice, seen=0)
    for party, user in zip(sides, (alice, bob), strict=True):
        proposal.assent(party, by=user)
    client.force_login(alice)
    url = address(partnership, third, "translation_spoken")
    assert VIETNAMESE in client.get(url).content.decode()

    client.post(url, {"how": "phone", "speaker": "June Jensen"})

    assent = TranslationAssent.objects.get(party=third)
    assert (assent.how, assent.speaker, assent.by) == ("phone", "June Jensen", alice)
    assert WordingTranslation.objects.get().is_agreed


@pytest.mark.parametrize("name", ["bob", "sam"])
def test_and_nobody_else_does(request, client, partnership, sides, third, alice, name):
    wording = agree(partnership, 4, TEXT, by=alice)
    translate(wording, sides[0], VIETNAMESE, by=alice, seen=0)
    client.force_login(request.getfixturevalue(name))

    response = client.post(
        address(partnership, third, "translation_spoken"), {"how": "phone", "speaker": "June"}
    )

    assert response.status_code == 403
    assert not TranslationAssent.objects.exists()


def test_without_a_translation_there_is_nothing_to_enter(client, partnership, sides, third, alice):
    agree(partnership, 4, TEXT, by=alice)
    client.force_login(alice)

    assert client.get(address(partnership, third, "translation_spoken")).status_code == 403
