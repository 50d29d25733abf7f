"""One data set for all of these tests: three coordinators' corners of two districts, every text in
them a canary that names the corner, so that a page which shows one tells where it leaked from.

`alices`, `charlies` and `doras` are corners: a school, a partner, people, a partnership, a draft.
Alice and Charlie share a district (Bayview), Dora is of another (Faraway).
"""

import re
from datetime import timedelta
from decimal import Decimal

from django.apps import apps
from django.core.files.base import ContentFile
from django.db import connection
from django.test import Client

from accounts.models import Submission
from checklists.models import Checklist
from desk.agreement import Composition
from evaluations.models import (
    Answer,
    Comment,
    Debrief,
    DebriefKind,
    Feedback,
    FeedbackLink,
    Notes,
    OptionList,
    Question,
    QuestionSet,
    WhatNext,
    Wish,
    give,
)
from partnerships.models import (
    Agreement,
    AgreementDraft,
    Contribution,
    Coordinator,
    Document,
    Gain,
    HandedOn,
    Handover,
    Invitation,
    Partnership,
    PublicPage,
    StageGuide,
    Thanks,
    ThanksBy,
)
from partnerships.stages import Stage
from partnerships.vocabulary import Audience, ContactKind, ContactRhythm, Level, Role
from tests.activities import plan, weekly
from tests.factories import (
    DistrictFactory,
    PartnerFactory,
    PersonFactory,
    SchoolFactory,
    UserFactory,
    make_goal,
    make_partnership,
)
from tests.files import jpg
from tests.reading import text_of

OUR_APPS = ("accounts", "partnerships", "checklists", "evaluations", "desk")
NOT_COUNTED = (Submission,)  # kept to know a second click by; holds nothing that anybody wrote
CANARY = re.compile(r"canary-([a-z]+-[a-z]+)")
NONEXISTENT = 987_654_321
WORKSHEET = "before-you-start"
JOINT = "ten-questions"

# Whose words a reader may meet. `table`: said in the partnership. `seated`: people of the partner
# at that table. `workbook`: the school side's worksheets. `name`, `schoolname`: in titles. `notes`:
# what schools note about the partner, and the partner's other people. `school`: the school's address
# and people. `draft`: not started yet. `other`, `othername`: of Alice's other partnership.
# `workbook` and `theirs` also stand for documents that a side keeps to itself.
# `veiled`: answers that the school has given, and the partner has not; `theirs`: the other way round.
# `thanks`: what was said in thanks, which the people of a partnership keep among themselves.
# `bayview` and `faraway`: the district's name, its own content, its coordinators' names.
MAY_MEET = {
    "anonymous": set(),
    "deactivated": set(),
    "vera": set(),
    "gone": {"alice-seated"},  # her own name
    "bob": {"alice-table", "alice-seated", "alice-name", "alice-schoolname", "bayview-all"},
}
MAY_MEET["sam"] = MAY_MEET["bob"] | {"alice-workbook", "alice-veiled"}
MAY_MEET["bob"] |= {"alice-theirs"}
PARTNERS_OF_BAYVIEW = {"alice-othername"} | {
    f"{who}-{what}" for who in ("alice", "charlie") for what in ("name", "notes", "seated")
}
MAY_MEET["ada"] = PARTNERS_OF_BAYVIEW | {
    f"{who}-{what}"
    for who in ("alice", "charlie")
    for what in ("table", "workbook", "schoolname", "school")
}
MAY_MEET["ada"] |= {"bayview-all", "alice-other"}
MAY_MEET["alice"] = {zone for zone in MAY_MEET["ada"] if not zone.startswith("charlie")}
MAY_MEET["alice"] |= PARTNERS_OF_BAYVIEW | {"alice-draft", "alice-veiled"}
MAY_MEET["charlie"] = {zone for zone in MAY_MEET["ada"] if not zone.startswith("alice")}
MAY_MEET["charlie"] |= PARTNERS_OF_BAYVIEW | {"charlie-draft", "charlie-veiled"}
MAY_MEET["edna"] = {
    f"dora-{what}"
    for what in ("name", "notes", "seated", "table", "workbook", "schoolname", "school")
} | {"faraway-all"}
MAY_MEET["dora"] = MAY_MEET["edna"] | {"dora-draft", "dora-veiled"}
MAY_MEET["ola"] = MAY_MEET["ada"] | MAY_MEET["edna"]

