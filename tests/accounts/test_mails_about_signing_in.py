"""Every mail about signing in, as its reader gets it, in both languages."""

import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context
from django.conf import settings
from django.core import mail
from django.utils import translation

from tests.config.test_two_languages import english_in
from tests.factories import UserFactory

pytestmark = pytest.mark.usefixtures("mails_leave_at_once")

FOLDER = settings.BASE_DIR / "templates"
MAILS = sorted(
    str(path.relative_to(FOLDER)).removesuffix("_message.txt")
    for path in FOLDER.rglob("*_message.txt")
)
MORE = {
    "code": "1234-5678",
    "password_reset_url": "https://alongside.example/reset/",
    "from_email": "old@x.example",
    "to_email": "new@x.example",
    "provider": "Bayview ID",
    "name_of_provider": "Bayview ID",
}


@pytest.fixture(params=["en", "vi"])
def reader(request, db):
    return UserFactory(name="Ngọc Lan", email="lan@x.example", language=request.param)


def send(prefix, reader, rf):
    """Send a mail while a page in the other language is drawn."""
    request = rf.post("/", headers={"user-agent": "Firefox/1 Windows"})
    other = "en" if reader.language == "vi" else "vi"
    with context.request_context(request), translation.override(other):
        get_adapter().send_notification_mail(prefix, reader, MORE | {"user": reader})
    [sent] = mail.outbox
    return sent


@pytest.mark.parametrize("prefix", MAILS)
def test_a_mail_speaks_its_readers_language_in_plain_text(reader, rf, prefix):
    sent = send(prefix, reader, rf)

    assert sent.extra_headers["Content-Language"] == reader.language
    said = f"{sent.subject}\n{sent.body}"
    if reader.language == "vi":
        page = f'<html lang="vi"><p>{said}</p></html>'.replace("Alongside", "")
        assert english_in(page) == []
        assert "Đồng hành" in sent.subject
    else:
        assert sent.subject.startswith("Alongside: ")
    assert "Ngọc Lan" in sent.body
    assert not set("<>{}") & set(said)
    assert "&#x27;" not in said
    assert "\n\n\n" not in sent.body.strip()
    assert max(map(len, sent.body.splitlines())) < 998  # what a mail can carry
    assert "\n" not in sent.subject


def test_all_of_them_are_here():
    assert "account/email/login_code" in MAILS
    assert len(MAILS) >= 14
