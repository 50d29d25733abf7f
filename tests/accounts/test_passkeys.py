"""Passkeys: added, used alone or as the second step, renamed and removed; and what must not let in."""

import json

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.access.test_bad_input import NASTY
from tests.accounts.passkey import SoftPasskey
from tests.accounts.test_codes import code_in
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.usefixtures("mails_leave_at_once")

LOGIN = reverse("account_login")
BY_PASSKEY = reverse("mfa_login_webauthn")
ADD = reverse("mfa_add_webauthn")
LIST = reverse("mfa_list_webauthn")
ENTER = reverse("mfa_authenticate")
AGAIN = reverse("account_reauthenticate")
SPARE = reverse("mfa_view_recovery_codes")
UNKNOWN = "This passkey is not known here. Use another one, or another way to sign in."
AJAX = {"accept": "application/json"}


class Browser(Client):
    """At the name that passkeys are bound to."""

    def __init__(self):
        super().__init__(headers={"host": "localhost"})


@pytest.fixture
def client():
    return Browser()


def sign_in(client, user):
    return client.post(LOGIN, {"login": user.email, "password": PASSWORD})


def is_in(client) -> bool:
    return client.get("/").status_code == 200


def add(client, user, *, name="My phone", **what) -> SoftPasskey:
    """Sign in and add one as the pages ask; sign out again."""
    sign_in(client, user)
    client.post(AGAIN, {"password": PASSWORD})
    passkey = SoftPasskey(**what)
    options = client.get(ADD).context["js_data"]
    response = client.post(ADD, {"name": name, "credential": passkey.create(options)})
    assert (response.status_code, response.url) == (302, SPARE)
    client.logout()
    return passkey


def options_to_sign_in(client) -> dict:
    return client.get(BY_PASSKEY, headers=AJAX).json()


def come_by(client, passkey, **more):
    return client.post(BY_PASSKEY, {"credential": passkey.get(options_to_sign_in(client)), **more})


# Adding


def test_one_is_added_told_by_mail_and_spare_codes_are_shown(client, alice):
    add(client, alice, name="Điện thoại")

    kept = Authenticator.objects.get(user=alice, type="webauthn")
    assert str(kept) == "Điện thoại"
    assert Authenticator.objects.filter(user=alice, type="recovery_codes").exists()
    assert [sent.subject for sent in mail.outbox] == ["Alongside: a passkey is added"]
    assert mail.outbox[0].to == [alice.email]


def test_adding_asks_for_the_password_once_more(client, alice):
    sign_in(client, alice)

    response = client.get(ADD)

    assert response.url.startswith(AGAIN)


def test_a_key_that_asks_for_nothing_is_no_passkey(client, alice):
    sign_in(client, alice)
    client.post(AGAIN, {"password": PASSWORD})
    passkey = SoftPasskey(verified=False)
    options = client.get(ADD).context["js_data"]

    response = client.post(ADD, {"name": "", "credential": passkey.create(options)})

    assert response.status_code == 200
    assert UNKNOWN in response.content.decode()
    assert not Authenticator.objects.exists()


@pytest.mark.parametrize(
    "what", [{"origin": "https://evil.example"}, {"site": "evil.example"}, {"origin": "http://x"}]
)
def test_one_made_elsewhere_is_refused(client, alice, what):
    sign_in(client, alice)
    client.post(AGAIN, {"password": PASSWORD})
    options = client.get(ADD).context["js_data"]

    client.post(ADD, {"name": "", "credential": SoftPasskey(**what).create(options)})

    assert not Authenticator.objects.exists()


def test_an_answer_to_an_older_page_is_refused(client, alice):
    sign_in(client, alice)
    client.post(AGAIN, {"password": PASSWORD})
    options = client.get(ADD).context["js_data"]
    client.get(ADD)

    client.post(ADD, {"name": "", "credential": SoftPasskey().create(options)})

    assert not Authenticator.objects.exists()


def test_without_a_name_it_gets_one(client, alice):
    add(client, alice, name="")

    assert str(Authenticator.objects.get(type="webauthn")) == "Passkey 1"


# Signing in


def test_it_lets_in_by_itself(client, alice):
    passkey = add(client, alice)

    response = come_by(client, passkey)

    assert response.url == "/"
    assert is_in(client)


def test_it_returns_to_where_one_wanted_to_go(client, alice):
    passkey = add(client, alice)

    assert come_by(client, passkey, next="/profile/").url == "/profile/"
    client.logout()
    assert come_by(client, passkey, next="https://evil.example/").url == "/"


