"""Where somebody is signed in, and the mail about a device that is new."""

from datetime import timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from accounts.devices import in_words
from accounts.models import User
from accounts.sessions import SEEN, running
from tests.access.test_signing_in import is_signed_in, sign_in
from tests.factories import PASSWORD

pytestmark = pytest.mark.usefixtures("mails_leave_at_once")

LIST = reverse("accounts:sessions")
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 "
    "(KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
)
CHROME = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Safari/537.36"
)


def browser(user, user_agent=FIREFOX, **extra) -> Client:
    client = Client(headers={"user-agent": user_agent}, **extra)
    sign_in(client, user.email)
    assert is_signed_in(client)
    return client


def session_of(client) -> UserSession:
    return UserSession.objects.get(session_key=client.session.session_key)


# The list


def test_each_device_is_listed_in_words(alice):
    here, phone = browser(alice), browser(alice, SAFARI)

    page = here.get(LIST).content.decode()

    assert "Firefox on Windows" in page
    assert "Safari on iPhone" in page
    assert page.count("this one") == 1
    assert phone.session.session_key not in page  # it would let in


def test_nobody_sees_those_of_somebody_else(alice, bob):
    browser(alice, SAFARI)

    assert "iPhone" not in browser(bob).get(LIST).content.decode()


def test_one_is_ended(alice):
    here, phone = browser(alice), browser(alice, SAFARI)

    response = here.post(reverse("accounts:end_session", args=[session_of(phone).pk]))

    assert response.url == LIST
    assert is_signed_in(here)
    assert not is_signed_in(phone)
    assert list(running(alice)) == [session_of(here)]


def test_all_others_are_ended(alice, bob):
    here, others, bobs = browser(alice), [browser(alice), browser(alice, SAFARI)], browser(bob)

    here.post(reverse("accounts:end_other_sessions"))

    assert is_signed_in(here)
    assert not any(map(is_signed_in, others))
    assert is_signed_in(bobs)


def test_nobody_ends_those_of_somebody_else(alice, bob):
    alices, bobs = browser(alice), browser(bob)

    response = bobs.post(reverse("accounts:end_session", args=[session_of(alices).pk]))
    nothing = bobs.post(reverse("accounts:end_session", args=[987_654_321]))

    assert response.status_code == nothing.status_code == 404
    assert is_signed_in(alices)


@pytest.mark.parametrize("name", ["end_session", "end_other_sessions"])
def test_ending_needs_a_post_with_its_token(alice, name):
    here, phone = browser(alice), browser(alice, SAFARI)
    args = [session_of(phone).pk] if name == "end_session" else []
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = here.cookies

    assert here.get(reverse(f"accounts:{name}", args=args)).status_code == 405
    assert strict.post(reverse(f"accounts:{name}", args=args)).status_code == 403
    assert is_signed_in(phone)


def test_what_has_ended_is_not_listed(alice):
    here, gone, late = browser(alice), browser(alice, SAFARI), browser(alice, CHROME)
    gone.post(reverse("account_logout"))
    Session.objects.filter(pk=late.session.session_key).update(
        expire_date=timezone.now() - timedelta(seconds=1)
    )

    assert list(running(alice)) == [session_of(here)]


def test_a_changed_password_ends_the_others_here_too(alice):
    here, phone = browser(alice), browser(alice, SAFARI)
    word = "a quite different word"

    here.post(
        reverse("account_change_password"),
        {"oldpassword": PASSWORD, "password1": word, "password2": word},
    )

    assert is_signed_in(here)
    assert not is_signed_in(phone)
    assert list(running(alice)) == [session_of(here)]


def test_it_takes_as_many_queries_for_one_as_for_five(alice, django_assert_num_queries):
    here = browser(alice)
    with django_assert_num_queries(3):
        here.get(LIST)

    for _time in range(4):
        browser(alice)

    with django_assert_num_queries(3):
        here.get(LIST)


