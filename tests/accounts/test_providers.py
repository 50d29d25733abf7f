"""Sign-in by an account elsewhere, against a small OpenID Connect provider of our own on loopback."""

import json
import re
from html import unescape
from urllib.parse import urlsplit

import pytest
import requests
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.socialaccount.models import SocialAccount
from django.core import mail
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.access.test_bad_input import NASTY
from tests.access.test_headers import START, last_line, run
from tests.access.test_signing_in import is_signed_in
from tests.accounts.provider import Provider
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.usefixtures("mails_leave_at_once")

LOGIN = reverse("account_login")
GO = reverse("openid_connect_login", args=["oidc"])
BACK = reverse("openid_connect_callback", args=["oidc"])
CLOSED = "Accounts are made by your district"
FAILED = "You could not be signed in by the account elsewhere."


@pytest.fixture
def provider(settings):
    provider = Provider()
    switch_on(settings, provider.app())
    yield provider
    provider.close()


def switch_on(settings, app):
    settings.SIGN_IN_PROVIDERS = [("oidc", "Test ID")]
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}
    }


def address_in(page) -> str:
    """Where the page in between leads to."""
    return unescape(re.search(r'content="0; url=([^"]+)"', page.content.decode())[1])


def back_from(there: str) -> str:
    """What the provider makes of it: the address it sends the browser back to."""
    answer = requests.get(there, allow_redirects=False, timeout=5)
    parts = urlsplit(answer.headers["Location"])
    assert parts.path == BACK
    return f"{parts.path}?{parts.query}"


def come(client, **data):
    return client.get(back_from(address_in(client.post(GO, data))))


# Off and on


def test_without_settings_there_is_no_button(client, db):
    assert "Sign in with Test ID" not in client.get(LOGIN).content.decode()
    assert client.post(GO).status_code == 404
    assert client.get(BACK, {"code": "x", "state": "x"}).status_code == 404


def test_with_settings_there_is_one(client, db, provider):
    page = client.get(LOGIN).content.decode()

    assert "Sign in with Test ID" in page
    assert provider.asked == []  # looking at the page asks nobody anything


def test_looking_leads_nowhere(client, db, provider):
    assert client.get(GO).status_code == 405
    assert provider.asked == []


def test_our_policy_on_forms_stays_as_strict(client, db, provider):
    page = client.post(GO)

    assert "form-action 'self'" in page.headers["Content-Security-Policy"]
    assert page.status_code == 200
    assert address_in(page).startswith(f"{provider.url}/authorize?")


# Who is let in


def test_somebody_we_know_is_let_in_and_connected_the_first_time(client, alice, provider):
    response = come(client)

    assert response.url == "/"
    assert is_signed_in(client)
    kept = SocialAccount.objects.get()
    assert (kept.user, kept.provider, kept.uid) == (alice, "oidc", "alice-1")
    assert [(sent.to, sent.subject) for sent in mail.outbox] == [
        ([alice.email], "Alongside: an account elsewhere signs you in now")
    ]
    assert "Test ID" in mail.outbox[0].body


def test_their_password_stays(client, alice, provider):
    come(client)

    alice.refresh_from_db()
    assert alice.check_password(PASSWORD)


def test_capitals_make_no_other_address(client, alice, provider):
    provider.claims["email"] = "Alice@School.Example"

    come(client)

    assert is_signed_in(client)


def test_later_they_are_known_by_their_number_there(client, alice, provider):
    come(client)
    client.post(reverse("account_logout"))
    User.objects.filter(pk=alice.pk).update(email="alice@new.example")
    provider.claims["email"] = "alice@married.example"

    come(client)

    assert client.session["_auth_user_id"] == str(alice.pk)
    assert SocialAccount.objects.count() == 1


def test_it_returns_to_where_one_wanted_to_go(client, alice, provider):
    assert come(client, next="/profile/").url == "/profile/"


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example/"])
def test_it_never_leads_to_another_site(client, alice, provider, there):
    assert come(client, next=there).url == "/"


def test_the_second_step_is_still_asked_for(client, alice, provider):
    TOTP.activate(alice, generate_totp_secret())

    response = come(client)

    assert response.url == reverse("mfa_authenticate")
    assert not is_signed_in(client)


