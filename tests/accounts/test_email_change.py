"""Another email address: confirmed at the new one, told to the old one."""

import re
import time

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.access.test_bad_input import NASTY
from tests.access.test_signing_in import is_signed_in, sign_in
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.usefixtures("mails_leave_at_once")

CHANGE = reverse("accounts:change_email")
CONFIRM = reverse("accounts:confirm_email")
AGAIN = reverse("account_reauthenticate")
AGAIN_BY_MAIL = reverse("accounts:code_again")
NEW = "alice@new.example"


def code_in(message) -> str:
    return re.search(r"^\d{4}-\d{4}$", message.body, re.MULTILINE)[0]


@pytest.fixture
def at_profile(client, alice):
    """Alice, who has just said once more who she is."""
    client.force_login(alice)
    client.post(AGAIN, {"password": PASSWORD})
    return client


def ask(client, email=NEW):
    response = client.post(CHANGE, {"email": email})
    assert (response.status_code, response.url) == (302, CONFIRM)


def confirm(client, code):
    return client.post(CONFIRM, {"code": code})


def address_of(user) -> str:
    return User.objects.get(pk=user.pk).email


def test_it_counts_once_the_code_is_entered(at_profile, alice):
    ask(at_profile)
    [asked] = mail.outbox
    assert asked.to == [NEW]
    assert address_of(alice) == "alice@school.example"

    response = confirm(at_profile, code_in(asked))

    assert response.url == reverse("accounts:profile")
    assert address_of(alice) == NEW
    told = mail.outbox[1]
    assert told.to == ["alice@school.example"]
    assert told.subject == "Alongside: your email address is changed"
    assert f"from alice@school.example to {NEW}" in told.body


def test_from_then_on_one_signs_in_with_the_new_one(at_profile, alice):
    EmailAddress.objects.create(user=alice, email=alice.email, verified=True, primary=True)
    ask(at_profile)
    confirm(at_profile, code_in(mail.outbox[0]))
    old, new = Client(), Client()

    sign_in(old, "alice@school.example")
    sign_in(new, NEW)

    assert not is_signed_in(old)
    assert is_signed_in(new)


def test_in_the_language_of_their_reader(at_profile, alice):
    User.objects.filter(pk=alice.pk).update(language="vi")

    ask(at_profile)
    confirm(at_profile, code_in(mail.outbox[0]))

    assert [sent.subject for sent in mail.outbox] == [
        "Đồng hành: xác nhận địa chỉ email mới",
        "Đồng hành: địa chỉ email của bạn đã đổi",
    ]


def test_it_asks_for_the_password_once_more(client, alice):
    client.force_login(alice)

    assert client.get(CHANGE).url.startswith(AGAIN)
    assert client.post(CHANGE, {"email": NEW}).url.startswith(AGAIN)
    assert mail.outbox == []


# Who has nothing but a mailbox


@pytest.fixture
def by_mail(client, db):
    """Somebody who signs in by a code each time; the last time a while ago."""
    user = UserFactory(email="mai@x.example", language="vi")
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    return user


def say_who(client, there=CHANGE):
    """Enter the code that is asked for first."""
    asked = client.get(there).url
    assert asked == f"{AGAIN_BY_MAIL}?next={there}"
    assert client.post(asked).url == asked
    response = client.post(asked, {"code": code_in(mail.outbox[-1])})
    assert (response.status_code, response.url) == (302, there)
    mail.outbox.clear()


def test_who_has_no_password_is_asked_for_a_code_from_the_old_mailbox(client, by_mail):
    asked = client.get(CHANGE).url
    client.post(asked)

    [sent] = mail.outbox
    assert (sent.to, sent.subject) == ([by_mail.email], "Đồng hành: mã đăng nhập của bạn")
    assert client.post(CHANGE, {"email": NEW}).url == asked
    client.post(asked, {"code": "0000-0000"})
    assert client.post(CHANGE, {"email": NEW}).url == asked

    client.post(asked, {"code": code_in(sent)})
    mail.outbox.clear()
    ask(client)
    confirm(client, code_in(mail.outbox[0]))
    assert address_of(by_mail) == NEW


