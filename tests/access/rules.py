"""Who may what, at every address of the product: read this as a table.

A rule says which methods an address takes, what kind of thing it leads to, and what somebody
gets who stands to that thing as its `manager`, `colleague` and so on:

    DOES   opens the page, and a post does what it is for
    SEES   opens the page, but a post is refused (403)
    403    may see the thing, but has no business here
    (not named) 404, exactly like what does not exist

How people stand to things is in STANDINGS. Who has not signed in is sent to the sign-in page
(302), unless the rule is `public`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO

from django.core.files.base import ContentFile
from django.utils import timezone

from accounts.models import User
from evaluations.models import Debrief, QuestionSet, Response, propose
from partnerships.forms.goals import fingerprint as rows_fingerprint
from partnerships.models import AgreementDraft, Feed, Invitation, Partner, Person
from partnerships.models.agreement import Way, canonical, fingerprint_of
from partnerships.pasting import Order
from partnerships.stages import Status
from partnerships.vocabulary import PartnerKind
from tests.access.world import JOINT, NONEXISTENT, WORKSHEET, Corner
from tests.factories import PartnerFactory, UserFactory

DOES, SEES = "does", "sees"

SAFE = ("GET", "HEAD")
FORM = ("GET", "HEAD", "POST")
ACTION = ("POST",)
# django-allauth's pages are class-based; Django's FormView takes PUT for POST.
PAGE_OF_ALLAUTH = ("GET", "HEAD", "OPTIONS")
FORM_OF_ALLAUTH = ("GET", "HEAD", "POST", "PUT", "OPTIONS")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

# How each role stands to the corners of the world it meets; to all others they are strangers.
# The last entry is for pages that lead to no thing: the list of partners, one's own profile.
STANDINGS = {
    "anonymous": {"": "nobody"},
    "deactivated": {"": "nobody"},  # as if not signed in
    "vera": {"": "nobody"},  # has an account; was invited, but has not accepted
    "gone": {"": "nobody"},  # her seat ended today
    "bob": {"alices": "contact", "": "contact"},
    "sam": {"alices": "colleague", "": "colleague"},
    "alice": {"alices": "manager", "others": "manager", "charlies": "neighbour", "": "manager"},
    "charlie": {"charlies": "manager", "alices": "neighbour", "": "manager"},
    "dora": {"doras": "manager", "": "manager"},
    "ada": {"alices": "admin", "others": "admin", "charlies": "admin", "": "admin"},
    "edna": {"doras": "admin", "": "admin"},
    "ola": {"alices": "operator", "charlies": "operator", "doras": "operator", "": "operator"},
}
# At whose things each role is tried: its own, of the same district, of another district.
TRIED_AT = {
    "anonymous": ["alices"],
    "deactivated": ["alices"],
    "vera": ["alices"],
    "gone": ["alices"],
    "bob": ["alices", "others", "charlies", "doras"],
    "sam": ["alices", "others", "doras"],
    "alice": ["alices", "charlies", "doras"],
    "charlie": ["charlies", "alices"],
    "dora": ["doras", "alices"],
    "ada": ["alices", "doras"],
    "edna": ["doras", "alices"],
    "ola": ["alices"],
}
# Who also tries all methods everywhere, and a partnership's address with the key of a thing of
# another. Everybody tries GET and POST everywhere, and the others where they belong.
THOROUGH = ("alice", "bob")
WITHOUT_SCHOOLS = ("vera", "gone", "bob", "sam", "ada", "edna")


def standing(role: str, owner: str, kind: str) -> str:
    """How a role stands to a thing of this kind that belongs to this corner."""
    how = STANDINGS[role].get(owner, "stranger")
    if kind in OF_THE_DISTRICT and how == "neighbour":
        return "manager"  # a district's coordinators keep its partners together
    if kind == "draft" and how != "manager":
        return "schoolless" if role in WITHOUT_SCHOOLS else "stranger"
    return how


# The keys in an address, by the kind of thing it leads to.
KEYS: dict[str, Callable[[Corner], dict]] = {
    "partnership": lambda corner: {"pk": corner.partnership.pk},
    "item": lambda corner: {"pk": corner.partnership.pk, "item_pk": corner.item.pk},
    "school's item": lambda corner: {
        "pk": corner.partnership.pk,
        "item_pk": corner.schools_item.pk,
    },
    "party": lambda corner: {"pk": corner.partnership.pk, "party_pk": corner.partner_party.pk},
    "our party": lambda corner: {"pk": corner.partnership.pk, "party_pk": corner.school_party.pk},
    "third party": lambda corner: {"pk": corner.partnership.pk, "party_pk": third_of(corner).pk},
    "seat": lambda corner: {"pk": corner.partnership.pk, "seat_pk": corner.seat.pk},
    "our seat": lambda corner: {
        "pk": corner.partnership.pk,
        "seat_pk": corner.school_party.seats.first().pk,
    },
    "question": lambda corner: {"pk": corner.partnership.pk, "question_pk": corner.question.pk},
    "joint question": lambda corner: {
        "pk": corner.partnership.pk,
        "question_pk": corner.joint.pk,
    },
    "our answer": lambda corner: {
        "pk": corner.partnership.pk,
        "question_pk": corner.joint.pk,
        "party_pk": corner.school_party.pk,
    },
    "agreement": lambda corner: {"pk": corner.partnership.pk, "number": 1},
    "closed debrief": lambda corner: {
        "pk": corner.partnership.pk,
        "number": corner.debrief.number,
    },
    "our say on a debrief": lambda corner: {
        "pk": corner.partnership.pk,
        "number": corner.debrief.number,
        "party_pk": corner.school_party.pk,
    },
    "our signature": lambda corner: {
        "pk": corner.partnership.pk,
        "number": 1,
        "party_pk": corner.school_party.pk,
    },
    "their signature": lambda corner: {
        "pk": corner.partnership.pk,
        "number": 1,
        "party_pk": corner.partner_party.pk,
    },
    "contribution": lambda corner: {
        "pk": corner.partnership.pk,
        "contribution_pk": corner.contribution.pk,
    },
    "our contribution": lambda corner: {
        "pk": corner.partnership.pk,
        "contribution_pk": corner.our_contribution.pk,
    },
    "delivery": lambda corner: {
        "pk": corner.partnership.pk,
        "contribution_pk": corner.contribution.pk,
        "delivery_pk": corner.delivery.pk,
    },
    "gain": lambda corner: {"pk": corner.partnership.pk, "gain_pk": corner.gain.pk},
    "step": lambda corner: {"pk": corner.partnership.pk, "step_pk": corner.step.pk},
    "log entry": lambda corner: {"pk": corner.partnership.pk, "entry_pk": corner.entry.pk},
    "disagreement": lambda corner: {
        "pk": corner.partnership.pk,
        "entry_pk": corner.disagreement.pk,
    },
    "document": lambda corner: of_document(corner.document),
    "kept document": lambda corner: of_document(corner.kept_document),
    "their document": lambda corner: of_document(corner.their_document),
    "activity": lambda corner: {"pk": corner.partnership.pk, "activity_pk": corner.activity.pk},
    "past day": lambda corner: {
        "pk": corner.partnership.pk,
        "activity_pk": corner.activity.pk,
        "day": corner.activity.on,
    },
    "day ahead": lambda corner: {
        "pk": corner.partnership.pk,
        "activity_pk": corner.activity.pk,
        "day": corner.day_ahead,
    },
    "win": lambda corner: {"pk": corner.partnership.pk, "win_pk": corner.win.pk},
    "picture of a win": lambda corner: {
        "pk": corner.partnership.pk,
        "win_pk": corner.win.pk,
        "name": corner.win.picture_name,
    },
    "thanks": lambda corner: {"pk": corner.partnership.pk, "thanks_pk": corner.thanks.pk},
    "our release": lambda corner: {
        "pk": corner.partnership.pk,
        "part": "about",
        "party_pk": corner.school_party.pk,
    },
    "public page": lambda corner: {"address": corner.public_page.address},
    "public picture": lambda corner: {
        "address": corner.public_page.address,
        "win_pk": corner.public_win.pk,
    },
    "public list": lambda corner: {"slug": corner.district.slug},
    "open debrief": lambda corner: {"pk": corner.partnership.pk, "number": 2},
    "debrief seat": lambda corner: {
        "pk": corner.partnership.pk,
        "number": 2,
        "seat_pk": corner.seat.pk,
    },
    "partner": lambda corner: {"pk": corner.partner.pk},
    "school": lambda corner: {"pk": corner.school.pk},
    "district": lambda corner: {"pk": corner.district.pk},
    "question set": lambda corner: {
        "pk": QuestionSet.objects.filter(district=corner.district).first().pk
    },
    "person at school": lambda corner: {"pk": corner.at_school.pk},
    "person at partner": lambda corner: {"pk": corner.at_partner.pk},
    "voice": lambda corner: {"pk": corner.partnership.pk, "voice_pk": corner.voice.pk},
    "our answer to a voice": lambda corner: {
        "pk": corner.partnership.pk,
        "voice_pk": corner.voice.pk,
        "reply_pk": corner.reply.pk,
    },
    "draft": lambda corner: {"pk": corner.draft.pk},
    "goal": lambda corner: {"pk": corner.partnership.pk, "goal_pk": corner.goal.pk},
    "measurement": lambda corner: {
        "pk": corner.partnership.pk,
        "goal_pk": corner.goal.pk,
        "row_pk": corner.measurement.pk,
    },
}


def of_document(document) -> dict:
    return {"pk": document.partnership_id, "document_pk": document.pk}


OF_THE_DISTRICT = ("partner", "person at partner")


@dataclass(frozen=True)
class Rule:
    takes: tuple[str, ...]
    of: tuple[str, ...]  # kinds of things; empty for a page that leads to none
    may: dict[str, object]  # standing: DOES, SEES or a status
    also: dict = field(default_factory=dict)  # the other keys in the address
    given: Callable | None = None  # what must be so before, done to each corner
    data: Callable = lambda corner: {}  # what is posted
    partial: bool = False  # whether it also comes as a fragment, for htmx
    opens: int = 200  # the answer to GET
    done: int = 302  # the answer to a post that did what it is for
    changes: bool = True  # whether such a post changes rows of ours
    public: bool = False
    shows: frozenset | set | tuple = ()  # names that only this page offers
    asks: tuple[str, ...] = ()  # more query strings to try, in search of leaks

    def answer(self, standing: str) -> object:
        return self.may.get(standing, 404)


EVERYBODY = ("nobody", "contact", "colleague", "manager", "admin", "operator")


def everybody(what) -> dict:
    return dict.fromkeys(EVERYBODY, what)


# Of a partnership
AT_THE_TABLE = dict.fromkeys(["manager", "colleague", "contact", "admin", "operator"], SEES)
BY_COORDINATORS = {
    "manager": DOES,
    "operator": DOES,
    "colleague": 403,
    "contact": 403,
    "admin": 403,
}
CHOOSING = {**BY_COORDINATORS, "manager": SEES, "operator": SEES}
BY_BOTH_SIDES = {
    "manager": DOES,
    "operator": DOES,
    "colleague": DOES,
    "contact": DOES,
    "admin": 403,
}
BY_THE_SCHOOL = {**BY_BOTH_SIDES, "contact": 403}
OF_ITS_PEOPLE = {**dict.fromkeys(BY_BOTH_SIDES, SEES), "admin": 403}
ITEM_OF_BOTH = {**BY_BOTH_SIDES, "admin": SEES}
ITEM_OF_SCHOOL = {**ITEM_OF_BOTH, "contact": SEES}
FOR_THE_SCHOOL = {"manager": DOES, "colleague": DOES, "contact": 403, "admin": 403, "operator": 403}
FOR_THE_TABLE = {**FOR_THE_SCHOOL, "contact": DOES}
FOR_NOBODY = dict.fromkeys(FOR_THE_SCHOOL, 403)
WORKBOOK = {"manager": DOES, "operator": DOES, "colleague": DOES, "admin": SEES}
WORKBOOK_READ = dict.fromkeys(WORKBOOK, SEES)
WORKBOOK_WRITE = {**WORKBOOK, "admin": 403}

# What a side keeps to itself: the district reads what its schools keep, nobody else what a partner keeps.
KEPT_BY_SCHOOL = {"manager": DOES, "colleague": DOES, "admin": 403, "operator": 403}
# Voices are read by all who see the partnership, and dealt with by those who speak for a party.
DEALT_WITH = {**FOR_THE_TABLE, "admin": SEES, "operator": SEES}
READ_BY_SCHOOL = dict.fromkeys(KEPT_BY_SCHOOL, SEES)
KEPT_BY_PARTNER = {"contact": DOES}
READ_BY_PARTNER = {"contact": SEES}

# On paper, coordinators enter for every side; others for their own.
ON_PAPER = {"manager": DOES, "operator": DOES, "colleague": 403, "contact": DOES, "admin": 403}
ON_PAPER_OURS = {**ON_PAPER, "colleague": DOES, "contact": 403}

# What a party gives and gains is written by its own people and by coordinators.
BY_THE_PARTNER = ON_PAPER
GIVEN_BY_PARTNER = {**BY_THE_PARTNER, "colleague": SEES, "admin": SEES}
GIVEN_BY_SCHOOL = {**ON_PAPER_OURS, "contact": SEES, "admin": SEES}

# Of schools, partners and people
FOR_ITS_ADMINS = dict.fromkeys(["admin", "operator"], SEES)
BY_THE_DISTRICT = dict.fromkeys(["manager", "admin", "operator"], SEES)
KEPT = {"manager": DOES, "operator": DOES, "admin": 403}
KEPT_AND_SEEN = {**KEPT, "admin": SEES}

# Of starting: a draft is its owner's alone, the operator's neither
STARTING = {**KEPT, "colleague": 403, "contact": 403, "nobody": 403}
OWN_DRAFT = {"manager": DOES, "schoolless": 403}


def move(corner, **more):
    return {
        "drawn_for": corner.partnership.moves.last().pk,
        "reason": "We have talked about it",
        **more,
    }


def in_days(corner, days: int) -> str:
    return (corner.district.today() + timedelta(days=days)).isoformat()


def without_an_open_debrief(corner):
    Debrief.objects.filter(pk=corner.open_debrief.pk).update(closed_at=timezone.now())


def that_nobody_answered(corner):
    Response.objects.filter(debrief=corner.open_debrief).update(given_at=None)


def unanswered(corner):
    Response.objects.filter(seat=corner.seat).update(given_at=None)


def opening_debrief(corner):
    sets = QuestionSet.objects.filter(key="debrief")
    return {"question_set": sets.first().pk, "closes_on": in_days(corner, 20)}


def status(value):
    return lambda corner: (
        type(corner.partnership).objects.filter(pk=corner.partnership.pk).update(status=value)
    )


def stage(value):
    return lambda corner: (
        type(corner.partnership).objects.filter(pk=corner.partnership.pk).update(stage=value)
    )


def settled(corner):
    for item in (corner.item, corner.schools_item):
        type(item).objects.filter(pk=item.pk).update(state="done")


def has_left(corner):
    for person in (corner.at_school, corner.at_partner):
        type(person).objects.filter(pk=person.pk).update(left_on="2020-01-31")


def invited(corner):
    Invitation.objects.invite(corner.seat, "canary@x.example", by=corner.coordinator, language="en")


def with_a_login(corner):
    """Somebody of the partner can sign in, so that nobody speaks for them."""
    seated = Person.objects.filter(seats__party=corner.partner_party.pk)
    if not seated.exclude(user=None).exists():
        Person.objects.filter(pk__in=seated[:1]).update(user=UserFactory())


def with_a_third(corner):
    PartnerFactory(district=corner.district)
    third = PartnerFactory(district=corner.district)
    corner.partnership.parties.create(partner=third, position=3)


def third_of(corner):
    """The party that joined last; where there is no third, the partner, which has to stay."""
    return corner.partnership.parties.last()


def newcomer(corner):
    partners = Partner.objects.filter(district=corner.district)
    free = partners.exclude(parties__partnership=corner.partnership).last()
    return {"partner": free.pk if free else ""}


def answers(corner):
    said = {f"q{question.pk}-text": "Something else" for question in corner.questions}
    return said | {f"q{question.pk}-version": 1 for question in corner.questions}


def joint_answer(corner):
    prefix = f"q{corner.joint.pk}p{corner.school_party.pk}"
    return {f"{prefix}-text": "Something else", f"{prefix}-version": 1, "act": "give"}


def joint_wording(corner):
    return {f"w{corner.joint.pk}-text": "Something else", f"w{corner.joint.pk}-seen": 0}


def agreed(corner):
    """Both sides agree on the first question."""
    by = corner.coordinator
    for party in (corner.school_party, corner.partner_party):
        party.partnership = corner.partnership
    wording = propose(corner.joint, corner.school_party, "What we agree", by=by, seen=0)
    for party in (corner.school_party, corner.partner_party):
        wording.assent(party, by=by)


def translated(corner):
    return {f"w{corner.joint.pk}-text": "Something else", f"w{corner.joint.pk}-seen": 0}


def arranged_anew(corner):
    drafts = AgreementDraft.objects.filter(partnership=corner.partnership)
    drafts.update(rhythm=f"Weekly. {corner.agreement_draft.rhythm}")


def drawing_up(corner):
    return {"text": fingerprint_of(canonical(corner.body())), "seen": 1}


def signing(corner):
    said = {"name": "Nadia New", "authority": "on", "confirmed": "yes"}
    return said | {"fingerprint": corner.version.fingerprint}


class Scan(BytesIO):
    """A file that can be sent again and again."""

    name = "scan.pdf"

    def read(self, size=-1):
        return PDF


PDF = b"%PDF-1.7\ncanary\n%%EOF\n"


def contributing(corner):
    said = {"kind": "time", "what": "Something else", "unit": "hours", "promised": "1,250.50"}
    return said | {"given": "12", "is_estimate": "on", "basis": "Something else"}


def changing_contribution(corner):
    version = type(corner.contribution).objects.get(pk=corner.contribution.pk).version
    return contributing(corner) | {"seen_version": version}


def giving(corner):
    return {"amount": "5", "on": corner.district.today().isoformat(), "note": "Something else"}


def a_voice(corner):
    return {"only": corner.voice.pk}


def voice_aside(corner):
    type(corner.voice).objects.filter(pk=corner.voice.pk).set_aside(by=corner.coordinator)


def voice_shown(corner):
    for party in (corner.school_party, corner.partner_party):
        corner.voice.show(party, by=corner.coordinator)


def signing_on_paper(corner):
    day = corner.district.today().isoformat()
    said = {"name": "Nadia New", "signed_on": day, "scan": Scan()}
    return said | {"fingerprint": corner.version.fingerprint}


def signed_on_paper(corner):
    corner.version.sign(
        corner.partner_party,
        by=corner.coordinator,
        fingerprint=corner.version.fingerprint,
        way=Way.PAPER,
        name="Nadia New",
        signed_on=corner.district.today(),
        scan=ContentFile(PDF, name="scan.pdf"),
    )


def step_done(corner):
    type(corner.step).objects.filter(pk=corner.step.pk).update(state="done")


def noting(corner):
    day = corner.district.today().isoformat()
    return {"seen_version": 0, "kind": "call", "on": day, "said": "Something else"}


def settling(corner):
    day = corner.district.today().isoformat()
    return {"seen_version": 0, "settled": "We take turns", "settled_on": day}


def telling(corner):
    return {"seen_version": 0, "text": "Something else", "on": corner.district.today().isoformat()}


def telling_anew(corner):
    return telling(corner) | {"picture_alt": "Something else", "consent": "Something else"}


# What both sides of every corner have released is read by everybody, with the names it goes by.
PUBLIC = dict.fromkeys(
    ["nobody", "stranger", "neighbour", "contact", "colleague", "manager", "admin", "operator"],
    SEES,
)
PUBLICLY = {"done": 200, "public": True}
SHOWN = {
    f"{who}-{what}"
    for who in ("alice", "charlie", "dora")
    for what in ("public", "name", "schoolname", "othername")
} | {"bayview-all", "faraway-all"}


def win_taken_back(corner):
    type(corner.win).objects.filter(pk=corner.win.pk).update(taken_back_at=timezone.now())


def thanking(corner):
    said = {"name": "Nadia New", "text": "Something else", "language": "vi", "way": "certificate"}
    return said | {"confirmed": "yes"}


def public_text(corner):
    return {"about_en": "Something else", "seen_version": corner.public_page.version}


def withdrawn(corner):
    corner.public_page.releases.update(withdrawn_at=timezone.now())


def releasing(corner):
    page = type(corner.public_page).objects.get(pk=corner.public_page.pk)
    return {"fingerprint": page.part("about").fingerprint}


def set_aside(corner):
    for document in (corner.document, corner.kept_document, corner.their_document):
        type(document).objects.filter(pk=document.pk).update(set_aside_at="2026-01-31T12:00Z")


def document_said(corner):
    return {"seen_version": 0, "title": "Something else"}


def retired(corner):
    goals = type(corner.goal).objects.filter(pk=corner.goal.pk)
    goals.update(retired_in=1, retired_at=timezone.now(), retired_because=corner.goal.what)


def goal(corner, **more):
    return {
        "what": "Something else",
        "for_whom": ["students"],
        "measure": "Students",
        "unit": "students",
        "direction": "more",
        "starts_on": "2020-01-01",
        "starting_value": "1",
        "target": "40",
        "due_on": "2099-01-31",
        **more,
    }


def rows(corner):
    text = f"{corner.district.today()}\t7"
    return {"rows": text, "act": "save", "checked": rows_fingerprint(text, Order.MONTH)}


def correction(corner):
    return {"on": corner.district.today().isoformat(), "value": "5", "seen": corner.measurement.pk}


def held(corner):
    return {"state": "held", "students": "12", "how_it_went": "They sorted parts"}


def planning(corner):
    said = {"title": "Something else", "kind": "visit", "rhythm": "once", "on": "2099-01-31"}
    return said | {"leads": [corner.seat.pk]}


def with_feeds(corner):
    """Everybody has an address of their own, and one of each partnership."""
    for user in User.objects.all():
        Feed.objects.make(user=user)
        Feed.objects.make(user=user, partnership=corner.partnership)


def called_off(corner):
    corner.activity.call_off("We have no bus", by=corner.coordinator)


def day_called_off(corner):
    corner.activity.note(corner.day_ahead, "not-held", by=corner.coordinator)


NEW_PARTNER = {"name": "Zimt und Zucker", "kind": PartnerKind.BUSINESS, "place": "outside"}
NEW_PERSON = {"name": "Nadia New"}
ITEM = ("item",)
ITEM_S = ("school's item",)
PERSON = ("person at school", "person at partner")
SEARCH = ("search=canary",)

RULES: dict[str, Rule] = {
    # name: methods, what it leads to, who may what
    "desk:today": Rule(SAFE, (), everybody(SEES), asks=("all",)),
    "desk:partnerships": Rule(SAFE, (), everybody(SEES), asks=SEARCH, partial=True),
    "desk:school_waiting": Rule(SAFE, ("school",), BY_THE_DISTRICT),
    "desk:guide": Rule(SAFE, ("partnership",), AT_THE_TABLE),
    "desk:stage": Rule(SAFE, ("partnership",), AT_THE_TABLE, also={"stage": "pre"}),
    "desk:cycles": Rule(SAFE, ("partnership",), AT_THE_TABLE),
    "desk:work": Rule(SAFE, ("partnership",), AT_THE_TABLE, asks=("print=1",)),
    "desk:cycle": Rule(SAFE, ("partnership",), AT_THE_TABLE, also={"number": 1}),
    "desk:decide": Rule(SAFE, ("partnership",), AT_THE_TABLE),
    "desk:ending": Rule(SAFE, ("partnership",), AT_THE_TABLE, asks=("print=1",)),
    "desk:agreement": Rule(SAFE, ("partnership",), AT_THE_TABLE),
    "desk:arrange_agreement": Rule(
        FORM, ("partnership",), BY_BOTH_SIDES, data=lambda corner: {"rhythm": "Something else"}
    ),
    "desk:draw_up": Rule(
        FORM, ("partnership",), BY_BOTH_SIDES, given=arranged_anew, data=drawing_up
    ),
    "desk:agreement_version": Rule(
        SAFE, ("agreement",), AT_THE_TABLE, asks=("beside", "print&beside")
    ),
    "desk:agreement_pdf": Rule(
        SAFE, ("agreement",), AT_THE_TABLE, also={"language": "vi"}, asks=("beside",)
    ),
    "desk:sign": Rule(FORM, ("our signature",), FOR_THE_SCHOOL, data=signing),
    "desk:sign_on_paper": Rule(FORM, ("their signature",), ON_PAPER, data=signing_on_paper),
    "desk:scan": Rule(SAFE, ("their signature",), AT_THE_TABLE, given=signed_on_paper),
    "desk:withdraw_agreement": Rule(FORM, ("agreement",), BY_BOTH_SIDES),
    "desk:question_to_item": Rule(
        FORM,
        ("joint question",),
        FOR_THE_TABLE,
        also={"key": JOINT},
        data=lambda corner: {"wording": "Talk about it", "side": "both"},
    ),
    "desk:dossier": Rule(SAFE, ("partnership",), AT_THE_TABLE),
    "desk:dossier_pdf": Rule(SAFE, ("partnership",), AT_THE_TABLE, also={"language": "vi"}),
    "desk:dossier_zip": Rule(SAFE, ("partnership",), AT_THE_TABLE, also={"language": "en"}),
    "checklists:checklist": Rule(
        SAFE, ("partnership",), AT_THE_TABLE, asks=("order=stage&show=theirs",), partial=True
    ),
    "checklists:print": Rule(SAFE, ("partnership",), AT_THE_TABLE),
    "checklists:add": Rule(
        FORM,
        ("partnership",),
        BY_BOTH_SIDES,
        data=lambda corner: {"wording": "Bring cake", "stage": "pre", "side": "both"},
    ),
    "checklists:item": Rule(
        FORM,
        ITEM,
        ITEM_OF_BOTH,
        data=lambda corner: {
            "seen_version": 0,
            "wording_en": corner.item.wording_en,
            "side": "both",
            "note": "Something else",
        },
    ),
    "checklists:tick": Rule(ACTION, ITEM, BY_BOTH_SIDES),
    "checklists:reopen": Rule(ACTION, ITEM, BY_BOTH_SIDES, given=settled),
    "checklists:not_relevant": Rule(
        FORM, ITEM, BY_BOTH_SIDES, data=lambda corner: {"reason": "We have no use for it"}
    ),
    "evaluations:worksheet": Rule(
        FORM, ("partnership",), WORKBOOK, also={"key": WORKSHEET}, data=answers
    ),
    "evaluations:print": Rule(SAFE, ("partnership",), WORKBOOK_READ, also={"key": WORKSHEET}),
    "evaluations:save_answer": Rule(
        ACTION, ("question",), WORKBOOK_WRITE, also={"key": WORKSHEET}, data=answers, done=200
    ),
    "evaluations:joint": Rule(SAFE, ("partnership",), AT_THE_TABLE, also={"key": JOINT}),
    "evaluations:print_joint": Rule(
        SAFE, ("partnership",), AT_THE_TABLE, also={"key": JOINT}, asks=("blank",)
    ),
    "evaluations:joint_question": Rule(
        SAFE, ("joint question",), AT_THE_TABLE, also={"key": JOINT}
    ),
    "evaluations:give": Rule(
        ACTION, ("our answer",), FOR_THE_SCHOOL, also={"key": JOINT}, data=joint_answer
    ),
    "evaluations:word": Rule(
        ACTION, ("our answer",), FOR_THE_SCHOOL, also={"key": JOINT}, data=joint_wording
    ),
    "evaluations:translation": Rule(
        FORM,
        ("our answer",),
        FOR_THE_SCHOOL,
        also={"key": JOINT},
        given=agreed,
        data=translated,
    ),
    "evaluations:translation_spoken": Rule(FORM, ("our answer",), FOR_NOBODY, also={"key": JOINT}),
    # Who has a login speaks for themselves; see tests/evaluations/test_joint.py for the others.
    "evaluations:spoken": Rule(FORM, ("our answer",), FOR_NOBODY, also={"key": JOINT}),
    "evaluations:enter": Rule(
        FORM, ("partnership",), FOR_NOBODY, also={"key": JOINT}, given=with_a_login
    ),
    "evaluations:questions": Rule(SAFE, ("partnership",), AT_THE_TABLE),
    "evaluations:remind": Rule(
        ACTION, ("party",), FOR_THE_SCHOOL, also={"key": JOINT}, given=with_a_login
    ),
    "evaluations:debriefs": Rule(SAFE, ("partnership",), AT_THE_TABLE),
    "evaluations:trends": Rule(SAFE, ("partnership",), AT_THE_TABLE),
    "evaluations:preview_set": Rule(SAFE, ("question set",), FOR_ITS_ADMINS),
    "desk:district_trends": Rule(SAFE, ("district",), FOR_ITS_ADMINS, asks=("period=all",)),
    "desk:district_trends_csv": Rule(SAFE, ("district",), FOR_ITS_ADMINS, asks=("period=all",)),
    "evaluations:say_wish": Rule(
        FORM,
        ("our party",),
        FOR_THE_SCHOOL,
        data=lambda corner: {"what_next": "pause", "because": "We need time to think"},
    ),
    "evaluations:open_debrief": Rule(
        FORM, ("partnership",), BY_COORDINATORS, given=without_an_open_debrief, data=opening_debrief
    ),
    "evaluations:extend_debrief": Rule(
        FORM,
        ("open debrief",),
        BY_COORDINATORS,
        data=lambda corner: {"closes_on": in_days(corner, 20)},
    ),
    # What was answered is cut from the names in an order that differs each time.
    "evaluations:close_debrief": Rule(
        FORM, ("open debrief",), BY_COORDINATORS, given=that_nobody_answered
    ),
    # Of somebody's own seat: see tests/evaluations/test_answering.py. Here nobody asked holds the seat.
    "evaluations:answer_debrief": Rule(FORM, ("debrief seat",), FOR_NOBODY),
    "evaluations:debrief_link": Rule(
        FORM, ("debrief seat",), BY_COORDINATORS, given=unanswered, data=lambda corner: {}
    ),
    "evaluations:debrief": Rule(SAFE, ("closed debrief",), AT_THE_TABLE),
    "evaluations:print_debrief": Rule(SAFE, ("closed debrief",), AT_THE_TABLE),
    "desk:debrief_pdf": Rule(SAFE, ("closed debrief",), AT_THE_TABLE, also={"language": "vi"}),
    "evaluations:comment_result": Rule(
        FORM,
        ("our say on a debrief",),
        FOR_THE_SCHOOL,
        also={"key": "q2"},
        data=lambda corner: {"text": "Something else"},
    ),
    "evaluations:step_from_result": Rule(
        ACTION, ("closed debrief",), BY_BOTH_SIDES, also={"key": "q2"}
    ),
    "evaluations:debrief_notes": Rule(SAFE, ("closed debrief",), AT_THE_TABLE),
    "evaluations:write_notes": Rule(
        ACTION,
        ("our say on a debrief",),
        FOR_THE_SCHOOL,
        data=lambda corner: {"text": "Something else", "seen": 1},
    ),
    # Who has a login speaks for themselves; see tests/evaluations/test_debrief_talk.py for the others.
    "evaluations:notes_said": Rule(FORM, ("our say on a debrief",), FOR_NOBODY),
    "evaluations:talk_levels": Rule(SAFE, ("partnership",), AT_THE_TABLE),
    "partnerships:levels": Rule(SAFE, ("partnership",), AT_THE_TABLE),
    "partnerships:say_level": Rule(
        FORM,
        ("our party",),
        FOR_THE_SCHOOL,
        data=lambda corner: {"now": "networking", "note": "Something else"},
    ),
    "partnerships:join": Rule(
        FORM,
        ("partnership",),
        BY_COORDINATORS,
        given=with_a_third,
        data=newcomer,
        shows=("alice-schoolname", "charlie-schoolname"),  # the schools of the same district
    ),
    "partnerships:leave_table": Rule(
        FORM,
        ("third party",),
        BY_COORDINATORS,
        given=with_a_third,
        data=lambda corner: {"reason": "They have moved to another town"},
    ),
    "partnerships:team": Rule(SAFE, ("partnership",), AT_THE_TABLE),
    "partnerships:timeline": Rule(
        SAFE, ("partnership",), AT_THE_TABLE, asks=("print", "group=basics", "group=documents")
    ),
    "partnerships:documents": Rule(
        SAFE, ("partnership",), AT_THE_TABLE, asks=("print", "aside", "print&aside")
    ),
    "partnerships:add_document": Rule(
        FORM, ("partnership",), FOR_THE_TABLE, data=lambda corner: {"file": Scan(), "who": "us"}
    ),
    "partnerships:document": Rule(SAFE, ("document",), AT_THE_TABLE),
    "partnerships:document_file": Rule(SAFE, ("document",), AT_THE_TABLE, also={"number": 1}),
    "partnerships:edit_document": Rule(FORM, ("document",), FOR_THE_SCHOOL, data=document_said),
    "partnerships:add_document_version": Rule(
        FORM, ("document",), FOR_THE_SCHOOL, data=lambda corner: {"file": Scan(), "seen": 1}
    ),
    "partnerships:share_document": Rule(ACTION, ("kept document",), KEPT_BY_SCHOOL),
    "partnerships:unshare_document": Rule(ACTION, ("document",), FOR_THE_SCHOOL),
    "partnerships:set_document_aside": Rule(ACTION, ("document",), FOR_THE_SCHOOL),
    "partnerships:bring_document_back": Rule(
        ACTION, ("document",), FOR_THE_SCHOOL, given=set_aside
    ),
    "partnerships:basics": Rule(
        FORM,
        ("partnership",),
        BY_COORDINATORS,
        data=lambda corner: {
            "seen_version": corner.partnership.version,
            "purpose": "Something else",
        },
    ),
    "partnerships:add_seat": Rule(
        FORM,
        ("party",),
        BY_COORDINATORS,
        data=lambda corner: {"person": corner.at_partner.pk, "roles": ["contact"]},
    ),
    "partnerships:edit_seat": Rule(
        FORM, ("seat",), BY_COORDINATORS, data=lambda corner: {"roles": ["student"]}
    ),
    "partnerships:leave_seat": Rule(
        FORM, ("seat",), BY_COORDINATORS, data=lambda corner: {"left_on": "2030-01-31"}
    ),
    "partnerships:invite": Rule(
        FORM,
        ("seat",),
        BY_COORDINATORS,
        data=lambda corner: {"email": "nadia@x.example", "language": "vi"},
    ),
    "partnerships:invited": Rule(SAFE, ("seat",), CHOOSING, given=invited),
    "partnerships:remind": Rule(ACTION, ("seat",), BY_COORDINATORS, given=invited),
    "partnerships:renew": Rule(ACTION, ("seat",), BY_COORDINATORS, given=invited),
    "partnerships:revoke": Rule(ACTION, ("seat",), BY_COORDINATORS, given=invited),
    "partnerships:choose_stage": Rule(SAFE, ("partnership",), CHOOSING),
    "partnerships:move": Rule(
        FORM, ("partnership",), BY_COORDINATORS, also={"stage": "action"}, data=move
    ),
    "partnerships:recommit": Rule(
        FORM,
        ("partnership",),
        BY_COORDINATORS,
        given=stage("recommit"),
        data=lambda corner: move(corner, stage="direction"),
    ),
    "partnerships:pause": Rule(FORM, ("partnership",), BY_COORDINATORS, data=move),
    "partnerships:resume": Rule(
        FORM, ("partnership",), BY_COORDINATORS, given=status(Status.PAUSED), data=move
    ),
    "partnerships:reopen": Rule(
        FORM, ("partnership",), BY_COORDINATORS, given=status(Status.ENDED), data=move
    ),
    "partnerships:end": Rule(
        FORM,
        ("partnership",),
        BY_COORDINATORS,
        given=that_nobody_answered,
        data=lambda corner: move(corner, debrief="yes"),
    ),
    "partnerships:hand_on": Rule(
        FORM,
        ("our party",),
        FOR_THE_SCHOOL,
        data=lambda corner: {"text": "Something else", "seen_version": 0},
    ),
    "partnerships:partners": Rule(SAFE, (), BY_THE_DISTRICT, asks=SEARCH, partial=True),
    "partnerships:add_partner": Rule(FORM, (), KEPT, data=lambda corner: NEW_PARTNER),
    "partnerships:partner": Rule(SAFE, ("partner",), BY_THE_DISTRICT),
    "partnerships:edit_partner": Rule(
        FORM, ("partner",), KEPT, data=lambda corner: {**NEW_PARTNER, "seen_version": 0}
    ),
    "partnerships:add_partner_person": Rule(
        FORM, ("partner",), KEPT, data=lambda corner: NEW_PERSON
    ),
    "partnerships:schools": Rule(SAFE, (), BY_THE_DISTRICT),
    "partnerships:school": Rule(SAFE, ("school",), BY_THE_DISTRICT),
    "partnerships:add_school_person": Rule(FORM, ("school",), KEPT, data=lambda corner: NEW_PERSON),
    "partnerships:person": Rule(FORM, PERSON, KEPT_AND_SEEN, data=lambda corner: NEW_PERSON),
    "partnerships:leave": Rule(FORM, PERSON, KEPT, data=lambda corner: {"left_on": "2030-01-31"}),
    "partnerships:come_back": Rule(ACTION, PERSON, KEPT, given=has_left),
    "partnerships:start": Rule(FORM, (), STARTING),
    "partnerships:draft": Rule(SAFE, ("draft",), OWN_DRAFT, opens=302),
    "partnerships:draft_step": Rule(
        FORM,
        ("draft",),
        OWN_DRAFT,
        also={"step": "purpose"},
        data=lambda corner: {"purpose": "Something else"},
    ),
    "partnerships:draft_new_partner": Rule(
        FORM, ("draft",), OWN_DRAFT, data=lambda corner: NEW_PARTNER
    ),
    "partnerships:draft_check": Rule(FORM, ("draft",), OWN_DRAFT),
    "partnerships:throw_away": Rule(FORM, ("draft",), OWN_DRAFT),
    # Give and take
    "partnerships:give_and_take": Rule(
        SAFE, ("partnership",), AT_THE_TABLE, asks=("cycles=all", "cycles=earlier", "print")
    ),
    "partnerships:add_contribution": Rule(FORM, ("party",), BY_THE_PARTNER, data=contributing),
    "partnerships:contribution": Rule(FORM, ("contribution",), GIVEN_BY_PARTNER, data=giving),
    "partnerships:edit_contribution": Rule(
        FORM, ("contribution",), BY_THE_PARTNER, data=changing_contribution
    ),
    "partnerships:take_back_contribution": Rule(
        FORM, ("contribution",), BY_THE_PARTNER, data=lambda corner: {"reason": "Something else"}
    ),
    "partnerships:correct_delivery": Rule(FORM, ("delivery",), BY_THE_PARTNER, data=giving),
    "partnerships:add_gain": Rule(
        FORM, ("party",), BY_THE_PARTNER, data=lambda corner: {"what": "Something else"}
    ),
    "partnerships:gain": Rule(
        FORM,
        ("gain",),
        BY_THE_PARTNER,
        data=lambda corner: {"what": "Something else", "seen_version": corner.gain.version},
    ),
    "partnerships:take_back_gain": Rule(
        FORM, ("gain",), BY_THE_PARTNER, data=lambda corner: {"reason": "Something else"}
    ),
    "partnerships:goals": Rule(
        SAFE, ("partnership",), AT_THE_TABLE, asks=("print", "cycle=1", "cycle=2")
    ),
    "partnerships:goal": Rule(SAFE, ("goal",), AT_THE_TABLE, asks=("print",)),
    "partnerships:add_goal": Rule(FORM, ("partnership",), BY_BOTH_SIDES, data=goal),
    "partnerships:edit_goal": Rule(
        FORM, ("goal",), BY_BOTH_SIDES, data=lambda corner: goal(corner, seen_version=0)
    ),
    "partnerships:measure": Rule(
        FORM,
        ("goal",),
        BY_BOTH_SIDES,
        data=lambda corner: {"on": corner.district.today().isoformat(), "value": "7"},
    ),
    "partnerships:paste_measurements": Rule(FORM, ("goal",), BY_BOTH_SIDES, data=rows),
    "partnerships:correct_measurement": Rule(
        FORM, ("measurement",), BY_BOTH_SIDES, data=correction
    ),
    "partnerships:take_back_measurement": Rule(
        FORM, ("measurement",), BY_BOTH_SIDES, data=lambda corner: {"seen": corner.measurement.pk}
    ),
    "partnerships:retire_goal": Rule(
        FORM, ("goal",), BY_BOTH_SIDES, data=lambda corner: {"because": "We have no use for it"}
    ),
    "partnerships:take_up_goal": Rule(ACTION, ("goal",), BY_BOTH_SIDES, given=retired),
    "accounts:profile": Rule(
        FORM, (), everybody(DOES), data=lambda corner: {"name": "Somebody Else", "language": "en"}
    ),
    "accounts:mail_settings": Rule(
        FORM, (), everybody(DOES), data=lambda corner: {"digest_day": 3, "mail_hour": 17}
    ),
    "accounts:language": Rule(
        ACTION, (), everybody(DOES), data=lambda corner: {"language": "vi"}, public=True
    ),
    # The community's voice
    "desk:voices": Rule(
        SAFE,
        ("partnership",),
        AT_THE_TABLE,
        asks=("show=unread", "show=idea", "show=public", "show=aside", "audience=students"),
        partial=True,
    ),
    "desk:voice": Rule(
        FORM,
        ("voice",),
        DEALT_WITH,
        data=lambda corner: {"text": "We try it", "outcome": "planned"},
    ),
    "desk:read_voices": Rule(ACTION, ("partnership",), FOR_THE_TABLE, data=a_voice),
    "desk:set_voices_aside": Rule(ACTION, ("partnership",), FOR_THE_TABLE, data=a_voice),
    "desk:bring_voices_back": Rule(
        ACTION, ("partnership",), FOR_THE_TABLE, given=voice_aside, data=a_voice
    ),
    "desk:show_voice": Rule(ACTION, ("voice",), FOR_THE_TABLE),
    "desk:hide_voice": Rule(ACTION, ("voice",), FOR_THE_TABLE, given=voice_shown),
    "desk:take_reply_back": Rule(ACTION, ("our answer to a voice",), FOR_THE_SCHOOL),
    "desk:voice_links": Rule(SAFE, ("partnership",), AT_THE_TABLE),
    "desk:make_voice_link": Rule(
        ACTION, ("partnership",), BY_COORDINATORS, also={"audience": "staff"}
    ),
    "desk:close_voice_link": Rule(
        FORM, ("partnership",), BY_COORDINATORS, also={"audience": "students"}
    ),
    "desk:print_voice_link": Rule(
        SAFE,
        ("partnership",),
        AT_THE_TABLE,
        also={"audience": "students", "language": "vi"},
        asks=("slips",),
    ),
    "partnerships:steps": Rule(
        SAFE, ("partnership",), AT_THE_TABLE, asks=("whose=mine", "print"), partial=True
    ),
    "partnerships:add_step": Rule(
        FORM, ("partnership",), BY_BOTH_SIDES, data=lambda corner: {"what": "Bring cake"}
    ),
    "partnerships:step": Rule(
        FORM,
        ("step",),
        ITEM_OF_BOTH,
        data=lambda corner: {"seen_version": 0, "what": "Something else"},
    ),
    "partnerships:tick_step": Rule(ACTION, ("step",), BY_BOTH_SIDES),
    "partnerships:reopen_step": Rule(ACTION, ("step",), BY_BOTH_SIDES, given=step_done),
    "partnerships:drop_step": Rule(
        FORM, ("step",), BY_BOTH_SIDES, data=lambda corner: {"reason": "We have no use for it"}
    ),
    "partnerships:log": Rule(
        SAFE,
        ("partnership",),
        AT_THE_TABLE,
        asks=("search=canary", "kind=unsettled", "print"),
        partial=True,
    ),
    "partnerships:add_log_entry": Rule(FORM, ("partnership",), BY_BOTH_SIDES, data=noting),
    "partnerships:contact_rhythm": Rule(
        FORM,
        ("partnership",),
        BY_BOTH_SIDES,
        data=lambda corner: {
            "seen_version": corner.partnership.version,
            "contact_rhythm": "weekly",
        },
    ),
    "partnerships:log_entry": Rule(SAFE, ("log entry", "disagreement"), AT_THE_TABLE),
    "partnerships:edit_log_entry": Rule(FORM, ("log entry",), BY_BOTH_SIDES, data=noting),
    "partnerships:settle_disagreement": Rule(FORM, ("disagreement",), BY_BOTH_SIDES, data=settling),
    "partnerships:handover": Rule(
        FORM,
        ("our seat",),
        {**KEPT_BY_SCHOOL, "admin": SEES, "operator": SEES},
        data=lambda corner: {"knows": "Something else", "seen_version": 0},
    ),
    "desk:welcome": Rule(SAFE, ("partnership",), AT_THE_TABLE, asks=("print=1",)),
    # Activities and the calendar
    "partnerships:activities": Rule(SAFE, ("partnership",), AT_THE_TABLE),
    "partnerships:add_activity": Rule(FORM, ("partnership",), BY_BOTH_SIDES, data=planning),
    "partnerships:activity": Rule(SAFE, ("activity",), AT_THE_TABLE),
    "partnerships:edit_activity": Rule(
        FORM,
        ("activity",),
        BY_BOTH_SIDES,
        data=lambda corner: planning(corner) | {"seen_version": 0},
    ),
    "partnerships:call_off_activity": Rule(
        FORM, ("activity",), BY_BOTH_SIDES, data=lambda corner: {"reason": "We have no bus"}
    ),
    "partnerships:plan_activity_again": Rule(
        ACTION, ("activity",), BY_BOTH_SIDES, given=called_off
    ),
    "partnerships:day": Rule(FORM, ("past day",), BY_BOTH_SIDES, data=held),
    "partnerships:move_day": Rule(
        FORM, ("past day",), BY_BOTH_SIDES, data=lambda corner: {"on": "2099-01-31"}
    ),
    "partnerships:call_off_day": Rule(
        FORM, ("day ahead",), BY_BOTH_SIDES, data=lambda corner: {"reason": "We have no bus"}
    ),
    "partnerships:plan_day_again": Rule(
        ACTION, ("day ahead",), BY_BOTH_SIDES, given=day_called_off
    ),
    # The public page
    "desk:public_settings": Rule(SAFE, ("partnership",), AT_THE_TABLE),
    "desk:public_text": Rule(FORM, ("partnership",), BY_BOTH_SIDES, data=public_text),
    "desk:preview_public": Rule(SAFE, ("partnership",), AT_THE_TABLE, asks=("language=vi",)),
    "desk:release_part": Rule(
        ACTION, ("our release",), FOR_THE_SCHOOL, data=releasing, given=withdrawn
    ),
    "desk:release_on_paper": Rule(FORM, ("our release",), FOR_NOBODY),
    "desk:withdraw_part": Rule(ACTION, ("our release",), FOR_THE_SCHOOL),
    "desk:public_poster": Rule(SAFE, ("partnership",), AT_THE_TABLE, also={"language": "vi"}),
    "desk:public_qr": Rule(SAFE, ("partnership",), AT_THE_TABLE, also={"kind": "png"}),
    "desk:public_page": Rule(
        SAFE, ("public page",), PUBLIC, also={"language": "vi"}, shows=SHOWN, **PUBLICLY
    ),
    "desk:public_print": Rule(
        SAFE, ("public page",), PUBLIC, also={"language": "vi"}, shows=SHOWN, **PUBLICLY
    ),
    "desk:public_picture": Rule(SAFE, ("public picture",), PUBLIC, **PUBLICLY),
    "desk:district_public": Rule(
        SAFE, ("public list",), PUBLIC, asks=("print=1",), shows=SHOWN, **PUBLICLY
    ),
    "partnerships:wins": Rule(
        SAFE, ("partnership",), AT_THE_TABLE, asks=("print", "aside", "cycle=1")
    ),
    "partnerships:add_win": Rule(FORM, ("partnership",), BY_BOTH_SIDES, data=telling),
    "partnerships:win": Rule(SAFE, ("win",), AT_THE_TABLE),
    "partnerships:edit_win": Rule(FORM, ("win",), BY_BOTH_SIDES, data=telling_anew),
    "partnerships:win_picture": Rule(SAFE, ("picture of a win",), AT_THE_TABLE),
    "partnerships:remove_win_picture": Rule(ACTION, ("win",), BY_BOTH_SIDES),
    "partnerships:take_back_win": Rule(ACTION, ("win",), BY_BOTH_SIDES),
    "partnerships:bring_win_back": Rule(ACTION, ("win",), BY_BOTH_SIDES, given=win_taken_back),
    "partnerships:thanks": Rule(SAFE, ("partnership",), OF_ITS_PEOPLE),
    "partnerships:thank": Rule(FORM, ("partnership",), BY_BOTH_SIDES, data=thanking),
    "partnerships:certificate": Rule(
        SAFE, ("thanks",), OF_ITS_PEOPLE, asks=("print", "print&in=vi")
    ),
    "desk:certificate": Rule(SAFE, ("thanks",), OF_ITS_PEOPLE, also={"language": "vi"}),
    "desk:calendar": Rule(SAFE, ("partnership",), AT_THE_TABLE, asks=("month=2027-03",)),
    "desk:own_calendar": Rule(SAFE, (), everybody(SEES), asks=("month=2027-03",)),
    "desk:own_feed": Rule(SAFE, (), everybody(SEES)),
    "desk:make_own_feed": Rule(ACTION, (), everybody(DOES)),
    "desk:end_own_feed": Rule(ACTION, (), everybody(DOES), given=with_feeds),
    "desk:partnership_feed": Rule(SAFE, ("partnership",), AT_THE_TABLE),
    "desk:make_partnership_feed": Rule(ACTION, ("partnership",), dict.fromkeys(AT_THE_TABLE, DOES)),
    "desk:end_partnership_feed": Rule(
        ACTION, ("partnership",), dict.fromkeys(AT_THE_TABLE, DOES), given=with_feeds
    ),
}
# The same address once more, for a thing that falls to one side only.
ALSO: dict[str, Rule] = {
    "checklists:item": Rule(FORM, ITEM_S, ITEM_OF_SCHOOL, data=RULES["checklists:item"].data),
    "checklists:tick": Rule(ACTION, ITEM_S, BY_THE_SCHOOL),
    "checklists:reopen": Rule(ACTION, ITEM_S, BY_THE_SCHOOL, given=settled),
    "checklists:not_relevant": Rule(
        FORM, ITEM_S, BY_THE_SCHOOL, data=RULES["checklists:not_relevant"].data
    ),
    "desk:sign_on_paper": Rule(FORM, ("our signature",), ON_PAPER_OURS, data=signing_on_paper),
    "partnerships:contribution": Rule(FORM, ("our contribution",), GIVEN_BY_SCHOOL, data=giving),
    "partnerships:add_contribution": Rule(FORM, ("our party",), ON_PAPER_OURS, data=contributing),
    "partnerships:handover": Rule(
        FORM,
        ("seat",),
        KEPT_BY_PARTNER,
        data=lambda corner: {"knows": "Something else", "seen_version": 0},
    ),
    "partnerships:document": Rule(SAFE, ("kept document",), READ_BY_SCHOOL),
    "partnerships:document_file": Rule(
        SAFE, ("their document",), READ_BY_PARTNER, also={"number": 1}
    ),
    "partnerships:edit_document": Rule(
        FORM, ("their document",), KEPT_BY_PARTNER, data=document_said
    ),
    "partnerships:add_document_version": Rule(
        FORM,
        ("kept document",),
        KEPT_BY_SCHOOL,
        data=RULES["partnerships:add_document_version"].data,
    ),
    "partnerships:share_document": Rule(ACTION, ("their document",), KEPT_BY_PARTNER),
    "partnerships:set_document_aside": Rule(ACTION, ("their document",), KEPT_BY_PARTNER),
    "partnerships:bring_document_back": Rule(
        ACTION, ("kept document",), KEPT_BY_SCHOOL, given=set_aside
    ),
    # Without a language in the address, a page speaks the reader's.
    "desk:public_page": Rule(SAFE, ("public page",), PUBLIC, shows=SHOWN, **PUBLICLY),
    "desk:district_public": Rule(
        SAFE, ("public list",), PUBLIC, also={"language": "vi"}, shows=SHOWN, **PUBLICLY
    ),
}


WRITING = [name for name, rule in RULES.items() if "POST" in rule.takes and rule.may != FOR_NOBODY]


@dataclass(frozen=True)
class SignInPage:
    """A page on the way in, which leads to no thing of a role's: what each method answers."""

    signed_out: dict[str, int]
    signed_in: dict[str, int]
    keys: dict = field(default_factory=dict)