def test_an_admin_needs_theirs(client, district, provider):
    newcomer = UserFactory(email="alice@school.example", is_staff=True, second_step=False)
    district.admins.add(newcomer)

    come(client)

    assert client.get("/").url == reverse("mfa_index")


def test_the_session_ends_with_the_browser(client, alice, provider):
    come(client)

    assert client.session.get_expire_at_browser_close()


# Who is not


def nobody_came_in(client, page) -> bool:
    assert page.status_code in {200, 302, 401, 403}
    assert not is_signed_in(client)
    assert not SocialAccount.objects.exists()
    return True


def test_a_stranger_gets_no_account(client, alice, provider):
    provider.claims |= {"sub": "mallory-1", "email": "mallory@x.example"}

    page = come(client)

    assert CLOSED in page.content.decode()
    assert nobody_came_in(client, page)
    assert User.objects.count() == 1


@pytest.mark.parametrize("verified", [False, None, "false", "true", 1, "yes", []])
def test_an_address_that_nobody_verified_opens_nothing(client, alice, provider, verified):
    """Whoever may write any address into their account there could otherwise take over ours."""
    provider.claims["email_verified"] = verified

    assert nobody_came_in(client, come(client))


def test_neither_does_one_without_a_word_about_it(client, alice, provider):
    del provider.claims["email_verified"]

    assert nobody_came_in(client, come(client))


def test_but_where_the_provider_vouches_for_all(client, alice, provider, settings):
    switch_on(settings, provider.app(vouches_for_email=True))
    del provider.claims["email_verified"]

    come(client)

    assert is_signed_in(client)


@pytest.mark.parametrize("email", ["", "alice", "alice@school.example\0", "%", [], None])
def test_what_is_no_address_opens_nothing(client, alice, provider, email):
    provider.claims["email"] = email

    assert nobody_came_in(client, come(client))


def test_two_answers_about_two_people_open_nothing(client, alice, provider):
    provider.token_claims = {"sub": "mallory-1"}

    assert nobody_came_in(client, come(client))


@pytest.mark.parametrize(
    "said", [{"aud": "another-client"}, {"iss": "http://evil.example"}, {"exp": 1_000_000_000}]
)
def test_a_token_for_others_or_of_old_opens_nothing(client, alice, provider, said):
    provider.token_claims = said

    page = come(client)

    assert FAILED in page.content.decode()
    assert nobody_came_in(client, page)


def test_a_closed_account_stays_closed(client, alice, provider):
    come(client)
    client.post(reverse("account_logout"))
    User.objects.filter(pk=alice.pk).update(is_active=False)

    come(client)

    assert not is_signed_in(client)


def test_nor_is_a_closed_one_connected(client, alice, provider):
    User.objects.filter(pk=alice.pk).update(is_active=False)

    assert nobody_came_in(client, come(client))


def test_an_answer_is_for_the_browser_that_asked(client, alice, provider):
    """Or somebody could be signed in, unasked, to an account that is not theirs."""
    there = back_from(address_in(client.post(GO)))
    other = Client()

    page = other.get(there)

    assert FAILED in page.content.decode()
    assert not is_signed_in(other)


def test_an_answer_counts_once(client, alice, provider):
    there = back_from(address_in(client.post(GO)))
    client.get(there)
    client.post(reverse("account_logout"))

    client.get(there)

    assert not is_signed_in(client)


def test_whoever_is_signed_in_is_connected_with_nothing(client, alice, bob, provider):
    """Not by `process=connect` either, which the library would take."""
    there = back_from(address_in(client.post(GO, {"process": "connect"})))
    client.force_login(bob)

    assert client.get(there).url == "/"
    assert client.post(GO, {"process": "connect"}).url == "/"
    assert not SocialAccount.objects.exists()


def test_who_turns_away_there_comes_back_to_the_sign_in_page(client, alice, provider):
    provider.denies = True

    page = client.get(back_from(address_in(client.post(GO))), follow=True)

    assert page.redirect_chain[-1][0] == LOGIN
    assert "You are not signed in. Choose any way you like." in page.content.decode()


def test_a_provider_that_does_not_answer_is_said_so(client, db, provider, settings):
    provider.close()

    page = client.post(GO, follow=True)

    assert "Test ID does not answer." in page.content.decode()


