"""Sign-in by a code that comes by mail: the plain way, and how it could be misused."""

import re
import time

import pytest
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.access.test_bad_input import NASTY
from tests.access.test_signing_in import (
    WRONG,
    is_signed_in,
    lock,
    sign_in,
    sign_in_elsewhere,
    words,
)
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.usefixtures("mails_leave_at_once")

ASK = reverse("account_request_login_code")
ENTER = reverse("account_confirm_login_code")
NOT_RIGHT = "This code is not right. Enter the one from the newest mail."
TOO_MANY = "Too many attempts. Wait five minutes, then try again."


def ask(client, email, **extra):
    return client.post(ASK, {"email": email}, follow=True, **extra)


def code_in(message) -> str:
    return re.search(r"^\d{4}-\d{4}$", message.body, re.MULTILINE)[0]


def enter(client, code, **more):
    return client.post(ENTER, {"code": code, **more})


def wrong(code: str) -> str:
    return "".join(str((int(digit) + 1) % 10) if digit.isdigit() else digit for digit in code)


# The plain way


def test_a_code_lets_in(client, alice):
    shown = ask(client, alice.email)
    assert shown.request["PATH_INFO"] == ENTER
    [sent] = mail.outbox

    response = enter(client, code_in(sent))

    assert sent.to == [alice.email]
    assert response.url == "/"
    assert is_signed_in(client)


@pytest.mark.parametrize("written", ["{}{}", "{} {}", " {}-{} "])
def test_however_it_is_typed(client, alice, written):
    ask(client, alice.email)
    halves = code_in(mail.outbox[0]).split("-")

    enter(client, written.format(*halves))

    assert is_signed_in(client)


def test_it_returns_to_where_one_wanted_to_go(client, alice):
    client.post(ASK, {"email": alice.email, "next": "/profile/"}, follow=True)

    response = enter(client, code_in(mail.outbox[0]), next="/profile/")

    assert response.url == "/profile/"


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example/"])
def test_it_never_leads_to_another_site(client, alice, there):
    client.post(ASK, {"email": alice.email, "next": there}, follow=True)

    assert enter(client, code_in(mail.outbox[0]), next=there).url == "/"


@pytest.mark.parametrize(
    ("language", "subject", "line"),
    [
        ("en", "Alongside: your code", "this is your code to sign in to Alongside:"),
        ("vi", "Đồng hành: mã đăng nhập của bạn", "Đây là mã để bạn đăng nhập Đồng hành:"),
    ],
)
def test_the_mail_speaks_the_language_of_its_reader(client, alice, language, subject, line):
    User.objects.filter(pk=alice.pk).update(language=language)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en" if language == "vi" else "vi"

    ask(client, alice.email)

    [sent] = mail.outbox
    assert sent.subject == subject
    assert line in sent.body
    assert alice.name in sent.body


def test_an_account_without_a_password_needs_none(client, db):
    user = UserFactory()
    user.set_unusable_password()
    user.save()
    ask(client, user.email)

    enter(client, code_in(mail.outbox[0]))

    assert is_signed_in(client)


def test_the_second_step_is_still_asked_for(client, alice):
    TOTP.activate(alice, generate_totp_secret())
    ask(client, alice.email)

    response = enter(client, code_in(mail.outbox[0]))

    assert response.url == reverse("mfa_authenticate")
    assert not is_signed_in(client)


def test_an_admin_without_a_second_step_sets_it_up_first(client, district):
    newcomer = UserFactory(is_staff=True, second_step=False)
    district.admins.add(newcomer)
    ask(client, newcomer.email)

    enter(client, code_in(mail.outbox[0]))

    assert client.get("/").url == reverse("mfa_index")


@pytest.mark.parametrize(("more", "stays"), [({}, False), ({"remember": "on"}, True)])
def test_one_stays_signed_in_only_where_one_says_so(client, alice, more, stays):
    ask(client, alice.email)

    enter(client, code_in(mail.outbox[0]), **more)

    assert client.session.get_expire_at_browser_close() is not stays


def test_another_code_can_be_asked_for_and_ends_the_first(client, alice):
    ask(client, alice.email)
    client.post(ENTER, {"action": "resend"})
    first, second = map(code_in, mail.outbox)

    enter(client, first)
    assert first == second or not is_signed_in(client)
    enter(client, second)

    assert is_signed_in(client)


def test_only_two_more(client, alice):
    ask(client, alice.email)
    for _time in range(4):
        client.post(ENTER, {"action": "resend"})

    assert len(mail.outbox) == 3


# The same words, whoever it is


def test_known_and_unknown_addresses_get_the_same_answers(client, alice):
    pages = []
    for email in (alice.email, "nobody@school.example"):
        browser = Client()
        told = [ask(browser, email)]
        told += [enter(browser, "0000-0000"), browser.get(ENTER)]
        told += [browser.post(ENTER, {"action": "resend"}, follow=True)]
        told += [enter(browser, "0000-0000"), enter(browser, "0000-0000"), browser.get(ASK)]
        pages.append([(page.status_code, words(page).replace(email, "EMAIL")) for page in told])

    assert pages[0] == pages[1]
    assert {sent.to[0] for sent in mail.outbox} == {alice.email}


