"""The veil at every address: all that the resolver knows of a partnership, the admin, the PDF and the mails."""

import re
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from itertools import product

import pytest
from django.contrib import admin
from django.core import mail
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.mailbox import EmailBackend
from evaluations.joint import JointSheet
from evaluations.models import FeedbackLink, WhatNext, Wish
from partnerships.access import get_current_seat
from partnerships.models import (
    Contribution,
    Delivery,
    Document,
    Gain,
    Partnership,
    PublicPage,
    Thanks,
)
from partnerships.vocabulary import Audience
from tests import clock
from tests.access.matrix import patterns
from tests.access.rules import RULES
from tests.activities import plan
from tests.agreements import agree, arrange, draw_up
from tests.answering import give as give_answers
from tests.debriefs import open_debrief
from tests.evaluations.test_veil import SECRET, TEN, own, table  # noqa: F401 # a fixture
from tests.factories import make_goal
from tests.files import jpg
from tests.reading import text_of

pytestmark = pytest.mark.django_db

ARGUMENT = re.compile(r"<(?:\w+:)?(\w+)>")
ASKED = ("", "?blank", "?beside", "?print&beside")
# Routes that lead to no partnership, its schools and people, or that need something special.
ELSEWHERE = ("partnerships/start/", "accounts/", "profile/", "mails/", "invitations/")
ELSEWHERE += ("calendar/feeds/", "v/", "debriefs/answer/")
ALONE = {"alice": 10, "sam": 11, "bob": 12}  # whose answers to a debrief are whose
ROLES = {"alice": 0, "sam": 0, "bob": 1, "ada": None, "edna": None, "ola": None, "vera": None}


def things(partnership, question) -> dict:
    """What the arguments in an address may be."""
    parties = list(partnership.parties.all())
    return {
        "partnerships": [partnership.pk],
        "districts": [partnership.district_id],
        "question-sets": [question.set_id],
        "schools": [party.school_id for party in parties if party.school_id],
        "partners": [party.partner_id for party in parties if party.partner_id],
        "people": [seat.person_id for seat in partnership.current_seats],
        "party_pk": [party.pk for party in parties],
        "seat_pk": [seat.pk for seat in partnership.current_seats],
        "item_pk": [partnership.items.first().pk],
        "contribution_pk": [one.pk for one in partnership.contributions.all()],
        "delivery_pk": [one.pk for one in Delivery.objects.all()],
        "gain_pk": [one.pk for one in partnership.gains.all()],
        "step_pk": [a_step(partnership).pk],
        "goal_pk": [partnership.goals.first().pk],
        "row_pk": [partnership.goals.first().measurements.first().pk],
        "activity_pk": [partnership.activities.first().pk],
        "day": [partnership.activities.first().on],
        "document_pk": [partnership.documents.first().pk],
        "entry_pk": [a_disagreement(partnership).pk],
        "win_pk": [a_win(partnership).pk],
        "name": [a_win(partnership).picture_name],
        "thanks_pk": [thanks_for_it(partnership).pk],
        "question_pk": [question.pk],
        "voice_pk": [a_voice(partnership).pk],
        "reply_pk": [a_voice(partnership).replies.first().pk],
        "audience": ["students"],
        "key": [TEN],
        "number": [1],
        "stage": ["direction"],
        "language": ["en", "vi"],
        "part": ["about"],
        "kind": ["svg"],
        "address": [a_page(partnership).address],
        "slug": [partnership.district.slug],
    }


def a_step(partnership):
    steps = partnership.steps
    return steps.first() or steps.plan(by=partnership.coordinator, what="Call the office")


def a_disagreement(partnership):
    said = {"kind": "disagreement", "on": partnership.district.today(), "said": "Who pays?"}
    return partnership.log.first() or partnership.log.write(by=partnership.coordinator, **said)


def a_page(partnership):
    """The public page, with everything released that can be."""
    page, _new = PublicPage.objects.get_or_create(
        partnership=partnership, defaults={"about_en": "We meet"}
    )
    page.partnership = partnership
    for part in page.parts:
        for party in partnership.parties.all():
            page.release(part, party, fingerprint=part.fingerprint, by=partnership.coordinator)
    return page


def a_win(partnership):
    said = {"text": "It runs", "picture_alt": "A robot", "consent": "Nobody is on it"}
    return partnership.wins.first() or partnership.wins.tell(
        by=partnership.coordinator,
        on=partnership.district.today(),
        picture=ContentFile(jpg(), name="a.jpg"),
        **said,
    )


def thanks_for_it(partnership):
    said = {"name": "Nadia", "text": "Thank you", "language": "en", "way": "certificate"}
    return partnership.thanks.first() or Thanks(partnership=partnership, **said).say(
        by=partnership.coordinator
    )


