"""A second click is not a second row: every form that makes something, sent twice, one after the
other and at the same time."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from django.core import mail
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import Submission, User
from checklists.models import Item
from evaluations.models import (
    Answer,
    Debrief,
    Feedback,
    FeedbackLink,
    FeedbackRead,
    QuestionSet,
    Reply,
    Showing,
    TranslationAssent,
    Wish,
    WordingTranslation,
    give,
)
from partnerships.models import (
    Activity,
    Agreement,
    AgreementDraft,
    Contribution,
    Delivery,
    Document,
    DocumentVersion,
    Event,
    Gain,
    Goal,
    HandedOn,
    Invitation,
    LogEntry,
    Measurement,
    Move,
    Occurrence,
    Partner,
    Partnership,
    PartnershipDraft,
    Person,
    Seat,
    Signature,
    Step,
    Thanks,
    Win,
    Withdrawal,
)
from partnerships.models.agreement import canonical, fingerprint_of
from partnerships.stages import Stage
from tests.access.rules import Scan, goal
from tests.access.world import WORKSHEET
from tests.activities import plan
from tests.agreements import agree, composed, draw_up, question
from tests.debriefs import open_debrief
from tests.factories import PersonFactory, make_goal

COUNTED = (
    Activity,
    Agreement,
    AgreementDraft,
    Answer,
    Contribution,
    Debrief,
    Delivery,
    Document,
    DocumentVersion,
    Event,
    FeedbackLink,
    FeedbackRead,
    Gain,
    Goal,
    HandedOn,
    Invitation,
    Item,
    LogEntry,
    Measurement,
    Move,
    Occurrence,
    Partner,
    Partnership,
    PartnershipDraft,
    Person,
    Reply,
    Seat,
    Showing,
    Signature,
    Step,
    Thanks,
    TranslationAssent,
    User,
    Win,
    Wish,
    Withdrawal,
    WordingTranslation,
)


def counts() -> dict[str, int]:
    return {model.__name__: model.objects.count() for model in COUNTED}


@dataclass
class Scene:
    """What the forms are sent about."""

    alice: User
    partnership: Partnership
    partner: Partner

    @property
    def bobs_seat(self):
        return Seat.objects.get(person__email="bob@partner.example")

    @property
    def item(self):
        return self.partnership.items.first()

    @property
    def step(self):
        steps = self.partnership.steps
        return steps.first() or steps.plan(by=self.alice, what="Call the office")

    @property
    def disagreement(self):
        said = {"kind": "disagreement", "on": date(2026, 1, 31), "said": "Who pays the bus?"}
        return self.partnership.log.first() or self.partnership.log.write(by=self.alice, **said)

    @property
    def win(self):
        wins = self.partnership.wins
        return wins.first() or wins.tell(by=self.alice, text="It draws", on=date(2026, 1, 31))

    @property
    def seat_without_a_login(self):
        theirs = self.partnership.parties.last()
        theirs.partnership = self.partnership
        found = theirs.seats.filter(person__name="Pat Quill").first()
        person = found or PersonFactory(partner=self.partner, name="Pat Quill")
        return found or theirs.seat(person, [], by=self.alice)

    @property
    def debrief(self):
        found = self.partnership.debriefs.first()
        return found or open_debrief(self.partnership, by=self.alice)

    @property
    def goal(self):
        return self.partnership.goals.first() or make_goal(self.partnership, by=self.alice)

    @property
    def measurement(self):
        """The first number of the goal, which a correction leaves where it is."""
        today = self.partnership.district.today()
        return self.goal.measurements.first() or self.goal.note(
            on=today, value=Decimal(3), by=self.alice
        )

    @property
    def draft(self):
        """All answered but the last page."""
        return self.alice.partnership_drafts.get_or_create(
            defaults={
                "answers": {
                    "school": self.partnership.school_party.school_id,
                    "partner": self.partner.pk,
                    "purpose": "Students meet people at work.",
                    "engagements": [],
                    "seen": ["school", "partner", "purpose", "engagements", "levels", "dates"],
                }
            }
        )[0]


@pytest.fixture
def scene(alice, partner, partnership):
    return Scene(alice, partnership, partner)


@dataclass
class Form:
    url: Callable[[Scene], str]
    data: Callable[[Scene], dict]
    makes: dict[str, int]  # how many rows more there are, however often it is sent


def about(name, *keys):
    """The address of a page of the scene's partnership."""
    return lambda scene: reverse(name, args=[scene.partnership.pk, *(key(scene) for key in keys)])