ONLY_READ = dict.fromkeys(METHODS, 405) | {"GET": 200, "HEAD": 200, "OPTIONS": 200}
WITH_FORM = ONLY_READ | {"POST": 200, "PUT": 200}  # posted empty, so drawn again with errors
SENT_ON = dict.fromkeys(METHODS, 302)
SAYS_CLOSED = dict.fromkeys(METHODS, 200)  # the same words, whatever one tries
NO_SUCH_LINK = dict.fromkeys(METHODS, 405) | {"GET": 404, "HEAD": 404, "POST": 404}
NOWHERE = dict.fromkeys(METHODS, 404)
KEPT_MAIL = "20261109-101500000000-0123abcd"
# What is asked after the password only, and sends everybody else away.
ASKED_AFTER = dict.fromkeys(METHODS, 405) | {"GET": 302, "HEAD": 302, "POST": 302}

NOTHING_ELSE = dict.fromkeys(METHODS, 405)

SIGN_IN_PAGES: dict[str, SignInPage] = {
    "account_login": SignInPage(WITH_FORM, SENT_ON),
    "account_request_login_code": SignInPage(WITH_FORM, SENT_ON),
    "account_confirm_login_code": SignInPage(SENT_ON, SENT_ON),
    # Asked by the page's own script; a post without a passkey leads back to the sign-in page.
    "mfa_login_webauthn": SignInPage(ASKED_AFTER | {"PUT": 302, "OPTIONS": 200}, SENT_ON),
    # No provider is named in the settings of the tests; with one, see test_providers.
    "openid_connect_login": SignInPage(
        NOTHING_ELSE | {"POST": 404}, NOTHING_ELSE | {"POST": 302}, {"provider_id": "google"}
    ),
    "openid_connect_callback": SignInPage(
        NOTHING_ELSE | {"GET": 404, "HEAD": 404},
        NOTHING_ELSE | {"GET": 302, "HEAD": 302},
        {"provider_id": "google"},
    ),
    "socialaccount_login_cancelled": SignInPage(
        NOTHING_ELSE | {"GET": 302, "HEAD": 302}, NOTHING_ELSE | {"GET": 302, "HEAD": 302}
    ),
    "account_logout": SignInPage(
        ONLY_READ | {"GET": 302, "HEAD": 302, "POST": 302}, ONLY_READ | {"POST": 302}
    ),
    "account_inactive": SignInPage(ONLY_READ, ONLY_READ),
    "account_signup": SignInPage(SAYS_CLOSED, SENT_ON),
    "account_reauthenticate": SignInPage(SENT_ON, WITH_FORM),
    "account_change_password": SignInPage(SENT_ON, WITH_FORM),
    "account_set_password": SignInPage(SENT_ON, SENT_ON),  # on to changing the one there is
    "account_reset_password": SignInPage(WITH_FORM, WITH_FORM),
    "account_reset_password_done": SignInPage(ONLY_READ, ONLY_READ),
    "account_reset_password_from_key": SignInPage(
        SAYS_CLOSED, SAYS_CLOSED, {"uidb36": "1", "key": "abc-def"}
    ),
    "account_reset_password_from_key_done": SignInPage(ONLY_READ, ONLY_READ),
    # Open to whoever has the link, which here nobody has; with it, see test_invitations.
    "partnerships:invitation": SignInPage(NO_SUCH_LINK, NO_SUCH_LINK, {"token": "no-such-link"}),
    "partnerships:ask_for_invitation": SignInPage(
        NO_SUCH_LINK | {"GET": 405, "HEAD": 405},
        NO_SUCH_LINK | {"GET": 405, "HEAD": 405},
        {"token": "no-such-link"},
    ),
    # A personal link to a debrief; with it, see tests/evaluations/test_answering.py.
    "evaluations:answer_by_link": SignInPage(NO_SUCH_LINK, NO_SUCH_LINK, {"token": "no-such-link"}),
    # The address that calendar programs read: open to whoever has it; see tests/desk/test_calendar.py.
    "desk:feed": SignInPage(
        NOTHING_ELSE | {"GET": 404, "HEAD": 404},
        NOTHING_ELSE | {"GET": 404, "HEAD": 404},
        {"token": "no-such-address"},
    ),
    # The form for the community: open to whoever has its link; see tests/desk/test_give_voice.py.
    "desk:give_voice": SignInPage(NO_SUCH_LINK, NO_SUCH_LINK, {"slug": "no-such-link"}),
    # The same for the link in a mail that turns its kind off; see tests/accounts/test_mail_pages.py.
    "accounts:turn_off": SignInPage(NO_SUCH_LINK, NO_SUCH_LINK, {"token": "no-such-link"}),
    # The mails of a demo: nowhere else is there such a page.
    "accounts:mailbox": SignInPage(NOWHERE, NOWHERE),
    "accounts:mailbox_mail": SignInPage(NOWHERE, NOWHERE, {"key": KEPT_MAIL}),
    "accounts:mailbox_html": SignInPage(NOWHERE, NOWHERE, {"key": KEPT_MAIL}),
    "mfa_index": SignInPage(SENT_ON, ONLY_READ),
    "mfa_authenticate": SignInPage(ASKED_AFTER, ASKED_AFTER),
    "mfa_reauthenticate": SignInPage(SENT_ON, SENT_ON),  # to the password, where no code is set up
    "mfa_activate_totp": SignInPage(SENT_ON, SENT_ON),  # to the password once more
    "mfa_deactivate_totp": SignInPage(SENT_ON, dict.fromkeys(METHODS, 404)),
    "mfa_view_recovery_codes": SignInPage(SENT_ON, ONLY_READ | {"GET": 404, "HEAD": 404}),
    "mfa_generate_recovery_codes": SignInPage(SENT_ON, SENT_ON),
    "mfa_list_webauthn": SignInPage(SENT_ON, ONLY_READ),
    "mfa_add_webauthn": SignInPage(SENT_ON, SENT_ON),
    "mfa_edit_webauthn": SignInPage(SENT_ON, SENT_ON, {"pk": NONEXISTENT}),
    "mfa_remove_webauthn": SignInPage(SENT_ON, SENT_ON, {"pk": NONEXISTENT}),
    "mfa_reauthenticate_webauthn": SignInPage(SENT_ON, SENT_ON),  # to the password
    # Of one's own profile: what is somebody else's does not exist (see tests/accounts).
    "accounts:change_email": SignInPage(SENT_ON, SENT_ON),
    "accounts:confirm_email": SignInPage(
        SENT_ON, NOTHING_ELSE | {"GET": 302, "HEAD": 302, "POST": 302}
    ),
    "accounts:code_again": SignInPage(  # for who has no other way; Alice has a password
        SENT_ON, NOTHING_ELSE | {"GET": 302, "HEAD": 302, "POST": 302}
    ),
    "accounts:sessions": SignInPage(SENT_ON, NOTHING_ELSE | {"GET": 200, "HEAD": 200}),
    "accounts:end_session": SignInPage(SENT_ON, NOTHING_ELSE | {"POST": 404}, {"pk": NONEXISTENT}),
    "accounts:end_other_sessions": SignInPage(SENT_ON, NOTHING_ELSE | {"POST": 302}),
    "accounts:part": SignInPage(SENT_ON, SENT_ON, {"pk": NONEXISTENT}),
}