def test_the_profile_takes_few(alice, django_assert_max_num_queries):
    here = browser(alice)

    with django_assert_max_num_queries(8):
        here.get(reverse("accounts:profile"))


def test_last_used_is_written_down_once_an_hour(alice, django_assert_max_num_queries):
    here = browser(alice)
    before = session_of(here).last_seen_at
    is_signed_in(here)
    assert session_of(here).last_seen_at == before

    session = here.session
    session[SEEN] -= 3601
    session.save()
    is_signed_in(here)

    assert session_of(here).last_seen_at > before
    assert here.session[SEEN] > session[SEEN]


def test_the_profile_counts_them(alice):
    here, _phone = browser(alice), browser(alice, SAFARI)

    assert "On 2 devices." in here.get(reverse("accounts:profile")).content.decode()


# In words


@pytest.mark.parametrize(
    ("user_agent", "said"),
    [
        (FIREFOX, "Firefox on Windows"),
        (SAFARI, "Safari on iPhone"),
        (CHROME, "Chrome on Linux"),
        (CHROME + " Edg/140.0.0.0", "Edge on Linux"),
        (CHROME.replace("X11; Linux", "Linux; Android 16"), "Chrome on Android"),
        ("curl/8", "a browser that does not say its name"),
        ("<script>Firefox/1", "Firefox"),
        ("", "a browser that does not say its name"),
    ],
)
def test_a_browser_is_named(user_agent, said):
    assert in_words(user_agent) == said


def test_in_either_language():
    with translation.override("vi"):
        assert in_words(FIREFOX) == "Firefox trên Windows"


# New devices


def new_devices() -> list[str]:
    return [sent.subject for sent in mail.outbox if "another device" in sent.subject]


def test_the_very_first_sign_in_is_no_news(alice):
    browser(alice)

    assert mail.outbox == []


def test_another_device_is_told_by_mail(alice):
    browser(alice)

    browser(alice, SAFARI)

    [sent] = mail.outbox
    assert (sent.subject, sent.to) == ("Alongside: signed in on another device", [alice.email])
    assert "Safari on iPhone" in sent.body
    assert "127.0.0.1" in sent.body
    assert "<" not in sent.body


def test_in_the_language_of_its_reader(alice):
    browser(alice)
    User.objects.filter(pk=alice.pk).update(language="vi")

    browser(alice, SAFARI)

    [sent] = mail.outbox
    assert sent.subject == "Đồng hành: đăng nhập trên thiết bị khác"
    assert "Safari trên iPhone" in sent.body


def test_the_same_device_again_is_not(alice):
    here = browser(alice)
    here.post(reverse("account_logout"))

    sign_in(here, alice.email)

    assert is_signed_in(here)
    assert new_devices() == []


def test_a_device_is_known_for_each_account_of_its_own(alice, bob):
    here = browser(alice)
    browser(bob)
    here.post(reverse("account_logout"))
    mail.outbox.clear()

    sign_in(here, bob.email)

    assert [sent.to for sent in mail.outbox] == [[bob.email]]


@pytest.mark.parametrize("spoilt", ["", "x", "WzFd:1abc:x", "{value}x", "\0"])
def test_a_forged_cookie_makes_no_device_known(alice, spoilt):
    here = browser(alice)
    value = here.cookies[settings.DEVICE_COOKIE_NAME].value
    thief = Client()
    thief.cookies[settings.DEVICE_COOKIE_NAME] = spoilt.format(value=value)

    sign_in(thief, alice.email)

    assert len(new_devices()) == 1


def test_the_cookie_is_for_the_server_alone(alice):
    cookie = browser(alice).cookies[settings.DEVICE_COOKIE_NAME]

    assert (cookie["httponly"], cookie["samesite"], cookie["domain"]) == (True, "Lax", "")


def test_a_wrong_password_is_no_sign_in(alice):
    browser(alice)

    sign_in(Client(), alice.email, "wrong")

    assert mail.outbox == []
