"""Whose move is it: what a person, a school or the parties of one partnership are waited for.

`Waiting` is one thing that waits, `Scope` says who is asked about. Each room has a source, a
function from a scope to what waits there; `desk.waiting` puts the sources together. Of answers
behind the veil a source may tell who waits for whom, and nothing of what was said.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    PositiveSmallIntegerField,
    Q,
    Subquery,
    TextChoices,
    TextField,
    Value,
)
from django.db.models.functions import Coalesce, NullIf
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext, ngettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.words import dated, day, own_words
from partnerships.models import (
    Activity,
    Goal,
    Invitation,
    Partnership,
    PartnershipMail,
    Party,
    School,
    Seat,
)
from partnerships.models.agreement import signatures_waited_for
from partnerships.models.log import contact_overdue, last_contact
from partnerships.numbers import number
from partnerships.releases import Part, as_told, released_by_others, standing_releases
from partnerships.stages import Stage, Status
from partnerships.vocabulary import NEEDED_ROLES, Role

QUIET = timedelta(days=30)
TIME_TO_ACCEPT = timedelta(days=3)

# How a party is called, as `Party.label` has it.
LABEL = Coalesce(NullIf(F("school__short_name"), Value("")), F("school__name"), F("partner__name"))


def label_of(party: str) -> Subquery:
    """How the party is called that a field of the query around it names."""
    # Not joined: with more tables PostgreSQL no longer looks for the best order.
    return Subquery(Party.objects.filter(pk=OuterRef(party)).values(label=LABEL))


class Kind(TextChoices):
    """Why somebody is waited for, as the tag before it says; the more pressing first."""

    LATE = "late", _("late")
    SOON = "soon", _("soon")
    MAIL = "mail", pgettext_lazy("what is waited for", "mail")
    ANSWER = "answer", pgettext_lazy("what is waited for", "answer")
    WORDING = "wording", pgettext_lazy("what is waited for", "wording")
    NOTES = "notes", pgettext_lazy("what is waited for", "notes")
    WISH = "wish", pgettext_lazy("what is waited for", "wish")
    DEBRIEF = "debrief", pgettext_lazy("what is waited for", "debrief")
    SIGNATURE = "signature", pgettext_lazy("what is waited for", "signature")
    INVITATION = "invitation", _("invitation")
    RELEASE = "release", pgettext_lazy("what is waited for", "release")
    OUTCOME = "outcome", pgettext_lazy("what is waited for", "how it went")
    HANDOVER = "handover", pgettext_lazy("what is waited for", "handover")
    FEEDBACK = "feedback", pgettext_lazy("what is waited for", "feedback")
    CONTACT = "contact", pgettext_lazy("what is waited for", "contact")
    NOBODYS = "nobodys", pgettext_lazy("what is waited for", "nobody’s")
    PEOPLE = "people", _("people")
    QUIET = "quiet", _("quiet")


TONES = {
    Kind.LATE: "danger",
    Kind.MAIL: "danger",
    Kind.SOON: "warn",
    Kind.PEOPLE: "warn",
    Kind.NOBODYS: "warn",
}


@dataclass
class Waiting:
    """One thing that waits. What it says is HTML, in the language that is active."""

    kind: Kind
    partnership: Partnership
    url: str
    title: str
    on: date | datetime | None = None  # the day it is due, or since when it waits
    parties: list[Party] = field(
        default_factory=list
    )  # asked about one partnership: who is waited for
    because: str = ""  # who waits, and since when
    remark: str = ""  # such as how late it is
    person: str = ""  # whose it is
    count: int = 1
    role: Role | None = None  # the one that is missing

    @classmethod
    def of_due(cls, thing, title, parties):
        """Of an item or a step that is late or due soon."""
        late = thing.days_late
        said = ngettext("%(days)s day late", "%(days)s days late", late)
        said %= {"days": number(late)}
        return cls(
            Kind.LATE if late else Kind.SOON,
            thing.partnership,
            thing.get_absolute_url(),
            title,
            on=thing.due_on,
            parties=parties,
            remark=said if late else "",
            person=thing.owner.person.name if thing.owner else "",
        )

    @property
    def tone(self) -> str:
        return TONES.get(self.kind, "")

    @property
    def tag(self):
        return day(self.on) if self.kind == Kind.SOON else self.kind.label


@dataclass
class Scope:
    """Who is asked about. Use `of_person`, `of_school` or `of_partnership`."""

    school_ids: set[int] = field(default_factory=set)  # whose partnerships are seen to as a whole
    user: object = None  # who also sees to what falls to their seats
    everything: bool = False  # operators see to all there is
    partnership: Partnership | None = None  # asked about alone, with all its sides at hand
    items: Iterable = ()  # its checklist
    standing: object = None  # how far its questions are
    news: "News | None" = None  # what else waits at its table

    @classmethod
    def of_person(cls, user, *, as_operator=True):
        """What somebody sees to; without `as_operator` only what they have a hand in themselves."""
        return cls(user.school_ids, user, everything=user.is_superuser and as_operator)

    @classmethod
    def of_school(cls, school: School):
        return cls({school.pk})

    @classmethod
    def of_partnership(cls, partnership: Partnership, items, standing, news):
        return cls(partnership=partnership, items=items, standing=standing, news=news)

    @cached_property
    def seats(self) -> list[Seat]:
        """The seats a person holds now in partnerships that they do not see to as a whole."""
        if self.user is None:
            return []
        held = Seat.objects.current().filter(person__user=self.user)
        held = held.select_related("party__partnership", "handover")
        return [seat for seat in held if seat.party.school_id not in self.school_ids]

    @property
    def sees_to_whole_partnerships(self) -> bool:
        return self.everything or bool(self.school_ids)

    @property
    def parties(self) -> list[Party]:
        """The parties that are asked about, in one partnership."""
        return list(self.partnership.parties.all()) if self.partnership else []

    def whole_partnerships(self) -> Q:
        """Which partnerships (`partnership`) are seen to as a whole: whatever waits there waits here."""
        if self.everything:
            return Q(partnership__isnull=False)
        return Q(partnership__in=Party.objects.of_schools(self.school_ids))

    def spoken_for(self) -> Q | None:
        """The parties that are spoken for; None where there are none."""
        seats = self.seats
        if not self.school_ids and not seats:
            return None
        return Q(school__in=self.school_ids) | Q(pk__in=[seat.party_id for seat in seats])


# The source of this room: people, and partnerships in which nothing happens


def attention(scope: Scope, most: int) -> list[Waiting]:
    """What whoever manages a partnership sees to: people, invitations, mails, contact, and a long quiet."""
    if scope.partnership:
        return list(at_the_table(scope.partnership, scope.news))
    if not scope.sees_to_whole_partnerships:
        return []
    found = list(wanting_attention(scope)[: most + 1])
    return [waiting for partnership in found for waiting in why_attention(partnership)]


def wanting_attention(scope: Scope):
    """Return the active partnerships that want attention, each knowing why."""
    partnerships = Partnership.objects.filter(status=Status.ACTIVE)
    if not scope.everything:
        partnerships = partnerships.filter(pk__in=Party.objects.of_schools(scope.school_ids))
    here = {"partnership": OuterRef("pk")}
    invitations = unaccepted().filter(seat__party__partnership=OuterRef("pk")).order_by("made_at")
    mails = PartnershipMail.objects.undelivered().filter(**here).order_by("-mail")
    lacking = parties_lacking_people().filter(**here)
    return (
        partnerships.annotate(
            lacks_people=ExpressionWrapper(
                Exists(lacking) & ~Q(stage=Stage.PRE), output_field=BooleanField()
            ),
            is_quiet=ExpressionWrapper(
                Q(active_at__lt=timezone.now() - QUIET), output_field=BooleanField()
            ),
            invited=Subquery(invitations.values("seat__person__name")[:1]),
            invited_at=Subquery(invitations.values("made_at")[:1]),
            undelivered_to=Subquery(mails.values("mail__email")[:1]),
            undelivered_at=Subquery(mails.values("mail__failed_at")[:1]),
            last_contact_on=last_contact(),
        )
        .annotate(
            is_out_of_contact=ExpressionWrapper(contact_overdue(), output_field=BooleanField())
        )
        .filter(
            Q(lacks_people=True)
            | Q(is_quiet=True)
            | Q(is_out_of_contact=True)
            | Q(invited_at__isnull=False)
            | Q(undelivered_at__isnull=False)
        )
        .order_by("active_at", "pk")
    )


def parties_lacking_people():
    seats = Seat.objects.current().filter(party=OuterRef("pk"))
    lacking = Q()
    for role in NEEDED_ROLES:
        lacking |= ~Exists(seats.filter(**{role.value: True}))
    return Party.objects.filter(lacking)


def unaccepted():
    """The invitations of people at the table that were made some days ago and are not accepted."""
    return Invitation.objects.waiting().filter(
        Exists(Seat.objects.current().filter(pk=OuterRef("seat"))),
        made_at__lt=timezone.now() - TIME_TO_ACCEPT,
        seat__person__user=None,
    )


def why_attention(partnership: Partnership) -> Iterable[Waiting]:
    if partnership.undelivered_at:
        yield undelivered(partnership, partnership.undelivered_to, partnership.undelivered_at)
    if partnership.invited_at:
        yield not_accepted(partnership, partnership.invited, partnership.invited_at)
    if partnership.is_out_of_contact:
        yield out_of_contact(partnership)
    if partnership.lacks_people:
        yield Waiting(
            Kind.PEOPLE,
            partnership,
            team_page(partnership),
            gettext("A champion or a contact person is missing"),
        )
    if partnership.is_quiet:
        told = format_html(gettext("Nothing was done since {day}"), day=day(partnership.active_at))
        url = partnership.get_absolute_url()
        yield Waiting(Kind.QUIET, partnership, url, told, on=partnership.active_at)


class Notice(NamedTuple):
    """One thing that News tells of a seat, a party or a goal."""

    number: (
        int  # of the mail, the invitation, the version of the agreement, the release or the goal
    )
    at: datetime
    email: str
    fault: str
    what: str  # the goal, or what was released


UNHEARD = "unheard"


class News:
    """What waits at one table beside items and questions: one query, once something of it is asked.

    Of seats, mails that did not arrive and invitations not accepted; of parties, signatures, and what
    each has released for the public page; of goals, those in which nobody has heard students and
    families.
    """

    def __init__(self, partnership: Partnership):
        self.partnership = partnership

    @cached_property
    def rows(self) -> list[tuple]:
        """As (kind, whose, *Notice), sorted: of several mails to one person the last one counts."""
        partnership, nothing = self.partnership, Value("")
        mails = (
            PartnershipMail.objects.undelivered()
            .filter(partnership=partnership, seat__isnull=False)
            .values_list(
                Value(Kind.MAIL),
                "seat",
                "mail",
                "mail__failed_at",
                "mail__email",
                "mail__fault",
                nothing,
            )
        )
        invitations = (
            unaccepted()
            .filter(seat__party__partnership=partnership)
            .values_list(Value(Kind.INVITATION), "seat", "pk", "made_at", "email", nothing, nothing)
        )
        version = ("agreement__number", "agreement__at")
        signatures = (
            signatures_waited_for()
            .filter(agreement__partnership=partnership)
            .values_list(Value(Kind.SIGNATURE), "party", *version, nothing, nothing, nothing)
        )
        released = (
            standing_releases()
            .filter(page__partnership=partnership)
            .values_list(Value(Kind.RELEASE), "party", "pk", "at", nothing, nothing, as_told())
        )
        goals = (
            partnership.goals.open()
            .without_a_voice()
            .values_list(Value(UNHEARD), "pk", "pk", "made_at", nothing, nothing, "what")
        )
        others = [rows.order_by() for rows in (invitations, signatures, released, goals)]
        return sorted(mails.order_by().union(*others).order_by())

    @cached_property
    def notices(self) -> dict[tuple[str, int], Notice]:
        return {(kind, pk): Notice(*told) for kind, pk, *told in self.rows}

    @cached_property
    def released(self) -> dict[tuple, dict]:
        """By part, when each party released it as it stands."""
        released = {}
        for kind, party, *told in self.rows:
            if kind == Kind.RELEASE:
                notice = Notice(*told)
                if (part := Part.read(notice.what)).is_as_it_stands:
                    released.setdefault(part.key, {})[party] = notice.at
        return released

    @property
    def unheard_goals(self) -> list[Goal]:
        """The open goals in which nobody has heard students and families, with their words alone."""
        goals = [one for (kind, _pk), one in self.notices.items() if kind == UNHEARD]
        return [Goal(pk=one.number, partnership=self.partnership, what=one.what) for one in goals]

    def of(self, kind: Kind, whose: Seat | Party) -> Notice | None:
        return self.notices.get((kind, whose.pk))

    def to_release(self, party: Party) -> list:
        """Since when each part waits that others have released, and this party has not."""
        return [min(by.values()) for by in self.released.values() if party.pk not in by]


def at_the_table(partnership: Partnership, news: News) -> Iterable[Waiting]:
    """What waits for the parties of one partnership, in the way of people."""
    for party in partnership.parties.all():
        for role in party.missing_roles if partnership.stage != Stage.PRE else ():
            yield Waiting(
                Kind.PEOPLE, partnership, team_page(partnership), "", parties=[party], role=role
            )
    if partnership.contact_is_overdue:
        yield out_of_contact(partnership, parties=list(partnership.parties.all()))
    if not partnership.managed_by_reader:
        return
    for seat in partnership.current_seats:
        told = {"parties": [seat.party]}
        if mail := news.of(Kind.MAIL, seat):
            yield undelivered(partnership, mail.email, mail.at, **told)
        if invitation := news.of(Kind.INVITATION, seat):
            yield not_accepted(partnership, seat.person.name, invitation.at, **told)


def undelivered(partnership, email, at, **more) -> Waiting:
    title = format_html(gettext("The mail to {email} could not be delivered"), email=email)
    return Waiting(
        Kind.MAIL, partnership, team_page(partnership), title, on=at, remark=day(at), **more
    )


def not_accepted(partnership, name, at, **more) -> Waiting:
    title = format_html(gettext("{name} has not accepted the invitation yet"), name=own_words(name))
    remark = format_html(gettext("invited {day}"), day=day(at))
    return Waiting(
        Kind.INVITATION, partnership, team_page(partnership), title, on=at, remark=remark, **more
    )


def out_of_contact(partnership, **more) -> Waiting:
    """The sides have not been in contact for longer than they agreed; it waits for all of them."""
    title = gettext("No contact has been noted yet")
    if last := partnership.last_contact_on:
        title = format_html(gettext("You were last in contact {day}"), day=day(last))
    rhythm = partnership.get_contact_rhythm_display()
    return Waiting(
        Kind.CONTACT,
        partnership,
        reverse("partnerships:log", args=[partnership.pk]),
        title,
        on=partnership.contact_due_on,
        remark=gettext("agreed: %(rhythm)s") % {"rhythm": rhythm.lower()},
        **more,
    )


def team_page(partnership: Partnership) -> str:
    return reverse("partnerships:team", args=[partnership.pk])


# Another source of this room: signatures, and releases for the public page


def signatures(scope: Scope, most: int) -> list[Waiting]:
    """Versions of the agreement that wait for a party's signature; parts that wait for its release."""
    if scope.partnership:
        return list(signatures_at_the_table(scope))
    mine = scope.spoken_for()
    if mine is None:
        return []
    parties = Party.objects.filter(mine)
    rows = unsigned_by(parties).union(unreleased_by(parties), all=True).order_by("since")
    unsigned_versions, unreleased = [], {}
    for kind, pk, stage, version, at, who, told in rows[:MANY]:
        # As `only("stage")` would fetch it: the rest is read if somebody asks for it.
        partnership = Partnership.from_db(rows.db, ["id", "stage"], [pk, stage])
        if kind == Kind.SIGNATURE:
            unsigned_versions.append(unsigned(partnership, version, at))
        elif (part := Part.read(told)).is_as_it_stands:
            parts = unreleased.setdefault(pk, Unreleased(partnership))
            parts.add(part.key, who, at)
    found = [one.waiting(is_told_to_them=scope.user is not None) for one in unreleased.values()]
    return unsigned_versions[: most + 1] + found[: most + 1]


