"""Coming in: by a mailed code, a passkey, an account elsewhere; and the pages about it."""

import re

import pytest
from django.core import mail
from django.utils import translation
from django.utils.translation import gettext
from playwright.sync_api import expect

from accounts.models import User
from partnerships.models import Invitation, Seat
from tests.accounts.provider import Provider
from tests.accounts.test_providers import switch_on

pytestmark = pytest.mark.browser

ROSA = "coordinator@demo.example"
WAYS = pytest.mark.parametrize(
    ("language", "scripts"),
    [("en", True), ("vi", True), ("en", False)],
    ids=["en", "vi", "no-scripts"],
)


class Comer:
    """Somebody at a browser, who reads and presses what their language says."""

    def __init__(self, visitor):
        self.visitor, self.page, self.language = visitor, visitor.page, visitor.language

    def say(self, message, **words):
        with translation.override(self.language):
            return gettext(message) % words

    def press(self, message, **words):
        self.visitor.press(self.say(message, **words))

    def touch(self, message, there):
        """Press what asks the device, which then goes on by itself."""
        self.page.get_by_role("button", name=self.say(message), exact=True).click()
        self.page.wait_for_url(self.visitor.base + there)
        self.visitor.look()

    def reads(self, message, **words):
        self.visitor.reads(self.say(message, **words))

    def ask_for_code(self, email):
        self.visitor.go("/accounts/login/")
        self.page.locator("input[name=email]").fill(email)
        self.press("Send me a code")

    def enter(self, code):
        self.page.locator("input[name=code]").fill(code)
        self.page.locator("main button.primary").click()
        self.visitor.look()

    def is_at(self, path):
        assert self.page.url == self.visitor.base + path


def newest_code() -> str:
    return re.search(r"^\d{4}-\d{4}$", mail.outbox[-1].body, re.MULTILINE)[0]


def speak(email, language):
    User.objects.filter(email=email).update(language=language)


def authenticator_of(page, **options):
    """Give a browser a device that keeps passkeys, and presses its button by itself."""
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    usual = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": usual | options})


@WAYS
def test_by_a_mailed_code(visit, language, scripts):
    comer = Comer(visit(None, language=language, scripts=scripts))
    speak(ROSA, language)

    comer.ask_for_code(ROSA)
    comer.enter("0000-0000")
    comer.reads("This code is not right. Enter the one from the newest mail.")
    comer.enter(newest_code())

    comer.is_at("/")
    comer.visitor.is_content()


@WAYS
def test_from_an_invitation_to_the_first_page_without_a_password(visit, language, scripts):
    comer = Comer(visit(None, language=language, scripts=scripts))
    invitation = invite(language)

    comer.visitor.go(invitation.path)
    comer.press("Accept the invitation")
    comer.reads("How do you want to sign in?")
    comer.press("Go on")

    user = User.objects.get(email=invitation.email)
    assert not user.has_usable_password()
    comer.is_at("/")
    comer.reads("How this works")
    comer.visitor.reads(invitation.partnership.title)
    comer.visitor.is_content()


@pytest.mark.parametrize("language", ["en", "vi"])
def test_from_an_invitation_by_passkey_and_back_with_it(visit, language):
    comer = Comer(visit(None, language=language))
    authenticator_of(comer.page)
    invitation = invite(language)

    comer.visitor.go(invitation.path)
    comer.press("Accept the invitation")
    comer.page.locator("input[value=passkey]").check()
    comer.press("Go on")
    home, after = "/", "?next=%2F"
    comer.is_at(f"/accounts/passkeys/add/{after}")
    comer.touch("Add the passkey", f"/accounts/second-step/spare-codes/{after}")
    comer.page.get_by_role("link", name=comer.say("I have kept them")).click()
    comer.page.wait_for_url(comer.visitor.base + home)
    comer.is_at(home)
    comer.visitor.go("/accounts/passkeys/")
    comer.visitor.go("/accounts/second-step/")
    comer.visitor.go("/accounts/logout/")
    comer.page.locator("main button.primary").click()
    comer.page.wait_for_url("**/accounts/login/")
    comer.touch("Sign in with a passkey", "/")

    comer.visitor.is_content()


