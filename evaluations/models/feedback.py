"""The community's voice: what students, families, staff and anybody else say, without names.

A voice comes in by a link of its audience, or by the form on the public page. Both sides read it.
It appears in public only while every party at the table has read it and lets it be shown.
"""

import secrets

from django.conf import settings
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.joined import joined, parted
from accounts.text import NFCTextField, language_of
from evaluations.models.joint import Said
from partnerships.events import EventKind
from partnerships.models import Partnership, Party
from partnerships.models.history import Record
from partnerships.vocabulary import Audience

LINKED = (Audience.STUDENTS, Audience.FAMILIES, Audience.STAFF)  # who can have a link of their own
LONGEST = 1000  # letters in one text


def new_slug() -> str:
    """Return an address that nobody guesses (59 bits), of letters that nobody mistakes on a poster."""
    letters = get_random_string(12, "abcdefghjkmnpqrstuvwxyz23456789")
    return "-".join((letters[:4], letters[4:8], letters[8:]))


def new_key() -> int:
    """Return a key that does not tell in which order voices came; browsers can hold it exactly."""
    return secrets.randbelow(2**53)


class FeedbackLinkQuerySet(models.QuerySet):
    def open_now(self):
        return self.filter(closed_at=None)

    @transaction.atomic
    def make(self, partnership: Partnership, audience: str, *, by) -> "FeedbackLink":
        """Make the link for an audience; where one is open, that is the one."""
        Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)
        if found := self.open_now().filter(partnership=partnership, audience=audience).first():
            return found
        link = self.create(
            partnership=partnership, audience=audience, made_by=by, made_at=timezone.now()
        )
        partnership.record(EventKind.FEEDBACK_LINK_MADE, by=by, audience=str(audience))
        return link


class FeedbackLink(models.Model):
    """An address for one audience of one partnership, to be printed or passed on.

    The form on the public page needs none: it has the address of that page.
    """

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="feedback_links")
    audience = models.CharField(_("for whom"), max_length=10, choices=Audience)
    slug = models.CharField(max_length=32, unique=True, default=new_slug, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="feedback_links"
    )
    made_at = models.DateTimeField(default=timezone.now)
    closed_at = models.DateTimeField(null=True)

    objects = FeedbackLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("link for feedback")
        verbose_name_plural = _("links for feedback")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "audience"],
                condition=Q(closed_at=None),
                name="one_open_link_per_audience",
            )
        ]

    def __str__(self):
        return self.get_audience_display()

    @property
    def is_open(self) -> bool:
        return self.closed_at is None and not self.partnership.has_ended

    @transaction.atomic
    def close(self, *, by):
        """Take nothing more by this link; closing again changes nothing."""
        locked = FeedbackLink.objects.select_for_update().get(pk=self.pk)
        self.closed_at = locked.closed_at or timezone.now()
        if locked.closed_at is None:
            self.save(update_fields=["closed_at"])
            self.partnership.record(
                EventKind.FEEDBACK_LINK_CLOSED, by=by, audience=str(self.audience)
            )


class Going(models.IntegerChoices):
    """How it is going, in the words of the form."""

    BADLY = 1, pgettext_lazy("how it is going", "Badly")
    NOT_SO_WELL = 2, pgettext_lazy("how it is going", "Not so well")
    SO_SO = 3, pgettext_lazy("how it is going", "So-so")
    WELL = 4, pgettext_lazy("how it is going", "Well")
    VERY_WELL = 5, pgettext_lazy("how it is going", "Very well")


class Outcome(models.TextChoices):
    """What became of an idea."""

    HEARD = "heard", _("We have heard it")
    PLANNED = "planned", _("We will do it")
    DONE = "done", _("It is done")
    NOT_NOW = "not-now", _("Not now")


