"""A coordinator and a partner contact, each in their own browser: answer, give, propose, agree."""

import pytest

from evaluations.models import Giving, Wording
from partnerships.models import Partnership

pytestmark = pytest.mark.browser

NINTH = "The coordinator, with the health teacher."
THEIRS = "The director of nursing, with volunteer services."
AGREED = "The coordinator and the director of nursing, each with one deputy."


def partnership():
    return Partnership.objects.get(
        parties__partner__name="St. Anne’s Hospital", parties__partnership__stage="direction"
    )


def ninth(visitor):
    return visitor.page.locator("article.question").nth(8)


@pytest.mark.parametrize("scripts", [True, False])
def test_two_sides_come_to_one_wording(visit, scripts):
    rosa = visit("coordinator@demo.example", scripts=scripts)
    grace = visit("osei@demo.example", scripts=scripts)
    questions = f"{partnership().get_absolute_url()}questions/"

    grace.go("/")
    grace.reads("What is asked of you now")
    grace.go(questions)
    grace.follow("Put the partner in partnership: ten questions")
    assert NINTH not in grace.page.content()
    rosa.go(f"{questions}ten-questions/")
    ninth(grace).get_by_role("textbox").fill(THEIRS)
    grace.press("Give this answer", within=ninth(grace))
    grace.reads(NINTH)

    rosa.go(f"{questions}ten-questions/")
    rosa.reads(THEIRS)
    ninth(rosa).locator(".agreed").get_by_role("textbox").fill(AGREED)
    rosa.press("Agree to this wording", within=ninth(rosa))

    grace.go(f"{questions}ten-questions/")
    grace.press("Agree to this wording", within=ninth(grace))
    grace.reads("7 of 10 agreed")
    rosa.is_content()
    grace.is_content()
    assert Giving.objects.get(text=THEIRS).by.name == "Grace Osei"
    assert Wording.objects.get(text=AGREED).is_agreed


def test_the_pages_of_the_table_and_of_levels(visit):
    rosa = visit("coordinator@demo.example")
    three = Partnership.objects.get(
        parties__partner__name="Westlake Community College", parties__position=3
    )
    here = three.get_absolute_url()

    for path in ("people/", "people/join/", "relationship/", "relationship/talk/", "questions/"):
        rosa.go(here + path)
    rosa.go(f"{here}questions/ten-questions/")
    rosa.follow("Enter a sheet from a meeting")
    rosa.press("Note all of it")
    rosa.reads("Choose how they said it.")
    rosa.go(f"{here}relationship/")
    rosa.follow("Say how you see it Roosevelt Middle")
    rosa.press("Keep this")
    rosa.is_content()
