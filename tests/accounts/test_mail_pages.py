"""Which mails one gets, the link that turns them off, and the mails of a demo."""

import pytest
from django.core import signing
from django.core.mail import EmailMultiAlternatives
from django.test import Client, override_settings
from django.urls import reverse

from accounts import mailbox, unsubscribing
from accounts.models import Mail, User
from accounts.outbox import Fault, Periodic

SETTINGS = reverse("accounts:mail_settings")


def path_of(link: str) -> str:
    return link.removeprefix("http://127.0.0.1:8000")


@pytest.fixture
def link(bob):
    return path_of(unsubscribing.turn_off_link(bob, Periodic.DIGEST))


def choices(user) -> tuple:
    user.refresh_from_db()
    return user.wants_digest, user.digest_day, user.mail_hour, user.wants_reminder


# What did not arrive


def put(email):
    return Mail.objects.put(
        kind="digest", email=email, subject="Hello", text="Hello", html="", headers={}
    )


def test_one_is_told_that_the_last_mail_did_not_arrive_until_one_does(client, vera):
    client.force_login(vera)
    told = f"The last mail to {vera.email} could not be delivered."
    assert told not in client.get(SETTINGS).content.decode()

    put(vera.email).give_up(Fault.ADDRESS)
    page = client.get(SETTINGS).content.decode()
    assert told in page
    assert str(Fault.ADDRESS.label) in page

    put(vera.email).note_sent()
    assert told not in client.get(SETTINGS).content.decode()


@pytest.mark.parametrize("who", ["ada", "ola"])
def test_admins_see_whose_last_mail_did_not_arrive(client, request, partnership, alice, who):
    client.force_login(request.getfixturevalue(who))
    lists = [reverse("admin:partnerships_coordinator_changelist")]
    if who == "ola":
        lists.append(reverse("admin:accounts_user_changelist"))
    assert not any("could not be delivered" in client.get(one).content.decode() for one in lists)

    put(alice.email).give_up(Fault.SERVER)

    assert all("could not be delivered" in client.get(one).content.decode() for one in lists)


# Choosing


def test_a_new_account_has_both_on_monday_at_eight(vera):
    assert choices(vera) == (True, 0, 8, True)


def test_one_chooses_day_and_hour(client, vera):
    client.force_login(vera)

    response = client.post(
        SETTINGS, {"wants_digest": "on", "digest_day": "4", "mail_hour": "17"}, follow=True
    )

    assert choices(vera) == (True, 4, 17, False)
    assert "Saved." in response.content.decode()


@pytest.mark.parametrize(
    ("data", "fault"),
    [({"digest_day": "7", "mail_hour": "8"}, "digest_day"), ({"digest_day": "1"}, "mail_hour")],
)
def test_what_there_is_not_to_choose_is_refused(client, vera, data, fault):
    client.force_login(vera)

    response = client.post(SETTINGS, data)

    assert list(response.context["form"].errors) == [fault]
    assert choices(vera) == (True, 0, 8, True)


# Turning off from a mail


@pytest.mark.parametrize("kind", Periodic)
def test_the_link_turns_its_kind_off_without_signing_in(client, bob, kind):
    link = path_of(unsubscribing.turn_off_link(bob, kind))

    page = client.get(link).content.decode()
    assert "Turn these mails off?" in page
    assert choices(bob) == (True, 0, 8, True)

    assert "These mails are turned off" in client.post(link).content.decode()
    assert choices(bob) == (kind != Periodic.DIGEST, 0, 8, kind != Periodic.REMINDER)
    assert "These mails are turned off" in client.get(link).content.decode()


def test_a_mail_program_presses_the_button_without_a_token_of_ours(bob, link):
    """RFC 8058: a bare post, with no cookie and no page before it."""
    client = Client(enforce_csrf_checks=True)

    response = client.post(link, {"List-Unsubscribe": "One-Click"})

    assert response.status_code == 200
    assert choices(bob) == (False, 0, 8, True)


def test_opening_it_changes_nothing_whoever_opens_it(client, alice, bob, link):
    for user in (None, alice, bob):
        if user:
            client.force_login(user)
        for method in ("get", "head"):
            assert getattr(client, method)(link).status_code == 200

    assert choices(bob) == choices(alice) == (True, 0, 8, True)


def test_it_turns_off_nothing_of_anybody_else(client, alice, bob, link):
    client.force_login(alice)

    client.post(link)

    assert choices(alice) == (True, 0, 8, True)
    assert choices(bob) == (False, 0, 8, True)


