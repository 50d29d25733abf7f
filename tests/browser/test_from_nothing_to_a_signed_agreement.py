"""Two browsers, two languages: a coordinator and a new contact, from nothing to a signed agreement."""

import re
from io import BytesIO

import pytest
from django.core import mail
from playwright.sync_api import expect
from pypdf import PdfReader

from accounts.models import User
from partnerships.models import Partnership
from tests.browser.test_coordinator import PARTNER, Coordinator
from tests.browser.test_signing_in import Comer

pytestmark = pytest.mark.browser

CONTACT = "Trần Thị Lan"
EMAIL = "lan@tantien.example"
OURS = "Students learn how a boat is planned and built."
THEIRS = "Thợ mộc trẻ tìm được nghề."
CHANGED = "Thợ mộc trẻ tìm được nghề và người thầy."
AGREED = "Students build one boat a year, and two of them become apprentices."


class Side(Coordinator, Comer):
    """One of the two, who reads and presses what their language says."""

    def say(self, message, **words):
        return str(super().say(message, **words))

    def open_questions(self, here):
        self.visitor.go(f"{here}questions/ten-questions/")

    @property
    def first(self):
        return self.page.locator("article.question").first

    def press_in_first(self, message):
        self.visitor.press(self.say(message), within=self.first)

    def give(self, text):
        self.first.locator("textarea[name$=text]").first.fill(text)
        self.press_in_first("Give this answer")

    def change(self, text):
        self.first.locator("details:has(form[action*='/answer/']) > summary").click()
        self.give(text)

    def agree(self, text=None):
        if text:
            self.first.locator(".agreed textarea").fill(text)
        self.press_in_first("Agree to this wording")

    def set_level(self, here, level):
        self.visitor.go(f"{here}relationship/")
        self.page.locator(
            "a.button[href*='/relationship/']", has_text=self.say("Say how you see it")
        ).click()
        self.visitor.look()
        self.page.locator(f"input[name=now][value={level}]").check()
        self.page.locator(f"input[name=wanted][value={level}]").check()
        self.press("Keep this")

    def sign(self, here, name):
        self.visitor.go(f"{here}agreement/")
        self.page.locator("main a[href*='/sign/']").first.click()
        self.visitor.look()
        self.page.locator("#id_name").fill(name)
        self.page.locator("#id_authority").check()
        self.press("Go on")
        self.press("Sign this agreement")

    def names_in_the_file(self, here):
        self.visitor.go(f"{here}agreement/")
        link = self.page.locator(f"a[href*='/pdf/{self.language}/']").first.get_attribute("href")
        file = self.page.request.get(self.visitor.base + link)
        assert file.headers["content-type"] == "application/pdf"
        pages = PdfReader(BytesIO(file.body())).pages
        return " ".join(" ".join(page.extract_text() for page in pages).split())


def invite(me, here):
    """Put the new contact on the partner's side, and send her the mail."""
    me.visitor.go(f"{here}people/")
    card = me.page.locator("section.card", has=me.page.get_by_role("heading", name=PARTNER))
    card.locator("a[href*='/people/add/']").click()
    me.visitor.look()
    me.page.locator("#id_name").fill(CONTACT)
    me.page.locator("#id_email").fill(EMAIL)
    me.page.locator("input[name=roles][value=contact]").check()
    me.press("Add to the team")
    me.page.locator(".person", has_text=CONTACT).locator("a[href$='/invite/']").click()
    me.visitor.look()


def send(me, language):
    me.page.locator(f"input[name=language][value={language}]").check()
    me.press("Send the invitation")
    (letter,) = [one for one in mail.outbox if one.to == [EMAIL]]
    return re.search(r"/invitations/[\w-]+/", letter.body)[0]


@pytest.mark.parametrize(
    ("email", "name", "language", "other", "scripts"),
    [
        ("coordinator@demo.example", "Rosa Delgado", "en", "vi", True),
        ("minh@demo.example", "Minh", "vi", "en", False),
    ],
    ids=["scripts", "no-scripts"],
)
def test_from_nothing_to_a_signed_agreement(visit, email, name, language, other, scripts):
    me = Side(visit(email, language=language, scripts=scripts))
    her = Side(visit(None, language=other, scripts=scripts))

    me.add_partner()
    me.start()
    here = Partnership.objects.get(parties__partner__name=PARTNER).get_absolute_url()
    invite(me, here)
    link = send(me, other)
    her.visitor.go(link)
    her.visitor.reads(CONTACT)
    her.press("Accept the invitation")
    her.page.locator("input[name=way][value=code]").check()
    her.press("Go on")
    her.is_at("/")
    her.reads("How this works")
    assert not User.objects.get(email=EMAIL).has_usable_password()

    me.open_questions(here)
    me.give(OURS)
    her.visitor.go("/")
    her.reads("What is asked of you now")
    her.open_questions(here)
    assert OURS not in her.page.content()
    her.give(THEIRS)
    her.visitor.reads(OURS)
    her.change(CHANGED)
    her.reads("Changed since. Show the earlier answer")
    me.open_questions(here)
    me.visitor.reads(CHANGED)
    me.agree(AGREED)
    her.open_questions(here)
    her.agree()
    expect(her.first.get_by_text(her.say("agrees:"))).to_have_count(2)

    me.set_level(here, "networking")
    her.set_level(here, "networking")
    me.visitor.go(f"{here}agreement/draw-up/")
    me.visitor.reads(AGREED)
    me.visitor.reads(
        {"en": "9 questions are not agreed yet", "vi": "9 câu chưa được thống nhất"}[language]
    )
    me.press("Draw up this version")

    her.sign(here, CONTACT)
    her.reads("It is signed. The agreement waits for the other signatures.")
    me.sign(here, name)
    me.reads("It is signed by all sides, and in force.")

    for side in (me, her):
        text = side.names_in_the_file(here)
        assert CONTACT in text
        assert name in text
        assert AGREED in text
        side.visitor.is_content()
