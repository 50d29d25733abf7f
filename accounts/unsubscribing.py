"""The link in a mail that turns this kind of mail off, without signing in."""

from django.core import signing
from django.urls import reverse

from accounts.mails import address_of
from accounts.models import User
from accounts.outbox import Periodic

SALT = "accounts.unsubscribing"
SWITCHES = {Periodic.DIGEST: "wants_digest", Periodic.REMINDER: "wants_reminder"}


def turn_off_link(user: User, kind: Periodic) -> str:
    token = signing.dumps([user.pk, kind.value], salt=SALT)
    return address_of(reverse("accounts:turn_off", args=[token]))


def read(token: str) -> tuple[User, Periodic] | None:
    """Return whose mails of which kind a link turns off; None if it is no link of ours."""
    try:
        pk, kind = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=pk).first()
    return user and (user, Periodic(kind))


def turn_off(user: User, kind: Periodic):
    setattr(user, SWITCHES[kind], False)
    user.save(update_fields=[SWITCHES[kind]])


def headers(link: str) -> dict[str, str]:
    """What lets a mail program offer “unsubscribe” itself (RFC 2369, RFC 8058), by the link in the mail."""
    return {
        "List-Unsubscribe": f"<{link}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        "Auto-Submitted": "auto-generated",
    }