def said(**data):
    return lambda scene: data


def moving(**data):
    return lambda scene: {
        "drawn_for": scene.partnership.moves.last().pk,
        "reason": "We have talked about it",
        **data,
    }


PARTNER = {"name": "Zimt und Zucker", "kind": "business", "place": "outside"}
FORMS = {
    "partner": Form(
        lambda scene: reverse("partnerships:add_partner"), said(**PARTNER), {"Partner": 1}
    ),
    "person at a school": Form(
        lambda scene: reverse(
            "partnerships:add_school_person", args=[scene.partnership.school_party.school_id]
        ),
        said(name="Nadia New"),
        {"Person": 1},
    ),
    "person at a partner": Form(
        lambda scene: reverse("partnerships:add_partner_person", args=[scene.partner.pk]),
        said(name="Nadia New"),
        {"Person": 1},
    ),
    "seat for somebody new": Form(
        about("partnerships:add_seat", lambda scene: scene.bobs_seat.party_id),
        said(name="Nadia New", roles=["contact"]),
        {"Person": 1, "Seat": 1, "Event": 1},
    ),
    "seat for somebody known": Form(
        about("partnerships:add_seat", lambda scene: scene.bobs_seat.party_id),
        lambda scene: {"person": Person.objects.get(name="Known Already").pk},
        {"Seat": 1, "Event": 1},
    ),
    "invitation": Form(
        about("partnerships:invite", lambda scene: Seat.objects.get(person__name="No Login").pk),
        said(email="no.login@x.example", language="en"),
        {"Invitation": 1, "Event": 1},
    ),
    "item of one's own": Form(
        about("checklists:add"),
        said(wording="Bring cake", stage="pre", side="both"),
        {"Item": 1, "Event": 1},
    ),
    "goal": Form(
        about("partnerships:add_goal"), lambda scene: goal(scene), {"Goal": 1, "Event": 1}
    ),
    "number of a goal": Form(
        about("partnerships:measure", lambda scene: scene.goal.pk),
        lambda scene: {"on": scene.partnership.district.today().isoformat(), "value": "7"},
        {"Measurement": 1, "Event": 1},
    ),
    "correction of a number": Form(
        about(
            "partnerships:correct_measurement",
            lambda scene: scene.goal.pk,
            lambda scene: scene.measurement.pk,
        ),
        lambda scene: {
            "on": scene.partnership.district.today().isoformat(),
            "value": "8",
            "seen": scene.measurement.pk,
        },
        {"Measurement": 1, "Event": 1},
    ),
    "not relevant": Form(
        about("checklists:not_relevant", lambda scene: scene.item.pk),
        said(reason="We have no use for it"),
        {"Event": 1},
    ),
    "tick": Form(about("checklists:tick", lambda scene: scene.item.pk), said(), {"Event": 1}),
    "step": Form(about("partnerships:add_step"), said(what="Bring cake"), {"Step": 1, "Event": 1}),
    "tick of a step": Form(
        about("partnerships:tick_step", lambda scene: scene.step.pk), said(), {"Event": 1}
    ),
    "dropping a step": Form(
        about("partnerships:drop_step", lambda scene: scene.step.pk),
        said(reason="We have no use for it"),
        {"Event": 1},
    ),
    "entry of the log": Form(
        about("partnerships:add_log_entry"),
        said(kind="call", on="2026-01-31", said="All is well"),
        {"LogEntry": 1, "Event": 1},
    ),
    "small win": Form(
        about("partnerships:add_win"),
        said(text="The robot draws", on="2026-01-31"),
        {"Win": 1, "Event": 1},
    ),
    "changing a win": Form(
        about("partnerships:edit_win", lambda scene: scene.win.pk),
        said(text="The robot writes", on="2026-01-31", seen_version=0),
        {"Event": 1},
    ),
    "taking a win back": Form(
        about("partnerships:take_back_win", lambda scene: scene.win.pk), said(), {"Event": 1}
    ),
    "thanks by mail": Form(
        about("partnerships:thank"),
        lambda scene: {
            "seat": scene.bobs_seat.pk,
            "text": "Thank you",
            "language": "en",
            "way": "mail",
            "confirmed": "yes",
        },
        {"Thanks": 1, "Event": 1},
    ),
    "settling a disagreement": Form(
        about("partnerships:settle_disagreement", lambda scene: scene.disagreement.pk),
        said(settled="We take turns", settled_on="2026-02-01", seen_version=0),
        {"Event": 1},
    ),
    "leave a partnership": Form(
        about("partnerships:leave_seat", lambda scene: scene.bobs_seat.pk),
        said(left_on="2099-01-31"),
        {"Item": 1, "Event": 2},
    ),
    "leave a partner": Form(
        lambda scene: reverse("partnerships:leave", args=[scene.bobs_seat.person_id]),
        said(left_on="2099-01-31"),
        {"Item": 1, "Event": 2},
    ),
    "draft": Form(lambda scene: reverse("partnerships:start"), said(), {"PartnershipDraft": 1}),
    "partnership from a draft": Form(
        lambda scene: reverse("partnerships:draft_check", args=[scene.draft.pk]),
        said(),
        {"Partnership": 1, "Move": 1, "Seat": 1, "Item": 32, "Event": 2},
    ),
    "partner from a draft": Form(
        lambda scene: reverse("partnerships:draft_new_partner", args=[scene.draft.pk]),
        said(**PARTNER),
        {"Partner": 1},
    ),
    "move": Form(
        about("partnerships:move", lambda scene: Stage.ACTION), moving(), {"Move": 1, "Event": 1}
    ),
    "pause": Form(about("partnerships:pause"), moving(), {"Move": 1, "Event": 1}),
    "end": Form(
        about("partnerships:end"), moving(debrief="yes"), {"Debrief": 1, "Event": 2, "Move": 1}
    ),
    "debrief": Form(
        about("evaluations:open_debrief"),
        lambda scene: {
            "question_set": QuestionSet.objects.get(key="debrief", district=None).pk,
            "closes_on": scene.partnership.district.today().isoformat(),
        },
        {"Debrief": 1, "Event": 1},
    ),
    "personal link to a debrief": Form(
        about(
            "evaluations:debrief_link",
            lambda scene: scene.debrief.number,
            lambda scene: scene.seat_without_a_login.pk,
        ),
        said(way="hand"),
        {"Event": 1},
    ),
    "arrangement of the agreement": Form(
        about("desk:arrange_agreement"), said(rhythm="Weekly"), {"AgreementDraft": 1}
    ),
    "version of the agreement": Form(
        about("desk:draw_up"),
        lambda scene: {
            "text": fingerprint_of(canonical(composed(scene.partnership).body)),
            "seen": 0,
        },
        {"Agreement": 1, "Event": 1},
    ),
    "signature": Form(
        about("desk:sign", lambda scene: drawn_up(scene).number, lambda scene: ours(scene).pk),
        lambda scene: {
            "name": "Alice Moreno",
            "authority": "on",
            "fingerprint": drawn_up(scene).fingerprint,
            "confirmed": "yes",
        },
        {"Signature": 1, "Event": 1},
    ),
    "signature on paper": Form(
        about(
            "desk:sign_on_paper",
            lambda scene: drawn_up(scene).number,
            lambda scene: scene.bobs_seat.party_id,
        ),
        lambda scene: {
            "name": "Bob Keller",
            "signed_on": scene.partnership.district.today().isoformat(),
            "fingerprint": drawn_up(scene).fingerprint,
            "scan": Scan(),
        },
        {"Signature": 1, "Event": 1},
    ),
    "document": Form(
        about("partnerships:add_document"),
        lambda scene: {"file": Scan(), "who": "us"},
        {"Document": 1, "DocumentVersion": 1, "Event": 1},
    ),
    "what a side would like": Form(
        about("evaluations:say_wish", lambda scene: ours(scene).pk),
        said(what_next="change", because="We want more of it"),
        {"Wish": 1, "Event": 1},
    ),
    "what is handed on": Form(
        about("partnerships:hand_on", lambda scene: ours(scene).pk),
        said(text="The key hangs in the office"),
        {"HandedOn": 1, "Event": 1},
    ),
    "version of a document": Form(
        about("partnerships:add_document_version", lambda scene: a_document(scene).pk),
        lambda scene: {"file": Scan()},
        {"DocumentVersion": 1, "Event": 1},
    ),
    "sharing": Form(
        about("partnerships:share_document", lambda scene: a_document(scene).pk),
        said(),
        {"Event": 1},
    ),
    "setting aside": Form(
        about("partnerships:set_document_aside", lambda scene: a_document(scene).pk),
        said(),
        {"Event": 1},
    ),
    "taking a version back": Form(
        about("desk:withdraw_agreement", lambda scene: drawn_up(scene).number),
        said(),
        {"Withdrawal": 1, "Event": 1},
    ),
    "translation": Form(
        about(
            "evaluations:translation",
            lambda scene: "ten-questions",
            lambda scene: agreed(scene).question_id,
            lambda scene: ours(scene).pk,
        ),
        lambda scene: {
            f"w{question(4).pk}-text": "Mười hai học sinh.",
            f"w{question(4).pk}-seen": 0,
            "act": "agree",
        },
        {"WordingTranslation": 1, "TranslationAssent": 1, "Event": 1},
    ),
    "contribution": Form(
        about("partnerships:add_contribution", lambda scene: ours(scene).pk),
        said(kind="time", what="Mentors", unit="hours", promised="20", given="5"),
        {"Contribution": 1, "Delivery": 1, "Event": 2},
    ),
    "delivery": Form(
        about("partnerships:contribution", lambda scene: contributed(scene).pk),
        said(amount="5", on="2026-01-31"),
        {"Delivery": 1, "Event": 1},
    ),
    "correction of a delivery": Form(
        about(
            "partnerships:correct_delivery",
            lambda scene: contributed(scene).pk,
            lambda scene: contributed(scene).deliveries.first().pk,
        ),
        said(amount="6", on="2026-01-31"),
        {"Delivery": 1, "Event": 1},
    ),
    "taking a contribution back": Form(
        about("partnerships:take_back_contribution", lambda scene: contributed(scene).pk),
        said(reason="We have no use for it"),
        {"Event": 1},
    ),
    "gain": Form(
        about("partnerships:add_gain", lambda scene: ours(scene).pk),
        said(what="Machines that no school could buy"),
        {"Gain": 1, "Event": 1},
    ),
    "activity": Form(
        about("partnerships:add_activity"),
        said(title="Robot day", kind="visit", rhythm="once", on="2027-03-10"),
        {"Activity": 1, "Event": 1},
    ),
    "how a day went": Form(
        about(
            "partnerships:day",
            lambda scene: activity_of(scene).pk,
            lambda scene: activity_of(scene).on,
        ),
        said(state="held", students="12"),
        {"Occurrence": 1, "Event": 1},
    ),
    "link for feedback": Form(
        about("desk:make_voice_link", lambda scene: "students"),
        said(),
        {"FeedbackLink": 1, "Event": 1},
    ),
    "answer to a voice": Form(
        about("desk:voice", lambda scene: a_voice(scene).pk),
        said(text="We try it", outcome="planned"),
        {"Reply": 1, "FeedbackRead": 1, "Event": 1},
    ),
    "showing of a voice": Form(
        about("desk:show_voice", lambda scene: a_voice(scene).pk),
        said(),
        {"Showing": 1, "FeedbackRead": 1},
    ),
    "worksheet": Form(
        about("evaluations:worksheet", lambda scene: WORKSHEET),
        lambda scene: answer_to_first_question(),
        {"Answer": 1, "Event": 1},
    ),
}