def a_voice(partnership):
    """With an answer; and with the link by which it came."""
    if found := partnership.feedback.first():
        return found
    by, audience = partnership.coordinator, Audience.STUDENTS
    FeedbackLink.objects.make(partnership, audience, by=by)
    said = {"audience": audience, "cycle": 1, "going": 4, "on": partnership.district.today()}
    voice = partnership.feedback.create(**said)
    voice.answer(partnership.parties.first(), "Thank you", by=by)
    return voice


def every_address(scene) -> list[str]:
    """Each address that opens by GET, with each thing it can lead to; asked in several ways."""
    known, found = things(scene.fresh(), scene.question), []
    for pattern in patterns():
        rule = RULES.get(pattern.name)
        if rule is None or "GET" not in rule.takes or pattern.route.startswith(ELSEWHERE):
            continue
        arguments = ARGUMENT.findall(pattern.route)
        kind = pattern.route.split("/")[0]
        choices = [known[kind if name == "pk" else name] for name in arguments]
        for values in product(*choices):
            path = reverse(pattern.name, kwargs=dict(zip(arguments, values, strict=True)))
            found += [path + asked for asked in (*ASKED, *(f"?{one}" for one in rule.asks))]
    return sorted(found, key=lambda address: TEN not in address)  # a hole is seen there first


def of_the_admin() -> list[str]:
    """Lists, searches, autocompletes, rows and their history of every model there is in the admin."""
    found = [reverse("admin:index")]
    for model, its_admin in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        found += [reverse(f"{name}_changelist") + asked for asked in ("", "?q=secret")]
        for row in model.objects.order_by("-pk")[:2]:
            found.append(reverse(f"{name}_change", args=[row.pk]))
            found.append(reverse(f"{name}_history", args=[row.pk]))
        for field in its_admin.autocomplete_fields:
            about = f"app_label={model._meta.app_label}&model_name={model._meta.model_name}"
            found.append(f"/admin/autocomplete/?{about}&field_name={field}&term=")
    return found


def secrets_at(client, addresses) -> Iterator[tuple[str, set[str]]]:
    """What can be read at which address."""
    for address in addresses:
        response = client.get(address)
        assert response.status_code < 500, address
        yield address, set(SECRET.findall(text_of(response)))


def read_early(scene, users, readers) -> Iterator[str]:
    addresses = every_address(scene)
    for name in readers:
        number = ROLES[name]
        client = Client()
        client.force_login(users[name])
        here = addresses + (of_the_admin() if users[name].is_staff else [])
        for address, secrets in secrets_at(client, here):
            theirs = own(number, secrets) | own(ALONE.get(name), secrets)
            if early := secrets - theirs - scene.may_be_read_by(number):
                yield f"{name} reads {sorted(early)} at {address}"


@pytest.fixture
def users(request):
    return {name: request.getfixturevalue(name) for name in ROLES}


@pytest.fixture
def scene(request, users):
    """Two sides, and a version of the agreement. The school has given; both have drafts."""
    scene = request.getfixturevalue("table")
    scene.begin(2)
    agree(scene.partnership, 1, "What we agree on another question", by=users["alice"])
    draw_up(scene.partnership, by=users["alice"])
    put_something_in(scene.fresh(), by=users["alice"])
    Wish.objects.say(scene.party(0), WhatNext.END, "secret-0-wish-1x", by=users["alice"])
    answer_a_debrief(scene, by=users["alice"])
    arrange(scene.partnership, rhythm="Weekly")  # so that another version can be drawn up
    scene.act(1, "draft")
    scene.act(0, "give")
    scene.act(0, "draft")
    return scene


def answer_a_debrief(scene, *, by):
    """Everybody at the table has answered one that is open; each reads their own answers alone."""
    debrief = open_debrief(scene.partnership, by=by)
    for seat in scene.fresh().current_seats:
        name = seat.person.name.split()[0].lower()
        give_answers(debrief, seat, f"secret-{ALONE[name]}-debrief-{seat.pk}x")


def put_something_in(partnership, *, by):
    party = partnership.parties.first()
    party.partnership = partnership
    about = {"partnership": partnership, "party": party, "what": "A room"}
    given = Contribution(kind="space", unit="days", promised=5, **about)
    given.enter(by=by, given=1, on=partnership.district.today())
    Gain(**about).enter(by=by)
    make_goal(partnership, by=by).note(on=partnership.district.today(), value=Decimal(3), by=by)
    plan(partnership, by=by)
    file = ContentFile(b"%PDF-1.7\n%%EOF\n", name="plan.pdf")
    Document.put(party, title="Plan", file=file, by=by, shared=True)