def test_no_answer_is_a_500(client, alice, provider):
    client.raise_request_exception = False
    state = re.search(r"state=([^&]+)", address_in(client.post(GO)))[1]
    for text in NASTY:
        for query in ({"state": text, "code": "x"}, {"error": text, "state": text}, {"code": text}):
            assert client.get(BACK, query).status_code < 500, text
    assert client.get(BACK, {"state": state, "error": "\0"}).status_code < 500
    assert not is_signed_in(client)


# On one's profile


def test_it_is_seen_on_the_profile_and_can_be_parted(client, alice, provider):
    come(client)
    mail.outbox.clear()
    kept = SocialAccount.objects.get()
    part = reverse("accounts:part", args=[kept.pk])
    assert (
        "Your account there signs you in."
        in client.get(reverse("accounts:profile")).content.decode()
    )
    assert client.post(part).url.startswith(reverse("account_reauthenticate"))
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    client.get(part)
    assert SocialAccount.objects.exists()
    client.post(part)

    assert not SocialAccount.objects.exists()
    assert [sent.subject for sent in mail.outbox] == [
        "Alongside: an account elsewhere no longer signs you in"
    ]


def test_nobody_parts_that_of_somebody_else(client, alice, bob, provider):
    come(client)
    other = Client()
    other.force_login(bob)
    other.post(reverse("account_reauthenticate"), {"password": PASSWORD})

    answer = other.post(reverse("accounts:part", args=[SocialAccount.objects.get().pk]))

    assert answer.status_code == 404
    assert SocialAccount.objects.exists()


# Settings

SHOW = """
from django.conf import settings
import json
apps = settings.SOCIALACCOUNT_PROVIDERS["openid_connect"]["APPS"]
print(json.dumps([settings.SIGN_IN_PROVIDERS, [app["settings"] for app in apps]]))
"""


def test_by_default_none_is_on():
    assert json.loads(run(SHOW).stdout) == [[], []]


def test_each_is_on_once_its_variables_are_set():
    done = run(
        SHOW,
        GOOGLE_CLIENT_ID="g",
        GOOGLE_CLIENT_SECRET="s",
        MICROSOFT_CLIENT_ID="m",
        MICROSOFT_CLIENT_SECRET="s",
        MICROSOFT_TENANT="1234",
        OIDC_CLIENT_ID="o",
        OIDC_CLIENT_SECRET="s",
        OIDC_SERVER="https://id.district.example",
        OIDC_NAME="Bayview ID",
    )

    names, apps = json.loads(done.stdout)
    assert names == [["google", "Google"], ["microsoft", "Microsoft"], ["oidc", "Bayview ID"]]
    assert [(app["server_url"], app["vouches_for_email"]) for app in apps] == [
        ("https://accounts.google.com", False),
        ("https://login.microsoftonline.com/1234/v2.0", True),
        ("https://id.district.example", False),
    ]


@pytest.mark.parametrize(
    ("variables", "missing"),
    [
        ({"GOOGLE_CLIENT_ID": "g"}, "GOOGLE_CLIENT_SECRET"),
        ({"MICROSOFT_CLIENT_ID": "m", "MICROSOFT_CLIENT_SECRET": "s"}, "MICROSOFT_TENANT"),
        ({"OIDC_CLIENT_ID": "o", "OIDC_CLIENT_SECRET": "s"}, "OIDC_SERVER"),
        (
            {"OIDC_CLIENT_ID": "o", "OIDC_CLIENT_SECRET": "s", "OIDC_SERVER": "http://id.example"},
            "OIDC_SERVER",
        ),
    ],
)
def test_a_half_named_one_stops_the_program(variables, missing):
    done = run(START, **variables)

    assert done.returncode != 0
    assert missing in last_line(done)


@pytest.mark.parametrize("tenant", ["common", "Organizations", "consumers", ""])
def test_microsoft_is_let_in_for_one_organization_only(tenant):
    done = run(START, MICROSOFT_CLIENT_ID="m", MICROSOFT_CLIENT_SECRET="s", MICROSOFT_TENANT=tenant)

    assert done.returncode != 0
    assert "MICROSOFT_TENANT" in last_line(done)
