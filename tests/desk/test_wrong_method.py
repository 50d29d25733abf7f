"""Whoever opens an address that only takes what a form sends is told so, and not left with an empty page."""

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext

NOTHING = "There is nothing to read here"


@pytest.mark.parametrize("language", ["en", "vi"])
def test_a_page_says_so(client, alice, partnership, language):
    alice.language = language
    alice.save()
    client.force_login(alice)

    party = partnership.parties.first()
    page = client.get(reverse("desk:release_part", args=[partnership.pk, "about", party.pk]))

    assert page.status_code == 405
    assert page["Allow"] == "POST"
    with translation.override(language):
        assert f"<h1>{gettext(NOTHING)}</h1>" in page.text
        assert gettext("Go to Today") in page.text


def test_a_program_that_sends_something_odd_gets_no_page(client, alice, partnership):
    client.force_login(alice)

    answer = client.put(reverse("desk:guide", args=[partnership.pk]))

    assert (answer.status_code, answer.content) == (405, b"")