MANY = 1_000  # rows for one reader
NAMES = ("of_kind", "in_partnership", "at_stage", "of_version", "since", "who", "told")


def unsigned_by(parties):
    """One row per signature that these parties are waited for."""
    partnership = "agreement__partnership"
    return (
        signatures_waited_for()
        .filter(party__in=parties)
        .order_by()
        .annotate(
            of_kind=text(Kind.SIGNATURE.value),
            in_partnership=F(partnership),
            at_stage=F(f"{partnership}__stage"),
            of_version=F("agreement__number"),
            since=F("agreement__at"),
            who=text(""),
            told=text(""),
        )
        .values_list(*NAMES)
    )


def unreleased_by(parties):
    """One row per release by others of something that one of these parties has not released."""
    partnership = "page__partnership"
    return (
        released_by_others(parties)
        .order_by()
        .annotate(
            of_kind=text(Kind.RELEASE.value),
            in_partnership=F(partnership),
            at_stage=F(f"{partnership}__stage"),
            of_version=Value(0, output_field=PositiveSmallIntegerField()),
            since=F("at"),
            who=label_of("party"),
            told=as_told(),
        )
        .values_list(*NAMES)
    )


def text(value: str) -> Value:
    return Value(value, output_field=TextField())


@dataclass
class Unreleased:
    """The parts of one public page that others have released as they stand, and a party has not."""

    partnership: Partnership
    parts: set = field(default_factory=set)
    said: dict[str, datetime] = field(default_factory=dict)  # when each party first released one

    def add(self, part, who, at):
        self.parts.add(part)
        self.said.setdefault(who, at)

    def waiting(self, *, is_told_to_them: bool) -> Waiting:
        first = min(self.said.values())
        told = ngettext(
            "{who} has waited since {day}", "{who} have waited since {day}", len(self.said)
        )
        if is_told_to_them:
            told = ngettext(
                "{who} released on {day} and waits for you",
                "{who} released, the first on {day}, and wait for you",
                len(self.said),
            )
        who = format_html_join(", ", "{}", ([own_words(name)] for name in self.said))
        because = format_html(told, who=who, day=dated(first) if is_told_to_them else day(first))
        return to_release(self.partnership, len(self.parts), first, because=because)


