"""A third party joins a running partnership, and leaves it again; levels said by each side."""

import pytest
from django.urls import reverse

from partnerships.models import LevelView, Partnership, Party
from partnerships.table import TableRefused, join, leave
from tests.factories import PartnerFactory, PersonFactory, UserFactory


@pytest.fixture
def newcomer(district):
    return PartnerFactory(district=district, name="City Library")


@pytest.fixture
def third(partnership, newcomer, alice):
    return join(partnership, newcomer, by=alice)


def fresh(partnership):
    return Partnership.objects.with_sides().get(pk=partnership.pk)


def address(name, partnership, *args):
    return reverse(f"partnerships:{name}", args=[partnership.pk, *args])


def test_a_coordinator_brings_a_third(client, alice, partnership, newcomer):
    client.force_login(alice)

    client.post(address("join", partnership), {"partner": newcomer.pk})

    assert fresh(partnership).title == "Lincoln High × Harbor Robotics × City Library"
    assert partnership.events.first().kind == "party_joined"


@pytest.mark.parametrize("data", [{}, {"partner": "0"}, {"partner": "x", "school": "y"}])
def test_one_of_the_district_is_to_be_chosen(client, alice, partnership, data):
    client.force_login(alice)

    assert client.post(address("join", partnership), data).status_code == 200
    assert partnership.parties.count() == 2


def test_somebody_of_another_district_cannot_join(client, alice, partnership, other_district):
    client.force_login(alice)
    stranger = PartnerFactory(district=other_district)

    client.post(address("join", partnership), {"partner": stranger.pk})

    assert partnership.parties.count() == 2


def test_who_leaves_keeps_what_was_and_loses_the_way_in(partnership, third, alice):
    user = UserFactory()
    person = PersonFactory(partner=third.partner, user=user)
    seat = third.seat(person, [], by=alice)
    assert Partnership.objects.visible_to(user).exists()

    leave(third, reason="They have moved away", by=alice)

    seat.refresh_from_db()
    assert not Partnership.objects.visible_to(user).exists()
    assert seat.left_on == partnership.district.today()
    assert seat.party == third
    assert [party.name for party in fresh(partnership).former_parties] == ["City Library"]
    assert fresh(partnership).title == "Lincoln High × Harbor Robotics"


def test_who_comes_back_gets_the_same_place(partnership, third, alice):
    leave(third, reason="They have moved away", by=alice)

    assert join(partnership, third.partner, by=alice) == third
    assert Party.ever.filter(partnership=partnership).count() == 3


def test_the_first_school_and_the_last_partner_stay(client, alice, partnership):
    client.force_login(alice)
    for party in fresh(partnership).parties.all():
        assert client.get(address("leave_table", partnership, party.pk)).status_code == 403
        with pytest.raises(TableRefused):
            leave(party, reason="They have moved away", by=alice)


def test_the_people_page_tells_who_sat_there_before(client, alice, partnership, third):
    client.force_login(alice)

    client.post(address("leave_table", partnership, third.pk), {"reason": "They moved away"})

    page = client.get(address("team", partnership)).content.decode()
    assert "Who sat at the table before" in page
    assert "City Library" in page


# Levels


def theirs(partnership):
    return partnership.parties.get(school=None)


def test_a_contact_says_it_for_their_side(client, bob, partnership):
    client.force_login(bob)
    party = theirs(partnership)

    client.post(
        address("say_level", partnership, party.pk),
        {"now": "networking", "wanted": "cooperation", "note": "We begin small."},
    )

    view = LevelView.objects.get()
    assert (view.party, view.now, view.wanted, view.by) == (party, "networking", "cooperation", bob)
    assert (view.cycle, view.how, view.note) == (1, "here", "We begin small.")
    page = client.get(address("levels", partnership)).content.decode()
    assert "We begin small." in page


def test_who_has_no_login_is_spoken_for(client, alice, partnership, third):
    client.force_login(alice)
    url = address("say_level", partnership, third.pk)

    assert client.post(url, {"now": "networking"}).status_code == 200
    client.post(url, {"now": "networking", "how": "phone", "speaker": "Amara Diallo"})

    view = LevelView.objects.get()
    assert (view.how, view.speaker, view.by) == ("phone", "Amara Diallo", alice)


def test_who_has_one_is_not(client, alice, partnership):
    client.force_login(alice)

    url = address("say_level", partnership, theirs(partnership).pk)
    assert client.post(url, {"now": "networking"}).status_code == 403


def test_a_difference_leads_to_three_questions(client, bob, alice, partnership):
    client.force_login(bob)
    wishes = ["cooperation", "networking"]
    for party, wanted in zip(fresh(partnership).parties.all(), wishes, strict=True):
        party.report_level(now="networking", wanted=wanted, by=alice)
    talk = reverse("evaluations:talk_levels", args=[partnership.pk])

    assert talk in client.get(partnership.get_absolute_url()).content.decode()
    assert client.get(talk).content.decode().count("?</li>") == 3
