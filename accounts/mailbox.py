"""The mails of one's own computer: kept as files, the last ones, and read on pages of the demo."""

import re
import uuid
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.utils import timezone

KEPT = 200
NAME = re.compile(r"[0-9]{8}-[0-9]{12}-[0-9a-f]{8}")


class EmailBackend(BaseEmailBackend):
    """Writes each mail into a file of its own that mail programs can open, and keeps the last ones."""

    def __init__(self, *, folder, **options):
        super().__init__(**options)
        self.folder = Path(folder)

    def send_messages(self, email_messages):
        self.folder.mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            name = f"{timezone.now():%Y%m%d-%H%M%S%f}-{uuid.uuid4().hex[:8]}.eml"
            (self.folder / name).write_bytes(message.message().as_bytes())
        for old in newest_first(self.folder)[KEPT:]:
            old.unlink(missing_ok=True)
        return len(email_messages)


def newest_first(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.eml"), reverse=True)


@dataclass
class KeptMail:
    key: str
    subject: str
    to: str
    at: object
    text: str
    html: str

    @classmethod
    def read(cls, path: Path) -> "KeptMail":
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        text, html = (message.get_body([kind]) for kind in ("plain", "html"))
        return cls(
            key=path.stem,
            subject=message["Subject"],
            to=message["To"],
            at=parsedate_to_datetime(message["Date"]),
            text=text.get_content() if text else "",
            html=html.get_content().replace("\r\n", "\n") if html else "",
        )


def kept_mails(most: int = KEPT) -> list[KeptMail]:
    return [KeptMail.read(path) for path in newest_first(settings.MAIL_FOLDER)[:most]]


def kept_mail(key: str) -> KeptMail | None:
    """Return one mail; the key is checked, since it becomes the name of a file."""
    path = settings.MAIL_FOLDER / f"{key}.eml"
    return KeptMail.read(path) if NAME.fullmatch(key) and path.exists() else None
