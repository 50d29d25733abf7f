"""Two people write on one text: the second sees both, keeps hers in the box, and decides."""

import pytest
from playwright.sync_api import expect

from evaluations.models import Answer, Wording
from tests.browser.test_two_sides import partnership

pytestmark = pytest.mark.browser

MINHS = "Anh Minh và thầy hiệu trưởng."
ROSAS = "Rosa Delgado, and the principal."
BOTH = "Rosa Delgado and Minh, and the principal."
GRACES = "Write to Rosa Delgado or Robert Klein. Both answer within two days."
OTHER = "Write to Rosa Delgado or Grace Osei. Both answer within a week."
TOGETHER = "Write to Rosa Delgado or Robert Klein. Both answer within a week."


def question(visitor, number):
    """The question with this number: on the page of all, or on its own after a refusal."""
    return visitor.page.locator("article.question").filter(
        has=visitor.page.locator(".no").get_by_text(str(number), exact=True)
    )


def open_questions(*visitors):
    for visitor in visitors:
        visitor.go(f"{partnership().get_absolute_url()}questions/ten-questions/")


def draft():
    """What the school has written to the ninth question, which it has not given yet."""
    return Answer.objects.get(
        question__set__key="ten-questions",
        question__position=9,
        party__partnership=partnership(),
        party__partner=None,
    )


def test_a_draft_of_one_side_typed_by_two(visit):
    minh = visit("minh@demo.example", language="vi")
    rosa = visit("coordinator@demo.example")
    open_questions(minh, rosa)
    theirs, hers = question(minh, 9), question(rosa, 9)

    theirs.get_by_role("textbox").fill(MINHS)
    expect(theirs.locator(".saved")).to_be_visible()
    hers.get_by_role("textbox").fill(ROSAS)

    expect(hers.locator(".notice")).to_contain_text(MINHS)
    expect(hers.get_by_role("textbox")).to_have_value(ROSAS)
    rosa.look()
    assert draft().text == MINHS
    hers.get_by_role("textbox").fill(BOTH)
    expect(hers.locator(".saved")).to_contain_text("Rosa Delgado")
    expect(hers.locator(".notice")).to_have_count(0)
    assert draft().text == BOTH
    minh.is_content()
    rosa.is_content()


def test_a_draft_of_one_side_kept_by_two_without_scripts(visit):
    minh = visit("minh@demo.example", language="vi", scripts=False)
    rosa = visit("coordinator@demo.example", scripts=False)
    open_questions(minh, rosa)

    question(minh, 9).get_by_role("textbox").fill(MINHS)
    question(minh, 9).locator("button[value=keep]").click()
    expect(question(minh, 9).locator(".saved")).to_be_visible()
    question(rosa, 9).get_by_role("textbox").fill(ROSAS)
    rosa.press("Keep as draft", within=question(rosa, 9))

    expect(question(rosa, 9).locator(".notice")).to_contain_text(MINHS)
    expect(question(rosa, 9).get_by_role("textbox")).to_have_value(ROSAS)
    assert draft().text == MINHS
    rosa.press("Keep as draft", within=question(rosa, 9))
    expect(question(rosa, 9).locator(".saved")).to_contain_text("Rosa Delgado")
    expect(question(rosa, 9).get_by_role("textbox")).to_have_value(ROSAS)
    assert draft().text == ROSAS


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_two_sides_propose_a_wording_at_once(visit, scripts):
    grace = visit("osei@demo.example", scripts=scripts)
    rosa = visit("coordinator@demo.example", scripts=scripts)
    open_questions(grace, rosa)

    question(grace, 7).locator("section.agreed").get_by_role("textbox").fill(GRACES)
    grace.press("Propose it only", within=question(grace, 7))
    expect(question(grace, 7).locator("section.agreed")).to_contain_text("has not agreed")
    question(rosa, 7).locator("section.agreed").get_by_role("textbox").fill(OTHER)
    rosa.press("Agree to this wording", within=question(rosa, 7))

    agreed = question(rosa, 7).locator("section.agreed")
    expect(agreed.locator(".notice")).to_contain_text("Grace Osei proposed:")
    expect(agreed.locator(".notice")).to_contain_text(GRACES)
    expect(agreed.get_by_role("textbox")).to_have_value(OTHER)
    assert list(wordings()) == [GRACES]
    agreed.get_by_role("textbox").fill(TOGETHER)
    rosa.press("Agree to this wording", within=question(rosa, 7))
    rosa.reads("You agree to this wording.")
    assert list(wordings()) == [GRACES, TOGETHER]

    open_questions(grace)
    grace.press("Agree to this wording", within=question(grace, 7))
    grace.reads("7 of 10 agreed")
    grace.is_content()
    rosa.is_content()


def wordings():
    of_the_seventh = Wording.objects.filter(
        partnership=partnership(), question__set__key="ten-questions", question__position=7
    )
    return of_the_seventh.values_list("text", flat=True)
