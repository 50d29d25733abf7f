"""Signing in and out, forgotten passwords, closed doors, and the language one is spoken to in."""

import json
import os
import re
import subprocess
import sys
import time
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from tests.access.matrix import TOKEN
from tests.factories import PASSWORD, UserFactory

pytestmark = pytest.mark.usefixtures("mails_leave_at_once")

LOGIN = "/accounts/login/"
WRONG = "not the password at all"


def sign_in(client, email, password=PASSWORD, **extra):
    return client.post(LOGIN, {"login": email, "password": password}, **extra)


def is_signed_in(client) -> bool:
    return client.get("/").status_code == 200


def words(response) -> str:
    """A page as read: without its tokens, and without what was typed into it."""
    page = TOKEN.sub("", response.content.decode())
    return re.sub(r'value="[^"]*"', "", page)


# Signing in


def test_by_email_and_password(client, alice):
    response = sign_in(client, alice.email)

    assert response.status_code == 302
    assert response.url == "/"
    assert is_signed_in(client)


def test_the_address_is_the_same_in_capitals(client, alice):
    sign_in(client, alice.email.upper())

    assert is_signed_in(client)


def test_it_returns_to_where_one_wanted_to_go(client, alice, partnership):
    page = partnership.get_absolute_url()
    sent = client.get(page)

    response = sign_in(client, alice.email, query_params=parse_qs(urlsplit(sent.url).query))

    assert response.url == page


@pytest.mark.parametrize(
    "there", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"]
)
def test_it_never_leads_to_another_site(client, alice, there):
    response = client.post(LOGIN, {"login": alice.email, "password": PASSWORD, "next": there})

    assert response.url == "/"


def test_a_wrong_password_and_an_unknown_account_get_the_same_words(client, alice):
    wrong = sign_in(client, alice.email, WRONG)
    unknown = sign_in(client, "nobody@x.example", WRONG)

    assert wrong.status_code == unknown.status_code == 200
    assert "Error:" in words(wrong)
    assert words(wrong) == words(unknown)
    assert not is_signed_in(client)


def test_an_inactive_account_cannot_sign_in(client, alice):
    User.objects.filter(pk=alice.pk).update(is_active=False)

    right = sign_in(client, alice.email)

    assert not is_signed_in(client)
    assert right.status_code in {200, 302}


def test_only_who_knows_the_password_learns_that_an_account_is_closed(client, alice):
    User.objects.filter(pk=alice.pk).update(is_active=False)

    wrong = sign_in(client, alice.email, WRONG)
    unknown = sign_in(client, "nobody@x.example", WRONG)

    assert (wrong.status_code, words(wrong)) == (unknown.status_code, words(unknown))


def test_an_account_that_is_closed_loses_its_sessions(client, alice):
    sign_in(client, alice.email)
    User.objects.filter(pk=alice.pk).update(is_active=False)

    assert not is_signed_in(client)


def test_a_changed_password_ends_the_other_sessions(client, alice):
    elsewhere = Client()
    sign_in(client, alice.email)
    sign_in(elsewhere, alice.email)
    word = "a quite different word"

    client.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": word, "password2": word},
    )

    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)


def test_signing_in_makes_a_new_session(client, alice):
    client.get(LOGIN)
    before = "0" * 32
    client.cookies[settings.SESSION_COOKIE_NAME] = before

    sign_in(client, alice.email)

    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before


# Too many failures


def lock(email, client=None, **extra):
    for _attempt in range(5):
        sign_in(client or Client(), email, WRONG, **extra)


def test_five_failures_lock_an_account_even_for_the_right_password(client, alice):
    lock(alice.email)

    response = sign_in(client, alice.email)

    assert response.status_code == 200
    assert not is_signed_in(client)


def test_four_failures_do_not(client, alice):
    for _attempt in range(4):
        sign_in(Client(), alice.email, WRONG)

    sign_in(client, alice.email)

    assert is_signed_in(client)


