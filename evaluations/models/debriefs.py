"""Debriefs: everybody with a seat looks back alone; what they say is read when the debrief has closed.

The rules are domain.md's, "Debriefs". What is asked is frozen when a debrief opens. While it is open,
an answer is known to whoever gave it and to nobody else. When it closes, the answers are cut from
the names for good: `Response` keeps who answered, `Voice` what a party's people said.
"""

import secrets
from datetime import datetime, time

from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.versions import Versioned
from evaluations.mails import send_debrief_opened
from evaluations.models.questions import AnswerKind, Question, QuestionSet
from partnerships.due import ZONE
from partnerships.events import EventKind
from partnerships.fields import AT_MOST, LASTS
from partnerships.localdate import today_in
from partnerships.models import Partnership, Party, Seat
from partnerships.models.history import Record
from partnerships.models.invitations import TOKEN_BYTES, hash_of
from partnerships.stages import Status

CANNOT_SAY = 0
THIN = 3  # with fewer answers on a side, its people can be told apart


class DebriefKind(models.TextChoices):
    REGULAR = "regular", _("Debrief")
    CLOSING = "closing", _("Closing debrief")

    @property
    def set_key(self) -> str:
        """The question set that is asked."""
        return {"regular": "debrief", "closing": "closing-debrief"}[self.value]


HAS_CLOSED = _("This debrief has closed. It can be answered no more.")
GIVEN_BY_ANOTHER = _(
    "The answers have been given already. Only whoever gave them can see and change them."
)
NOT_AT_THE_TABLE = _("Only people who are at the table now are asked.")


class DebriefRefused(Exception):
    """Nothing was done; the message says why, to the reader."""


def frozen(question_set: QuestionSet) -> dict:
    """What a set asks now, in both languages, so that later changes leave it as it was asked."""
    questions = question_set.questions.filter(retired=False, part_of=None)
    return {
        "set": question_set.key,
        "title": question_set.titles,
        "intro": {"en": question_set.intro_en or "", "vi": question_set.intro_vi or ""},
        "questions": [
            frozen_question(question)
            for question in questions.select_related("options").prefetch_related("options__options")
        ],
    }


def frozen_question(question: Question) -> dict:
    options = question.options.options.all() if question.options else []
    return {
        "key": question.key,
        "text": question.texts,
        "answer": question.answer,
        "required": question.required,
        "principle": question.principle,
        "options": [
            {"value": option.value, "label": {"en": option.label_en, "vi": option.label_vi}}
            for option in options
        ],
    }


def lacking(questions: list[dict], answers: dict) -> list[dict]:
    """The questions that have to be answered, and are not."""
    return [one for one in questions if one["required"] and answers.get(one["key"], "") == ""]


class DebriefQuerySet(models.QuerySet):
    def open_now(self):
        """Those that can be answered, by the date in their district."""
        return self.filter(closed_at=None, closes_on__gte=today_in(ZONE))

    def due(self):
        """Those whose last day is over, and which nobody has closed yet."""
        return self.filter(closed_at=None, closes_on__lt=today_in(ZONE))

    def with_counts(self):
        """With how many were asked and have answered, for lists, the last first; of those that have closed."""
        counted = self.annotate(
            asked=Count("responses"), answered=Count("responses__given_at")
        ).select_related("opened_by", "closed_by")
        return counted.order_by("-number")  # where rows are counted, the order of `Meta` is lost

    def closing(self):
        """Those that look back on a partnership as a whole, when it has ended."""
        return self.filter(kind=DebriefKind.CLOSING)

    def close_due(self) -> int:
        """Close what is due; return how many."""
        due = list(self.due().select_related("partnership__district", "opened_by"))
        for debrief in due:
            debrief.close_if_due()
        return len(due)

    def running(self):
        """Open, and waiting for people: nobody is asked about a partnership that rests."""
        is_running = Q(partnership__status=Status.ACTIVE)
        is_closing = Q(partnership__status=Status.ENDED, kind=DebriefKind.CLOSING)
        return self.open_now().filter(is_running | is_closing)

    @transaction.atomic
    def open(self, partnership: Partnership, kind: DebriefKind, *, question_set, closes_on, by):
        """Open a debrief, ask everybody with a seat, and write to those with a login.

        Raises DebriefRefused if one is open already.
        """
        locked = Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)
        if locked.has_ended and kind != DebriefKind.CLOSING:
            raise DebriefRefused(_("This partnership has ended. It can be read, but not changed."))
        if self.filter(partnership=partnership, closed_at=None).exists():
            raise DebriefRefused(_("A debrief is open already. Close it before you open another."))
        debrief = self.create(
            partnership=partnership,
            cycle=partnership.cycle,
            kind=kind,
            number=self.filter(partnership=partnership).count() + 1,
            body=frozen(question_set),
            closes_on=closes_on,
            opened_by=by,
            opened_at=timezone.now(),
        )
        debrief.ask_everybody()
        partnership.record(EventKind.DEBRIEF_OPENED, by=by, on=closes_on.isoformat())
        for seat in partnership.current_seats:
            if seat.person.user and seat.person.user.is_active:
                send_debrief_opened(debrief, seat)
        return debrief


