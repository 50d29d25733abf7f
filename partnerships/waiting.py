"""Whose move is it: what a person, a school or the parties of one partnership are waited for.

`Waiting` is one thing that waits, `Scope` says who is asked about. Each room has a source, a
function from a scope to what waits there; `desk.waiting` puts the sources together. Of answers
behind the veil a source may tell who waits for whom, and nothing of what was said.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    Subquery,
    TextChoices,
)
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.words import day, own_words
from partnerships.models import (
    Agreement,
    Invitation,
    Partnership,
    PartnershipMail,
    Party,
    School,
    Seat,
)
from partnerships.models.agreement import signatures_waited_for
from partnerships.stages import Stage, Status
from partnerships.vocabulary import NEEDED_ROLES, Role

QUIET = timedelta(days=30)
TIME_TO_ACCEPT = timedelta(days=3)


class Kind(TextChoices):
    """Why somebody is waited for, as the tag before it says; the more pressing first."""

    LATE = "late", _("late")
    SOON = "soon", _("soon")
    MAIL = "mail", pgettext_lazy("what is waited for", "mail")
    ANSWER = "answer", pgettext_lazy("what is waited for", "answer")
    WORDING = "wording", pgettext_lazy("what is waited for", "wording")
    DEBRIEF = "debrief", pgettext_lazy("what is waited for", "debrief")
    SIGNATURE = "signature", pgettext_lazy("what is waited for", "signature")
    INVITATION = "invitation", _("invitation")
    OUTCOME = "outcome", pgettext_lazy("what is waited for", "how it went")
    HANDOVER = "handover", pgettext_lazy("what is waited for", "handover")
    FEEDBACK = "feedback", pgettext_lazy("what is waited for", "feedback")
    CONTACT = "contact", pgettext_lazy("what is waited for", "contact")
    PEOPLE = "people", _("people")
    QUIET = "quiet", _("quiet")


TONES = {Kind.LATE: "danger", Kind.MAIL: "danger", Kind.SOON: "warn", Kind.PEOPLE: "warn"}


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

    @classmethod
    def of_person(cls, user, *, as_operator=True):
        """What somebody sees to; without `as_operator` only what they have a hand in themselves."""
        return cls(user.school_ids, user, everything=user.is_superuser and as_operator)

    @classmethod
    def of_school(cls, school: School):
        return cls({school.pk})

    @classmethod
    def of_partnership(cls, partnership: Partnership, items, standing):
        return cls(partnership=partnership, items=items, standing=standing)

    @cached_property
    def seats(self) -> list[Seat]:
        """The seats a person holds now in partnerships that they do not see to as a whole."""
        if self.user is None:
            return []
        held = Seat.objects.current().filter(person__user=self.user).select_related("party")
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
    """What whoever manages a partnership sees to: people, invitations, mails, and a long quiet."""
    if scope.partnership:
        return list(at_the_table(scope.partnership))
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
        )
        .filter(
            Q(lacks_people=True)
            | Q(is_quiet=True)
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


def seats_with_news():
    """Seats that know of an invitation not accepted, and of a mail that did not arrive."""
    mails = PartnershipMail.objects.undelivered().filter(seat=OuterRef("pk")).order_by("-mail")
    invitations = unaccepted().filter(seat=OuterRef("pk"))
    return Seat.objects.select_related("person").annotate(
        invited_at=Subquery(invitations.values("made_at")[:1]),
        undelivered_to=Subquery(mails.values("mail__email")[:1]),
        undelivered_at=Subquery(mails.values("mail__failed_at")[:1]),
        undelivered_because=Subquery(mails.values("mail__fault")[:1]),
    )


def at_the_table(partnership: Partnership) -> Iterable[Waiting]:
    """What waits for the parties of a partnership fetched with `seats_with_news`."""
    for party in partnership.parties.all():
        for role in party.missing_roles if partnership.stage != Stage.PRE else ():
            yield Waiting(
                Kind.PEOPLE, partnership, team_page(partnership), "", parties=[party], role=role
            )
    if not partnership.managed_by_reader:
        return
    for seat in partnership.current_seats:
        told = {"parties": [seat.party]}
        if seat.undelivered_at:
            yield undelivered(partnership, seat.undelivered_to, seat.undelivered_at, **told)
        if seat.invited_at:
            yield not_accepted(partnership, seat.person.name, seat.invited_at, **told)


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


def team_page(partnership: Partnership) -> str:
    return reverse("partnerships:team", args=[partnership.pk])


# Another source of this room: signatures


def signatures(scope: Scope, most: int) -> list[Waiting]:
    """Versions of the agreement that wait for the signature of a party."""
    places = signatures_waited_for()
    if scope.partnership:
        places = places.filter(agreement__partnership=scope.partnership.pk)
    elif (mine := scope.spoken_for()) is None:
        return []
    else:
        places = places.filter(party__in=Party.objects.filter(mine))
    places = places.select_related("agreement__partnership").order_by(
        "agreement__at", "party__position"
    )
    return [unsigned(place.agreement, place.party) for place in places[: most + 1]]


def unsigned(agreement: Agreement, party: Party) -> Waiting:
    told = gettext("Version {number} of the agreement waits for a signature")
    return Waiting(
        Kind.SIGNATURE,
        agreement.partnership,
        agreement.get_absolute_url(),
        format_html(told, number=agreement.number),
        on=agreement.at,
        parties=[party],
        remark=format_html(gettext("since {day}"), day=day(agreement.at)),
    )
