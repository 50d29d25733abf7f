"""What the sides say to the results of a debrief: comments, the steps that follow, notes that all agree to.

Nothing here is edited or deleted. Who wants to say something else says it once more.
"""

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.joined import joined, parted
from accounts.text import NFCTextField
from evaluations.models.debriefs import Debrief, DebriefRefused
from evaluations.models.joint import MovedOn, Said
from evaluations.models.questions import in_language
from partnerships.events import EventKind
from partnerships.models import Partnership, Party, Step
from partnerships.models.partnership import is_reason

SHORT = 300  # letters that a step holds


def lock(debrief: Debrief) -> Partnership:
    """Let one come after the other, and only once the results are there. Raises DebriefRefused."""
    partnership = Partnership.objects.select_for_update(no_key=True).get(pk=debrief.partnership_id)
    if not debrief.is_closed:
        raise DebriefRefused(_("The debrief is open. Its results are shown when it has closed."))
    return partnership


def asked(debrief: Debrief, key: str) -> dict:
    """The statement that is spoken of. Raises DebriefRefused if none like it was asked."""
    if statement := debrief.statement(key):
        return statement
    raise DebriefRefused(_("There is no such statement in this debrief."))


class Comment(Said):
    """What a party says to a result, statement by statement. Who sees it differently says so in a sentence."""

    debrief = models.ForeignKey(Debrief, models.PROTECT, related_name="comments")
    question_key = models.SlugField(max_length=60)
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")
    disagrees = models.BooleanField(_("we see it differently"), default=False)
    text = NFCTextField(_("comment"), max_length=2000)

    class Meta:
        verbose_name = _("comment on a result")
        verbose_name_plural = _("comments on results")
        ordering = ["pk"]

    def __str__(self):
        return self.text

    @classmethod
    @transaction.atomic
    def say(
        cls, debrief: Debrief, key: str, party: Party, text: str, *, by, disagrees=False, **said
    ):
        """Say something for a party to a result. Saying the same again changes nothing.

        `said` may hold `how` and `speaker`. Raises DebriefRefused.
        """
        partnership = lock(debrief)
        statement = asked(debrief, key)
        if not text:
            raise DebriefRefused(_("Write what you want to say to this result."))
        if disagrees and not is_reason(text):
            raise DebriefRefused(_("Say in a sentence how you see it."))
        last = debrief.comments.filter(question_key=key, party=party).last()
        if last and (last.text, last.disagrees) == (text, disagrees):
            return last
        comment = cls.objects.create(
            debrief=debrief,
            question_key=key,
            party=party,
            text=text,
            disagrees=disagrees,
            by=by,
            at=timezone.now(),
            **said,
        )
        partnership.record(
            EventKind.RESULT_COMMENTED, by=by, party=party.label, question=statement["text"]
        )
        return comment


class ResultStep(models.Model):
    """From which result a step has come. Of one result comes one step."""

    debrief = models.ForeignKey(Debrief, models.PROTECT, related_name="steps")
    question_key = models.SlugField(max_length=60)
    step = models.OneToOneField(Step, models.PROTECT, related_name="result")

    class Meta:
        verbose_name = _("step from a result")
        verbose_name_plural = _("steps from results")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["debrief", "question_key"], name="one_step_per_result_of_a_debrief"
            )
        ]

    def __str__(self):
        return self.statement

    def get_absolute_url(self):
        return f"{self.debrief.get_absolute_url()}#{self.question_key}"

    @property
    def statement(self) -> str:
        return in_language(self.debrief.statement(self.question_key)["text"])

    @classmethod
    @transaction.atomic
    def make(cls, debrief: Debrief, key: str, *, by) -> tuple["ResultStep", bool]:
        """Make a result something to do, or return what it has become, and whether it is new.

        Raises DebriefRefused.
        """
        lock(debrief)
        statement = in_language(asked(debrief, key)["text"])
        if there := debrief.steps.select_related("step").filter(question_key=key).first():
            return there, False
        what = gettext("Talk about: %(statement)s") % {"statement": statement}
        step = debrief.partnership.steps.plan(by=by, what=what[:SHORT])
        return cls.objects.create(debrief=debrief, question_key=key, step=step), True


class NotesQuerySet(models.QuerySet):
    def with_assenting(self):
        """With the keys of the parties that agree to each, for `Notes.assenting`."""
        return self.annotate(assenting_keys=joined(NotesAssent.objects.all(), "notes", "party"))


class Notes(Said):
    """Notes of the conversation about a debrief, proposed by one party. The last ones count."""

    debrief = models.ForeignKey(Debrief, models.PROTECT, related_name="notes")
    number = models.PositiveSmallIntegerField()
    text = NFCTextField(_("notes of the conversation"), max_length=10_000)
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")

    objects = NotesQuerySet.as_manager()

    class Meta:
        verbose_name = _("notes of a conversation")
        verbose_name_plural = _("notes of conversations")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(
                fields=["debrief", "number"], name="one_text_of_notes_per_number"
            )
        ]

    def __str__(self):
        return self.text

    @property
    def assenting(self) -> set[int]:
        """The parties that agree to it, by their keys: as it was when these were fetched with it."""
        if hasattr(self, "assenting_keys"):
            return set(map(int, parted(self.assenting_keys)))
        return {assent.party_id for assent in self.assents.all()}

    @property
    def is_agreed(self) -> bool:
        """Every party has assented to exactly this text."""
        return {party.pk for party in self.debrief.partnership.parties.all()} <= self.assenting

    @classmethod
    @transaction.atomic
    def propose(
        cls, debrief: Debrief, party: Party, text: str, *, by, seen: int, **said
    ) -> "Notes":
        """Propose notes; they take the place of notes number `seen` (0: there were none).

        What the others assented to was another text, so they are asked again. Raises MovedOn.
        """
        partnership = lock(debrief)
        latest = debrief.notes.last()
        if latest and latest.text == text:
            return latest
        if latest and latest.number != seen:
            raise MovedOn(latest)
        notes = cls.objects.create(
            debrief=debrief,
            number=latest.number + 1 if latest else 1,
            text=text,
            party=party,
            by=by,
            at=timezone.now(),
            **said,
        )
        partnership.record(EventKind.NOTES_PROPOSED, by=by, party=party.label)
        return notes

    @transaction.atomic
    def assent(self, party: Party, *, by, **said) -> "NotesAssent":
        """Say for a party that it agrees to exactly these notes. Raises MovedOn."""
        partnership = lock(self.debrief)
        latest = self.debrief.notes.last()
        if latest != self:
            raise MovedOn(latest)
        assent, is_new = self.assents.get_or_create(
            party=party, defaults={"by": by, "at": timezone.now(), **said}
        )
        if is_new and latest.is_agreed:
            partnership.record(EventKind.NOTES_AGREED, by=by)
        return assent


class NotesAssent(Said):
    """A party agrees to exactly one text of the notes."""

    notes = models.ForeignKey(Notes, models.PROTECT, related_name="assents")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("assent to notes")
        verbose_name_plural = _("assents to notes")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["notes", "party"], name="one_assent_to_notes_per_party")
        ]

    def __str__(self):
        return f"{self.party}: {self.notes}"
