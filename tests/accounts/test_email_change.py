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

CHANGE = reverse("accounts:change_email")
CONFIRM = reverse("accounts:confirm_email")
AGAIN = reverse("account_reauthenticate")
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


def test_who_has_no_password_is_asked_for_none(client, db):
    user = UserFactory()
    user.set_unusable_password()
    user.save()
    client.force_login(user)

    ask(client)
    confirm(client, code_in(mail.outbox[0]))

    assert address_of(user) == NEW


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
    monkeypatch.setattr("accounts.email_change.time.time", lambda: now + 901)

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


def test_a_first_password_is_set_and_told_by_mail(client, db):
    user = UserFactory()
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    word = "a quite different word"

    client.post(reverse("account_set_password"), {"password1": word, "password2": word})

    assert User.objects.get(pk=user.pk).check_password(word)
    assert is_signed_in(client)
    assert [sent.subject for sent in mail.outbox] == ["Alongside: you have a password now"]