class DebriefManager(models.Manager.from_queryset(DebriefQuerySet)):
    """Also reached as `partnership.debriefs`, by whatever ends a partnership."""

    def still_open(self) -> "Debrief | None":
        """The one that has not closed, with how many were asked and have answered."""
        self.close_due()
        return self.with_counts().filter(closed_at=None).first()

    @transaction.atomic
    def settle_ending(self, *, by, closes_on=None, none_because: str = ""):
        """Open the closing debrief of a partnership that ends, unless it was said why there is none.

        A regular one that is open closes, with the answers given so far. A closing one that is
        still open, from an earlier ending, goes on.
        """
        for debrief in self.filter(closed_at=None).exclude(kind=DebriefKind.CLOSING):
            debrief.close(by=by)
        if none_because or self.filter(closed_at=None).exists():
            return
        partnership = self.instance
        sets = QuestionSet.objects.for_district(partnership.district_id)
        self.open(
            partnership,
            DebriefKind.CLOSING,
            question_set=sets.get(key=DebriefKind.CLOSING.set_key),
            closes_on=closes_on or partnership.district.today(plus=LASTS),
            by=by,
        )


class Debrief(models.Model):
    """One look back by everybody at the table. It is open until its last day is over."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="debriefs")
    cycle = models.PositiveSmallIntegerField(_("cycle"))
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=10, choices=DebriefKind)
    body = models.JSONField(editable=False)  # as `frozen` makes it
    closes_on = models.DateField(_("last day to answer"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="debriefs_opened"
    )
    opened_at = models.DateTimeField(default=timezone.now)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="debriefs_closed"
    )
    closed_at = models.DateTimeField(null=True)

    objects = DebriefManager()

    class Meta:
        verbose_name = _("debrief")
        verbose_name_plural = _("debriefs")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership"],
                condition=Q(closed_at=None),
                name="one_open_debrief_per_partnership",
            ),
            models.UniqueConstraint(
                fields=["partnership", "number"], name="one_debrief_per_number"
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.number}"

    def get_absolute_url(self):
        return reverse("evaluations:debrief", args=[self.partnership_id, self.number])

    # Questions

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and self.closes_on >= self.partnership.district.today()

    @property
    def is_due(self) -> bool:
        return self.closed_at is None and not self.is_open

    @property
    def over_at(self) -> datetime:
        """The end of its last day, by the clock of its district."""
        return datetime.combine(self.closes_on, time.max, self.partnership.district.zone)

    @property
    def is_closed(self) -> bool:
        """Its results can be read."""
        return self.closed_at is not None

    def may_be_discussed_by(self, user) -> bool:
        """Once it has closed, everybody who speaks for a side talks about it; a closing one also after the end."""
        if not self.is_closed or (self.partnership.has_ended and not self.is_closing):
            return False
        return bool(self.partnership.parties_of(user)) or self.partnership.can_be_managed_by(user)

    @property
    def is_closing(self) -> bool:
        return self.kind == DebriefKind.CLOSING

    @property
    def name(self) -> str:
        """What one calls it when one speaks of several: “Debrief 2”, “Closing debrief”."""
        if self.is_closing:
            return str(DebriefKind.CLOSING.label)
        return _("Debrief %(number)s") % {"number": self.number}

    @property
    def title(self) -> str:
        return self.body["title"].get(get_language()) or next(iter(self.body["title"].values()))

    @cached_property
    def questions(self) -> list[dict]:
        """What was asked, as `frozen_question` made it."""
        return self.body["questions"]

    @property
    def statements(self) -> list[dict]:
        return [one for one in self.questions if one["answer"] == AnswerKind.SCALE]

    @property
    def intro(self) -> str:
        return self.body["intro"].get(get_language()) or ""

    @cached_property
    def before(self) -> "Debrief | None":
        """The debrief before this one."""
        return self.partnership.debriefs.filter(number=self.number - 1).first()

    @property
    def last_day_at_most(self):
        """The last day to which it may be extended."""
        return self.partnership.district.today(plus=AT_MOST)

    def statement(self, key: str) -> dict | None:
        return next((one for one in self.statements if one["key"] == key), None)

    # Actions

    @transaction.atomic
    def ask(self, seat: Seat) -> "Response":
        """Ask somebody at the table; who joins while it is open is asked too.

        Once it has closed nobody is asked any more: the response is not kept, and takes no answer.
        """
        # First the debrief, as everybody locks it who writes into its responses.
        if Debrief.objects.select_for_update(no_key=True).get(pk=self.pk).is_closed:
            return Response(debrief=self, seat=seat)
        response, _made = self.responses.get_or_create(seat=seat)
        response.debrief, response.seat = self, seat
        return response

    def ask_everybody(self):
        """Ask whoever is at the table now."""
        seats = self.partnership.current_seats
        self.responses.bulk_create(
            [Response(debrief=self, seat=seat) for seat in seats], ignore_conflicts=True
        )

    @transaction.atomic
    def extend(self, closes_on, *, by):
        """Give more time. Raises DebriefRefused if it has closed, or if the day is no later."""
        locked = Debrief.objects.select_for_update(no_key=True).get(pk=self.pk)
        locked.partnership = self.partnership
        if not locked.is_open:
            raise DebriefRefused(HAS_CLOSED)
        if closes_on <= locked.closes_on:
            raise DebriefRefused(_("Enter a day after the present last day."))
        self.closes_on = closes_on
        self.save(update_fields=["closes_on"])
        self.partnership.record(EventKind.DEBRIEF_EXTENDED, by=by, on=closes_on.isoformat())

    @transaction.atomic
    def close(self, *, by):
        """Show the results, and cut the answers from the names. What was not given does not count.

        What nobody closed before has closed at the end of its last day, whenever that is noticed.
        """
        locked = Debrief.objects.select_for_update(no_key=True).get(pk=self.pk)
        if locked.closed_at is not None:
            self.closed_at, self.closed_by = locked.closed_at, locked.closed_by
            return
        self.keep_who_was_asked()
        given = list(self.responses.given().select_related("seat"))
        secrets.SystemRandom().shuffle(given)
        Voice.objects.bulk_create(
            Voice(debrief=self, party_id=one.seat.party_id, answers=one.answers) for one in given
        )
        self.responses.update(answers={}, reader_hash="")
        locked.partnership = self.partnership
        self.closed_at, self.closed_by = min(timezone.now(), locked.over_at), by
        self.save(update_fields=["closed_at", "closed_by"])
        self.partnership.record(EventKind.DEBRIEF_CLOSED, by=by, number=str(len(given)))

    def close_if_due(self):
        """Close it once its last day is over, as whoever opened it has set it up."""
        if self.is_due:
            self.close(by=self.opened_by)

    def keep_who_was_asked(self):
        """Those at the table as it closes; of those who left before, whoever had given answers."""
        here = Seat.objects.current().filter(party__partnership=self.partnership_id)
        here = here.filter(party__left_on=None)
        self.responses.filter(given_at=None).exclude(seat__in=here).delete()
        asked = {response.seat_id for response in self.responses.all()}
        self.responses.bulk_create(
            Response(debrief=self, seat=seat) for seat in here if seat.pk not in asked
        )


def hash_of_account(user) -> str:
    """What a response keeps of who saved it; no cookie that anybody could make hashes to it."""
    return salted_hmac("evaluations.debriefs", str(user.pk), algorithm="sha256").hexdigest()


class ResponseQuerySet(models.QuerySet):
    def given(self):
        return self.exclude(given_at=None)

    def of_link(self, token: str):
        """The response that a personal link leads to, with all that its page shows."""
        about = ("debrief__partnership__district", "seat__person", "seat__party__partnership")
        return self.filter(token_hash=hash_of(token)).select_related(*about)


class Response(Versioned):
    """Who is asked, and until the debrief closes, what they said. Nobody else reads it."""

    debrief = models.ForeignKey(Debrief, models.PROTECT, related_name="responses")
    seat = models.ForeignKey(Seat, models.PROTECT, related_name="responses")
    answers = models.JSONField(default=dict)  # by key
    saved_at = models.DateTimeField(null=True)
    given_at = models.DateTimeField(null=True)
    token_hash = models.CharField(max_length=64, blank=True)  # of a personal link, if there is one
    # Who may read what was saved, and nobody else: the browser that saved it by a link (whoever made the
    # link has seen it too), or the account (whoever gives a person an account might give them their own).
    reader_hash = models.CharField(max_length=64, blank=True)

    objects = ResponseQuerySet.as_manager()

    class Meta:
        verbose_name = _("response")
        verbose_name_plural = _("responses")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["debrief", "seat"], name="one_response_per_seat"),
            models.UniqueConstraint(
                fields=["token_hash"], condition=~Q(token_hash=""), name="one_response_per_link"
            ),
        ]

    def __str__(self):
        return f"{self.seat}: {self.debrief}"

    # Questions

    @property
    def is_given(self) -> bool:
        return self.given_at is not None

    @property
    def lacking(self) -> list[dict]:
        """The questions that have to be answered, and are not."""
        return lacking(self.debrief.questions, self.answers)

    @property
    def hindrance(self) -> str:
        """What keeps a personal link from being answered, for whoever opens it."""
        if not self.debrief.is_open:
            return HAS_CLOSED
        if self.seat.is_gone or self.seat.party.left_on:
            return NOT_AT_THE_TABLE
        if self.seat.person.user_id:
            return _("You can sign in now. Answer there; on this device what you saved is kept.")
        return ""

    def is_read_by(self, reader: str) -> bool:
        """Whether what was saved by the link was saved by this reader."""
        return bool(reader) and secrets.compare_digest(self.reader_hash, hash_of(reader))

    def is_open_to(self, user, reader: str = "") -> bool:
        """Whether somebody who has signed in reads what was saved: by them, or by a link in this browser."""
        return self.reader_hash in {"", hash_of_account(user)} or self.is_read_by(reader)

    # Actions

    @transaction.atomic
    def keep(self, answers: dict):
        """Keep what was answered so far, question by question. Raises DebriefRefused if it has closed.

        A scale holds 1 to 5, or CANNOT_SAY; a choice the value of its option; a text its words.
        """
        self.lock()
        kept = {**self.answers, **answers}
        if self.is_given and lacking(self.debrief.questions, kept):
            raise DebriefRefused(_("What you have given can be changed, but not left empty."))
        self.answers = kept
        self.saved_at = timezone.now()
        self.version += 1
        self.save(update_fields=["answers", "saved_at", "version"])

    @transaction.atomic
    def give(self):
        """Give the answers, so that they count. They may be changed until the debrief closes."""
        self.lock()
        if self.lacking:
            raise DebriefRefused(_("Some questions have no answer yet."))
        if not self.is_given:
            self.given_at = timezone.now()
            self.save(update_fields=["given_at"])

    def lock(self):
        """Hold the debrief, so that it does not close in between."""
        debrief = Debrief.objects.select_for_update(no_key=True).get(pk=self.debrief_id)
        debrief.partnership = self.debrief.partnership
        if not debrief.is_open:
            raise DebriefRefused(HAS_CLOSED)
        if self.seat.is_gone or self.seat.party.left_on:
            raise DebriefRefused(NOT_AT_THE_TABLE)
        locked = Response.objects.get(pk=self.pk)
        self.answers, self.version = locked.answers, locked.version
        self.given_at, self.reader_hash = locked.given_at, locked.reader_hash

    @transaction.atomic
    def begin_as(self, reader: str) -> str:
        """Go on as the reader who saved here; another one begins with empty pages. Return who reads now.

        Raises DebriefRefused if somebody else has given the answers already.
        """
        self.lock()
        if self.is_read_by(reader):
            return reader
        if self.is_given:
            raise DebriefRefused(_("Answers have been given with this link already."))
        reader = secrets.token_urlsafe(TOKEN_BYTES)
        self.answers, self.saved_at, self.reader_hash = {}, None, hash_of(reader)
        self.save(update_fields=["answers", "saved_at", "reader_hash"])
        return reader

    @transaction.atomic
    def begin_with_login(self, user, reader: str = ""):
        """Go on as somebody who has signed in. What another account or browser saved is not theirs.

        Raises DebriefRefused if somebody else has given the answers already.
        """
        self.lock()
        if not self.is_open_to(user, reader):
            if self.is_given:
                raise DebriefRefused(GIVEN_BY_ANOTHER)
            self.answers, self.saved_at = {}, None
        if self.reader_hash != hash_of_account(user):
            self.reader_hash = hash_of_account(user)
            self.save(update_fields=["answers", "saved_at", "reader_hash"])

    @transaction.atomic
    def make_link(self, *, by) -> str:
        """Make a personal link for somebody without a login; return its token, this once.

        An earlier link stops. The link lives as long as the debrief is open.
        """
        self.lock()
        if self.seat.person.user_id:
            raise DebriefRefused(_("This person can sign in, and answers there."))
        if self.is_given:
            raise DebriefRefused(_("This person has answered already."))
        token = secrets.token_urlsafe(TOKEN_BYTES)
        self.token_hash = hash_of(token)
        self.save(update_fields=["token_hash"])
        person = self.seat.person.name
        self.debrief.partnership.record(EventKind.DEBRIEF_LINK_MADE, by=by, person=person)
        return token

    def has_link(self, token: str) -> bool:
        return secrets.compare_digest(self.token_hash, hash_of(token))


class Voice(Record):
    """What one person of a party said in a debrief that has closed. Whose it was is not kept."""

    debrief = models.ForeignKey(Debrief, models.PROTECT, related_name="voices")
    party = models.ForeignKey(Party, models.PROTECT, related_name="voices")
    answers = models.JSONField()

    class Meta:
        verbose_name = _("voice")
        verbose_name_plural = _("voices")
        ordering = ["pk"]

    def __str__(self):
        return str(self.party)