def a_document(scene):
    if found := Document.objects.first():
        return found
    party = ours(scene)
    party.partnership = scene.partnership
    file = ContentFile(b"A plan", name="plan.pdf")
    return Document.put(party, title="The plan", file=file, by=scene.alice)


def a_voice(scene):
    said = {"cycle": 1, "audience": "students", "going": 4, "on": "2026-01-31"}
    return Feedback.objects.first() or scene.partnership.feedback.create(**said)


def activity_of(scene):
    return scene.partnership.activities.first() or plan(scene.partnership, by=scene.alice)


def ours(scene):
    return scene.partnership.school_party


def drawn_up(scene):
    return draw_up(scene.partnership, by=scene.alice)


def contributed(scene):
    """The school's, once given in part."""
    one = Contribution.objects.first()
    if one is None:
        party = ours(scene)
        party.partnership = scene.partnership
        one = Contribution(partnership=scene.partnership, party=party, kind="time", what="Mentors")
        one.unit, one.promised = "hours", 20
        one.enter(by=scene.alice, given=5, on=scene.partnership.district.today())
    return one


def agreed(scene):
    for party in scene.partnership.parties.all():
        party.partnership = scene.partnership
        give(question(4), party, "What we think", by=scene.alice)
    return agree(scene.partnership, 4, "Twelve students.", by=scene.alice)


