"""A cold page weighs at most 60 KB over the wire: HTML, styles and scripts, compressed as they are sent."""

import gzip
import re

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

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


def test_no_page_asks_anything_of_another_site(client, alice, running):
    client.force_login(alice)

    page = client.get(reverse("desk:guide", args=[running.pk])).content.decode()

    assert re.findall(r'<(?:script|link|img|iframe)[^>]+(?:src|href)="(?:https?:)?//', page) == []