def test_an_answer_lets_in_once(client, alice):
    passkey = add(client, alice)
    answer = passkey.get(options_to_sign_in(client))
    client.post(BY_PASSKEY, {"credential": answer})
    client.logout()

    client.post(BY_PASSKEY, {"credential": answer})
    options_to_sign_in(client)
    client.post(BY_PASSKEY, {"credential": answer})

    assert not is_in(client)


def test_an_answer_made_for_another_browser_does_not_let_in(client, alice):
    passkey = add(client, alice)
    answer = passkey.get(options_to_sign_in(client))
    thief = Browser()
    options_to_sign_in(thief)

    thief.post(BY_PASSKEY, {"credential": answer})

    assert not is_in(thief)


def test_nobody_comes_in_as_somebody_else(client, alice, bob):
    mine, theirs = add(client, alice), add(client, bob)
    mine.owner = theirs.owner

    come_by(client, mine)

    assert not is_in(client)


def test_an_unknown_key_gets_the_same_words_as_an_unknown_account(client, alice):
    known = add(client, alice)
    stranger = SoftPasskey()
    pages = []
    for owner in (known.owner, "MTIzNDU2Nzg", "", "AA"):
        stranger.owner = owner
        come_by(client, stranger)
        pages.append(client.get(LOGIN).content.decode().count(UNKNOWN))

    assert pages == [1, 1, 1, 1]
    assert not is_in(client)


def test_a_key_that_asked_for_nothing_does_not_let_in(client, alice):
    passkey = add(client, alice)
    passkey.verified = False

    come_by(client, passkey)

    assert not is_in(client)


def test_a_closed_account_stays_closed(client, alice):
    passkey = add(client, alice)
    User.objects.filter(pk=alice.pk).update(is_active=False)

    come_by(client, passkey)

    assert not is_in(client)


def test_a_removed_one_does_not_let_in(client, alice):
    passkey = add(client, alice)
    Authenticator.objects.filter(type="webauthn").delete()

    come_by(client, passkey)

    assert not is_in(client)


# As the second step


def test_after_the_password_it_is_the_second_step(client, alice):
    passkey = add(client, alice)

    assert sign_in(client, alice).url == ENTER
    assert not is_in(client)
    options = client.get(ENTER).context["js_data"]
    client.post(ENTER, {"credential": passkey.get(options)})

    assert is_in(client)


def test_somebody_elses_is_not(client, alice, bob):
    add(client, alice)
    theirs = add(client, bob)
    sign_in(client, alice)
    options = client.get(ENTER).context["js_data"]

    response = client.post(ENTER, {"credential": theirs.get(options)})

    assert UNKNOWN in response.content.decode()
    assert not is_in(client)


def test_wrong_ones_lock_like_wrong_codes(client, alice):
    passkey = add(client, alice)
    sign_in(client, alice)
    for _attempt in range(5):
        options = client.get(ENTER).context["js_data"]
        client.post(ENTER, {"credential": SoftPasskey().get(options)})

    options = client.get(ENTER).context["js_data"]
    client.post(ENTER, {"credential": passkey.get(options)})

    assert not is_in(client)


def test_it_is_enough_for_an_admin(client, district):
    newcomer = UserFactory(is_staff=True, second_step=False)
    district.admins.add(newcomer)
    sign_in(client, newcomer)
    assert client.get("/").url == reverse("mfa_index")
    client.logout()

    passkey = add(client, newcomer)
    come_by(client, passkey)

    assert is_in(client)
    assert client.get("/admin/").status_code == 200


def test_an_admin_who_removes_the_last_one_sets_up_anew(client, district):
    newcomer = UserFactory(is_staff=True, second_step=False)
    district.admins.add(newcomer)
    passkey = add(client, newcomer)
    come_by(client, passkey)
    client.post(AGAIN, {"password": PASSWORD})

    kept = Authenticator.objects.get(user=newcomer, type="webauthn")
    client.post(reverse("mfa_remove_webauthn", args=[kept.pk]))

    assert client.get("/").url == reverse("mfa_index")
    assert not Authenticator.objects.filter(user=newcomer).exists()  # spare codes neither


def test_beside_an_app_the_page_offers_both(client, alice):
    TOTP.activate(alice, generate_totp_secret())
    sign_in(client, alice)

    page = client.get(ENTER).content.decode()

    assert "Open the authenticator app" in page
    assert "Use the passkey" not in page  # there is none


