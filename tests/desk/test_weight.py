"""A cold page weighs at most 60 KB over the wire: HTML, styles and scripts, compressed as they are sent."""

import gzip
import re
import secrets

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from evaluations.models import give
from tests.agreements import agree, draw_up, fresh, question, sign_by_all

KB = 1024
MOST = 60 * KB


def weight(client, url) -> int:
    response = client.get(url, headers={"accept-encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    page = gzip.decompress(response.content).decode()
    files = re.findall(r'<(?:script|link)[^>]* (?:src|href)="/static/([^"]+)"', page)
    assert any(name.endswith(".css") for name in files)
    assert any("htmx" in name for name in files)
    sizes = [len(gzip.compress(open_static(name))) for name in files]
    return len(response.content) + sum(sizes)


def open_static(name) -> bytes:
    with open(finders.find(name), "rb") as file:  # noqa: PTH123  # finders return plain strings
        return file.read()


@pytest.mark.parametrize("name", ["desk:guide", "checklists:checklist", "partnerships:timeline"])
def test_a_partnerships_pages_are_light(client, alice, running, name):
    client.force_login(alice)

    assert weight(client, reverse(name, args=[running.pk])) <= MOST


@pytest.mark.parametrize("name", ["desk:today", "desk:partnerships", "partnerships:partners"])
def test_lists_are_light(client, alice, running, name):
    client.force_login(alice)

    assert weight(client, reverse(name)) <= MOST


@pytest.fixture
def filled(running, alice):
    """All ten questions answered at length by both sides, agreed on, and an agreement signed."""
    words = "What we think about it, said at some length. " * 12
    running = fresh(running)
    for number in range(1, 11):
        for party in running.parties.all():
            party.partnership = running
            give(question(number), party, f"{number}. {words}", by=alice)
        agree(running, number, f"{number}: {words}", by=alice)
    sign_by_all(draw_up(running, by=alice), by=alice)
    agree(running, 1, "Something else", by=alice)
    return running


OF_THE_TABLE = [
    ("evaluations:questions", []),
    ("evaluations:joint", ["ten-questions"]),
    ("evaluations:enter", ["ten-questions"]),
    ("desk:agreement", []),
    ("desk:agreement_version", [1]),
    ("desk:draw_up", []),
    ("partnerships:team", []),
    ("partnerships:levels", []),
]


@pytest.mark.parametrize(("name", "more"), OF_THE_TABLE)
def test_pages_with_much_on_them_are_light(client, alice, filled, name, more):
    client.force_login(alice)

    assert weight(client, reverse(name, args=[filled.pk, *more])) <= MOST


@pytest.mark.parametrize("name", ["accounts:profile", "accounts:mail_settings", "mfa_index"])
def test_pages_of_ones_own_are_light(client, alice, name):
    client.force_login(alice)

    assert weight(client, reverse(name)) <= MOST


def test_control_a_heavy_page_is_noticed(client, alice, running):
    client.force_login(alice)
    running.purpose = secrets.token_hex(MOST)  # cannot be compressed to less than half
    running.save()

    assert weight(client, reverse("desk:guide", args=[running.pk])) > MOST


def test_no_page_asks_anything_of_another_site(client, alice, running):
    client.force_login(alice)

    page = client.get(reverse("desk:guide", args=[running.pk])).content.decode()

    assert re.findall(r'<(?:script|link|img|iframe)[^>]+(?:src|href)="(?:https?:)?//', page) == []