for name, who in {
    "alice": "alice",
    "bob": "alice",
    "sam": "alice",
    "charlie": "charlie",
    "dora": "dora",
}.items():
    MAY_MEET[name].add(f"{who}-thanks")
MAY_MEET["ola"] |= {"alice-thanks", "charlie-thanks", "dora-thanks"}

# What is public may be read by everybody, on whatever page of the partnership it stands.
for zones in MAY_MEET.values():
    zones |= {f"{who}-public" for who in ("alice", "charlie", "dora")}

ROLES = tuple(MAY_MEET)


class Corner:
    """What belongs to one coordinator. `who` names the canaries."""

    def __init__(self, who: str, district, district_canary: str):
        self.who, self.district = who, district
        self.coordinator = UserFactory(
            name=f"{who.title()} canary-{district_canary}", email=f"{who}@school.example"
        )
        self.newcomer = UserFactory(name=f"canary-{district_canary}")  # an account with no history
        self.school = SchoolFactory(
            district=district,
            name=f"School {self.canary('schoolname')}",
            short_name=self.canary("schoolname"),
            address=self.canary("school"),
            phone=self.canary("school"),
        )
        Coordinator.objects.create(school=self.school, user=self.coordinator)
        self.partner = self.make_partner("name", "notes")
        self.at_school = self.make_person("school", school=self.school)
        self.at_partner = self.make_person("notes", partner=self.partner)
        self.fill_partnership("table", "seated")
        self.draft = self.coordinator.partnership_drafts.create(
            answers={
                "school": self.school.pk,
                "partner": self.partner.pk,
                "purpose": self.canary("draft"),
                "engagements": ["visit"],
                "level_now": "networking",
                "seen": ["school", "partner", "purpose", "engagements", "levels", "dates"],
            }
        )

    def canary(self, what: str) -> str:
        return f"canary-{self.who}-{what}"

    def make_partner(self, name: str, notes: str):
        said = dict.fromkeys(
            ["address", "phone", "core_values", "can_offer", "needs", "notes"], self.canary(notes)
        )
        website = f"https://{self.canary(notes)}.example"
        partner = PartnerFactory(
            district=self.district, name=f"Partner {self.canary(name)}", website=website, **said
        )
        partner.history.update(history_user=self.coordinator)
        return partner

    def make_person(self, what: str, **place):
        word = self.canary(what)
        return PersonFactory(
            name=f"Person {word}", title=word, email=f"{word}@x.example", phone=word, **place
        )

    def make_partnership(self, partner, what: str, seated: str) -> Partnership:
        made = make_partnership(
            school=self.school,
            partner=partner,
            by=self.coordinator,
            purpose=f"Purpose {self.canary(what)}",
        )
        for party in made.parties.all():
            party.partnership = made
            place = {"school": party.school, "partner": party.partner}
            person = self.make_person(what if party.school else seated, **place)
            party.seat(person, {Role.CHAMPION}, by=self.coordinator)
            party.report_level(
                now=Level.NETWORKING, wanted="", by=self.coordinator, note=self.canary(what)
            )
        made.move_to(
            Stage.MOBILIZE,
            by=self.coordinator,
            drawn_for=made.last_move,
            reason=f"Because of {self.canary(what)} now",
        )
        made.items.add_own(
            by=self.coordinator, wording=f"Own {self.canary(what)}", stage=made.stage
        )
        return Partnership.objects.with_sides().get(pk=made.pk)

    def fill_partnership(self, what: str, seated: str):
        self.partnership = self.make_partnership(self.partner, what, seated)
        self.school_party, self.partner_party = self.partnership.parties.all()
        self.seat = self.partner_party.seats.get()
        self.fill_checklist(what)
        self.fill_worksheet("workbook" if what == "table" else what)
        self.fill_questions(what)
        self.fill_giving(what)
        self.fill_goals(what)
        self.fill_agreement(what)
        self.fill_activities(what)
        self.fill_log(what)
        self.fill_documents(what)
        self.fill_handovers(what)
        self.fill_wins(what)
        self.fill_public(what)
        self.fill_voices(what)
        self.fill_decision(what)
        self.fill_debriefs(what)
        self.fill_open_debrief()

    def fill_wins(self, what: str):
        """A win with a picture, and thanks for it, which its people alone read."""
        word = self.canary(what)
        said = dict.fromkeys(["text", "thanked", "picture_alt", "consent"], word)
        self.win = self.partnership.wins.tell(
            by=self.coordinator,
            on=self.district.today(),
            picture=ContentFile(jpg(), name=f"{word}.jpg"),
            **said,
        )
        private = self.canary("thanks" if what == "table" else what)
        said = {"name": word, "text": private, "language": "en", "way": ThanksBy.CERTIFICATE}
        self.thanks = Thanks(partnership=self.partnership, win=self.win, **said).say(
            by=self.coordinator
        )

    def fill_public(self, what: str):
        """A page that all have released, with a goal and a win of its own; the other goal and win are not."""
        word, by = self.canary("public"), self.coordinator
        table = self.partnership
        self.public_page = PublicPage.objects.create(partnership=table, about_en=f"Here {word}")
        goal = make_goal(
            table,
            by=by,
            what=word,
            measure=word,
            unit=word,
            serves=self.canary(what),
            say=self.canary(what),
        )
        goal.note(on=self.district.today(), value=Decimal(3), note=self.canary(what), by=by)
        self.public_win = table.wins.tell(
            by=by,
            on=self.district.today(),
            text=word,
            picture=ContentFile(jpg(), name="a.jpg"),
            picture_alt=word,
            consent=self.canary(what),
        )
        for key in ("about", f"goals-{goal.pk}", f"win-{self.public_win.pk}"):
            part = self.public_page.part(key)
            for party in (self.school_party, self.partner_party):
                self.public_page.release(part, party, fingerprint=part.fingerprint, by=by)

    def fill_voices(self, what: str):
        """The link of the students, and what one of them said; the school has answered."""
        table, word = self.partnership, self.canary(what)
        self.link = FeedbackLink.objects.make(table, Audience.STUDENTS, by=self.coordinator)
        self.voice = Feedback.objects.create(
            partnership=table,
            cycle=table.cycle,
            audience=Audience.STUDENTS,
            going=4,
            change=word,
            idea=word,
            on=self.district.today(),
        )
        self.reply = self.voice.replies.create(
            party=self.school_party, text=word, outcome="planned", by=self.coordinator
        )

    def fill_decision(self, what: str):
        """What the school would like, behind the veil; and what it hands on, which all read."""
        by, party = self.coordinator, self.school_party
        said = self.canary("veiled" if what == "table" else what)
        Wish.objects.say(party, WhatNext.CHANGE, f"Because of {said} now", by=by)
        HandedOn(party=party, text=self.canary(what)).write(by=by)

    def fill_open_debrief(self):
        """An open debrief, to which somebody of each side has answered: read by nobody."""
        self.open_debrief = Debrief.objects.open(
            self.partnership,
            DebriefKind.REGULAR,
            question_set=QuestionSet.objects.get(key="debrief", district=None),
            closes_on=self.district.today() + timedelta(days=14),
            by=self.coordinator,
        )
        for response in self.open_debrief.responses.all():
            word = self.canary("unread")
            said = {one["key"]: 3 for one in self.open_debrief.questions if one["answer"] != "text"}
            response.keep(said | {"q15": word, "q16": word, "q17": word})
            response.give()

    def fill_debriefs(self, what: str):
        """One that has closed, in which everybody has answered; notes of the school, which nobody agrees to."""
        by, word = self.coordinator, self.canary(what)
        table = Partnership.objects.with_sides().get(pk=self.partnership.pk)
        self.debrief = Debrief.objects.open(
            table,
            DebriefKind.REGULAR,
            question_set=QuestionSet.objects.get(key="debrief", district=None),
            closes_on=self.district.today(),
            by=by,
        )
        for response in self.debrief.responses.all():
            said = {one["key"]: 3 for one in self.debrief.statements}
            response.keep(said | {"q15": word, "q16": word, "q17": word, "q18": 1})
            response.give()
        self.debrief.close(by=by)
        for party in table.parties.all():
            party.partnership = table
            Comment.say(self.debrief, "q1", party, f"Comment {word}", by=by)
        Notes.propose(self.debrief, table.parties.all()[0], f"Notes {word}", by=by, seen=0)

    def fill_handovers(self, what: str):
        """What somebody of each side knows, which their side alone reads."""
        is_main = what == "table"
        # Not of the table any more: what they wrote is read by nobody else all the same.
        of_partner = PersonFactory(partner=self.partner_party.partner, user=UserFactory())
        said = (
            (self.school_party, "workbook", self.coordinator),
            (self.partner_party, "theirs", of_partner.user),
        )
        for party, kept, by in said:
            seat = party.seats.first()
            seat.party.partnership = self.partnership
            word = self.canary(kept if is_main else what)
            Handover(seat=seat, knows=word).write(by=by)

    def fill_checklist(self, what: str):
        items = self.partnership.items
        self.item = items.get(template_item=None)
        self.item.note = self.canary(what)
        self.item.evidence_url = f"https://{self.canary(what)}.example"
        self.item.save()
        first = items.filter(side="both").exclude(template_item=None)
        first[0].tick(by=self.coordinator)
        first[1].set_not_relevant(f"Not {self.canary(what)} here", by=self.coordinator)
        self.schools_item = items.filter(side="school", only_when="").first()

    def fill_worksheet(self, what: str):
        sets = QuestionSet.objects.for_district(self.district.pk)
        self.questions = list(
            Question.objects.filter(set__in=sets, set__key=WORKSHEET, answer="text")[:2]
        )
        for question in self.questions:
            Answer.write(question, self.school_party, self.canary(what), by=self.coordinator)
        self.question = self.questions[0]

    def fill_questions(self, what: str):
        """Both have answered the first question; of the next two, each side one, behind the veil."""
        found = Question.objects.filter(set__key=JOINT, set__district=None).select_related("set")
        self.joint, second, third = found[:3]
        is_main = what == "table"
        for question, party, said in (
            (self.joint, self.school_party, what),
            (self.joint, self.partner_party, what),
            (second, self.school_party, "veiled" if is_main else what),
            (third, self.partner_party, "theirs" if is_main else what),
        ):
            party.partnership = self.partnership
            give(question, party, self.canary(said), by=self.coordinator)

    def fill_giving(self, what: str):
        """What each side puts in, once given in part; and what the partner gains."""
        by, said = self.coordinator, {"kind": "time", "what": self.canary(what)}
        said |= {"partnership": self.partnership, "unit": self.canary(what), "promised": 20}
        self.our_contribution = Contribution(party=self.school_party, **said)
        self.our_contribution.enter(by=by)
        self.contribution = Contribution(
            party=self.partner_party, is_estimate=True, basis=self.canary(what), **said
        )
        self.contribution.enter(by=by)
        self.delivery = self.contribution.deliver(
            5, on=self.district.today(), by=by, note=self.canary(what)
        )
        self.gain = Gain(
            partnership=self.partnership, party=self.partner_party, what=self.canary(what)
        )
        self.gain.enter(by=by)

    def fill_documents(self, what: str):
        """One that all sides see, and one that each side keeps to itself."""
        is_main = what == "table"
        self.document = self.put(self.school_party, what, shared=True)
        self.kept_document = self.put(self.school_party, "workbook" if is_main else what)
        self.their_document = self.put(self.partner_party, "theirs" if is_main else what)

    def put(self, party, what: str, **how) -> Document:
        word = self.canary(what)
        file = ContentFile(f"%PDF-1.7\n{word}\n%%EOF\n".encode(), name=f"{word}.pdf")
        said = {"title": f"Title {word}", "note": word, "file": file}
        return Document.put(party, by=self.coordinator, **said, **how)

    def fill_goals(self, what: str):
        """A goal with a number that was corrected, every text of it a canary."""
        word = self.canary(what)
        self.goal = make_goal(
            self.partnership,
            by=self.coordinator,
            what=f"Goal {word}",
            measure=word,
            unit=word,
            serves=word,
            say=word,
        )
        today = self.district.today()
        row = self.goal.note(on=today, value=Decimal(3), note=word, by=self.coordinator)
        self.measurement = self.goal.correct(
            row, on=today, value=Decimal(4), note=word, by=self.coordinator
        )

    def fill_agreement(self, what: str):
        """A first version, which nobody has signed."""
        self.agreement_draft = AgreementDraft.objects.create(
            partnership=self.partnership,
            rhythm=self.canary(what),
            introductions={"people": self.canary(what)},
        )
        self.version = Agreement.objects.draw_up(
            self.partnership, self.body(), by=self.coordinator, seen=0
        )

    def fill_log(self, what: str):
        """A meeting, a disagreement that is not settled, and a step that follows from it."""
        table, by, word = self.partnership, self.coordinator, self.canary(what)
        table.set_contact_rhythm(ContactRhythm.MONTHLY, by=by)
        said = {"by": by, "on": self.district.today(), "said": word, "others": word}
        self.entry = table.log.write(kind=ContactKind.MEETING, people=[self.seat], **said)
        self.disagreement = table.log.write(kind=ContactKind.DISAGREEMENT, **said)
        self.step = table.steps.plan(
            by=by,
            what=f"Step {word}",
            note=word,
            owner=self.seat,
            due_on=self.district.today(),
            follows_from=self.disagreement,
        )

    def body(self) -> dict:
        """What the next version would say now."""
        partnership = Partnership.objects.with_sides().get(pk=self.partnership.pk)
        return Composition(partnership, AgreementDraft.of(partnership)).body

    def fill_activities(self, what: str):
        """Every week: a day behind of which nothing is noted, one that was held, and days ahead."""
        said = dict.fromkeys(["title", "place", "needs", "say"], self.canary(what))
        self.activity = weekly(self.partnership, by=self.coordinator, leads=[self.seat], **said)
        self.day_ahead = self.activity.on + timedelta(days=14)
        held = plan(self.partnership, by=self.coordinator, **said)
        held.note(held.on, "held", by=self.coordinator, how_it_went=self.canary(what))


