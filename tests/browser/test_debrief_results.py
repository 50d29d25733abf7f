"""Both sides over the results of a debrief: a comment, a disagreement, a step, and notes that both agree to."""

import re

import pytest
from playwright.sync_api import expect

from evaluations.models import Comment, Debrief
from partnerships.models import Step
from tests.browser.test_keyboard import Hands

pytestmark = pytest.mark.browser

DIFFERENT = "For the plant it is one shift a week, and nobody has asked."
NOTES = "We speak of it each term."
BETTER = "We speak of it each term, with numbers."


def debrief(number=1):
    debriefs = Debrief.objects.filter(partnership__parties__partner__name="Harbor Robotics")
    return debriefs.get(number=number)


def of(act: str, statement: str) -> re.Pattern:
    """The name of what one can do with a statement, however a browser puts its two parts together."""
    return re.compile(rf"^{act}\s*: {re.escape(statement)}$")


def row(visitor, key):
    return visitor.page.locator(f"tr#{key}")


@pytest.mark.parametrize("scripts", [True, False])
def test_both_sides_talk_about_a_result(visit, scripts):
    rosa = visit("coordinator@demo.example", scripts=scripts)
    dana = visit("partner@demo.example", scripts=scripts)
    here = debrief().get_absolute_url()
    statement = "We are honest about what each side needs and gives."

    dana.go(here)
    dana.reads("Talk about this first")
    dana.follow(of("Comment", statement), within=row(dana, "q6"))
    dana.page.get_by_label("We see it differently").check()
    dana.fill("What do you want to say to this?", "No.")
    dana.press("Say it")
    dana.reads("Say in a sentence how you see it.")
    dana.fill("What do you want to say to this?", DIFFERENT)
    dana.press("Say it")
    expect(dana.page.locator(".said", has_text=DIFFERENT)).to_contain_text("We see it differently")

    rosa.go(here)
    rosa.reads(DIFFERENT)
    rosa.press(of("Make it a step", statement), within=row(rosa, "q6"))
    rosa.reads(f"from Debrief 1: {statement}")
    rosa.page.get_by_label("Who does it?").select_option(label="Dana Whitfield (Harbor Robotics)")
    rosa.press("Save the details")
    step = Step.objects.get(result__debrief=debrief())
    assert step.owner.person.name == "Dana Whitfield"
    dana.go(here)
    dana.follow(of("To its step", statement), within=row(dana, "q6"))
    dana.reads(f"Talk about: {statement}")

    rosa.go(here)
    rosa.follow("Write the notes")
    rosa.fill("Notes of the conversation", NOTES)
    rosa.press("Agree to these notes")
    dana.go(here)
    dana.reads("Not every side has agreed to these notes yet.")
    dana.follow("Read the notes")
    dana.fill("Notes of the conversation", BETTER)
    dana.press("Agree to these notes")
    dana.reads("agreed to earlier notes; they are asked again")
    rosa.go(here)
    rosa.follow("Read the notes")
    rosa.press("Agree to these notes")
    rosa.go(here)
    rosa.reads("All sides agree to these notes.")

    assert Comment.objects.get(text=DIFFERENT).party.name == "Harbor Robotics"
    assert [one.is_agreed for one in debrief().notes.all()] == [False, True]
    rosa.is_content()
    dana.is_content()


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize(
    ("email", "language"), [("coordinator@demo.example", "en"), ("minh@demo.example", "vi")]
)
def test_the_pages_in_both_languages_light_and_dark(visit, email, language, colours):
    reader = visit(email, language=language)
    reader.page.emulate_media(color_scheme=colours)
    here = debrief(2).get_absolute_url()

    for page in (here, f"{here}print/", f"{here}notes/"):
        reader.go(page)

    reader.is_content()


def test_by_keyboard(visit):
    dana = visit("partner@demo.example")
    hands = Hands(dana)
    dana.go(debrief().get_absolute_url())

    hands.enter("link", of("Comment", "Families take part in a real way."))
    dana.page.wait_for_url("**/results/q8/comment/**")
    hands.write(
        dana.page.get_by_label("What do you want to say to this?"), "We would like to meet them."
    )
    hands.enter("button", "Say it")
    dana.page.wait_for_url("**/debriefs/1/**")

    dana.reads("We would like to meet them.")
    dana.is_content()
