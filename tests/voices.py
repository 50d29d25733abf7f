"""What tests of the community's voice share: a form as it is drawn, and sending it."""

import re
from datetime import timedelta

from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from evaluations.models import FeedbackLink
from partnerships.models import PublicPage
from partnerships.vocabulary import Audience, PublicPart
from tests import clock

TOKEN = re.compile(r'name="token" value="([^"]+)"')


def make_link(partnership, *, by, audience=Audience.STUDENTS) -> FeedbackLink:
    return FeedbackLink.objects.make(partnership, audience, by=by)


def address_of(link) -> str:
    return reverse("desk:give_voice", args=[link.slug])


def drawn(url, *, client=None, ago=timedelta(seconds=20), **extra) -> str:
    """The token of a form that was opened some time ago."""
    with clock.at(timezone.now() - ago):
        page = (client or Client()).get(url, **extra).content.decode()
    return TOKEN.search(page)[1]


def send(url, *, client=None, address="192.0.2.7", token=None, **said):
    """Open a form, fill it in, and send it from a network address."""
    client = client or Client(enforce_csrf_checks=True)
    data = {"token": token or drawn(url, client=client), "lang": "en", **said}
    return client.post(url, data, REMOTE_ADDR=address)


def release(partnership, *parts, by, page=None) -> PublicPage:
    """Let every party release parts of the public page."""
    page = page or PublicPage.objects.filter(partnership=partnership).first()
    page = page or PublicPage.objects.create(partnership=partnership, about_en="What we do")
    page.partnership = partnership
    for kind in parts or (PublicPart.ABOUT, PublicPart.VOICE):
        for party in partnership.parties.all():
            part = page.part(kind)
            page.release(part, party, fingerprint=part.fingerprint, by=by)
    return page


def every_row() -> str:
    """All that stands in any table of the database, as text."""
    with connection.cursor() as cursor:
        said = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 # names from the database itself
            said += [f"{table}: {row}" for row in cursor.fetchall()]
    return "\n".join(said)