def test_a_closed_account_is_as_unknown(client, alice):
    User.objects.filter(pk=alice.pk).update(is_active=False)

    shown = ask(client, alice.email)

    assert mail.outbox == []
    assert "If there is an account for" in words(shown)


def test_closed_after_the_mail_it_does_not_let_in(client, alice):
    ask(client, alice.email)
    User.objects.filter(pk=alice.pk).update(is_active=False)

    enter(client, code_in(mail.outbox[0]))

    assert not is_signed_in(client)


@pytest.mark.parametrize("code", ["", "0000-0000", "None", "\0"])
def test_no_code_fits_an_address_without_an_account(client, db, code):
    ask(client, "nobody@school.example")

    enter(client, code)

    assert not is_signed_in(client)


# What must not let in


def test_a_code_lets_in_once(client, alice):
    ask(client, alice.email)
    code = code_in(mail.outbox[0])
    enter(client, code)
    client.post(reverse("account_logout"))

    enter(client, code)

    assert not is_signed_in(client)


def test_a_code_is_for_the_browser_that_asked(client, alice):
    ask(client, alice.email)
    thief = Client()
    ask(thief, alice.email)

    enter(thief, code_in(mail.outbox[0]))

    assert not is_signed_in(thief)


def test_a_code_is_for_the_account_that_asked(client, alice, bob):
    ask(client, bob.email)
    mine = Client()
    ask(mine, alice.email)

    enter(mine, code_in(mail.outbox[0]))

    assert not is_signed_in(mine)


def test_after_fifteen_minutes_it_is_too_late(client, alice, monkeypatch):
    ask(client, alice.email)
    now = time.time()
    monkeypatch.setattr(
        "allauth.account.internal.flows.code_verification.time.time", lambda: now + 15 * 60 + 1
    )

    response = enter(client, code_in(mail.outbox[0]))

    assert response.url == ASK
    assert not is_signed_in(client)


def test_after_three_wrong_ones_the_code_is_gone(client, alice):
    ask(client, alice.email)
    code = code_in(mail.outbox[0])
    assert NOT_RIGHT in words(enter(client, wrong(code)))
    enter(client, wrong(code))
    assert enter(client, wrong(code)).url == ASK

    enter(client, code)

    assert not is_signed_in(client)


def guess(email, times, **extra):
    """Wrong codes, each browser three at most."""
    for _time in range(times):
        browser = Client(**extra)
        ask(browser, email)
        for _again in range(3):
            enter(browser, "0000-0000")


def test_five_wrong_ones_lock_the_account_for_codes_and_passwords(client, alice):
    guess(alice.email, 2)

    assert TOO_MANY in words(sign_in(client, alice.email))
    ask(client, alice.email)
    shown = enter(client, code_in(mail.outbox[-1]))

    assert TOO_MANY in words(shown)
    assert not is_signed_in(client)


def test_wrong_passwords_lock_for_codes_too(client, alice):
    lock(alice.email)
    ask(client, alice.email)

    enter(client, code_in(mail.outbox[-1]))

    assert not is_signed_in(client)


def test_a_right_code_counts_as_no_failure(client, alice):
    for _time in range(3):
        browser = Client()
        ask(browser, alice.email)
        enter(browser, code_in(mail.outbox[-1]))
        assert is_signed_in(browser)

    for _attempt in range(4):
        sign_in(Client(), alice.email, WRONG)
    sign_in(client, alice.email)

    assert is_signed_in(client)


@pytest.mark.django_db(transaction=True)
def test_the_lock_holds_across_processes(client):
    user = UserFactory(email="codes@processes.example")
    guess(user.email, 2)

    assert sign_in_elsewhere(user.email, PASSWORD) == 302


def test_a_mailbox_is_not_flooded(client, alice):
    for _time in range(6):
        shown = ask(Client(), alice.email)

    assert len(mail.outbox) == 3
    assert TOO_MANY in words(shown)


def test_nor_by_way_of_capitals(client, alice):
    for email in (alice.email, alice.email.upper(), alice.email.title(), f" {alice.email} "):
        ask(Client(), email)

    assert len(mail.outbox) == 3


def test_one_computer_does_not_ask_for_everybody(client, db):
    for number in range(21):
        shown = ask(Client(), f"person{number}@x.example")

    assert TOO_MANY in words(shown)


# Whatever arrives


def test_no_answer_is_a_500(client, alice):
    client.raise_request_exception = False
    for text in NASTY:
        assert ask(client, text).status_code < 500, text
    ask(client, alice.email)
    for text in NASTY:
        for data in ({"code": text}, {"action": text}, {"code": text, "remember": text}):
            assert client.post(ENTER, data).status_code < 500, text

    assert not is_signed_in(client)


def test_a_post_without_the_token_of_its_page_sends_no_mail(alice):
    strict = Client(enforce_csrf_checks=True)

    assert strict.post(ASK, {"email": alice.email}).status_code == 403
    assert mail.outbox == []


def test_looking_sends_no_mail(client, alice):
    client.get(ASK, {"email": alice.email})
    client.head(ASK)
    client.get(ENTER)

    assert mail.outbox == []