def test_a_locked_account_says_the_same_as_an_unknown_one(client, alice):
    lock(alice.email)
    lock("nobody@x.example")

    known = sign_in(client, alice.email)
    unknown = sign_in(client, "nobody@x.example")

    assert words(known) == words(unknown)


def test_the_lock_is_on_the_account_however_it_is_written(client, alice):
    for address in ("alice@school.example", "Alice@school.example", "ALICE@SCHOOL.EXAMPLE"):
        sign_in(Client(), address, WRONG)
        sign_in(Client(), f" {address} ", WRONG)

    sign_in(client, alice.email)

    assert not is_signed_in(client)


def test_one_locked_account_locks_no_other(client, alice, bob):
    lock(alice.email)

    sign_in(client, bob.email)

    assert is_signed_in(client)


def test_the_lock_holds_from_any_computer(client, alice):
    lock(alice.email, REMOTE_ADDR="192.0.2.1")

    sign_in(client, alice.email, REMOTE_ADDR="198.51.100.7")

    assert not is_signed_in(client)


def test_the_lock_ends_after_five_minutes(client, alice, monkeypatch):
    lock(alice.email)
    now = time.time()
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: now + 301)

    sign_in(client, alice.email)

    assert is_signed_in(client)


def test_the_admin_has_no_door_of_its_own_past_the_lock(client, ada, ola):
    """Whoever is in the admin already must not be able to try another's password as often as they like."""
    client.force_login(ada)
    for _attempt in range(5):
        client.post(reverse("admin:login"), {"username": ola.email, "password": WRONG})

    client.post(reverse("admin:login"), {"username": ola.email, "password": PASSWORD})

    assert client.session.get("_auth_user_id") != str(ola.pk)


FROM_ANOTHER_PROCESS = """
import json, sys
import django
django.setup()
from django.test import Client
client = Client()
for password in json.loads(sys.argv[2]):
    client.post("/accounts/login/", {"login": sys.argv[1], "password": password})
print(client.get("/").status_code)
"""


