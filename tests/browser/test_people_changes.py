"""Somebody leaves: their side writes down what they know and reads it; the other side reads the story."""

import pytest

from partnerships.models import Handover

pytestmark = pytest.mark.browser

KNOWS = "The second shift opens the gate at seven."


@pytest.mark.parametrize("scripts", [True, False])
def test_a_handover_of_one_side_and_the_story_for_both(visit, scripts):
    dana = visit("partner@demo.example", scripts=scripts)
    rosa = visit("coordinator@demo.example", scripts=scripts)
    handover = Handover.objects.get()
    table = handover.seat.party.partnership

    dana.go(f"{table.get_absolute_url()}people/")
    dana.follow("Handover " + handover.seat.person.name)
    dana.reads(handover.knows)
    dana.fill("What whoever comes after should know", "")
    dana.press("Save the handover")
    dana.reads("Write down what whoever comes after should know.")
    dana.fill("What whoever comes after should know", KNOWS)
    dana.press("Save the handover")
    dana.reads("The handover is saved.")
    dana.follow("People", within=dana.page.get_by_role("main"))
    dana.follow("The story so far")
    dana.reads(KNOWS)
    dana.is_content()

    rosa.go(f"{table.get_absolute_url()}people/")
    assert rosa.page.get_by_role("link", name="Handover").count() == 0
    rosa.follow("The story so far")
    rosa.reads("Who is at the table")
    assert KNOWS not in rosa.page.content()
    rosa.is_content()
