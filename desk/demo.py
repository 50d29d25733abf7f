"""The demo district: a believable story for every stage, told through the functions that the pages call."""

from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from itertools import cycle
from unittest.mock import patch

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.outbox import Fault, Periodic
from desk import (
    demo_activities,
    demo_contact,
    demo_debriefs,
    demo_decisions,
    demo_giving,
    demo_goals,
    demo_public,
    demo_voices,
    demo_wins,
)
from desk.demo_agreement import Table
from desk.demo_documents import documents
from desk.digests import send_once, with_zone
from desk.seeding import fixture, seed
from evaluations.models import Answer, QuestionSet, give, propose
from partnerships.mails import send_invitation
from partnerships.models import (
    Coordinator,
    District,
    Handover,
    Invitation,
    Partner,
    Partnership,
    School,
)
from partnerships.stages import MoveKind, Stage
from partnerships.table import join
from partnerships.vocabulary import How

PASSWORD = "alongside-demo"  # noqa: S105  # public on purpose: the sign-in page of a demo names it
NOW = timezone.now
OFFICE_OPENS = timedelta(hours=17)  # UTC; nine in the morning where the demo district is


# What happened beside the path of the stages: each takes a `Story` and returns (days ago, what to do) pairs.
DIARIES = (
    demo_goals.diary,
    demo_activities.diary,
    demo_contact.diary,
    demo_giving.diary,
    demo_debriefs.diary,
    demo_decisions.diary,
    documents,
    demo_wins.diary,
    demo_public.diary,
    demo_voices.diary,
)


class NotEmpty(Exception):
    """There is a district already; a demo would mix with somebody's real data."""


@contextmanager
def days_ago(days: float):
    """Let the story happen at another time than now."""
    then = NOW() - timedelta(days=days)
    midnight = then.replace(hour=0, minute=0, second=0, microsecond=0)
    if then.date() < NOW().date():
        then = midnight + OFFICE_OPENS + (then - midnight) / 4
    with patch("django.utils.timezone.now", lambda: then):
        yield


def in_days(days: int):
    return timezone.localdate() + timedelta(days=days)


@transaction.atomic
def make_demo():
    """Fill an empty database. Raises NotEmpty where there is a district or an account already."""
    if District.objects.exists() or User.objects.exists():
        raise NotEmpty
    seed()
    Demo(fixture("demo")).tell()


def send_first_digests():
    """Let those who sign in find a digest among the mails, whatever day it is."""
    for user in with_zone(User.objects.filter(is_active=True)):
        send_once(user, Periodic.DIGEST)


class Demo:
    def __init__(self, story: dict):
        self.story = story
        self.users, self.schools, self.partners, self.people = {}, {}, {}, {}

    def tell(self):
        with days_ago(30 + max(entry["started"] for entry in self.story["partnerships"])):
            self.make_district()
            for entry in self.story["schools"]:
                self.make_school(**entry)
            for entry in self.story["partners"]:
                self.make_partner(**entry)
        for entry in self.story["partnerships"]:
            Story(self, entry).tell()

    def make_district(self):
        self.district = District.objects.create(**self.story["district"])
        for entry in self.story["accounts"]:
            user = User.objects.create_user(
                entry["email"], PASSWORD, name=entry["name"], language=entry["language"]
            )
            user.is_superuser = entry.get("operator", False)
            user.is_staff = user.is_superuser or entry.get("admin", False)
            user.save()
            if entry.get("admin"):
                self.district.admins.add(user)
            self.users[entry["key"]] = user

    def make_school(self, *, key, coordinators, people, **fields):
        school = School.objects.create(district=self.district, **fields)
        self.schools[key] = school
        for name in coordinators:
            Coordinator.objects.create(school=school, user=self.users[name])
        self.make_people(school, people)

    def make_partner(self, *, key, people, **fields):
        partner = Partner.objects.create(district=self.district, **fields)
        self.partners[key] = partner
        self.make_people(partner, people)

    def make_people(self, organization, people):
        for entry in people:
            user = self.users.get(entry.get("account"))
            self.people[organization, entry["key"]] = organization.people.create(
                name=entry["name"],
                title=entry.get("title", ""),
                email=user.email if user else entry.get("email", ""),
                phone=entry.get("phone", ""),
                user=user,
            )


