"""What both sides say to one question: each for itself, behind the veil, then together.

The rules are domain.md's, "Questions that both sides answer". Nothing here is edited or deleted:
what somebody gave, proposed or assented to is a record.
"""

from datetime import date

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.text import NFCCharField, NFCTextField
from evaluations.models.answers import Answer
from evaluations.models.questions import TEN_QUESTIONS, Question
from partnerships.events import EventKind
from partnerships.models import Partnership, Party
from partnerships.models.history import Kept, Record
from partnerships.vocabulary import How


class Said(Record):
    """Something a party said. Where somebody else entered it for them, `speaker` names who said it."""

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="+",
        verbose_name=pgettext_lazy("who did it", "by"),
    )
    at = models.DateTimeField(default=timezone.now)
    how = models.CharField(max_length=10, choices=How, default=How.HERE)
    speaker = NFCCharField(max_length=120, blank=True)
    said_on = models.DateField(null=True)  # where it was entered on a later day

    class Meta:
        abstract = True

    @property
    def was_entered_for(self) -> bool:
        return self.how != How.HERE

    @property
    def day(self) -> date:
        return self.said_on or timezone.localdate(self.at)


class Giving(Said):
    """An answer as a party gave it at one time; its last one counts. A draft is an `Answer` alone."""

    answer = models.ForeignKey(Answer, models.PROTECT, related_name="givings")
    text = NFCTextField(max_length=5000, blank=True)
    not_relevant = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("answer given")
        verbose_name_plural = _("answers given")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(text="") | models.Q(not_relevant=True),
                name="given_in_words_or_not_relevant",
            )
        ]

    def __str__(self):
        return self.text

    def says_the_same_as(self, other: "Giving | None") -> bool:
        return other is not None and (self.text, self.not_relevant) == (
            other.text,
            other.not_relevant,
        )


@transaction.atomic
def give(question: Question, party: Party, text: str, *, by, not_relevant=False, **said) -> Giving:
    """Give a party's answer to the others; giving the same again changes nothing.

    `said` may hold `how`, `speaker` and `said_on`. The others read it when every party has given its own.
    """
    answer = Answer.write(question, party, text, by=by, cycle=party.partnership.cycle)
    giving = Giving(
        answer=answer,
        text="" if not_relevant else text,
        not_relevant=not_relevant,
        by=by,
        at=timezone.now(),
        **said,
    )
    before = answer.givings.last()
    if giving.says_the_same_as(before):
        return before
    giving.save()
    kind = EventKind.ANSWER_CHANGED if before else EventKind.ANSWER_GIVEN
    party.partnership.record(kind, by=by, party=party.label, question=question.texts)
    return giving


class MovedOn(Exception):
    """Somebody has proposed another wording since the page was drawn; `latest` is theirs."""

    def __init__(self, latest: "Wording"):
        super().__init__()
        self.latest = latest


class WordingQuerySet(Kept):
    def of(self, question: Question, partnership: Partnership):
        """The wordings of one question, by its key: the district may have copied the set in between."""
        return self.filter(
            partnership=partnership,
            cycle=partnership.cycle,
            question__set__key=question.set.key,
            question__key=question.key,
        )

    def agreed_words(self, question: str) -> str:
        """What the sides have agreed on one of the ten questions, by its key; empty if nothing.

        For one partnership at a time: `partnership.wordings.agreed_words("q5")`.
        """
        latest = self.filter(
            cycle=models.F("partnership__cycle"),
            question__set__key=TEN_QUESTIONS,
            question__key=question,
        ).last()
        return latest.text if latest and latest.is_agreed else ""


class Wording(Said):
    """A wording of what the parties agree, proposed by one of them. The last one counts."""

    partnership = models.ForeignKey(Partnership, models.PROTECT, related_name="wordings")
    question = models.ForeignKey(Question, models.PROTECT, related_name="wordings")
    cycle = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    text = NFCTextField(max_length=5000)
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")

    objects = WordingQuerySet.as_manager()

    class Meta:
        verbose_name = _("wording")
        verbose_name_plural = _("wordings")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership", "question", "cycle", "number"], name="one_wording_per_number"
            )
        ]

    def __str__(self):
        return self.text

    @transaction.atomic
    def assent(self, party: Party, *, by, **said) -> "Assent":
        """Say for a party that it agrees to exactly this wording. Raises MovedOn."""
        Partnership.objects.select_for_update(no_key=True).get(pk=self.partnership_id)
        latest = Wording.objects.of(self.question, self.partnership).last()
        if latest != self:
            raise MovedOn(latest)
        assent, is_new = self.assents.get_or_create(
            party=party, defaults={"by": by, "at": timezone.now(), **said}
        )
        if is_new and self.is_agreed:
            self.partnership.record(EventKind.AGREED, by=by, question=self.question.texts)
        return assent

    @property
    def translation(self):
        """The last translation that was proposed, if there is one (`evaluations.models.translations`)."""
        return next(reversed(self.translations.all()), None)

    @property
    def is_agreed(self) -> bool:
        """Every party has assented to this wording."""
        assented = {assent.party_id for assent in self.assents.all()}
        return {party.pk for party in self.partnership.parties.all()} <= assented


@transaction.atomic
def propose(question: Question, party: Party, text: str, *, by, seen: int, **said) -> Wording:
    """Propose a wording; it takes the place of wording number `seen` (0: there was none).

    What the others assented to was another text, so they are asked again. Raises MovedOn.
    """
    partnership = Partnership.objects.select_for_update(no_key=True).get(pk=party.partnership_id)
    latest = Wording.objects.of(question, partnership).last()
    if latest and latest.text == text:
        return latest
    if latest and latest.number != seen:
        raise MovedOn(latest)
    wording = Wording.objects.create(
        partnership=partnership,
        question=question,
        cycle=partnership.cycle,
        number=latest.number + 1 if latest else 1,
        text=text,
        party=party,
        by=by,
        at=timezone.now(),
        **said,
    )
    partnership.record(
        EventKind.WORDING_PROPOSED, by=by, party=party.label, question=question.texts
    )
    return wording


class Assent(Said):
    """A party agrees to exactly one wording."""

    wording = models.ForeignKey(Wording, models.PROTECT, related_name="assents")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("assent")
        verbose_name_plural = _("assents")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["wording", "party"], name="one_assent_per_party")
        ]

    def __str__(self):
        return f"{self.party}: {self.wording}"