class AnotherTable(Corner):
    """Another partnership of Alice's school, at which Bob and Sam have no seat."""

    def __init__(self, alices: Corner):
        self.__dict__.update(alices.__dict__)
        self.partner = self.make_partner("othername", "othername")
        self.at_partner = self.make_person("othername", partner=self.partner)
        self.fill_partnership("other", "othername")


class World:
    def __init__(self):
        self.bayview = DistrictFactory(name="District canary-bayview-all")
        self.faraway = DistrictFactory(name="District canary-faraway-all")
        for district, word in (
            (self.bayview, "canary-bayview-all"),
            (self.faraway, "canary-faraway-all"),
        ):
            self.give_own_content(district, word)
        self.alices = Corner("alice", self.bayview, "bayview-all")
        self.charlies = Corner("charlie", self.bayview, "bayview-all")
        self.doras = Corner("dora", self.faraway, "faraway-all")
        self.corners = {
            "alices": self.alices,
            "charlies": self.charlies,
            "doras": self.doras,
            "others": AnotherTable(self.alices),
        }
        self.users = {
            "alice": self.alices.coordinator,
            "charlie": self.charlies.coordinator,
            "dora": self.doras.coordinator,
            **self.make_others(),
        }
        self.clients = {name: signed_in(user) for name, user in self.users.items()}
        self.clients["anonymous"] = Client()
        closed = UserFactory(name="Alan canary-bayview-all", email="alan@school.example")
        Coordinator.objects.create(school=self.alices.school, user=closed)
        self.clients["deactivated"] = signed_in(closed)
        closed.is_active = False
        closed.save()
        self.cookies = {name: client.cookies.output() for name, client in self.clients.items()}

    def give_own_content(self, district, word):
        """Every content that a district can have of its own, with a canary in every language."""
        guide = StageGuide.objects.get(key=Stage.MOBILIZE, district=None).copy_for(district)
        guide.purpose_en = guide.purpose_vi = word
        guide.save()
        guide.lines.update(text_en=word, text_vi=word)
        checklist = Checklist.objects.get(district=None).copy_for(district)
        for heading in checklist.headings.all():
            heading.title_en = heading.title_vi = word
            heading.save()
            heading.items.update(wording_en=f"Do {word}", wording_vi=f"Do {word}")
            # A short list will do, and thousands of pages show it.
            heading.items.filter(position__gt=2, only_when="").delete()
        own = QuestionSet.objects.get(key=WORKSHEET, district=None).copy_for(district)
        own.title_en = own.title_vi = own.intro_en = own.intro_vi = word
        own.save()
        own.questions.update(text_en=word, text_vi=word)
        answers = OptionList.objects.create(district=district)
        for value in (1, 2):
            answers.options.create(value=value, label_en=word, label_vi=word)

    def make_others(self) -> dict:
        ada = UserFactory(name="Ada", email="ada@district.example", is_staff=True)
        edna = UserFactory(name="Edna", email="edna@district.example", is_staff=True)
        self.bayview.admins.add(ada)
        self.faraway.admins.add(edna)
        return {
            "ada": ada,
            "edna": edna,
            "ola": UserFactory(name="Ola", is_staff=True, is_superuser=True),
            "vera": self.make_invited(),
            "bob": self.seat("Bob", self.alices.partner_party),
            "sam": self.seat("Sam", self.alices.school_party),
            "gone": self.make_gone(),
        }

    def seat(self, name, party):
        word = "canary-alice-table" if party.school else "canary-alice-seated"
        user = UserFactory(name=f"{name} {word}", email=f"{name.lower()}@x.example")
        person = PersonFactory(
            name=user.name, email=user.email, user=user, school=party.school, partner=party.partner
        )
        seat = party.seat(person, {Role.CONTACT}, by=self.alices.coordinator)
        setattr(self, f"{name.lower()}s_seat", seat)
        return user

    def make_invited(self):
        """A seat and an invitation to it; and an account with the same address, but nobody's."""
        person = PersonFactory(name="Vera", email="vera@x.example", partner=self.alices.partner)
        by = self.alices.coordinator
        seat = self.alices.partner_party.seat(person, {Role.BOARD}, by=by)
        Invitation.objects.invite(seat, person.email, by=by, language="en")
        return UserFactory(name=person.name, email=person.email)

    def make_gone(self):
        user = self.seat("Gus", self.alices.partner_party)
        seat = self.guss_seat
        seat.left_on = self.bayview.today()
        seat.save()
        return user

    def corner(self, name: str) -> Corner:
        return self.corners[name]

    def is_signed_in(self, role: str) -> bool:
        return role not in {"anonymous", "deactivated"}

    def client(self, role: str) -> Client:
        """A browser with the session of its owner, and nothing from earlier pages."""
        client = self.clients[role]
        client.cookies.clear()
        if self.cookies[role]:
            client.cookies.load(self.cookies[role].replace("Set-Cookie: ", ""))
        return client


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def our_tables() -> list[str]:
    models = [
        model
        for app in OUR_APPS
        for model in apps.get_app_config(app).get_models(include_auto_created=True)
        if model not in NOT_COUNTED
    ]
    return sorted({model._meta.db_table for model in models})


def snapshot() -> dict[str, tuple]:
    """Every row of every table of ours: its number and a hash of them all."""
    taken = {}
    with connection.cursor() as cursor:
        for table in our_tables():
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')  # noqa: S608 # names from our models
            rows = cursor.fetchall()
            taken[table] = (len(rows), hash(repr(rows)))
    return taken


def rows_by_table() -> dict[str, dict]:
    kept = {}
    with connection.cursor() as cursor:
        for table in our_tables():
            cursor.execute(f'SELECT * FROM "{table}"')  # noqa: S608 # names from our models
            columns = [column[0] for column in cursor.description]
            rows = [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]
            kept[table] = {row.get("history_id", row.get("id")): row for row in rows}
    return kept


def differing(before: dict, after: dict) -> list[str]:
    return [table for table in before if before[table] != after[table]]


def leaks(response, role: str) -> set[str]:
    """The canaries in a response (page, headers and cookies) that this reader may not meet."""
    page = text_of(response)
    headers = "\n".join(f"{name}: {value}" for name, value in response.headers.items())
    said = f"{page}\n{headers}\n{response.cookies.output()}"
    return canaries_in(said) - MAY_MEET[role]


def canaries_in(said) -> set[str]:
    return set(CANARY.findall(str(said).lower()))
