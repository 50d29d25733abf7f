"""The doors by which a voice comes in: a link for one audience, or the form on the public page.

Whoever stands at a door has no account and gets no cookie. A form carries a signed token instead: it tells
for which door and when it was drawn, and counts once.
"""

import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from ipaddress import IPv6Address, ip_address, ip_network

from django.core import signing
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.html import format_html_join

from accounts.templatetags.words import own_words
from evaluations.models import (
    Feedback,
    FeedbackLink,
    Limit,
    SentForm,
    forget,
    hidden,
    look,
    tally,
    today,
    written_in,
)
from partnerships.models import Partnership, PublicPage
from partnerships.vocabulary import Audience, PublicPart

SALT = "evaluations.doors"
QUICKEST = timedelta(seconds=3)  # nobody reads the form and answers in less
GOOD_FOR = timedelta(days=1)

# A class of 35 comes from one address within minutes, several classes within a day.
FROM_ONE_NETWORK = (Limit(80, timedelta(minutes=10)), Limit(300, timedelta(days=1)))
BY_ONE_DOOR = (Limit(200, timedelta(hours=1)), Limit(600, timedelta(days=1)))


class Fault(Enum):
    """Why a token is not taken."""

    FOREIGN = "foreign"
    QUICK = "quick"
    OLD = "old"
    USED = "used"


@dataclass(frozen=True)
class Door:
    partnership: Partnership
    audience: Audience
    slug: str
    is_open: bool
    page: PublicPage | None = None  # where there is one that can be read

    @property
    def names(self) -> str:
        """Who works together, each name marked with its language."""
        parties = self.partnership.parties.all()
        return format_html_join(" × ", "<b>{}</b>", ((own_words(one.name),) for one in parties))

    # Tokens

    def token(self) -> str:
        """Return a token for a form that is drawn now."""
        drawn = int(timezone.now().timestamp())
        return signing.dumps([self.slug, secrets.token_urlsafe(12), drawn], salt=SALT)

    def fault_of(self, token: str) -> Fault | None:
        try:
            slug, _key, drawn = signing.loads(token, salt=SALT)
        except signing.BadSignature:
            return Fault.FOREIGN
        age = timedelta(seconds=timezone.now().timestamp() - drawn)
        if slug != self.slug:
            return Fault.FOREIGN
        if age > GOOD_FOR:
            return Fault.OLD
        return Fault.QUICK if age < QUICKEST else None

    # Hearing

    def hear(self, token: str, *, address: str, shown: str, **said) -> Fault | None:
        """Take what somebody says, once. Raises TooMany above the limits.

        The same form sent again with the same words is a second click and changes nothing; with others
        it is refused (Fault.USED), since a token is good for one voice.
        """
        forget()
        key, words = hidden(token), hidden(token, *sorted(said.items()))
        if not SentForm.objects.filter(key=key).exists():
            for limit in self.limits(address):
                look(*limit)
        try:
            with transaction.atomic():
                self.take(key, words, address)
                self.keep(shown, said)
        except AlreadySent:
            same = SentForm.objects.filter(key=key, said=words).exists()
            return None if same else Fault.USED
        return None

    def take(self, key: str, words: str, address: str):
        """Count it: first by its token, then by its door and network, always in this order."""
        try:
            with transaction.atomic():
                # Of two at the same time, one waits here until the other has finished.
                SentForm.objects.create(key=key, said=words, forget_on=today() + 2 * GOOD_FOR)
        except IntegrityError as fault:
            raise AlreadySent from fault
        for limit in self.limits(address):
            tally(*limit)

    def limits(self, address: str) -> list[tuple]:
        """The limits with what each is counted for."""
        network = ("network", today(), self.slug, network_of(address))
        return [
            *((limit, "door", self.slug) for limit in BY_ONE_DOOR),
            *((limit, *network) for limit in FROM_ONE_NETWORK),
        ]

    def keep(self, shown: str, said: dict) -> Feedback:
        texts = f"{said.get('change', '')} {said.get('idea', '')}"
        return Feedback.objects.create(
            partnership=self.partnership,
            cycle=self.partnership.cycle,
            audience=self.audience,
            language=written_in(texts, shown),
            on=self.partnership.district.today(),
            **said,
        )


class AlreadySent(Exception):
    """This very form was sent before."""


def network_of(address: str) -> str:
    """Return what one household or school has to itself: an IPv4 address, or a /64 of IPv6."""
    ip = ip_address(address)
    if isinstance(ip, IPv6Address):
        return str(ip_network((ip, 64), strict=False))
    return str(ip)


def find(slug: str) -> Door | None:
    """Return the door with this address. One whose form was never released to the public is none."""
    links = FeedbackLink.objects.filter(slug=slug).select_related("partnership__district")
    if link := links.first():
        return Door(
            link.partnership, Audience(link.audience), slug, link.is_open, page_of(link.partnership)
        )
    page = PublicPage.objects.filter(address=slug).select_related("partnership__district").first()
    return page and public_door(page)


def public_door(page: PublicPage) -> Door | None:
    """The form on the public page, where every party has released both."""
    if not (readable(page) and is_released(page, PublicPart.VOICE)):
        return None
    is_open = not page.partnership.has_ended
    return Door(page.partnership, Audience.PUBLIC, page.address, is_open, page)


def page_of(partnership: Partnership) -> PublicPage | None:
    """The public page, where there is one that can be read."""
    page = PublicPage.of(partnership)
    return readable(page) if page else None


def readable(page: PublicPage) -> PublicPage | None:
    return page if is_released(page, PublicPart.ABOUT) else None


def is_released(page: PublicPage, part: PublicPart) -> bool:
    """Every party at the table has released a part of the page, in the same version."""
    return page.part(part).seen is not None
