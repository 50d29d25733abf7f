"""A coordinator's day by the keyboard alone: what has the focus is seen, and a save does not take it."""

import pytest
from playwright.sync_api import expect

from desk.demo import PASSWORD
from evaluations.models import Answer
from partnerships.models import Partnership
from tests.browser.test_two_sides import partnership

pytestmark = pytest.mark.browser

IS_FOCUSED = "element => element === document.activeElement"
SHOWS_ITSELF = """() => {
  const style = getComputedStyle(document.activeElement);
  return style.outlineStyle !== "none" || style.boxShadow !== "none";
}"""
REASON = "Both sides want to begin before the winter."
ANSWER = "Rosa Delgado, with the principal."


def tab_to(page, locator):
    """Press Tab until this is focused, and see that it shows where one is."""
    for _ in range(150):
        page.keyboard.press("Tab")
        if locator.evaluate(IS_FOCUSED):
            assert page.evaluate(SHOWS_ITSELF), page.evaluate("document.activeElement.outerHTML")
            return
    raise AssertionError(f"not reached by Tab: {locator}")


class Hands:
    """Somebody who only has a keyboard."""

    def __init__(self, visitor):
        self.visitor, self.page, self.keyboard = visitor, visitor.page, visitor.page.keyboard

    def enter(self, role, name, *, within=None, key="Enter"):
        """Go to what has this name, and press it."""
        named = (within or self.page).get_by_role(role, name=name, exact=isinstance(name, str))
        tab_to(self.page, named.first)
        self.keyboard.press(key)

    def write(self, locator, text):
        tab_to(self.page, locator)
        self.keyboard.type(text)

    def arrive(self, url):
        self.page.wait_for_url(url)
        self.visitor.look()


def test_a_coordinators_day_by_keyboard(visit):
    me = Hands(visit(None))
    pk, path = partnership().pk, partnership().get_absolute_url()
    here = f"{me.visitor.base}{path}"
    me.visitor.go("/accounts/login/")

    me.write(me.page.locator("input[name=login]"), "coordinator@demo.example")
    me.write(me.page.locator("input[name=password]"), PASSWORD)
    me.keyboard.press("Enter")
    me.arrive(f"{me.visitor.base}/")
    tab_to(me.page, me.page.locator(f"a.ticket[href='{path}']"))
    me.keyboard.press("Enter")
    me.arrive(here)

    tick = me.page.locator("#items .tick[aria-pressed=false]").first
    ticked = me.page.locator(f"#{tick.get_attribute('id')}")
    tab_to(me.page, tick)
    me.keyboard.press("Space")
    expect(ticked).to_have_attribute("aria-pressed", "true")
    expect(ticked).to_be_focused()

    tab_to(me.page, me.page.locator(".track a").nth(1))
    me.keyboard.press("Enter")
    me.arrive(f"{here}stages/mobilize/")
    expect(me.page.locator(".track a[aria-current=page]")).to_have_count(1)

    me.enter("link", "Move to stage 3")
    me.arrive(f"{here}move/action/")
    me.write(me.page.locator("#id_reason"), REASON)
    me.enter("button", "Move to stage 3")
    me.arrive(here)
    assert Partnership.objects.get(pk=pk).moves.last().reason == REASON

    me.enter("link", "Questions", within=me.page.locator("main"))
    me.arrive(f"{here}questions/")
    me.enter("link", "Put the partner in partnership: ten questions")
    me.arrive(f"{here}questions/ten-questions/")
    ninth = me.page.locator("article.question").nth(8)
    box = ninth.locator("textarea")
    me.write(box, ANSWER)
    expect(ninth.locator(".saved")).to_contain_text("Draft kept")
    expect(box).to_be_focused()
    expect(box).to_have_value(ANSWER)
    me.enter("button", "Give this answer", within=ninth)
    expect(me.page.locator("#messages")).to_contain_text("Your answer is given.")
    assert Answer.objects.get(text=ANSWER).givings.get().by.name == "Rosa Delgado"

    tab_to(me.page, me.page.locator("details.menu summary", has_text="Rosa Delgado"))
    me.keyboard.press("Enter")
    me.enter("link", "Sign out")
    me.arrive(f"{me.visitor.base}/accounts/logout/")
    me.enter("button", "Sign out")
    me.arrive(f"{me.visitor.base}/accounts/login/")
    me.visitor.is_content()