def forged(bob, alice) -> list[str]:
    real = signing.dumps([bob.pk, "digest"], salt=unsubscribing.SALT)
    said, time, signature = real.split(":")
    others = signing.dumps([alice.pk, "digest"], salt=unsubscribing.SALT).split(":")[0]
    return [
        f"{others}:{time}:{signature}",
        f"{said}:{time}:{signature[:-1]}{'A' if signature[-1] != 'A' else 'B'}",
        f"{said}:{time}:",
        f"{said}",
        signing.dumps([alice.pk, "digest"]),  # of another purpose
        signing.dumps([alice.pk, "digest"], key="guessed", salt=unsubscribing.SALT),
        signing.dumps([987_654, "digest"], salt=unsubscribing.SALT),  # of nobody
        "x" * 5_000,
        "%00",
        "Đồng",
    ]


def test_a_forged_link_is_no_link(client, alice, bob):
    for token in forged(bob, alice):
        for method in ("get", "post"):
            assert getattr(client, method)(f"/profile/mails/off/{token}/").status_code == 404

    assert choices(alice) == choices(bob) == (True, 0, 8, True)


def test_it_speaks_the_language_of_the_mail(client, bob, link):
    User.objects.filter(pk=bob.pk).update(language="vi")

    page = client.get(link, headers={"accept-language": "en"}).content.decode()

    assert '<html lang="vi"' in page
    assert "Tắt loại thư này" in page


def test_it_is_kept_in_no_cache(client, link):
    assert "no-store" in client.get(link).headers["Cache-Control"]


# The mails of a demo


@pytest.fixture
def demo(settings, tmp_path):
    settings.LOCAL = settings.DEMO = True
    settings.MAIL_FOLDER = tmp_path
    return tmp_path


def keep(folder, subject="Good news", text="Open this: https://x.example/a", html="<p>Hi</p>"):
    message = EmailMultiAlternatives(subject, text, "a@x.example", ["dan@x.example"])
    message.attach_alternative(html, "text/html")
    mailbox.EmailBackend(folder=folder).send_messages([message])
    return mailbox.newest_first(folder)[0].stem


def test_the_newest_stands_first(client, db, demo):
    assert "No mail yet." in client.get("/mails/").content.decode()
    keep(demo, "The first")
    keep(demo, "Thư thứ hai")

    page = client.get("/mails/").content.decode()

    assert page.index("Thư thứ hai") < page.index("The first")
    assert '<span lang="vi">Thư thứ hai</span>' in page


def test_only_the_last_are_kept(db, demo, monkeypatch):
    monkeypatch.setattr(mailbox, "KEPT", 3)
    keys = [keep(demo) for _number in range(5)]

    assert [mail.key for mail in mailbox.kept_mails()] == keys[:1:-1]


def test_a_mail_is_read_as_text_and_as_html(client, db, demo):
    key = keep(demo, html="<style>p { color: red }</style><p>Chào bạn</p>")

    page = client.get(f"/mails/{key}/").content.decode()
    html = client.get(f"/mails/{key}/html/")

    assert '<a href="https://x.example/a">' in page
    assert f"/mails/{key}/html/" in page
    assert "<p>Chào bạn</p>" in html.content.decode()


def test_the_html_of_a_mail_runs_and_fetches_nothing(client, db, demo):
    key = keep(demo, html="<style>p { color: red }</style><script>1</script>")

    policy = client.get(f"/mails/{key}/html/").headers["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "script-src" not in policy
    assert "'unsafe" not in policy
    assert "style-src 'sha256-" in policy


@pytest.mark.parametrize("key", ["20261109-101500000000-0123abcd", "nothing", "..", "a.eml"])
def test_what_is_not_there_is_not_found(client, db, demo, key):
    for page in (f"/mails/{key}/", f"/mails/{key}/html/"):
        assert client.get(page).status_code == 404


@pytest.mark.parametrize(("local", "is_demo"), [(False, False), (True, False), (False, True)])
@pytest.mark.parametrize("name", ["ola", "alice", None])
def test_outside_a_demo_there_is_no_such_page(
    request, client, db, demo, settings, name, local, is_demo
):
    key = keep(demo)
    if name:
        client.force_login(request.getfixturevalue(name))

    with override_settings(LOCAL=local, DEMO=is_demo):
        for page in ("/mails/", f"/mails/{key}/", f"/mails/{key}/html/"):
            assert client.get(page).status_code == 404
            assert client.post(page).status_code == 404
        page = client.get("/" if name else "/accounts/login/").content.decode()
    assert 'href="/mails/"' not in page


@pytest.mark.parametrize("page", ["/", "/accounts/login/"])
def test_in_a_demo_it_is_one_click_away(client, alice, demo, page):
    if page == "/":
        client.force_login(alice)

    assert 'href="/mails/"' in client.get(page).content.decode()
