"""A worksheet is saved as it is typed, and by its button where there is no JavaScript."""

import pytest
from playwright.sync_api import expect

from evaluations.models import Answer
from partnerships.models import Partnership

pytestmark = pytest.mark.browser


def guide():
    """The guide of a partnership at pre-partnering."""
    return Partnership.objects.get(parties__partner__name="Bayview Credit Union").get_absolute_url()


def written():
    """What stands on the worksheet; the demo has answers to other questions, and on other sheets."""
    return Answer.objects.filter(
        question__set__key="is-it-right",
        party__partnership__parties__partner__name="Bayview Credit Union",
    )


def sheet():
    return f"{guide()}worksheets/is-it-right/"


def test_what_is_typed_is_saved_and_said_to_be(visit):
    rosa = visit("coordinator@demo.example")
    rosa.go(sheet())

    first = rosa.page.locator("article.question").first
    first.get_by_role("textbox").fill("Students who can read a payslip.")
    expect(first.locator(".saved")).to_contain_text("Saved today")
    first.get_by_role("textbox").fill("Students who can read a payslip and plan a month.")
    expect(first.locator("input[name$=version]")).to_have_value("2")
    level = rosa.page.locator("article.question").last
    level.get_by_role("radio", name="Coordination").check()
    expect(level.locator(".saved")).to_contain_text("Saved today")
    rosa.look()

    rosa.is_content()
    assert [answer.text for answer in written().order_by("question__position")] == [
        "Students who can read a payslip and plan a month.",
        "coordination",
    ]


def test_two_people_on_one_answer_both_keep_their_text(visit):
    rosa, minh = visit("coordinator@demo.example"), visit("minh@demo.example", language="vi")
    for person in (rosa, minh):
        person.go(sheet())

    minh.page.locator("article.question textarea").first.fill("Biết đọc phiếu lương.")
    expect(minh.page.locator("article.question .saved").first).to_be_visible()
    rosa.page.locator("article.question textarea").first.fill("Able to read a payslip.")

    question = rosa.page.locator("article.question").first
    expect(question.locator(".notice")).to_contain_text("Biết đọc phiếu lương.")
    expect(question.get_by_role("textbox")).to_have_value("Able to read a payslip.")
    assert written().get().text == "Biết đọc phiếu lương."
    question.get_by_role("textbox").fill("Able to read a payslip, in either language.")
    expect(question.locator(".saved")).to_contain_text("Rosa Delgado")
    assert written().get().text == "Able to read a payslip, in either language."


def test_without_scripts_a_button_saves(visit):
    rosa = visit("coordinator@demo.example", scripts=False)
    rosa.go(sheet())

    rosa.page.locator("article.question textarea").first.fill("Students who can plan a month.")
    rosa.press("Save and come back later")

    rosa.reads("Your answers are saved.")
    assert written().get().text == "Students who can plan a month."


def test_an_item_is_ticked_and_a_menu_opened_by_keyboard(visit):
    rosa = visit("coordinator@demo.example")
    rosa.go(guide())
    tick = rosa.page.locator("#items .tick[aria-pressed=false]").first
    name = tick.get_attribute("id")

    tick.focus()
    rosa.page.keyboard.press("Space")

    done = rosa.page.locator(f"#{name}")
    expect(done).to_have_attribute("aria-pressed", "true")
    expect(done).to_be_focused()
    rosa.page.locator("summary", has_text="More").focus()
    rosa.page.keyboard.press("Enter")
    expect(rosa.page.get_by_role("link", name="Pause the partnership")).to_be_visible()
    rosa.page.keyboard.press("Escape")
    expect(rosa.page.get_by_role("link", name="Pause the partnership")).to_be_hidden()
    rosa.is_content()


def test_the_first_tab_skips_to_the_content(visit):
    rosa = visit("coordinator@demo.example")
    rosa.go(guide())

    rosa.page.keyboard.press("Tab")
    rosa.page.keyboard.press("Enter")

    expect(rosa.page.locator("main")).to_be_focused()


def test_an_expired_session_leads_to_the_sign_in_page(visit):
    rosa = visit("coordinator@demo.example")
    rosa.go(guide())
    rosa.page.context.clear_cookies(name="sessionid")

    rosa.page.locator("#items .tick[aria-pressed=false]").first.click()

    rosa.page.wait_for_url(f"**/accounts/login/?next={guide()}")
