"""Two sides look back: one signs in at a desk, one in Vietnamese, and one has a personal link on a phone."""

import pytest
from playwright.sync_api import expect

from evaluations.models import Debrief, Response, Voice
from partnerships.models import Partnership

pytestmark = pytest.mark.browser

PHONE = {"width": 320, "height": 640}


def start():
    """The partnership of the demo to which both sides have a login, with no debrief open."""
    partnership = Partnership.objects.with_sides().get(
        parties__partner__name="Harbor Robotics", parties__seats__person__user__email=PARTNER
    )
    for debrief in partnership.debriefs.filter(closed_at=None):
        debrief.close(by=debrief.opened_by)
    return partnership


COORDINATOR, PARTNER = "coordinator@demo.example", "partner@demo.example"


def answer_all(visitor, text):
    """Answer every question; each is saved as it is entered."""
    for question in visitor.page.locator("article.question").all():
        if question.locator("textarea").count():
            question.locator("textarea").fill(text)
        else:
            question.get_by_role("radio").nth(2).check()
        if visitor.scripts:
            key = question.get_attribute("id").removeprefix("question-")
            expect(question.locator(f"#saved-{key} .saved")).to_be_visible()


def open_one(rosa, partnership):
    rosa.go(f"/partnerships/{partnership.pk}/debriefs/")
    rosa.follow("Open a debrief")
    rosa.reads("Without a login:")
    rosa.press("Open the debrief")
    rosa.reads("have answered")
    return Debrief.objects.filter(partnership=partnership).first()


def give(visitor, check, words):
    visitor.press(check)
    visitor.press(words)


def link_for_marcus(rosa):
    rosa.page.get_by_role("link", name="Personal link Marcus Bell").click()
    rosa.look()
    rosa.press("Make the link and show it")
    return rosa.page.locator("code").inner_text().removeprefix(rosa.base)


def test_both_sides_look_back(visit):
    rosa, partnership = visit(COORDINATOR), start()
    debrief = open_one(rosa, partnership)
    link = link_for_marcus(rosa)

    rosa.go(debrief.get_absolute_url())
    rosa.follow("Answer the debrief")
    rosa.press("Check your answers")
    rosa.reads("Question 3: choose an answer, or “Cannot say”.")
    answer_all(rosa, "What Rosa says")
    give(rosa, "Check your answers", "Give these answers")
    asked = debrief.responses.filter(seat__party__partner=None).count()
    rosa.reads(f"1 of {asked} have answered")

    dana = visit(PARTNER, language="en")
    dana.go("/")
    dana.follow("Answer the debrief")
    answer_all(dana, "What Dana says")
    give(dana, "Check your answers", "Give these answers")

    marcus = visit(None, language="vi")
    marcus.page.set_viewport_size(PHONE)
    marcus.go(link)
    answer_all(marcus, "Điều Marcus nói")
    give(marcus, "Xem lại câu trả lời", "Nộp các câu trả lời này")
    marcus.reads("Xin cảm ơn")

    for somebody in (rosa, dana):
        somebody.go(debrief.get_absolute_url())
        expect(somebody.page.locator("main")).not_to_contain_text("What Rosa says")
        expect(somebody.page.locator("main")).not_to_contain_text("Điều Marcus nói")
    rosa.go(link)  # she has seen it, and reads nothing by it
    rosa.reads("Answers have been given with this link already.")

    rosa.go(debrief.get_absolute_url())
    rosa.follow("Close it now")
    rosa.reads("people have not answered yet")
    rosa.press("Close the debrief")

    said = Voice.objects.filter(debrief=debrief)
    assert sorted(voice.answers["q15"] for voice in said) == [
        "What Dana says",
        "What Rosa says",
        "Điều Marcus nói",
    ]
    assert {one.answers == {} for one in Response.objects.filter(debrief=debrief)} == {True}
    for somebody in (rosa, dana, marcus):
        somebody.is_content()


def test_without_scripts_and_in_two_windows(visit):
    rosa, partnership = visit(COORDINATOR), start()
    debrief = open_one(rosa, partnership)
    link = link_for_marcus(rosa)

    marcus = visit(None, scripts=False)
    marcus.page.set_viewport_size(PHONE)
    marcus.go(link)
    second = marcus.page.context.new_page()
    second.goto(rosa.base + link)
    marcus.page.locator("textarea").first.fill("In the first window")
    marcus.press("Save and come back later")
    marcus.reads("Your answers are saved.")
    second.locator("textarea").first.fill("In the second window")
    second.get_by_role("button", name="Save and come back later").click()

    expect(second.locator("#question-q15")).to_contain_text("In the first window")
    expect(second.locator("#question-q15 textarea")).to_have_value("In the second window")
    assert Response.objects.get(debrief=debrief, seat__person__name="Marcus Bell").answers == {
        "q15": "In the first window"
    }
    rosa.is_content()