class FeedbackQuerySet(models.QuerySet):
    def kept(self):
        """Those that nobody has set aside."""
        return self.filter(set_aside_at=None)

    def with_an_idea(self):
        return self.exclude(idea="")

    def unread_by(self, parties):
        """Those that one of these parties has not read, in whichever partnerships: one query."""
        return self.kept().filter(Exists(yet_to_read().filter(pk__in=parties)))

    def published(self):
        """Those that every party at the table has read and lets be shown."""
        return self.kept().filter(~Exists(yet_to_read()), ~Exists(yet_to_show()))

    def with_facts(self):
        """With who has read them and lets them be shown; no query more."""
        return self.annotate(
            read_by=joined(FeedbackRead.objects.all(), "feedback", "party_id"),
            shown_by=joined(Showing.objects.current(), "feedback", "party_id"),
        )

    def read(self, parties, *, by):
        """Note that these parties have read them; what they have read already stays as it was."""
        FeedbackRead.objects.bulk_create(
            [
                FeedbackRead(feedback=one, party=party, by=by, at=timezone.now())
                for one in self
                for party in parties
                if party.partnership_id == one.partnership_id
            ],
            ignore_conflicts=True,
        )

    @transaction.atomic
    def set_aside(self, *, by) -> int:
        """Put junk, and what hurts or names somebody, out of sight; it is kept, and public no more."""
        now = timezone.now()
        keys = list(self.kept().select_for_update().order_by("pk").values_list("pk", flat=True))
        shown = Showing.objects.current().filter(feedback__in=keys)
        shown.update(withdrawn_at=now, withdrawn_by=by)
        return Feedback.objects.filter(pk__in=keys).update(set_aside_at=now, set_aside_by=by)

    @transaction.atomic
    def let_go(self, *, by):
        """Before a party leaves the table: see to it that nothing becomes public by its leaving.

        Whoever lets a voice be shown that is not public yet is asked anew.
        """
        public = set(self.published().values_list("pk", flat=True))
        half = Showing.objects.current().filter(feedback__in=self.exclude(pk__in=public))
        half.update(withdrawn_at=timezone.now(), withdrawn_by=by)

    def hide_for(self, party: Party, *, by):
        """Take back for a party that any of them may be shown; it may be shown anew."""
        shown = Showing.objects.current().filter(feedback__in=self, party=party)
        shown.update(withdrawn_at=timezone.now(), withdrawn_by=by)

    def bring_back(self) -> int:
        return self.exclude(set_aside_at=None).update(set_aside_at=None, set_aside_by=None)


def yet_to_read():
    """The parties at the table that have not read the voice of the query around."""
    read = FeedbackRead.objects.filter(feedback=OuterRef(OuterRef("pk")), party=OuterRef("pk"))
    return Party.objects.filter(~Exists(read), partnership=OuterRef("partnership")).order_by()


def yet_to_show():
    """The parties at the table that do not let it be shown."""
    shown = Showing.objects.current().filter(
        feedback=OuterRef(OuterRef("pk")), party=OuterRef("pk")
    )
    return Party.objects.filter(~Exists(shown), partnership=OuterRef("partnership")).order_by()


