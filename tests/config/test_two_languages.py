"""No English on Vietnamese pages outside lang="en", and every page is whole in both languages."""

import re
from html.parser import HTMLParser
from pathlib import Path

import django
import pytest
from babel.messages.pofile import read_po
from django.conf import settings
from django.test import override_settings
from django.urls import reverse

from accounts.models import User
from desk.demo import make_demo
from partnerships.models import Partnership

# Words of English that are no words of Vietnamese, and would not stand in a Vietnamese name.
ENGLISH_WORDS = """
    the and of is are this that with for you your not all what who when was were be by from have has
    will can one any item items partner partners school schools stage save add change open done late
    due show back next page people person name kind date today partnership partnerships checklist
    timeline cycle cycles password sign forgotten move moved pause ended active search filter print
    which where they their them only more most other another between after before here there yet
"""
ENGLISH = set(ENGLISH_WORDS.split())
SPOKEN = {"title", "aria-label", "alt", "placeholder", "data-label"}
ADDRESS = re.compile(r"\S+@\S+|https?://\S+|\S+\.example\S*")
WORDS = re.compile(r"[a-z]+")
SILENT = {"script", "style", "code", "svg", "title"}  # a title cannot mark a name in it
VOID = {"meta", "link", "input", "br", "img", "hr", "rect", "circle", "path"}


class Text(HTMLParser):
    """Collects what a page says, outside of what is marked as English."""

    def __init__(self):
        super().__init__()
        self.said, self.languages, self.silent = [], ["vi"], 0
        self.open = []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        language = attributes.get("lang") or self.languages[-1]
        if language == "vi":
            self.said += [attributes[name] for name in SPOKEN & attributes.keys()]
        if tag not in VOID:
            self.open.append(tag)
            self.languages.append(language)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag):
        while self.open and tag not in VOID:
            self.languages.pop()
            if self.open.pop() == tag:
                break

    def handle_data(self, data):
        if self.languages[-1] == "vi" and not SILENT & set(self.open):
            self.said.append(data)


def english_in(html: str) -> list[str]:
    parser = Text()
    parser.feed(html)
    said = [ADDRESS.sub(" ", text) for text in parser.said if text]
    return [text.strip() for text in said if ENGLISH & set(WORDS.findall(text.lower()))]


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker):
    """A demo district whose people all read Vietnamese, made once for this module."""
    with django_db_blocker.unblock(), override_settings(DEMO=True):
        make_demo()
        User.objects.update(language="vi")
        yield
        forget_demo()


def forget_demo():
    from django.core.management import call_command

    from desk.seeding import seed

    call_command("flush", interactive=False, verbosity=0)
    seed()


def links_of(client, start, *, ignore):
    """Every address that can be reached by links from `start`, each pattern of address a few times."""
    seen, found, kinds = set(), [start], {}
    for address in found:
        if address in seen:
            continue
        seen.add(address)
        kind = re.sub(r"\d+", "#", address.split("?")[0])
        kinds[kind] = kinds.get(kind, 0) + 1
        if kinds[kind] > 3:
            continue
        response = client.get(address, follow=True)
        if response.headers.get("Content-Disposition", "").startswith("attachment"):
            continue  # a file; see tests/desk/test_agreement_pdf.py and test_dossier.py
        page = response.content.decode()
        yield address, page
        here = response.request["PATH_INFO"]
        for link in re.findall(r'<a [^>]*href="([^"#]+)', page):
            link = link.replace("&amp;", "&")
            link = here + link if link.startswith("?") else link
            if link.startswith("/") and not any(part in link for part in ignore):
                found.append(link)


@pytest.mark.parametrize(
    ("email", "start"),
    [
        ("coordinator@demo.example", "/"),
        ("minh@demo.example", "/"),
        ("partner@demo.example", "/"),
        ("district@demo.example", "/"),
        (None, "/d/bayview-unified-school-district/vi/"),
    ],
)
def test_vietnamese_pages_speak_vietnamese(client, demo, db, email, start):
    if email:
        client.force_login(User.objects.get(email=email))
    ignore = ["/accounts/logout/", "/static/"] + ([] if start == "/admin/" else ["/admin/"])
    ignore += [] if email else ["/en/"]

    english, count = {}, 0
    for address, page in links_of(client, start, ignore=ignore):
        count += 1
        if found := english_in(page):
            english[address] = found

    assert english == {}
    assert count >= (20 if email else 4)


def messages() -> set[str]:
    """Every English message that some catalogue, ours or a library's, says otherwise in Vietnamese."""
    known = set()
    for path in [*settings.LOCALE_PATHS, *Path(django.__file__).parent.glob("**/locale")]:
        for catalogue in path.glob("vi/LC_MESSAGES/django.po"):
            with catalogue.open("rb") as file:
                known |= {
                    str(entry.id)
                    for entry in read_po(file)
                    if entry.id and entry.string != entry.id
                }
    return known


def untranslated_in(html: str, known: set[str]) -> list[str]:
    parser = Text()
    parser.feed(html)
    return [text for text in parser.said if text.strip(" :\n\xa0") in known]


@pytest.mark.ignore_template_errors  # the admin's own templates have undefined variables
def test_the_admin_speaks_vietnamese_around_what_people_wrote(client, demo, db):
    client.force_login(User.objects.get(email="district@demo.example"))
    known = messages()

    english = {}
    for address, page in links_of(client, "/admin/", ignore=["/accounts/", "/static/"]):
        if address.startswith("/admin/") and (found := untranslated_in(page, known)):
            english[address] = found

    assert english == {}
    assert untranslated_in("<html><p>Save and continue editing</p></html>", known) != []


PUBLIC = [
    "account_login",
    "account_request_login_code",
    "account_reset_password",
    "account_reset_password_done",
    "account_signup",
]


@pytest.mark.parametrize("name", PUBLIC)
def test_pages_before_signing_in_too(client, db, name):
    page = client.get(reverse(name), headers={"accept-language": "vi"}).content.decode()

    assert '<html lang="vi"' in page
    assert english_in(page) == []


def test_errors_in_forms_too(client, demo, db):
    client.force_login(User.objects.get(email="coordinator@demo.example"))
    pages = [
        client.post(reverse("partnerships:add_partner"), {"website": "x y"}),
        client.post(reverse("partnerships:start")),
        client.post(reverse("accounts:profile"), {"language": "xx"}),
        client.get("/nowhere/"),
        client.get("/partnerships/999999/"),
    ]
    partnership = Partnership.objects.filter(
        parties__school__coordinators__email="coordinator@demo.example"
    )
    one = partnership.exclude(status="ended").first()
    for name in ("add_seat", "end", "pause", "basics"):
        args = [one.pk, one.parties.first().pk] if name == "add_seat" else [one.pk]
        pages.append(client.post(reverse(f"partnerships:{name}", args=args), {"starts_on": "x"}))

    for page in pages:
        assert english_in(page.content.decode()) == []


def test_the_check_finds_english():
    page = '<html lang="vi"><p>Xin chào <b>the partner</b></p><p lang="en">all is well</p></html>'

    assert english_in(page) == ["the partner"]
