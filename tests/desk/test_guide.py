"""The guide: the page of each stage, and what it says to whom."""

import pytest
from django.urls import reverse

from checklists.models import Item
from partnerships.stages import Stage
from tests.factories import make_partnership


def page_of(client, partnership, stage=None):
    name, args = (
        ("desk:stage", [partnership.pk, stage]) if stage else ("desk:guide", [partnership.pk])
    )
    return client.get(reverse(name, args=args))


def test_it_shows_the_stage_the_partnership_is_at(client, alice, running):
    client.force_login(alice)

    page = page_of(client, running).content.decode()

    assert "<h2>Stage 3: Take action</h2>" in page
    assert "Turn the plan into work that both sides share" in page
    assert "Every action step has an owner and a date." in page
    assert "Listen to students" in page
    assert "Move to stage 4" in page


@pytest.mark.parametrize("stage", Stage)
def test_every_stage_has_a_page_by_its_ring(client, alice, running, stage):
    client.force_login(alice)

    response = page_of(client, running, stage)

    assert response.context["stage"] == stage
    assert response.context["guide"].signs
    assert response.context["guide"].principles
    assert str(stage.heading) in response.content.decode()
    assert all(item.stage == stage for item in response.context["items"])


def test_pre_partnering_has_worksheets_and_further_reading(client, alice, partnership):
    client.force_login(alice)

    page = page_of(client, partnership).content.decode()

    assert "Is a partnership what you need?" in page
    assert "Is this partner the right one?" in page
    assert "Resources for Building Community Partnerships" in page


def test_partner_contacts_do_not_see_the_schools_worksheets(client, bob, partnership):
    client.force_login(bob)

    page = page_of(client, partnership).content.decode()

    assert "Is a partnership what you need?" not in page
    assert "Move to stage 1" not in page
    assert "The school’s coordinator moves the partnership on." in page


def test_stage_1_has_conversation_starters(client, bob, partnership):
    client.force_login(bob)

    page = page_of(client, partnership, "mobilize").content.decode()

    assert "To open the conversation" in page
    assert "“Have you worked with a school, or with an employer, before?”" in page


def test_the_item_for_an_ending_waits_for_the_end(client, alice, running):
    client.force_login(alice)
    ending = Item.objects.get(partnership=running, only_when="ending")

    before = page_of(client, running, "recommit").context["items"]
    running.end(by=alice, drawn_for=running.last_move, reason="The company moves away")
    after = page_of(client, running, "recommit").context["items"]

    assert ending not in before
    assert ending in after


def test_at_stage_5_the_way_on_is_a_new_cycle_or_a_good_end(client, alice, school, partner):
    last = make_partnership(school=school, partner=partner, by=alice, stage=Stage.RECOMMIT)
    client.force_login(alice)

    page = page_of(client, last).content.decode()

    assert "Recommit: begin a new cycle" in page
    assert "Bring it to a good end" in page


def test_a_ring_of_a_stage_that_does_not_exist_is_not_found(client, alice, running):
    client.force_login(alice)

    assert page_of(client, running, "nowhere").status_code == 404