# One's own list


@pytest.fixture
def kept(client, alice):
    add(client, alice)
    sign_in(client, alice)
    client.force_login(alice)
    client.post(AGAIN, {"password": PASSWORD})
    return Authenticator.objects.get(type="webauthn")


def test_they_are_listed_renamed_and_removed(client, kept):
    assert "My phone" in client.get(LIST).content.decode()

    client.post(reverse("mfa_edit_webauthn", args=[kept.pk]), {"name": "Old phone"})
    assert "Old phone" in client.get(LIST).content.decode()

    mail.outbox.clear()
    client.post(reverse("mfa_remove_webauthn", args=[kept.pk]))
    assert not Authenticator.objects.filter(type="webauthn").exists()
    assert [sent.subject for sent in mail.outbox] == ["Alongside: a passkey is removed"]


@pytest.mark.parametrize("name", ["mfa_edit_webauthn", "mfa_remove_webauthn"])
def test_nobody_reaches_those_of_somebody_else(kept, bob, name):
    other = Browser()
    other.force_login(bob)
    other.post(AGAIN, {"password": PASSWORD})

    assert other.get(reverse(name, args=[kept.pk])).status_code == 404
    assert other.post(reverse(name, args=[kept.pk]), {"name": "Mine"}).status_code == 404
    kept.refresh_from_db()
    assert str(kept) == "My phone"


def test_looking_changes_nothing(client, kept):
    client.get(reverse("mfa_remove_webauthn", args=[kept.pk]))

    assert Authenticator.objects.filter(pk=kept.pk).exists()


# Who has no password


def test_who_has_no_password_says_who_they_are_by_passkey(client, db):
    user = UserFactory(password=None)
    user.set_unusable_password()
    user.save()
    client.force_login(user)
    by_mail = client.get(ADD).url
    client.post(by_mail)
    client.post(by_mail, {"code": code_in(mail.outbox[0])})
    passkey = SoftPasskey()
    options = client.get(ADD).context["js_data"]
    client.post(ADD, {"name": "", "credential": passkey.create(options)})
    assert client.get(SPARE).status_code == 200
    client.logout()
    come_by(client, passkey)

    there = reverse("accounts:change_email")
    assert client.get(there).url.startswith(reverse("mfa_reauthenticate"))
    again = reverse("mfa_reauthenticate_webauthn")
    options = client.get(again).context["js_data"]
    wrong = client.post(again, {"credential": SoftPasskey().get(options)})
    assert UNKNOWN in wrong.content.decode()
    options = client.get(again).context["js_data"]
    client.post(again, {"credential": passkey.get(options)})

    assert client.get(there).status_code == 200


# Whatever else arrives


def spoilt(answer: str):
    """An answer with one of its parts replaced, left out or of another kind."""
    whole = json.loads(answer)
    for path in [(key,) for key in whole] + [("response", key) for key in whole["response"]]:
        for value in (None, 5, [], {}, "", "x", "\0", "\ud800", "a" * 100_000):
            copy = json.loads(answer)
            part = copy["response"] if len(path) > 1 else copy
            part[path[-1]] = value
            yield json.dumps(copy)


def test_no_answer_is_a_500(client, alice):
    passkey = add(client, alice)
    nasty = [*NASTY, '{"response": {"userHandle": []}}', "[1]", "{}", "1" * 5000, "[" * 5000]
    nasty += spoilt(passkey.get(options_to_sign_in(client)))
    client.raise_request_exception = False
    for credential in nasty:
        options_to_sign_in(client)
        assert client.post(BY_PASSKEY, {"credential": credential}).status_code < 500, credential

    assert not is_in(client)


def test_neither_where_one_is_added(client, alice):
    sign_in(client, alice)
    client.post(AGAIN, {"password": PASSWORD})
    passkey = SoftPasskey()
    client.raise_request_exception = False
    for credential in [*NASTY, *spoilt(passkey.create(client.get(ADD).context["js_data"]))]:
        answer = client.post(ADD, {"name": "\0", "credential": credential})
        assert answer.status_code < 500, credential[:300]

    options = client.get(ADD).context["js_data"]
    extra = json.loads(passkey.create(options)) | {"more": "\0"}
    assert client.post(ADD, {"credential": json.dumps(extra)}).status_code == 200
    assert not Authenticator.objects.filter(type="webauthn").exists()