def answer_to_first_question():
    from evaluations.models import Question

    question = Question.objects.filter(set__key=WORKSHEET, answer="text").first()
    return {f"q{question.pk}-version": 0, f"q{question.pk}-text": "What we think"}


@pytest.fixture
def known(scene):
    PersonFactory(partner=scene.partner, name="Known Already")
    guest = PersonFactory(partner=scene.partner, name="No Login")
    scene.bobs_seat.party.seat(guest, {}, by=scene.alice)


def made_since(before) -> dict[str, int]:
    return {name: count - before[name] for name, count in counts().items() if count != before[name]}


@pytest.mark.parametrize("name", FORMS)
def test_two_identical_posts_make_one(client, scene, known, name):
    form = FORMS[name]
    client.force_login(scene.alice)
    url, data = form.url(scene), form.data(scene) | {"once": uuid4().hex}
    before = counts()

    first, second = client.post(url, data), client.post(url, data)

    assert made_since(before) == form.makes
    assert (second.status_code, second.url) == (first.status_code, first.url) == (302, first.url)


@pytest.mark.parametrize("name", FORMS)
def test_and_so_do_two_without_the_hidden_field(client, scene, known, name):
    """From a page kept by the browser, or a script: the same words from the same person."""
    form = FORMS[name]
    client.force_login(scene.alice)
    url, data = form.url(scene), form.data(scene)
    before = counts()

    client.post(url, data)
    client.post(url, data)

    assert made_since(before) == form.makes


