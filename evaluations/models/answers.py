from django.conf import settings
from django.db import models, transaction
from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.text import NFCTextField
from accounts.versions import Versioned
from evaluations.models.questions import AnswerKind, Question, SetKind
from partnerships.events import EventKind
from partnerships.models import Partnership, Party
from partnerships.vocabulary import Level


class Answer(Versioned):
    """What one party wrote to one question in one cycle.

    On a worksheet that is all. To a question that both sides answer it is the party's own draft,
    until it is given (`evaluations.models.joint`).
    """

    question = models.ForeignKey(Question, models.PROTECT, related_name="answers")
    party = models.ForeignKey(Party, models.PROTECT, related_name="answers")
    cycle = models.PositiveSmallIntegerField(default=1)
    text = NFCTextField(max_length=5000, blank=True)  # the words, the number or the key chosen
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        related_name="answers",
        verbose_name=pgettext_lazy("who did it", "by"),
    )
    at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "party", "cycle"], name="one_answer_per_question_party_cycle"
            )
        ]

    def __str__(self):
        return self.text

    @classmethod
    @transaction.atomic
    def write(cls, question: Question, party: Party, text: str, *, by, cycle=1) -> "Answer":
        """Keep what a party wrote, and tell the timeline when it first writes on a worksheet.

        Worksheets are kept over all cycles, as if in the first.
        """
        earlier = party.answers.filter(question__set__key=question.set.key, cycle=cycle)
        is_first = question.set.kind == SetKind.WORKSHEET and not earlier.exists()
        # By its key, since the district may have made its own copy of the set in between.
        answer = earlier.filter(question__key=question.key).first() or cls(
            question=question, party=party, cycle=cycle
        )
        answer.text, answer.by = text, by
        answer.version += 1
        answer.save()
        if is_first:
            party.partnership.record(
                EventKind.WORKSHEET_WRITTEN, by=by, worksheet=question.set.titles
            )
        return answer

    @classmethod
    def count_in_set(cls, partnership: Partnership) -> Coalesce:
        """Ask, beside a question, how many of its set are answered; sets of the same key are one."""
        written = cls.objects.filter(
            party__partnership=partnership, question__set__key=OuterRef("set__key")
        )
        written = written.exclude(text="").order_by().values("question__set__key")
        return Coalesce(Subquery(written.annotate(count=Count("pk")).values("count")), 0)

    @property
    def as_read(self) -> str:
        """The answer as a person reads it: a level or an option by its name.

        What was written while the question was of another kind is read as it was written.
        """
        labels = {}
        if self.question.answer == AnswerKind.LEVEL:
            labels = dict(Level.choices)
        elif self.question.options_id:
            labels = {str(o.value): o.label for o in self.question.options.options.all()}
        return str(labels.get(self.text, self.text))
