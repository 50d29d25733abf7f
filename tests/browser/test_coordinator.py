"""One partnership, from the first idea into a second cycle, as a coordinator lives it."""

import re

import pytest
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import expect

from partnerships.models import Partnership
from partnerships.stages import Stage

pytestmark = pytest.mark.browser

PARTNER = "Xưởng mộc Tân Tiến"
REASON = {"en": "Both sides are ready now", "vi": "Hai bên đã sẵn sàng rồi"}
OWN_ITEM = {"en": "Visit the workshop together", "vi": "Cùng đến thăm xưởng"}


class Coordinator:
    """A coordinator at a browser, who reads and presses what their language says."""

    def __init__(self, visitor):
        self.visitor, self.page, self.language = visitor, visitor.page, visitor.language

    def say(self, message, **words):
        with translation.override(self.language):
            return gettext(message) % words if words else gettext(message)

    def follow(self, message, **words):
        self.visitor.follow(self.say(message, **words))

    def press(self, message, **words):
        self.visitor.press(self.say(message, **words))

    def reads(self, message, **words):
        self.visitor.reads(self.say(message, **words))

    def add_partner(self):
        self.follow("Partners")
        self.follow("Add a partner")
        self.page.locator("#id_name").fill(PARTNER)
        self.page.locator("#id_kind").select_option("business")
        self.press("Save the partner")
        expect(self.page.get_by_role("heading", level=1)).to_have_text(PARTNER)

    def start(self):
        self.follow("Today")
        self.follow("Start a partnership")
        self.press("Start now")
        self.page.get_by_label("Lincoln High School").check()
        self.press("Go on")
        self.page.locator("#id_partner").select_option(label=PARTNER)
        self.press("Go on")
        self.press("Go on")  # without an answer, on purpose
        self.reads("Write in a sentence what the partnership is for.")
        expect(self.page).to_have_title(self.starts_with(self.say("Error:")))
        self.page.locator("#id_purpose").fill("Students build a boat with the carpenters.")
        self.press("Go on")
        self.page.locator("input[name=engagements][value=internship]").check()
        self.press("Go on")
        self.page.locator("input[name=level_now][value=networking]").check()
        self.press("Go on")
        self.press("Go on")
        self.reads("Check your answers")
        self.visitor.reads("Students build a boat with the carpenters.")
        self.press("Start the partnership")
        self.reads("To do in this stage")

    def starts_with(self, text):
        return re.compile("^" + re.escape(text))

    def tick_first(self):
        button = self.page.locator("#items .tick").first
        button.click()
        expect(self.page.locator("#items .tick").first).to_have_attribute("aria-pressed", "true")
        expect(self.page.locator("#stage-count")).to_have_text(
            self.say("%(done)s of %(total)s done", done=1, total=10)
        )
        expect(self.page.locator("#tab-count")).to_have_text("1/31")
        self.visitor.look()

    def add_own_item(self):
        self.follow("Add an item of your own")
        self.page.locator("#id_wording").fill(OWN_ITEM[self.language])
        self.press("Add the item")
        self.visitor.reads(OWN_ITEM[self.language])

    def mark_not_relevant(self):
        self.page.locator("#items .todo .more").nth(1).click()
        self.visitor.look()
        self.follow("Not relevant here")
        self.page.locator("#id_reason").fill(REASON[self.language])
        self.press("Mark as not relevant")
        self.visitor.reads(REASON[self.language])
        self.follow("Guide")

    def move_on(self, number, *, reason):
        self.follow("Move to stage %(number)s", number=number)
        if reason:
            self.press("Move to stage %(number)s", number=number)
            self.reads("Say why, in a few words.")
            self.page.locator("#id_reason").fill(REASON[self.language])
        self.press("Move to stage %(number)s", number=number)
        self.visitor.reads(str(self.heading(number)))

    def heading(self, number):
        with translation.override(self.language):
            return str(list(Stage)[number].heading)

    def recommit(self):
        self.follow("Recommit: begin a new cycle")
        self.page.locator("input[name=stage][value=direction]").check()
        self.page.locator("#id_reason").fill(REASON[self.language])
        self.press("Begin the new cycle")
        self.visitor.reads(self.heading(2))

    def look_at_first_cycle(self):
        self.follow("Record")
        self.follow("Cycles")
        self.follow("Cycle %(number)s", number=1)
        self.visitor.reads(OWN_ITEM[self.language])
        self.visitor.reads(REASON[self.language])


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
@pytest.mark.parametrize(
    ("email", "language"), [("coordinator@demo.example", "en"), ("minh@demo.example", "vi")]
)
def test_from_the_first_idea_into_a_second_cycle(visit, email, language, scripts):
    me = Coordinator(visit(email, language=language, scripts=scripts))

    me.add_partner()
    me.start()
    me.tick_first()
    me.add_own_item()
    me.mark_not_relevant()
    for number in range(1, 6):
        me.move_on(number, reason=True)
    me.recommit()
    me.look_at_first_cycle()

    me.visitor.is_content()
    partnership = Partnership.objects.get(parties__partner__name=PARTNER)
    assert (partnership.cycle, partnership.stage) == (2, Stage.DIRECTION)
    assert partnership.moves.count() == 7
    first = partnership.items.filter(cycle=1)
    assert (first.filter(state="done").count(), first.filter(state="not-relevant").count()) == (
        1,
        1,
    )
    assert first.filter(template_item=None).count() == 1
