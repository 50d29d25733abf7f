"""A mail that did not arrive, from Today to the invitation that works; and mails turned off."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from desk.demo import send_first_digests

pytestmark = pytest.mark.browser

DIGEST = re.compile("things? waits? for you|việc đang chờ bạn")


@pytest.fixture
def mailbox(settings, tmp_path):
    """Mails are kept as on one's own computer, and can be read in the browser."""
    settings.MAIL_FOLDER = tmp_path
    settings.MAILERS = {
        "default": {"BACKEND": "accounts.mailbox.EmailBackend", "OPTIONS": {"folder": tmp_path}}
    }


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
def test_a_mail_that_did_not_arrive_is_sent_again(mailbox, visit, scripts):
    rosa = visit("coordinator@demo.example", scripts=scripts)

    rosa.reads("St. Anne’s Hospital answered on")
    rosa.follow("The mail to a.diallo@library.example could not be delivered")
    amara = rosa.page.locator(".person", has_text="Amara Diallo")
    expect(amara).to_contain_text("The mail server refused this address.")
    rosa.press("Renew Amara Diallo", within=amara)
    rosa.reads("Amara Diallo is invited")
    rosa.follow("Back to the people")
    expect(rosa.page.locator("main")).not_to_contain_text("could not be delivered")

    rosa.go("/mails/")
    rosa.follow("Rosa Delgado invites you to a partnership")
    rosa.reads("a.diallo@library.example")
    rosa.follow("Show it as a mail program does")
    rosa.follow("Open the invitation")
    rosa.reads("Amara Diallo, you are invited")
    rosa.is_content()


@pytest.mark.parametrize(
    ("email", "language", "show", "off"),
    [
        (
            "partner@demo.example",
            "en",
            "Show it as a mail program does",
            ("Turn it off", "Turn these mails off"),
        ),
        (
            "minh@demo.example",
            "vi",
            "Xem như trong chương trình thư",
            ("Tắt thư này", "Tắt loại thư này"),
        ),
    ],
)
def test_a_digest_is_read_and_turned_off(
    mailbox, visit, settings, live_server, email, language, show, off
):
    settings.SITE_URL = live_server.url
    reader = visit(email, language=language)
    send_first_digests()

    reader.go("/mails/")
    mails = reader.page.locator("li", has_text=email)
    mails.get_by_role("link", name=DIGEST).first.click()
    reader.look()
    reader.follow(show)
    reader.follow(off[0])
    reader.press(off[1])
    expect(reader.page.get_by_role("button", name=off[1], exact=True)).to_have_count(0)
    reader.go("/profile/mails/")
    expect(reader.page.locator("[name=wants_digest]")).not_to_be_checked()
    reader.page.locator("[name=wants_digest]").check()
    reader.page.locator("[name=mail_hour]").select_option("17")
    reader.page.locator("main button.primary").click()
    reader.look()

    reader.is_content()
    user = User.objects.get(email=email)
    assert (user.wants_digest, user.mail_hour) == (True, 17)
