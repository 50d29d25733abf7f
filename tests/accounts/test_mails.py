"""Mail leaves in one place: sealed until it has left, tried again, given up in the end, and readable."""

import html
import re
import smtplib
from datetime import timedelta
from html.parser import HTMLParser

import pytest
from cryptography.fernet import InvalidToken
from django.conf import settings
from django.core import mail
from django.core.mail.backends import locmem
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.template import engines
from django.test import override_settings
from django.urls import reverse
from django.utils import timezone, translation
from django_tasks_db.models import DBTaskResult

from accounts import mails
from accounts.models import Mail
from accounts.outbox import AT_WORK, PAUSES, TRIES, Fault
from accounts.sealing import seal, unseal
from accounts.templatetags.mails import as_html, in_plain_text
from tests import clock

SECRET = "https://x.example/invitations/" + "s3cret" * 6
IN_DATABASE = override_settings(TASKS={"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}})


def write(**more) -> Mail:
    return mails.send_written(
        "trial", "dan@x.example", subject="Good news", text=f"Open this:\n\n{SECRET}", **more
    )


def every_column_of_the_database() -> str:
    rows = [*Mail.objects.values(), *DBTaskResult.objects.values()]
    return repr(rows)


# Fails as a mail server does

REFUSED = smtplib.SMTPRecipientsRefused({"dan@x.example": (550, b"no such user")})
LATER = smtplib.SMTPRecipientsRefused({"dan@x.example": (451, b"try again later")})
UNREACHED = ConnectionRefusedError("nobody listens")


@pytest.fixture
def server(monkeypatch):
    """A mail server that can be told to fail; `server.fault = None` mends it."""

    class Server:
        fault = None
        asked = 0

    real = locmem.EmailBackend.send_messages

    def send_messages(self, messages):
        Server.asked += 1
        if Server.fault:
            raise Server.fault
        return real(self, messages)

    monkeypatch.setattr(locmem.EmailBackend, "send_messages", send_messages)
    return Server


# Sealed


def test_what_is_sealed_is_read_by_the_program_alone():
    sealed = seal("a word", "mail")

    assert "a word" not in sealed
    assert unseal(sealed, "mail") == "a word"
    with pytest.raises(InvalidToken):
        unseal(sealed, "something else")
    with override_settings(SECRET_KEY="another"), pytest.raises(InvalidToken):
        unseal(sealed, "mail")
    with override_settings(SECRET_KEY="another", SECRET_KEY_FALLBACKS=[settings.SECRET_KEY]):
        assert unseal(sealed, "mail") == "a word"


@IN_DATABASE
def test_neither_queue_nor_record_shows_the_link(db, mails_leave_at_once):
    write()

    assert DBTaskResult.objects.count() == 1
    assert "s3cret" not in every_column_of_the_database()
    assert "Good news" not in every_column_of_the_database()


def test_once_it_has_left_nothing_of_it_is_kept(db, mails_leave_at_once):
    sent = write()

    sent.refresh_from_db()
    assert sent.sent_at is not None
    assert sent.sealed == ""
    assert [message.to for message in mail.outbox] == [["dan@x.example"]]


def test_nothing_is_kept_of_what_was_given_up(db, mails_leave_at_once, server):
    server.fault = REFUSED

    sent = write()

    sent.refresh_from_db()
    assert (sent.has_failed, sent.fault, sent.sealed) == (True, Fault.ADDRESS, "")


@pytest.mark.parametrize("state", ["sent_at", "failed_at"])
def test_the_database_sees_to_that(db, state):
    kept = write()

    with pytest.raises(IntegrityError), transaction.atomic():
        Mail.objects.filter(pk=kept.pk).update(**{state: timezone.now()})


# It leaves when the transaction is through


def test_it_leaves_when_the_transaction_is_through(db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        write()
        assert mail.outbox == []

    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_rolled_back_sends_nothing():
    with transaction.atomic():
        write()
        transaction.set_rollback(True)

    assert (mail.outbox, Mail.objects.count()) == ([], 0)


# The worker


def work():
    call_command("db_worker", batch=True, startup_delay=False, interval=0, verbosity=0)


@pytest.mark.django_db(transaction=True)
@IN_DATABASE
def test_the_worker_sends_it():
    write()
    assert mail.outbox == []

    work()

    [message] = mail.outbox
    assert SECRET in message.body
    assert Mail.objects.get().sealed == ""
    assert DBTaskResult.objects.get().status == "SUCCESSFUL"


@pytest.mark.django_db(transaction=True)
@IN_DATABASE
def test_the_worker_tries_again_with_growing_pauses_and_then_gives_up(server):
    server.fault = UNREACHED
    now = timezone.now()
    with clock.at(now):
        write()
        work()
    for number, pause in enumerate(PAUSES, 1):
        assert server.asked == number
        with clock.at(now + pause - timedelta(seconds=1)):
            work()
        assert server.asked == number  # not before its time
        now += pause
        assert not Mail.objects.get().has_failed
        with clock.at(now):
            work()

    given_up = Mail.objects.get()
    assert server.asked == given_up.tries == TRIES
    assert (given_up.has_failed, given_up.fault, given_up.sealed) == (True, Fault.SERVER, "")
    assert sorted(PAUSES) == PAUSES
    with clock.at(now + timedelta(days=3)):
        work()
    assert server.asked == TRIES
    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
@IN_DATABASE
@pytest.mark.parametrize("fault", [UNREACHED, LATER, smtplib.SMTPServerDisconnected()])
def test_a_server_that_comes_back_gets_it_once(server, fault):
    server.fault = fault
    write()
    work()
    server.fault = None

    with clock.at(timezone.now() + PAUSES[0]):
        work()
        work()

    assert len(mail.outbox) == 1
    assert Mail.objects.get().sent_at is not None


@pytest.mark.django_db(transaction=True)
@IN_DATABASE
def test_an_address_that_is_refused_for_good_is_not_asked_again(server):
    server.fault = REFUSED

    write()
    work()

    assert server.asked == 1
    assert Mail.objects.get().fault == Fault.ADDRESS
    assert DBTaskResult.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@IN_DATABASE
def test_two_tasks_for_one_mail_send_it_once():
    kept = write()
    mails.deliver.enqueue(kept.pk)
    mails.deliver.enqueue(kept.pk)

    work()

    assert DBTaskResult.objects.count() == 3
    assert len(mail.outbox) == 1


def test_of_two_that_claim_it_one_gets_it(db):
    kept = write()

    assert kept.claim()
    assert not Mail.objects.get(pk=kept.pk).claim()
    with clock.at(timezone.now() + AT_WORK):
        assert Mail.objects.get(pk=kept.pk).claim()


@pytest.mark.django_db(transaction=True)
@IN_DATABASE
def test_what_was_left_lying_is_taken_up_again():
    """The program was stopped in the middle of a try: the task is over, the mail is not."""
    kept = write()
    DBTaskResult.objects.all().delete()
    kept.claim()

    mails.take_up_stranded()
    work()
    assert mail.outbox == []  # it may be at work still

    with clock.at(timezone.now() + timedelta(hours=2)):
        mails.take_up_stranded()
        work()
    assert len(mail.outbox) == 1


@pytest.mark.django_db(transaction=True)
@IN_DATABASE
def test_what_stops_the_program_each_time_is_given_up_in_the_end():
    kept = write()
    Mail.objects.filter(pk=kept.pk).update(
        tries=TRIES, next_try_at=timezone.now() - timedelta(hours=2)
    )

    mails.take_up_stranded()

    assert Mail.objects.get().fault == Fault.SERVER


def test_finished_tasks_are_cleared_away(db):
    with IN_DATABASE:
        call_command("prune_db_task_results", verbosity=0)


# Text and HTML


class Page(HTMLParser):
    """What a mail's HTML part holds."""

    def __init__(self, markup):
        super().__init__()
        self.tags, self.links, self.fetched, self.lang = [], [], [], None
        self.open = []
        self.feed(markup)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.tags.append(tag)
        if tag == "html":
            self.lang = attrs.get("lang")
        if tag == "a":
            self.links.append(attrs["href"])
        self.fetched += [value for name, value in attrs.items() if name in {"src", "background"}]
        if tag not in {"meta", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def parts(message) -> tuple[str, Page]:
    [alternative] = message.alternatives
    assert alternative.mimetype == "text/html"
    return message.body, Page(alternative.content)


def check_html(page: Page, language: str):
    assert page.lang == language
    assert page.open == []
    assert page.fetched == []
    assert not {"img", "script", "link", "iframe", "object", "form"} & set(page.tags)
    assert page.tags.count("h1") == 1
    assert {"main", "title"} <= set(page.tags)


@pytest.mark.parametrize("language", ["en", "vi"])
def test_every_mail_has_a_text_and_an_html_part(db, mails_leave_at_once, language):
    with translation.override(language):
        write()

    text, page = parts(mail.outbox[0])
    check_html(page, language)
    assert page.links == [SECRET]
    assert "<" not in text


def test_what_people_wrote_is_no_markup(db, mails_leave_at_once):
    mails.send_written("trial", "dan@x.example", subject="<b>Hi\nthere", text="<img src=x> & so on")

    [message] = mail.outbox
    text, page = parts(message)
    assert message.subject == "<b>Hi there"
    assert text == "<img src=x> & so on\n"
    check_html(page, "en")


def test_a_text_becomes_paragraphs_and_links():
    text = "Dear Dan,\n\none line\nand another\n\n\nhttps://x.example/a?b=1&c=2\n"

    assert as_html(text) == (
        "<p>Dear Dan,</p>\n<p>one line<br>\nand another</p>\n"
        '<p><a href="https://x.example/a?b=1&amp;c=2">https://x.example/a?b=1&amp;c=2</a></p>'
    )


@pytest.mark.parametrize("before", ["", "  ", "Turn it off: "])
def test_an_address_at_the_end_of_a_line_becomes_one(before):
    assert as_html(f"{before}{SECRET}").endswith(f'<a href="{SECRET}">{SECRET}</a></p>')


@pytest.mark.parametrize(
    "line", ["Dear https://evil.example,", "https://evil.example invites you.", "javascript:x"]
)
def test_a_name_becomes_no_link(line):
    assert "<a" not in as_html(line)


def test_markup_becomes_a_text():
    assert in_plain_text('Ask <span lang="vi">Tâm</span> &amp; Sons &lt;office&gt;') == (
        "Ask Tâm & Sons <office>"
    )


ACCOUNT_MAILS = ["password_reset_key"]


@pytest.mark.parametrize("language", ["en", "vi"])
def test_mails_of_the_library_have_both_parts_and_the_language_of_the_person(
    client, alice, mails_leave_at_once, language
):
    type(alice).objects.filter(pk=alice.pk).update(language=language)

    client.post("/accounts/password/reset/", {"email": alice.email})

    [message] = mail.outbox
    text, page = parts(message)
    check_html(page, language)
    [link] = page.links
    assert html.unescape(link) in text
    assert "/accounts/password/reset/key/" in link
    assert Mail.objects.get().user == alice
    assert client.get(re.sub(r"^https?://[^/]+", "", link), follow=True).status_code == 200


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_welcome_reads_well(alice, mails_leave_at_once, rf, language):
    alice.language = language

    mails.send_welcome(alice, rf.get("/"))

    text, page = parts(mail.outbox[0])
    check_html(page, language)
    assert page.links[0].endswith(reverse("account_request_login_code"))
    assert max(len(line) for line in text.splitlines() if "http" not in line) < 250


def test_templates_of_mails_escape_in_html_only():
    """The shared frame is HTML, so what is put into it is escaped."""
    frame = engines["django"].get_template(mails.FRAME)

    assert "<b>" not in frame.render({"subject": "<b>", "text": "<b>"})