# The admin. What a district's own admin may with the rows of their district, and with the content
# that is common to all; with anything else they may nothing, and it looks as if it did not exist.
# Operators may the same with every row, and what is marked so. Nobody else gets in.
@dataclass(frozen=True)
class AdminRule:
    add: object = 403
    change: object = DOES
    delete: object = 403
    deletes_own: bool = False  # what is their own and not in use, and nothing else
    history: int = 200
    old_version: int = 200  # a row of the history, looked at
    common: object = None  # what a district's admin may with common content, where there is any
    operator: dict = field(default_factory=dict)  # where operators may more


ADMIN: dict[str, AdminRule] = {
    "partnerships.district": AdminRule(operator={"add": DOES}),
    "partnerships.school": AdminRule(add=DOES),
    "partnerships.coordinator": AdminRule(add=DOES, change=SEES, delete=DOES),
    "partnerships.partner": AdminRule(add=DOES),
    "partnerships.person": AdminRule(add=DOES),
    "partnerships.partnership": AdminRule(),
    "partnerships.goal": AdminRule(change=SEES, history=404, old_version=404),
    "partnerships.stageguide": AdminRule(common=SEES),
    "checklists.checklist": AdminRule(change=SEES, common=SEES, history=404, old_version=404),
    "checklists.heading": AdminRule(common=SEES),
    "evaluations.questionset": AdminRule(add=DOES, common=SEES),
    "evaluations.optionlist": AdminRule(
        add=DOES, common=SEES, deletes_own=True, history=404, old_version=404
    ),
    "accounts.user": AdminRule(operator={"add": DOES, "delete": DOES}),
    "account.emailaddress": AdminRule(operator={"add": DOES, "delete": DOES}),
}
OPERATORS_ONLY = ("accounts.user", "account.emailaddress")
# Every address of the admin belongs to one of these families: of each model, or of the whole site.
ADMIN_FAMILIES = (
    "changelist",
    "add",
    "change",
    "delete",
    "history",
    "simple_history",
    "old_address",
    "password",
)


@dataclass(frozen=True)
class AdminPage:
    """A page of the admin that belongs to no model: what its readers get for GET and POST."""

    get: int = 200
    post: int = 200
    path: str = ""  # where the name alone does not lead


ADMIN_SITE: dict[str, AdminPage] = {
    "index": AdminPage(),
    "login": AdminPage(get=302, post=302),
    "logout": AdminPage(get=405),
    "password_change": AdminPage(get=302, post=302),  # to the page that everybody has
    "password_change_done": AdminPage(post=405),
    "autocomplete": AdminPage(
        post=405,
        path="/admin/autocomplete/?app_label=partnerships&model_name=person&field_name=school"
        "&term=canary",
    ),
    "jsi18n": AdminPage(post=405),
    "app_list": AdminPage(path="/admin/partnerships/"),
    "anything_else": AdminPage(get=404, post=404, path="/admin/nothing/here/"),
}


ADMIN_FORMS = [
    (label, what)
    for label, rule in ADMIN.items()
    for what in ("add", "change")
    if getattr(rule, what) == DOES
    and label.startswith(("partnerships", "checklists", "evaluations"))
]