class Feedback(models.Model):
    """What somebody said. No name, address, hour or trace of a device is kept with it."""

    id = models.BigIntegerField(primary_key=True, default=new_key, editable=False)
    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="feedback")
    cycle = models.PositiveSmallIntegerField(_("cycle"))
    audience = models.CharField(_("from whom"), max_length=10, choices=Audience)
    going = models.PositiveSmallIntegerField(_("how is it going"), choices=Going, null=True)
    change = NFCTextField(_("what should change"), max_length=LONGEST, blank=True)
    idea = NFCTextField(_("an idea"), max_length=LONGEST, blank=True)
    language = models.CharField(max_length=2, choices=settings.LANGUAGES, default="en")
    on = models.DateField(_("date"))  # the day only, so that nobody is told by the hour
    set_aside_at = models.DateTimeField(null=True)
    set_aside_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ["-on", "pk"]  # of one day in no order, since keys are drawn by lot
        indexes = [models.Index(fields=["partnership", "-on"])]
        constraints = [
            models.CheckConstraint(
                condition=Q(going=None) | Q(going__range=(1, 5)), name="going_from_one_to_five"
            ),
            models.CheckConstraint(
                condition=Q(going__isnull=False) | ~Q(change="") | ~Q(idea=""),
                name="feedback_says_something",
            ),
        ]

    def __str__(self):
        return self.idea or self.change

    def get_absolute_url(self):
        return reverse("desk:voice", args=[self.partnership_id, self.pk])

    # Questions; `read_by` and `shown_by` come by `with_facts`, parties from the partnership at hand

    @property
    def is_set_aside(self) -> bool:
        return self.set_aside_at is not None

    @property
    def parties_yet_to_read(self) -> list[Party]:
        read = parted(self.read_by)
        return [party for party in self.partnership.parties.all() if str(party.pk) not in read]

    @property
    def parties_yet_to_show(self) -> list[Party]:
        shown = parted(self.shown_by)
        return [party for party in self.partnership.parties.all() if str(party.pk) not in shown]

    @property
    def is_public(self) -> bool:
        """The same of many voices is asked by `published`."""
        return not (self.is_set_aside or self.parties_yet_to_read or self.parties_yet_to_show)

    @property
    def answers(self) -> list["Reply"]:
        """What the parties say to it and have not taken back."""
        return [reply for reply in self.replies.all() if not reply.is_taken_back]

    @property
    def outcome(self) -> "Reply | None":
        """The last word on what became of it."""
        return next((reply for reply in reversed(self.answers) if reply.outcome), None)

    # Actions

    @transaction.atomic
    def show(self, party: Party, *, by):
        """Let it be shown in public, for a party; that it has read it is so noted too.

        What was set aside stays out of sight.
        """
        locked = Feedback.objects.kept().select_for_update().filter(pk=self.pk)
        locked.read([party], by=by)
        if locked and not self.showings.current().filter(party=party).exists():
            self.showings.create(party=party, by=by, at=timezone.now())

    @transaction.atomic
    def hide(self, party: Party, *, by):
        """Take back for a party that it may be shown."""
        list(Feedback.objects.select_for_update().filter(pk=self.pk))
        now = timezone.now()
        self.showings.current().filter(party=party).update(withdrawn_at=now, withdrawn_by=by)

    @transaction.atomic
    def answer(self, party: Party, text: str, *, by, outcome: str = "") -> "Reply":
        reply = self.replies.create(
            party=party, text=text, outcome=outcome, by=by, at=timezone.now()
        )
        Feedback.objects.filter(pk=self.pk).read([party], by=by)
        self.partnership.record(EventKind.FEEDBACK_ANSWERED, by=by, party=party.label)
        return reply


def written_in(texts: str, shown: str) -> str:
    """The language of what was written: by its letters, else that of the form, in which Vietnamese
    is often typed without accents."""
    return "vi" if language_of(texts) == "vi" else shown


class FeedbackRead(models.Model):
    """A party has read it."""

    feedback = models.ForeignKey(Feedback, models.CASCADE, related_name="readings")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("reading of feedback")
        verbose_name_plural = _("readings of feedback")
        constraints = [
            models.UniqueConstraint(fields=["feedback", "party"], name="one_reading_per_party")
        ]

    def __str__(self):
        return f"{self.party}: {self.feedback}"


class ShowingQuerySet(models.QuerySet):
    def current(self):
        return self.filter(withdrawn_at=None)


class Showing(models.Model):
    """A party lets the public see a voice, until it withdraws that."""

    feedback = models.ForeignKey(Feedback, models.PROTECT, related_name="showings")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+"
    )

    objects = ShowingQuerySet.as_manager()

    class Meta:
        verbose_name = _("showing of feedback")
        verbose_name_plural = _("showings of feedback")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["feedback", "party"],
                condition=Q(withdrawn_at=None),
                name="one_showing_per_party",
            )
        ]

    def __str__(self):
        return f"{self.party}: {self.feedback}"


class Reply(Said):
    """What a party answers, and what became of an idea. It is not changed, but taken back or followed."""

    feedback = models.ForeignKey(Feedback, models.PROTECT, related_name="replies")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    text = NFCTextField(_("answer"), max_length=LONGEST)
    outcome = models.CharField(_("what became of it"), max_length=10, choices=Outcome, blank=True)

    class Meta:
        verbose_name = _("answer to feedback")
        verbose_name_plural = _("answers to feedback")
        ordering = ["pk"]

    def __str__(self):
        return self.text

    @property
    def is_taken_back(self) -> bool:
        return hasattr(self, "taken_back")

    @transaction.atomic
    def take_back(self, *, by):
        """Show it no more, neither at the table nor in public; taking back again changes nothing."""
        ReplyTakenBack.objects.get_or_create(reply=self, defaults={"by": by, "at": timezone.now()})


class ReplyTakenBack(Record):
    """Somebody took an answer back."""

    reply = models.OneToOneField(Reply, models.PROTECT, related_name="taken_back")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = _("answer taken back")
        verbose_name_plural = _("answers taken back")

    def __str__(self):
        return str(self.reply)