def test_looking_at_the_page_sends_no_mail(client, by_mail):
    client.get(client.get(CHANGE).url)

    assert mail.outbox == []


def test_three_wrong_ones_end_it(client, by_mail):
    asked = client.get(CHANGE).url
    client.post(asked)
    for _attempt in range(3):
        client.post(asked, {"code": "0000-0000"})

    client.post(asked, {"code": code_in(mail.outbox[0])})

    assert client.get(CHANGE).url == asked


@pytest.mark.parametrize("name", ["account_set_password", "mfa_add_webauthn", "mfa_activate_totp"])
def test_it_stands_before_every_change_of_how_one_signs_in(client, by_mail, name):
    there = reverse(name)
    say_who(client, there)

    assert client.get(there).status_code == 200


def test_it_holds_for_five_minutes(client, by_mail, monkeypatch):
    say_who(client)
    assert client.get(CHANGE).status_code == 200
    now = time.time()
    monkeypatch.setattr("accounts.mailed_code.time.time", lambda: now + 301)

    assert client.get(CHANGE).url.startswith(AGAIN_BY_MAIL)


def test_who_has_just_come_in_by_a_code_is_not_asked_for_another(client, by_mail):
    client.logout()
    client.post(reverse("account_request_login_code"), {"email": by_mail.email})
    client.post(reverse("account_confirm_login_code"), {"code": code_in(mail.outbox[0])})

    assert client.get(CHANGE).status_code == 200


def test_who_has_a_password_cannot_go_by_mail_instead(client, alice):
    client.force_login(alice)

    assert client.post(f"{AGAIN_BY_MAIL}?next={CHANGE}").url == CHANGE
    assert mail.outbox == []
    assert client.get(CHANGE).url.startswith(AGAIN)


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example/"])
def test_it_leads_to_no_other_site(client, by_mail, there):
    asked = f"{AGAIN_BY_MAIL}?next={there}"
    client.post(asked)

    assert client.post(asked, {"code": code_in(mail.outbox[0])}).url == "/"


# Whose address it is


def test_somebody_elses_address_cannot_be_told_from_a_free_one(at_profile, alice, bob):
    pages = []
    for email in (NEW, bob.email.upper()):
        ask(at_profile, email)
        page = at_profile.get(CONFIRM).content.decode()
        wrong = confirm(at_profile, "0000-0000").content.decode()
        strip = re.compile(r'name="(csrfmiddlewaretoken|once)" value="\w+"|X-CSRFToken": "\w+')
        pages.append([strip.sub("", one).replace(email.lower(), "") for one in (page, wrong)])

    assert pages[0] == pages[1]
    assert [(sent.to, sent.subject) for sent in mail.outbox] == [
        ([NEW], "Alongside: confirm your new email address"),
        ([bob.email], "Alongside: you have an account already"),
    ]
    assert address_of(alice) == "alice@school.example"


def test_an_address_that_was_taken_meanwhile_is_refused(at_profile, alice):
    ask(at_profile)
    UserFactory(email=NEW)

    response = confirm(at_profile, code_in(mail.outbox[0]))

    assert response.url == CHANGE
    assert address_of(alice) == "alice@school.example"


@pytest.mark.parametrize(
    "email", ["", "nonsense", "a@b", "alice@school.example", "ALICE@school.example"]
)
def test_no_other_address_is_taken(at_profile, email):
    response = at_profile.post(CHANGE, {"email": email})

    assert response.status_code == 200
    assert response.context["form"].errors["email"]
    assert mail.outbox == []


