"""Translations of what is agreed: proposed by a party, assented to like the wording itself.

A translation belongs to exactly one wording, so a new wording has none. Nothing here is edited.
"""

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.text import NFCTextField, language_of
from evaluations.models.joint import MovedOn, Said, Wording
from partnerships.events import EventKind
from partnerships.models import Partnership, Party


class WordingTranslation(Said):
    """A wording in the other language, as one party proposed it. The last one counts."""

    wording = models.ForeignKey(Wording, models.PROTECT, related_name="translations")
    number = models.PositiveSmallIntegerField()
    language = models.CharField(max_length=2, choices=settings.LANGUAGES)
    text = NFCTextField(max_length=5000)
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("translation of a wording")
        verbose_name_plural = _("translations of wordings")
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["wording", "number"], name="one_translation_per_number")
        ]

    def __str__(self):
        return self.text

    @transaction.atomic
    def assent(self, party: Party, *, by, **said) -> "TranslationAssent":
        """Say for a party that it agrees to exactly this translation. Raises MovedOn."""
        partnership = lock_wording(self.wording)
        latest = self.wording.translations.last()
        if latest != self:
            raise MovedOn(latest)
        assent, is_new = self.assents.get_or_create(
            party=party, defaults={"by": by, "at": timezone.now(), **said}
        )
        if is_new and self.is_agreed:
            partnership.record(
                EventKind.TRANSLATION_AGREED, by=by, question=self.wording.question.texts
            )
        return assent

    @property
    def assenting(self) -> set[int]:
        """The parties that agree to it, by their keys."""
        return {assent.party_id for assent in self.assents.all()}

    @property
    def is_agreed(self) -> bool:
        """Every party has assented to it."""
        return {party.pk for party in self.wording.partnership.parties.all()} <= self.assenting


class TranslationAssent(Said):
    """A party agrees to exactly one translation."""

    translation = models.ForeignKey(WordingTranslation, models.PROTECT, related_name="assents")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+")

    class Meta:
        verbose_name = _("assent to a translation")
        verbose_name_plural = _("assents to translations")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["translation", "party"], name="one_translation_assent_per_party"
            )
        ]

    def __str__(self):
        return f"{self.party}: {self.translation}"


def other_language(text: str) -> str:
    """The language into which a text may be translated."""
    return "en" if language_of(text) == "vi" else "vi"


def lock_wording(wording: Wording) -> Partnership:
    """Let one come after the other, and only while the wording counts. Raises MovedOn."""
    partnership = Partnership.objects.select_for_update(no_key=True).get(pk=wording.partnership_id)
    latest = Wording.objects.of(wording.question, partnership).last()
    if latest != wording:
        raise MovedOn(latest)
    return partnership


@transaction.atomic
def translate(wording: Wording, party: Party, text: str, *, by, seen: int, **said):
    """Propose a translation; it takes the place of translation number `seen` (0: there was none).

    Raises MovedOn, with the wording or the translation that has come meanwhile.
    """
    partnership = lock_wording(wording)
    latest = wording.translations.last()
    if latest and latest.text == text:
        return latest
    if latest and latest.number != seen:
        raise MovedOn(latest)
    translation = wording.translations.create(
        number=latest.number + 1 if latest else 1,
        language=other_language(wording.text),
        text=text,
        party=party,
        by=by,
        at=timezone.now(),
        **said,
    )
    partnership.record(
        EventKind.TRANSLATION_PROPOSED,
        by=by,
        party=party.label,
        question=wording.question.texts,
    )
    return translation