def sign_in_elsewhere(email, *passwords) -> int:
    """Sign in from a process of its own; return the status of the first page then."""
    database = connection.settings_dict
    if connection.vendor == "sqlite":
        address = f"sqlite:///{database['NAME']}"
    else:
        parts = urlsplit(os.environ["DATABASE_URL"])
        address = parts._replace(path=f"/{database['NAME']}").geturl()
    done = subprocess.run(
        [sys.executable, "-c", FROM_ANOTHER_PROCESS, email, json.dumps(passwords)],
        env=os.environ | {"DATABASE_URL": address, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return int(done.stdout)


@pytest.mark.django_db(transaction=True)
def test_failures_are_counted_across_processes(client):
    user = UserFactory(email="across@processes.example")
    other = UserFactory(email="another@processes.example")
    lock(user.email)

    assert sign_in_elsewhere(user.email, PASSWORD) == 302
    assert sign_in_elsewhere(other.email, PASSWORD) == 200  # a control: it could


@pytest.mark.django_db(transaction=True)
def test_and_what_fails_there_counts_here(client):
    user = UserFactory(email="back@processes.example")
    sign_in_elsewhere(user.email, *[WRONG] * 5)

    sign_in(client, user.email)

    assert not is_signed_in(client)


# Who is counted

LIMIT = 30  # failures a minute from one address, over all accounts


def fail_from(addresses, **extra) -> list[int]:
    return [
        sign_in(
            Client(), f"nobody{n}@x.example", WRONG, headers={"X-Forwarded-For": address}, **extra
        )
        for n, address in enumerate(addresses)
    ]


def forged(count):
    return [f"203.0.113.{n}" for n in range(count)]


def is_told_to_wait(client, alice, **extra) -> bool:
    sign_in(client, alice.email, **extra)
    return not is_signed_in(client)


def test_a_forged_forwarded_for_does_not_hide_who_is_counted(client, alice):
    fail_from(forged(LIMIT))

    assert is_told_to_wait(client, alice, headers={"X-Forwarded-For": "203.0.113.200"})


def test_a_forged_forwarded_for_does_not_lock_somebody_else_out(client, alice):
    fail_from(["203.0.113.5"] * LIMIT)

    assert not is_told_to_wait(client, alice, REMOTE_ADDR="203.0.113.5")


def test_behind_a_declared_proxy_the_address_it_gives_is_counted(client, alice, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    fail_from(forged(LIMIT))

    assert not is_told_to_wait(client, alice, headers={"X-Forwarded-For": "203.0.113.200"})


def test_behind_a_declared_proxy_only_its_own_word_counts(client, alice, settings):
    """What stands further left was sent by the browser."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1

    fail_from([f"{address}, 198.51.100.7" for address in forged(LIMIT)])

    assert is_told_to_wait(
        client, alice, headers={"X-Forwarded-For": "203.0.113.200, 198.51.100.7"}
    )


# Forgotten passwords


def forget(client, email):
    return client.post(reverse("account_reset_password"), {"email": email}, follow=True)


def test_known_and_unknown_addresses_get_the_same_answer(client, alice):
    known = forget(client, alice.email)
    unknown = forget(client, "nobody@x.example")

    assert known.redirect_chain == unknown.redirect_chain
    assert words(known) == words(unknown)


@pytest.mark.parametrize(
    ("language", "subject"),
    [("en", "Alongside: set a new password"), ("vi", "Đồng hành: đặt mật khẩu mới")],
)
def test_a_mail_goes_to_the_known_only_and_in_their_language(client, alice, language, subject):
    User.objects.filter(pk=alice.pk).update(language=language)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en" if language == "vi" else "vi"

    forget(client, alice.email)
    forget(client, "nobody@x.example")

    [sent] = mail.outbox
    assert (sent.to, sent.subject) == ([alice.email], subject)


def link_in(message) -> str:
    return urlsplit(
        re.search(r"https?://\S+/accounts/password/reset/key/\S+", message.body)[0]
    ).path


def test_the_link_sets_a_password_once(client, alice):
    forget(client, alice.email)
    link = link_in(mail.outbox[0])
    word = "a quite different word"

    form = client.get(link).url  # the token leaves the address before the form is shown
    client.post(form, {"password1": word, "password2": word})
    again = Client().get(link, follow=True)
    sign_in(client, alice.email, word)

    assert link != form
    assert is_signed_in(client)
    assert "This link no longer works" in again.content.decode()


def test_the_link_sets_no_password_for_a_closed_account(client, alice):
    forget(client, alice.email)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    link = link_in(mail.outbox[0])
    word = "a quite different word"

    client.post(
        client.get(link, follow=True).request["PATH_INFO"], {"password1": word, "password2": word}
    )
    sign_in(client, alice.email, word)

    assert not is_signed_in(client)


def test_a_closed_account_gets_no_mail(client, alice):
    User.objects.filter(pk=alice.pk).update(is_active=False)

    forget(client, alice.email)

    assert mail.outbox == []


def test_no_password_may_be_short_or_common(client, alice):
    client.force_login(alice)

    for word in ("short", "password1234", "1234567890123", "alice@school.example"):
        client.post(
            reverse("account_change_password"),
            {"oldpassword": PASSWORD, "password1": word, "password2": word},
        )
        alice.refresh_from_db()
        assert alice.check_password(PASSWORD), word


# Signing up and out


def test_nobody_signs_up_unasked(client, db):
    data = {"email": "new@x.example", "password1": PASSWORD, "password2": PASSWORD, "name": "New"}

    pages = [client.get(reverse("account_signup")), client.post(reverse("account_signup"), data)]

    for page in pages:
        assert "Accounts are made by your district" in page.content.decode()
    assert not User.objects.exists()
    assert mail.outbox == []


def test_signing_out_needs_a_post(client, alice):
    client.force_login(alice)

    client.get(reverse("account_logout"))
    assert is_signed_in(client)

    client.post(reverse("account_logout"))
    assert not is_signed_in(client)


def test_a_session_that_was_signed_out_is_worthless(client, alice):
    client.force_login(alice)
    thief = Client()
    thief.cookies = client.cookies.copy()

    client.post(reverse("account_logout"))

    assert not is_signed_in(thief)


# A session that has ended, met by a form


def test_what_was_written_comes_back_where_the_session_had_ended(client, alice, partnership):
    """Nothing is saved, and nothing typed is thrown away."""
    client.force_login(alice)
    Session.objects.all().delete()
    url = reverse("partnerships:add_log_entry", args=[partnership.pk])
    page = f"{url}?kind=call"
    said = {"kind": "call", "on": "2026-11-25", "said": "They call <back>.\nOn Friday."}

    response = client.post(url, said, headers={"Referer": f"http://testserver{page}"})

    shown = response.content.decode()
    assert response.status_code == 403
    assert "They call &lt;back&gt;.<br>On Friday." in shown
    assert "2026-11-25" not in shown
    assert f'href="{LOGIN}?next={quote(page)}"' in shown
    assert not partnership.log.exists()


def test_no_password_comes_back(client, db):
    secret = "correct horse battery staple"

    response = client.post(reverse("account_change_password"), {"oldpassword": secret})

    assert response.headers["Location"].startswith(LOGIN)
    assert secret not in response.content.decode()


@pytest.mark.parametrize(
    ("came_from", "there"),
    [
        ("http://testserver/partnerships/1/work/?print=1", "/partnerships/1/work/%3Fprint%3D1"),
        ("http://testserver//evil.example/", "/evil.example/"),
        ("https://evil.example/partnerships/", None),
        ("http://[", None),
        ("", None),
    ],
)
def test_whoever_signs_in_after_a_click_comes_back_to_its_page(
    client, partnership, came_from, there
):
    """What a button sends to may be no page: it would say that the way is wrong."""
    item = partnership.items.first()
    url = reverse("checklists:tick", args=[partnership.pk, item.pk])

    response = client.post(url, {"state": "done"}, headers={"Referer": came_from})

    assert response.headers["Location"] == f"{LOGIN}?next={there or url}"
    item.refresh_from_db()
    assert item.is_open


# A page that had lain open since before the last sign-in


@pytest.mark.parametrize(
    ("origin", "comes_back"), [("http://testserver", True), ("https://evil.example", False)]
)
def test_what_was_written_on_an_old_page_comes_back_but_nothing_from_elsewhere(
    alice, partnership, origin, comes_back
):
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(alice)
    url = reverse("partnerships:add_log_entry", args=[partnership.pk])

    response = strict.post(url, {"said": "They call back."}, headers={"Origin": origin})

    shown = response.content.decode()
    assert response.status_code == 403
    assert ("They call back." in shown, f'href="{url}"' in shown) == (comes_back, comes_back)
    assert not partnership.log.exists()


# A session that has ended, met by htmx


HTMX = {"HX-Request": "true", "HX-Current-URL": "http://testserver/partnerships/?stage=pre"}


def test_an_ended_session_sends_the_whole_page_to_sign_in(client, alice, partnership):
    client.force_login(alice)
    Session.objects.all().delete()

    response = client.get(reverse("desk:partnerships"), headers=HTMX)

    assert response.content == b""
    assert response.headers["HX-Redirect"] == f"{LOGIN}?next=/partnerships/%3Fstage%3Dpre"
    assert "Location" not in response.headers


def test_a_tick_with_an_ended_session_changes_nothing(client, alice, partnership):
    client.force_login(alice)
    Session.objects.all().delete()
    item = partnership.items.first()

    response = client.post(
        reverse("checklists:tick", args=[partnership.pk, item.pk]), {}, headers=HTMX
    )

    item.refresh_from_db()
    assert item.is_open
    assert (response.content, response.headers["HX-Redirect"][:15]) == (b"", LOGIN[:15])


@pytest.mark.parametrize(
    "where", ["https://evil.example/partnerships/", "//evil.example/", "nonsense", "http://[", ""]
)
def test_an_ended_session_returns_to_no_other_site(client, db, where):
    response = client.get("/partnerships/", headers={"HX-Request": "true", "HX-Current-URL": where})

    assert response.status_code == 200
    assert response.headers["HX-Redirect"] == f"{LOGIN}?next=/"


# The language one is spoken to in


def switch(client, language, there="/"):
    return client.post(reverse("accounts:language"), {"language": language, "next": there})


def language_of(client, **headers) -> str:
    response = client.get(LOGIN, headers=headers)
    if response.status_code == 302:
        response = client.get(reverse("accounts:profile"), headers=headers)
    assert f'<html lang="{response.headers["Content-Language"]}">' in response.content.decode()
    return response.headers["Content-Language"]


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_stranger_chooses_a_language(client, db, language):
    response = switch(client, language, "/accounts/login/")

    assert response.url == "/accounts/login/"
    assert language_of(client, accept_language="vi" if language == "en" else "en") == language


@pytest.mark.parametrize("language", ["fr", "EN", "", "en-us", "../../etc", "vi\0"])
def test_there_are_no_other_languages(client, alice, language):
    client.force_login(alice)

    response = switch(client, language)

    alice.refresh_from_db()
    assert (response.status_code, alice.language) == (400, "en")
    assert settings.LANGUAGE_COOKIE_NAME not in response.cookies


@pytest.mark.parametrize(
    "there",
    [
        "https://evil.example/",
        "//evil.example/",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        " //evil.example",
        "\t//evil.example",
        "https://testserver@evil.example/",
        "https://testserver.evil.example/",
        "",
    ],
)
def test_it_leads_to_no_other_site(client, db, there):
    assert switch(client, "vi", there).url == "/"


@pytest.mark.parametrize("there", ["https://evil.example/", "//evil.example/", "/\\evil.example"])
def test_a_tick_leads_to_no_other_site(client, alice, partnership, there):
    client.force_login(alice)
    item = partnership.items.first()

    response = client.post(
        reverse("checklists:tick", args=[partnership.pk, item.pk]), {"next": there}
    )

    assert response.url == f"{item.get_absolute_url()}#item-{item.pk}"


def test_signed_in_ones_own_language_wins(client, alice):
    User.objects.filter(pk=alice.pk).update(language="vi")
    client.force_login(alice)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"

    assert language_of(client, accept_language="en") == "vi"


def test_a_language_chosen_signed_in_is_kept_with_the_account(client, alice):
    client.force_login(alice)

    switch(client, "vi")

    alice.refresh_from_db()
    assert alice.language == "vi"
    client.cookies.pop(settings.LANGUAGE_COOKIE_NAME)
    assert language_of(client) == "vi"


def test_signed_out_the_cookie_wins_over_the_browser_and_the_browser_over_none(client, db):
    assert language_of(client) == "en"
    assert language_of(client, accept_language="vi,en;q=0.5") == "vi"
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    assert language_of(client, accept_language="vi,en;q=0.5") == "en"


def test_a_language_that_we_do_not_speak_becomes_english(client, db):
    assert language_of(client, accept_language="fr") == "en"


# What to enter


@pytest.mark.parametrize(
    ("address", "sentences"),
    [
        (LOGIN, ["Enter your email address.", "Enter your password."]),
        ("/accounts/password/reset/", ["Enter your email address."]),
        (
            "/accounts/password/change/",
            ["Enter the password you use now.", "Enter a new password.", "Enter it once more."],
        ),
    ],
)
def test_each_empty_field_says_what_to_enter(client, alice, address, sentences):
    if "change" in address:
        client.force_login(alice)

    page = client.post(address, {}).content.decode()

    summary = page.partition('class="error-summary"')[2].partition("</ul>")[0]
    assert re.findall(r"<a [^>]*>([^<]*)</a>", summary) == sentences