def to_release(partnership: Partnership, count: int, since: datetime, **more) -> Waiting:
    title = ngettext(
        "%(count)s part of the public page to release",
        "%(count)s parts of the public page to release",
        count,
    ) % {"count": count}
    url = reverse("desk:public_settings", args=[partnership.pk])
    return Waiting(Kind.RELEASE, partnership, url, title, on=since, count=count, **more)


def signatures_at_the_table(scope: Scope) -> Iterable[Waiting]:
    for party in scope.parties:
        told = {"parties": [party]}
        if version := scope.news.of(Kind.SIGNATURE, party):
            yield unsigned(scope.partnership, version.number, version.at, **told)
        if since := scope.news.to_release(party):
            yield to_release(scope.partnership, len(since), min(since), **told)


def unsigned(partnership: Partnership, number: int, at: datetime, **more) -> Waiting:
    told = gettext("Version {number} of the agreement waits for a signature")
    return Waiting(
        Kind.SIGNATURE,
        partnership,
        reverse("desk:agreement_version", args=[partnership.pk, number]),
        format_html(told, number=number),
        on=at,
        remark=format_html(gettext("since {day}"), day=day(at)),
        **more,
    )


# Another source of this room: what somebody who leaves passes on


def handovers(scope: Scope, most: int) -> list[Waiting]:
    """Seats that their holder leaves soon, without having written down what they know. No query more."""
    leaving = [seat for seat in scope.seats if seat.left_on and not has_written(seat)]
    return [to_hand_over(seat) for seat in leaving if seat.party.partnership.is_active][: most + 1]