@pytest.mark.ignore_template_errors  # Django's own, in the admin
@pytest.mark.parametrize("reader", ROLES)
def test_no_address_shows_anything_early_to_anybody(scene, users, reader):
    assert list(read_early(scene, users, [reader])) == []


def test_the_addresses_are_those_that_matter(scene):
    names = {one.name for one in patterns() if one.route.startswith("partnerships/<int:pk>/")}
    asked = " ".join(every_address(scene))
    for part in (
        "draw-up",
        "/pdf/vi/",
        "to-do",
        "timeline",
        "print",
        "waiting",
        "relationship",
        "/given/",
    ):
        assert part in asked
    assert len(names) > 50
    assert names <= RULES.keys()
    assert len(of_the_admin()) > 30


def test_control_a_page_that_opens_anothers_answers_is_found(scene, users, monkeypatch):
    monkeypatch.setattr(
        "evaluations.views.answering.get_own_seat",
        lambda request, debrief, pk: get_current_seat(debrief.partnership, pk),
    )

    found = next(one for one in read_early(scene, users, ["alice"]) if "secret-12-debrief" in one)
    assert "/debriefs/1/answer/" in found


@pytest.mark.parametrize("hole", ["lifted", "draft"])
def test_control_a_hole_is_found(scene, users, monkeypatch, hole):
    if hole == "lifted":
        monkeypatch.setattr(JointSheet, "is_lifted", lambda self, key: True)
        monkeypatch.setattr(JointSheet, "earlier_of", lambda *args: None)
    else:
        monkeypatch.setattr(Partnership, "parties_of", lambda self, user: list(self.parties.all()))

    assert any(read_early(scene, users, ["bob", "alice"]))  # he is met by it first


def test_control_what_a_pdf_says_is_read(scene, users):
    arrange(scene.partnership, rhythm="secret-0-give-99x")
    version = draw_up(scene.partnership, by=users["alice"])
    address = reverse("desk:agreement_pdf", args=[scene.partnership.pk, version.number, "en"])
    client = Client()
    client.force_login(users["bob"])

    assert [*secrets_at(client, [address])] == [(address, {"secret-0-give-99x"})]


# Mails


def mails_by_themselves(partnership, by) -> str:
    """The weekly mails and the reminders of a week, to everybody; as text and HTML, with subjects."""
    today = partnership.district.today()
    for day in range(8):
        partnership.items.add_own(
            by=by, wording=f"Due {day}", stage="pre", due_on=today + timedelta(days=day)
        )
    for day in range(8):
        with clock.at(timezone.now().replace(hour=23) + timedelta(days=day)):
            call_command("send_reminders", stdout=StringIO())
    kinds = {message.subject.split(":")[0] for message in mail.outbox}
    assert "Due today" in kinds
    assert any("wait for you" in subject or "waits for you" in subject for subject in kinds)
    return " ".join(
        part
        for message in mail.outbox
        for part in (message.subject, message.body, message.alternatives[0].content)
    )


@pytest.mark.usefixtures("mails_leave_at_once")
def test_the_mails_that_come_by_themselves_say_nothing_of_it(scene, users):
    assert SECRET.findall(mails_by_themselves(scene.partnership, users["alice"])) == []


@pytest.mark.usefixtures("mails_leave_at_once")
def test_control_what_a_mail_says_is_read(scene, users):
    scene.partnership.items.add_own(
        by=users["alice"],
        wording="secret-0-give-99x",
        stage="pre",
        due_on=scene.partnership.district.today(),
    )

    said = mails_by_themselves(scene.partnership, users["alice"])
    assert set(SECRET.findall(said)) == {"secret-0-give-99x"}


@pytest.mark.usefixtures("mails_leave_at_once")
def test_nor_do_the_pages_with_the_mails_of_a_demo(scene, users, settings, tmp_path):
    settings.LOCAL = settings.DEMO = True
    settings.MAIL_FOLDER = tmp_path
    mails_by_themselves(scene.partnership, users["alice"])
    EmailBackend(folder=tmp_path).send_messages(mail.outbox)

    keys = [path.stem for path in tmp_path.glob("*.eml")]
    addresses = [reverse("accounts:mailbox")]
    for key in keys:
        addresses += [reverse(f"accounts:mailbox_{kind}", args=[key]) for kind in ("mail", "html")]
    pages = [Client().get(address) for address in addresses]

    assert len(keys) > 5
    assert {page.status_code for page in pages} == {200}
    assert {one for page in pages for one in SECRET.findall(page.content.decode())} == set()