def test_the_same_words_from_a_page_drawn_anew_count_as_meant(client, scene):
    client.force_login(scene.alice)
    form = FORMS["item of one's own"]
    url, data = form.url(scene), form.data(scene)
    before = counts()

    for _time in range(2):
        client.post(url, data | {"once": uuid4().hex})

    assert made_since(before) == {"Item": 2, "Event": 2}


def test_the_same_words_from_two_people_count_twice(scene, sam):
    form = FORMS["item of one's own"]
    url, data = form.url(scene), form.data(scene)
    before = counts()

    for user in (scene.alice, sam):
        client = Client()
        client.force_login(user)
        client.post(url, data)

    assert made_since(before) == {"Item": 2, "Event": 2}


def test_what_was_refused_may_be_sent_again(client, scene):
    client.force_login(scene.alice)
    url = reverse("partnerships:add_partner")
    before = counts()

    refused = client.post(url, {"name": "", "kind": "business", "place": "outside"})
    client.post(url, PARTNER)

    assert refused.status_code == 200
    assert made_since(before) == {"Partner": 1}
    assert Submission.objects.count() == 1


@pytest.mark.ignore_template_errors
def test_a_coordinator_made_twice_gets_one_account_and_one_mail(
    client, ada, school, django_capture_on_commit_callbacks
):
    client.force_login(ada)
    data = {"school": school.pk, "name": "Nadia New", "email": "nadia@x.example", "language": "vi"}

    with django_capture_on_commit_callbacks(execute=True):
        for _time in range(2):
            client.post(reverse("admin:partnerships_coordinator_add"), data)

    assert User.objects.filter(email="nadia@x.example").count() == 1
    assert [message.to for message in mail.outbox] == [["nadia@x.example"]]