def has_written(seat: Seat) -> bool:
    return hasattr(seat, "handover") and bool(seat.handover.knows)


def to_hand_over(seat: Seat) -> Waiting:
    partnership = seat.party.partnership
    return Waiting(
        Kind.HANDOVER,
        partnership,
        reverse("partnerships:handover", args=[partnership.pk, seat.pk]),
        gettext("Write down what whoever comes after you should know"),
        on=seat.left_on,
        remark=format_html(gettext("you leave on {day}"), day=dated(seat.left_on)),
    )


# Another source of this room: activities whose day is past


def activities_to_report(scope: Scope, most: int) -> list[Waiting]:
    """Activities that had a day within the last month of which nobody has noted how it went."""
    if scope.partnership:
        found = [one for one in scope.partnership.planned_activities if one.waiting_days]
    else:
        found = activities_waiting_in(scope)[: most + 1]
    told = [not_reported(activity, scope) for activity in found if activity.waiting_days]
    return sorted(told, key=lambda one: one.on)


def activities_waiting_in(scope: Scope):
    """They wait for who leads them, and for who sees to the partnership as a whole."""
    led = Activity.leads.through.objects.filter(seat__in=scope.seats)
    whose = scope.whole_partnerships() | Q(pk__in=led.values("activity"))
    waiting = Activity.objects.to_report().filter(whose).with_notes()
    return waiting.select_related("partnership__district").order_by("unreported_from", "pk")


def not_reported(activity: Activity, scope: Scope) -> Waiting:
    first, *others = activity.waiting_days
    url, told = first.get_absolute_url(), gettext("How did “{activity}” go on {day}?")
    if others:
        url, told = activity.get_absolute_url(), gettext("How has “{activity}” gone since {day}?")
    remark = ngettext("%(count)s day", "%(count)s days", 1 + len(others))
    return Waiting(
        Kind.OUTCOME,
        activity.partnership,
        url,
        format_html(told, activity=own_words(activity.title), day=dated(first.on)),
        on=first.on,
        parties=parties_that_lead(activity, scope),
        remark=remark % {"count": 1 + len(others)} if others else "",
    )


def parties_that_lead(activity: Activity, scope: Scope) -> list[Party]:
    """Who is waited for: the parties whose people lead; where nobody does, the school that looks after it all."""
    if not scope.partnership:
        return []
    led_by = {int(pk) for pk in (activity.led_by or "").split()}
    leading = {seat.party_id for seat in scope.partnership.current_seats if seat.pk in led_by}
    parties = [party for party in scope.parties if party.pk in leading]
    return parties or [scope.partnership.school_party]
