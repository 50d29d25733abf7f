"""Whose move is it, of the debriefs and of what the community said: who has yet to answer, or to read.

The rows have the columns of `evaluations.waiting`, with which they make one query.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext

from accounts.templatetags.words import day, own_words
from evaluations.models import Debrief, Feedback, FeedbackRead, Response
from partnerships.due import ZONE
from partnerships.localdate import today_in
from partnerships.models import Partnership, Party, Seat
from partnerships.stages import Status
from partnerships.waiting import LABEL, Kind, Scope, Waiting, label_of

OF_DEBRIEF, OF_VOICES = (
    ":debrief",
    ":voices",
)  # where `Standing` has the keys of sets, which are slugs
OWN, TABLE = "own", "table"  # one's own answers; all that a coordinator sees to
REMINDED_BEFORE = timedelta(days=2)  # it closes

NAMES = (
    "of_kind",
    "in_partnership",
    "at_stage",
    "set_key",
    "set_title",
    "question_key",
    "question_pk",
    "place",
    "asked",
    "of_party",
    "at",
)


def text(value: str) -> Value:
    return Value(value, output_field=CharField())


def columns(kind: Kind, partnership: str, **said) -> dict:
    """The columns of such a row, by the way to its partnership; what is not said is empty."""
    empty = ("set_key", "set_title", "question_key", "asked", "of_party")
    return {
        "of_kind": text(kind.value),
        "in_partnership": F(partnership),
        "at_stage": F(f"{partnership}__stage"),
        **{name: text("") for name in empty},
        **said,
    }


def whole(expression) -> Coalesce:
    return Coalesce(expression, 0)


def debriefs_of(scope: Scope) -> list:
    """The debriefs that somebody has yet to answer; for those who look after a table, what to do there."""
    found = []
    if scope.user is not None:
        found.append(unanswered_by(scope.user))
    if scope.school_ids:
        found.append(looked_after(scope))
    return found


def here_and_lacking():
    """The seats at the table that have not answered the debrief which is open there."""
    given = Response.objects.given().filter(seat=OuterRef("pk"), debrief__closed_at=None)
    return Seat.objects.current().filter(~Exists(given), party__left_on=None).order_by()


def unanswered_by(user, debriefs=None):
    """One row per seat of theirs."""
    debriefs = Debrief.objects.running() if debriefs is None else debriefs
    seats = here_and_lacking().filter(
        person__user=user, party__partnership__debriefs__in=debriefs.order_by().values("pk")
    )
    debrief = "party__partnership__debriefs"
    told = columns(
        Kind.DEBRIEF,
        "party__partnership",
        set_key=text(OWN),
        question_key=Cast(f"{debrief}__closes_on", CharField()),
        question_pk=F("pk"),
        place=F(f"{debrief}__number"),
        of_party=label_of("party"),
        at=F(f"{debrief}__opened_at"),
    )
    return seats.annotate(**told).values_list(*NAMES)


def about_to_close():
    """The debriefs that people are reminded of today, by the clock of their district."""
    return Debrief.objects.running().filter(closes_on=today_in(ZONE, plus=REMINDED_BEFORE))


def reminded_of(user) -> list[Waiting]:
    """What somebody has yet to answer, and is reminded of today."""
    rows = unanswered_by(user, about_to_close())
    found = []
    for kind, pk, stage, whose, _title, *more in rows:
        partnership = Partnership.from_db(rows.db, ["id", "stage"], [pk, stage])
        found.append(Told(Kind(kind), partnership, whose, *more).waiting())
    return found


def looked_after(scope: Scope):
    """One row per open debrief where links are to be handed over, or where everybody has answered.

    Of a school's page, also where people have yet to answer.
    """
    here = here_and_lacking().filter(party__partnership=OuterRef("partnership"))
    linked = Response.objects.exclude(token_hash="").filter(
        seat=OuterRef("pk"), debrief__closed_at=None
    )
    without = here.filter(~Exists(linked), person__user=None)
    to_do = Q(without__gt=0) | Q(lacking=0)
    if scope.user is None:
        to_do |= Q(lacking__gt=0)
    told = columns(
        Kind.DEBRIEF,
        "partnership",
        set_key=text(TABLE),
        question_key=Cast("closes_on", CharField()),
        question_pk=F("without"),
        place=F("number"),
        asked=Cast(F("lacking"), CharField()),
        at=F("opened_at"),
    )
    return (
        Debrief.objects.running()
        .filter(partnership__in=Party.objects.of_schools(scope.school_ids))
        .order_by()
        .annotate(
            without=count_of(without, "party__partnership"),
            lacking=count_of(here, "party__partnership"),
        )
        .annotate(**told)
        .filter(to_do)
        .values_list(*NAMES)
    )


def count_of(rows, of: str):
    return whole(Subquery(rows.values(of).annotate(count=Count("pk")).values("count")))


def unread_by_party():
    """What the party of the query around has not read."""
    read = FeedbackRead.objects.filter(feedback=OuterRef("pk"), party=OuterRef(OuterRef("pk")))
    here = Feedback.objects.filter(~Exists(read), partnership=OuterRef("partnership"))
    return here.filter(set_aside_at=None).order_by()


def voices_unread_by(mine):
    """One row per party of mine that has something to read."""
    told = columns(
        Kind.FEEDBACK,
        "partnership",
        question_pk=count_of(unread_by_party(), "partnership"),
        place=F("position"),
        of_party=LABEL,
        at=F("partnership__active_at"),
    )
    return (
        mine.filter(Exists(unread_by_party()), partnership__status=Status.ACTIVE)
        .order_by()
        .annotate(**told)
        .values_list(*NAMES)
    )


@dataclass
class Told:
    """One such row."""

    kind: Kind
    partnership: Partnership
    whose: str
    closes_on: str
    number: int  # the seat, or how many people or voices
    place: int
    asked: str
    party: str
    at: datetime

    def waiting(self) -> Waiting:
        if self.kind == Kind.FEEDBACK:
            return unread(self.partnership, self.number)
        if self.whose == OWN:
            return self.own()
        return self.of_table()

    def own(self) -> Waiting:
        args = [self.partnership.pk, self.place, self.number]
        return self.debrief(
            reverse("evaluations:answer_debrief", args=args),
            gettext("Answer the debrief"),
            because=format_html(gettext("you are asked for {party}"), party=own_words(self.party)),
        )

    def of_table(self) -> Waiting:
        lacking = int(self.asked)
        if lacking == 0:
            title = gettext("Everybody has answered the debrief: you can close it")
        elif self.number:
            title = ngettext(
                "%(count)s person needs a personal link to the debrief",
                "%(count)s people need a personal link to the debrief",
                self.number,
            ) % {"count": self.number}
        else:
            title = yet_to_answer(lacking)
        url = reverse("evaluations:debrief", args=[self.partnership.pk, self.place])
        return self.debrief(url, title)

    def debrief(self, url, title, **more) -> Waiting:
        return until(date.fromisoformat(self.closes_on), self.partnership, url, title, **more)


def until(closes_on, partnership, url, title, **more) -> Waiting:
    remark = format_html(gettext("until {day}"), day=day(closes_on))
    return Waiting(Kind.DEBRIEF, partnership, url, title, on=closes_on, remark=remark, **more)


def yet_to_answer(count: int) -> str:
    return ngettext(
        "%(count)s person has yet to answer the debrief",
        "%(count)s people have yet to answer the debrief",
        count,
    ) % {"count": count}


def unread(partnership, count: int, **more) -> Waiting:
    title = ngettext(
        "%(count)s voice from the community to read",
        "%(count)s voices from the community to read",
        count,
    ) % {"count": count}
    return Waiting(Kind.FEEDBACK, partnership, voices_page(partnership), title, **more)


def voices_page(partnership: Partnership) -> str:
    return reverse("desk:voices", args=[partnership.pk])


# Of one partnership at hand


def rows_of_parties(parties, partnership: Partnership) -> list:
    """How many of each party have yet to answer, and how much it has yet to read; as rows of `Standing`."""
    here = Party.objects.filter(pk__in=parties).order_by()
    lacking = here_and_lacking().filter(party=OuterRef("pk"))
    debrief = Debrief.objects.running().filter(partnership=partnership).order_by()
    asked = here.annotate(
        closes_on=Subquery(debrief.values(day=Cast("closes_on", CharField()))[:1]),
        lacking=count_of(lacking, "party"),
    ).filter(closes_on__isnull=False, lacking__gt=0)
    to_read = here.annotate(unread=count_of(unread_by_party(), "partnership")).filter(unread__gt=0)
    return [
        asked.values_list(text(OF_DEBRIEF), "closes_on", "pk", "lacking"),
        to_read.values_list(text(OF_VOICES), text(""), "pk", "unread"),
    ]


def told_of_party(partnership: Partnership, party: Party, standing):
    """What its people are waited for: their answers to the debrief, and to read what was said."""
    if found := standing.debrief.get(party.pk):
        closes_on, lacking = found
        url = reverse("evaluations:debriefs", args=[partnership.pk])
        day_of = date.fromisoformat(closes_on)
        yield until(day_of, partnership, url, yet_to_answer(lacking), parties=[party])
    if count := standing.unread.get(party.pk):
        yield unread(partnership, count, parties=[party])