# At the same time


def send_at_once(user, url, posts: list[dict]) -> list:
    """Post from a browser each at the same moment; return what each got."""
    gate, answers = threading.Barrier(len(posts)), []

    def send(data):
        client = Client()
        try:
            client.force_login(user)
            gate.wait(timeout=30)
            answers.append(client.post(url, data))
        except Exception as fault:  # noqa: BLE001 # shown by the test, which runs in another thread
            answers.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=send, args=[data]) for data in posts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return answers


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("name", FORMS)
def test_two_at_the_same_time_make_one(scene, known, name):
    form = FORMS[name]
    url, data = form.url(scene), form.data(scene) | {"once": uuid4().hex}
    before = counts()

    answers = send_at_once(scene.alice, url, [data, data])

    assert [getattr(answer, "status_code", answer) for answer in answers] == [302, 302]
    assert made_since(before) == form.makes
    assert len({answer.url for answer in answers}) == 1


def texts(scene):
    """Forms in which two people may write at once, with what each of the two writes."""
    item, partner, partnership = scene.item, scene.partner, scene.partnership
    answer = Answer.objects.first()
    prefix = f"q{answer.question_id}"
    given = contributed(scene)
    return {
        "contribution": (
            reverse("partnerships:edit_contribution", args=[partnership.pk, given.pk]),
            {"kind": "time", "unit": "hours", "promised": "20", "seen_version": given.version},
            "what",
        ),
        "item": (item.get_absolute_url(), {"side": "both", "seen_version": item.version}, "note"),
        "step": (
            scene.step.get_absolute_url(),
            {"what": "Call the office", "seen_version": scene.step.version},
            "note",
        ),
        "entry": (
            reverse("partnerships:edit_log_entry", args=[partnership.pk, scene.disagreement.pk]),
            {"kind": "disagreement", "on": "2026-01-31", "seen_version": 0},
            "said",
        ),
        "partner": (
            reverse("partnerships:edit_partner", args=[partner.pk]),
            PARTNER | {"name": partner.name, "seen_version": partner.version},
            "notes",
        ),
        "basics": (
            reverse("partnerships:basics", args=[partnership.pk]),
            {"seen_version": partnership.version},
            "purpose",
        ),
        "answer": (
            reverse(
                "evaluations:save_answer", args=[partnership.pk, WORKSHEET, answer.question_id]
            ),
            {f"{prefix}-version": answer.version},
            f"{prefix}-text",
        ),
    }


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "name", ["item", "step", "entry", "partner", "basics", "answer", "contribution"]
)
def test_of_two_who_write_at_the_same_time_one_is_told(scene, sam, name):
    """What the other wrote is shown to whoever came second; nothing is overwritten silently."""
    client = Client()
    client.force_login(scene.alice)
    first = FORMS["worksheet"]
    client.post(first.url(scene), first.data(scene))
    url, data, field = texts(scene)[name]

    answers = send_at_once(
        scene.alice, url, [data | {field: "Written by one"}, data | {field: "Written by the other"}]
    )

    told = [said_that_it_is_in_conflict(answer) for answer in answers]
    assert sorted(told) == [False, True], [
        getattr(answer, "status_code", answer) for answer in answers
    ]


def said_that_it_is_in_conflict(answer) -> bool:
    page = answer.content.decode()
    return "Somebody changed this while you" in page or "Your own text is in the box" in page


@pytest.mark.django_db(transaction=True)
def test_control_two_different_ones_at_the_same_time_make_two(scene):
    """So that the tests above do not pass because one of the two never arrived."""
    url = reverse("partnerships:add_partner")
    before = counts()

    send_at_once(
        scene.alice, url, [PARTNER | {"name": name} for name in ("Amber Bakery", "Quiet Boats")]
    )

    assert made_since(before) == {"Partner": 2}