class Story:
    """One partnership, from its start until today."""

    def __init__(self, demo: Demo, entry: dict):
        self.entry = entry
        self.school, self.partner = demo.schools[entry["school"]], demo.partners[entry["partner"]]
        self.by = demo.users[entry["by"]]
        self.demo = demo
        self.today = demo.district.today()
        self.diary = []

    def tell(self):
        self.start()
        for step in self.entry["path"]:
            self.take(step)
        self.bring_third()
        for talk in self.entry.get("talks", []):
            self.talk(**talk)
        self.invite_people()
        self.work_now()
        self.note_who_leaves()
        self.stop()
        self.tell_diary(until=0)

    def start(self):
        entry = self.entry
        self.time = entry["started"]
        with self.days_ago(self.time):
            self.partnership = Partnership.objects.start(
                school=self.school,
                partner=self.partner,
                by=self.by,
                purpose=entry["purpose"],
                engagements=entry["engagements"],
                level_now=entry["now"],
                level_wanted=entry["wanted"],
                starts_on=in_days(14),
                ends_on=in_days(entry["started"] + entry["ends"]) if "ends" in entry else None,
            )
        self.time -= 2
        with self.days_ago(self.time):
            self.seat_people()
            self.fill_in_worksheets()
        self.diary = sorted(
            (line for diary in DIARIES for line in diary(self)), key=lambda line: -line[0]
        )

    @contextmanager
    def days_ago(self, days: float):
        """Let the story go on at that time, after what the diary holds for the days before."""
        self.tell_diary(until=days)
        with days_ago(days):
            yield

    def tell_diary(self, *, until: float):
        while self.diary and self.diary[0][0] >= until:
            ago, act = self.diary.pop(0)
            with days_ago(ago):
                act()

    def fill_in_worksheets(self):
        sets = QuestionSet.objects.for_district(self.demo.district.pk)
        for key, answers in self.entry.get("worksheets", {}).items():
            questions = sets.get(key=key).questions
            for number, text in answers.items():
                question = questions.get(key=number)
                Answer.write(question, self.partnership.school_party, str(text), by=self.by)

    def seat_people(self):
        ours, theirs = self.partnership.parties.all()
        for name, roles in self.entry["seats"].items():
            for party in (ours, theirs):
                person = self.demo.people.get((party.organization, name))
                if person and person.user != self.by:
                    party.seat(person, roles, by=self.by)
        self.look_anew()
        if "partner_levels" in self.entry:
            self.report_levels(self.partnership.parties.all()[1], self.entry["partner_levels"])

    def look_anew(self):
        self.partnership = Partnership.objects.with_sides().get(pk=self.partnership.pk)
        for party in self.partnership.parties.all():
            party.partnership = self.partnership

    def voice_of(self, party) -> dict:
        """Who speaks for a party: somebody with a login, or on paper by whoever coordinates."""
        if party.school_id:
            return {"by": self.by}
        for seat in party.current_seats:
            if seat.person.user:
                return {"by": seat.person.user}
        return {"by": self.by, "how": How.PAPER, "speaker": party.usual_speaker}

    def report_levels(self, party, levels):
        now, wanted = levels
        party.report_level(now=now, wanted=wanted, **self.voice_of(party))

    def bring_third(self):
        if not (third := self.entry.get("third")):
            return
        self.time = third["ago"]
        with self.days_ago(self.time):
            partner = self.demo.partners[third["partner"]]
            party = join(self.partnership, partner, by=self.by)
            for name, roles in third["seats"].items():
                party.seat(self.demo.people[partner, name], roles, by=self.by)
            self.look_anew()
            self.report_levels(list(self.partnership.parties.all())[-1], third["levels"])

    def talk(self, *, set, ago, said):  # noqa: A002  # the word of the story
        """Each party answers question by question; then the school proposes and all agree."""
        sets = QuestionSet.objects.for_district(self.partnership.district_id)
        questions = sets.get(key=set).questions.filter(part_of=None)
        parties = list(self.partnership.parties.all())
        begin, end = ago
        acts = [
            *self.answers(questions, parties, said),
            *self.wordings(questions, parties, said),
        ]
        for number, act in enumerate(acts):
            with self.days_ago(begin - (begin - end) * number / len(acts)):
                act()
        self.time = end

    def answers(self, questions, parties, said):
        for place, party in enumerate(parties):
            for question, texts in zip(questions, said, strict=False):
                if texts[place]:
                    yield partial(give, question, party, texts[place], **self.voice_of(party))

    def wordings(self, questions, parties, said):
        for question, texts in zip(questions, said, strict=False):
            if texts[len(parties)]:
                yield partial(self.agree, question, parties, texts[len(parties)])

    def agree(self, question, parties, text):
        wording = propose(question, parties[0], text, by=self.by, seen=0)
        for party in parties:
            wording.assent(party, **self.voice_of(party))

    def open_items(self):
        return list(
            self.partnership.items.open_now().filter(stage=self.partnership.stage).with_words()
        )

    def hands(self):
        """Who ticks: in turn those who sign in to this partnership."""
        seats = self.partnership.current_seats
        return cycle([self.by, *{seat.person.user for seat in seats} - {self.by, None}])

    def tick_some(self, items, *, until: float):
        """Tick items at even steps between the last move and `until` (both in days ago)."""
        hands = self.hands()
        for number, item in enumerate(items, 1):
            with self.days_ago(self.time - (self.time - until) * number / (len(items) + 1)):
                user = next(hands)
                item.tick(by=user if item.can_be_worked_on_by(user) else self.by)

    def take(self, step):
        if "table" in step:
            self.time = Table(self, self.days_ago).take(step)
            return
        items = self.open_items()
        self.tick_some(items[: len(items) - step.get("left_open", 0)], until=step["ago"])
        said = {name: step[name] for name in ("reason", "keep", "change") if name in step}
        with self.days_ago(step["ago"]):
            move = self.partnership.recommit if "recommit" in step else self.partnership.move_to
            move(
                Stage(step.get("recommit") or step["to"]),
                by=self.by,
                drawn_for=self.partnership.last_move,
                **said,
            )
        self.time = step["ago"]

    def work_now(self):
        entry = self.entry
        self.mark_not_relevant(entry.get("not_relevant", []))
        items = self.open_items()
        lull = entry.get("pause", entry.get("end", {"ago": min(2, self.time / 2)}))
        self.tick_some(items[: entry["done"]], until=lull["ago"])
        owners = cycle(self.partnership.current_seats)
        with self.days_ago(lull["ago"]):
            for item, days in zip(items[entry["done"] :], entry["due"], strict=False):
                item.owner, item.due_on = next(owners), self.today_plus(days)
                item.save()
            for own in entry.get("own", []):
                self.partnership.items.add_own(
                    by=self.by,
                    wording=own["text"],
                    stage=self.partnership.stage,
                    owner=self.seat_of(own["owner"]),
                    due_on=self.today_plus(own["due"]),
                )

    def today_plus(self, days: int):
        return self.today + timedelta(days=days)

    def mark_not_relevant(self, entries):
        for entry in entries:
            item = self.open_items()[-1]
            self.time -= 1
            with self.days_ago(self.time):
                item.set_not_relevant(entry["because"], by=self.by)

    def seat_of(self, key):
        person = self.demo.people.get((self.partner, key)) or self.demo.people[self.school, key]
        return next(s for s in self.partnership.current_seats if s.person_id == person.pk)

    def note_who_leaves(self):
        if leaving := self.entry.get("leaving"):
            seat, successor = self.seat_of(leaving["who"]), self.seat_of(leaving["successor"])
            with self.days_ago(1):
                seat.vacate(self.today_plus(leaving["in"]), successor=successor.person, by=self.by)
                if knows := leaving.get("knows"):
                    author = self.voice_of(seat.party)["by"]
                    Handover(seat=seat, knows=knows).write(by=author)

    def invite_people(self):
        for entry in self.entry.get("invited", []):
            seat = self.seat_of(entry["who"])
            self.time = entry["ago"]
            with self.days_ago(self.time):
                invitation = Invitation.objects.invite(
                    seat, seat.person.email, by=self.by, language=self.by.language
                )
                mail = send_invitation(invitation)
                if "undelivered" in entry:
                    mail.give_up(Fault(entry["undelivered"]))

    def stop(self):
        if pause := self.entry.get("pause"):
            with self.days_ago(pause["ago"]):
                self.partnership.change_status(
                    MoveKind.PAUSE,
                    by=self.by,
                    drawn_for=self.partnership.last_move,
                    reason=pause["reason"],
                )
        if end := self.entry.get("end"):
            with self.days_ago(end["ago"]):
                self.partnership.end(
                    by=self.by,
                    drawn_for=self.partnership.last_move,
                    reason=end["reason"],
                    no_debrief_because=end["no_debrief"],
                )
