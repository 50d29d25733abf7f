"""Which browsers somebody signs in with, in words; and a mail when one is new.

A browser is known by a signed cookie that names the accounts which have signed in with it.
"""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core import signing
from django.utils.translation import gettext as _

SALT = "accounts.devices"
KEPT = 20  # accounts that one browser remembers
# What a browser calls itself, the first that fits; most also name their forerunners.
BROWSERS = [
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
]
SYSTEMS = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("CrOS", "ChromeOS"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
]


def in_words(user_agent: str) -> str:
    """Say which browser this is: “Firefox on Windows”."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("a browser that does not say its name")


def known_accounts(request) -> list[int]:
    """The accounts that have signed in with this browser, the last one first."""
    try:
        return signing.loads(
            request.COOKIES.get(settings.DEVICE_COOKIE_NAME, ""),
            salt=SALT,
            max_age=settings.DEVICE_COOKIE_AGE,
        )
    except signing.BadSignature:  # none yet, or not by us
        return []


def note_device(request, user, *, is_news: bool):
    """Remember that this account signs in here; tell its owner by mail if that `is_news` to them."""
    known = known_accounts(request)
    if is_news and user.pk not in known:
        get_adapter().send_notification_mail("account/email/new_device", user)
    request.accounts_of_device = [user.pk, *(pk for pk in known if pk != user.pk)][:KEPT]


def remember_device(request, response):
    """Write down in the browser what `note_device` has noted."""
    if accounts := getattr(request, "accounts_of_device", None):
        response.set_cookie(
            settings.DEVICE_COOKIE_NAME,
            signing.dumps(accounts, salt=SALT),
            max_age=settings.DEVICE_COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