def test_three_wrong_codes_end_it(at_profile, alice):
    ask(at_profile)
    code = code_in(mail.outbox[0])
    for _attempt in range(3):
        confirm(at_profile, "0000-0000" if code != "0000-0000" else "1111-1111")

    assert confirm(at_profile, code).url == CHANGE
    assert address_of(alice) == "alice@school.example"


def test_after_fifteen_minutes_it_is_too_late(at_profile, alice, monkeypatch):
    ask(at_profile)
    now = time.time()
    monkeypatch.setattr("accounts.mailed_code.time.time", lambda: now + 901)

    assert confirm(at_profile, code_in(mail.outbox[0])).url == CHANGE
    assert address_of(alice) == "alice@school.example"


def test_a_code_is_for_the_session_that_asked(at_profile, alice, bob):
    ask(at_profile)
    other = Client()
    other.force_login(bob)
    other.post(AGAIN, {"password": PASSWORD})
    ask(other, "bob@new.example")

    confirm(other, code_in(mail.outbox[0]))

    assert address_of(bob) == "bob@partner.example"


def test_nobody_sends_mail_without_end(at_profile):
    for number in range(5):
        ask(at_profile, f"a{number}@new.example")

    assert at_profile.post(CHANGE, {"email": NEW}).status_code == 429
    assert len(mail.outbox) == 5


def test_no_answer_is_a_500(at_profile, alice):
    at_profile.raise_request_exception = False
    for text in NASTY:
        assert at_profile.post(CHANGE, {"email": text}).status_code < 500, text
    ask(at_profile)
    for text in NASTY:
        assert confirm(at_profile, text).status_code < 500, text

    assert address_of(alice) == "alice@school.example"


# By an operator


@pytest.fixture
def operator(ola):
    client = Client()
    client.force_login(ola)
    return client


@pytest.mark.ignore_template_errors
def test_an_address_changed_by_an_operator_is_told_to_the_old_one(operator, alice):
    page = reverse("admin:accounts_user_change", args=[alice.pk])
    data = {"name": alice.name, "language": "en", "is_active": "on"}

    operator.post(page, data | {"email": alice.email})
    assert mail.outbox == []
    operator.post(page, data | {"email": NEW})

    assert address_of(alice) == NEW
    [sent] = mail.outbox
    assert (sent.to, sent.subject) == (
        ["alice@school.example"],
        "Alongside: your email address is changed",
    )


@pytest.mark.ignore_template_errors
def test_a_password_set_by_an_operator_is_told_and_ends_sessions(operator, client, alice):
    sign_in(client, alice.email)
    word = "a quite different word"

    operator.post(
        reverse("admin:auth_user_password_change", args=[alice.pk]),
        {"usable_password": "true", "password1": word, "password2": word, "set-password": "1"},
    )

    assert User.objects.get(pk=alice.pk).check_password(word)
    assert not is_signed_in(client)
    assert operator.get("/").status_code == 200
    assert [sent.to for sent in mail.outbox] == [[alice.email]]


def test_in_the_admin_ones_own_password_has_no_page_of_its_own(operator):
    assert operator.get("/admin/password_change/").url == reverse("account_change_password")


# Passwords


def test_changed_passwords_are_told_by_mail(client, alice):
    client.force_login(alice)
    word = "a quite different word"

    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": word, "password2": word},
    )

    [sent] = mail.outbox
    assert (sent.to, sent.subject) == ([alice.email], "Alongside: your password is changed")
    assert "a browser that does not say its name" in sent.body


def test_a_first_password_is_set_and_told_by_mail(client, by_mail):
    word = "a quite different word"
    say_who(client, reverse("account_set_password"))

    client.post(reverse("account_set_password"), {"password1": word, "password2": word})

    assert User.objects.get(pk=by_mail.pk).check_password(word)
    assert is_signed_in(client)
    assert [sent.subject for sent in mail.outbox] == ["Đồng hành: tài khoản của bạn đã có mật khẩu"]