def test_a_passkey_as_the_second_step_and_once_more_before_changes(visit):
    rosa = Comer(visit(ROSA))
    authenticator_of(rosa.page)
    rosa.visitor.go("/accounts/passkeys/add/")
    rosa.page.locator("input[name=password]").fill("alongside-demo")
    rosa.press("Go on")
    rosa.page.get_by_label("Name").fill("Laptop")
    rosa.touch("Add the passkey", "/accounts/second-step/spare-codes/")
    rosa.page.context.clear_cookies(name="sessionid")

    rosa.page.goto(rosa.visitor.base + "/accounts/login/")
    rosa.page.locator("input[name=login]").fill(ROSA)
    rosa.page.locator("input[name=password]").fill("alongside-demo")
    rosa.page.locator("form:has(input[type=password]) button").click()
    rosa.page.wait_for_url("**/accounts/second-step/code/")
    rosa.visitor.look()
    rosa.touch("Use the passkey", "/")
    rosa.visitor.go("/accounts/passkeys/again/?next=/profile/email/")
    rosa.touch("Use the passkey", "/profile/email/")

    rosa.visitor.is_content()


def test_without_a_passkey_on_the_device_the_page_says_so(visit):
    comer = Comer(visit(None))
    authenticator_of(comer.page)
    comer.visitor.go("/accounts/login/")

    comer.press("Sign in with a passkey")

    expect(comer.page.get_by_role("alert")).to_contain_text("That did not work.")
    comer.visitor.look()
    comer.visitor.is_content()


def test_without_scripts_passkeys_are_explained_not_offered(visit):
    comer = Comer(visit(None, scripts=False))

    comer.visitor.go("/accounts/login/")

    expect(comer.page.get_by_role("button", name="Sign in with a passkey")).to_have_count(0)
    comer.reads("Passkeys need a browser with JavaScript")


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_by_an_account_elsewhere(visit, settings, scripts):
    provider = Provider()
    provider.claims["email"] = ROSA
    switch_on(settings, provider.app())
    comer = Comer(visit(None, scripts=scripts))
    comer.visitor.go("/accounts/login/")

    comer.page.get_by_role("button", name="Sign in with Test ID").click()
    comer.page.wait_for_url(comer.visitor.base + "/")

    comer.visitor.go("/profile/")
    comer.reads("Your account there signs you in.")
    comer.visitor.is_content()
    provider.close()


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_pages_about_it(visit, language):
    visit(ROSA)  # another device
    rosa = Comer(visit(ROSA, language="en"))
    speak(ROSA, language)
    rosa.language = rosa.visitor.language = language

    rosa.visitor.go("/profile/")
    rosa.visitor.go("/profile/sessions/")
    rosa.press("Sign out all others")
    rosa.reads("All other devices are signed out.")
    rosa.visitor.go("/profile/email/")
    rosa.page.locator("input[name=password]").fill("alongside-demo")
    rosa.press("Go on")
    rosa.page.locator("input[name=email]").fill("rosa@new.example")
    rosa.press("Send the code")
    rosa.page.locator("input[name=code]").fill(newest_code())
    rosa.press("Change the address")
    rosa.reads("Your email address is changed.")

    rosa.visitor.is_content()
    assert User.objects.filter(email="rosa@new.example").exists()


def invite(language) -> Invitation:
    """Invite somebody of a partner in the demo who has one seat, and no login yet."""
    theirs = Seat.objects.current().exclude(party__partner=None)
    seat = next(seat for seat in theirs if seat.may_be_invited and seat.person.seats.count() == 1)
    alice = User.objects.get(email=ROSA)
    return Invitation.objects.invite(seat, "guest@partner.example", by=alice, language=language)
