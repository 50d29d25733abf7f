"""What the sides have settled: the agreement, the questions for both sides, and the school's worksheets.

Nothing that is behind the veil is here, not even the reader's own: the file may be handed on.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from desk.agreement_text import Reading, Said
from desk.dossier.cells import NOTHING, Column, Place, Words, content, ours, own, row_of
from evaluations.agreed import is_by_all, with_assents
from evaluations.joint import JointQuestion, JointSheet
from evaluations.models import Answer, AnswerKind, QuestionSet, SetKind, Wording
from evaluations.worksheets import Worksheet
from partnerships.models import Agreement, Signature
from partnerships.stages import Stage

# The agreement in force


@dataclass(frozen=True)
class Line:
    """A line of the agreement, as it was signed."""

    part: str
    label: Words
    text: Words
    note: str = ""


TEXT = (
    Column(gettext_lazy("Part"), Place.HEADING, lambda line: ours(line.part)),
    Column(gettext_lazy("About"), 3, lambda line: line.label),
    Column(gettext_lazy("Text"), 7, lambda line: line.text),
    Column(gettext_lazy("Note"), Place.UNDER, lambda line: ours(line.note)),
)


def as_words(said: Said | None) -> Words:
    return Words(((said.text, said.lang),)) if said and said.text else NOTHING


def agreement_text(dossier) -> Iterator[Line]:
    """The text in force, in the language of the file where it is there in it."""
    version = dossier.folder.in_force
    if version is None:
        return
    for part in Reading(version.content, dossier.language).parts:
        if part.introduction:
            yield Line(part.title, NOTHING, as_words(part.introduction), part.introduction.note)
        for entry in [*part.entries, *part.facts, *part.points]:
            yield Line(part.title, as_words(entry.label), as_words(entry.text), entry.text.note)
        for row in part.people:
            said = [as_words(row.name), as_words(row.position), ours(row.roles)]
            yield Line(part.title, as_words(row.party), row_of(said))


@dataclass(frozen=True)
class Signing:
    """A version of the agreement, and one side that signs it."""

    version: Agreement
    party: object
    signature: Signature | None

    @property
    def how(self) -> str:
        if self.signature is None:
            return _("Not signed yet")
        return capfirst(self.signature.get_way_display())

    @property
    def day(self):
        return self.signature and (self.signature.signed_on or self.signature.at)


VERSIONS = (
    Column(
        gettext_lazy("Version"),
        Place.HEADING,
        lambda one: ours(
            _("Version %(number)s: %(state)s")
            % {"number": one.version.number, "state": one.version.state.label}
        ),
    ),
    Column(gettext_lazy("Side"), 3, lambda one: own(one.party.name)),
    Column(
        gettext_lazy("Signed by"), 3, lambda one: own(one.signature.name if one.signature else "")
    ),
    Column(gettext_lazy("When"), 2, lambda one: one.day),
    Column(gettext_lazy("How"), 2, lambda one: ours(one.how)),
    Column(gettext_lazy("Drawn up on"), Place.UNDER, lambda one: one.version.at),
    Column(gettext_lazy("Drawn up by"), Place.UNDER, lambda one: own(one.version.by.name)),
    Column(
        gettext_lazy("Fingerprint of the text (SHA-256)"),
        Place.UNDER,
        lambda one: ours(one.version.fingerprint),
    ),
)


def versions(dossier) -> list[Signing]:
    return [
        Signing(version, party, signature)
        for version in dossier.folder.versions
        for party, signature in version.signatures_by_party
    ]


# The questions for both sides


@dataclass(frozen=True)
class Saying:
    """What one side has said to a question, or all of them together, or how it stands."""

    set: QuestionSet
    one: JointQuestion
    who: Words
    said: Words = NOTHING
    state: str = ""
    day: object = None
    by: str = ""

    @property
    def question(self) -> Words:
        asked = content(self.one.question.text, self.one.question.texts)
        return row_of([ours(self.one.number), asked], between=". ")


QUESTIONS = (
    Column(
        gettext_lazy("Questions"), Place.HEADING, lambda one: content(one.set.title, one.set.titles)
    ),
    Column(gettext_lazy("Question"), Place.HEADING, lambda one: one.question),
    Column(gettext_lazy("Side"), 3, lambda one: one.who),
    Column(gettext_lazy("What is said"), 7, lambda one: one.said),
    Column(gettext_lazy("State"), 2, lambda one: ours(one.state)),
    Column(gettext_lazy("Day"), 2, lambda one: one.day),
    Column(gettext_lazy("Said by"), Place.UNDER, lambda one: own(one.by)),
)


def of_kind(dossier, kind: SetKind) -> list[QuestionSet]:
    sets = QuestionSet.objects.for_district(dossier.partnership.district_id).filter(kind=kind)
    return sorted(sets.with_questions(), key=lambda one: Stage(one.stage).number)


def questions(dossier) -> Iterator[Saying]:
    for question_set in of_kind(dossier, SetKind.JOINT):
        sheet = JointSheet(question_set, dossier.partnership, dossier.user)
        for one in sheet.questions:
            yield from answers(question_set, one)
            yield from agreed(question_set, one)


def answers(question_set, one: JointQuestion) -> Iterator[Saying]:
    """The answers once the veil has lifted; until then, who has given one."""
    if not any(voice.has_given for voice in one.voices):
        yield Saying(question_set, one, NOTHING, state=_("Nobody has answered yet"))
        return
    for voice in [*one.voices, *one.former]:
        who = own(voice.party.name)
        if not one.is_lifted:
            state = _("Given, and not shown yet") if voice.has_given else _("Not given yet")
            yield Saying(question_set, one, who, state=state)
            continue
        for giving, state in ((voice.earlier, _("Earlier answer")), (voice.giving, _("Given"))):
            if giving:
                said = ours(_("Not relevant")) if giving.not_relevant else own(giving.text)
                by = giving.speaker or giving.by.name
                yield Saying(question_set, one, who, said, state, giving.day, by)


def agreed(question_set, one: JointQuestion) -> Iterator[Saying]:
    """The wording that counts, and its translation once all sides have agreed on it."""
    if one.wording is None:
        return
    who, wording = ours(_("What we agree")), one.wording
    state = _("Agreed by all sides") if one.is_agreed else _("Proposed, not agreed by all sides")
    by = wording.speaker or wording.by.name
    yield Saying(question_set, one, who, own(wording.text), state, wording.day, by)
    translated = wording.translation
    if one.is_agreed and translated and translated.is_agreed:
        words = Words(((translated.text, translated.language),))
        state = _("Translation, agreed by all sides")
        yield Saying(question_set, one, who, words, state, translated.day, "")


EARLIER = (
    Column(
        gettext_lazy("Cycle"),
        Place.HEADING,
        lambda one: ours(_("Cycle %(number)s") % {"number": one.cycle}),
    ),
    Column(gettext_lazy("Question"), 4, lambda one: content(one.question.text, one.question.texts)),
    Column(gettext_lazy("What we agreed"), 6, lambda one: own(one.text)),
    Column(gettext_lazy("Day"), 2, lambda one: one.day),
)


def earlier_wordings(dossier) -> list[Wording]:
    """What was agreed in the cycles before, where everybody who is at the table now agreed to it."""
    partnership = dossier.partnership
    rows = partnership.wordings.filter(cycle__lt=partnership.cycle).select_related("question__set")
    last = {
        (wording.cycle, wording.question.set.key, wording.question.key): wording
        for wording in with_assents(rows, partnership)
    }
    kept = [wording for wording in last.values() if is_by_all(wording, partnership)]
    return sorted(
        kept, key=lambda one: (-one.cycle, one.question.set.key, one.question.position, one.pk)
    )


# The worksheets of the school side


def school_side(dossier) -> bool:
    return dossier.partnership.school_side_is_open_to(dossier.user)


def as_read(answer: Answer) -> Words:
    is_text = answer.question.answer == AnswerKind.TEXT
    return own(answer.as_read) if is_text else ours(answer.as_read)


WORKSHEETS = (
    Column(
        gettext_lazy("Worksheet"),
        Place.HEADING,
        lambda one: content(one[0].title, one[0].titles),
    ),
    Column(
        gettext_lazy("Question"),
        5,
        lambda one: content(one[1].question.text, one[1].question.texts),
    ),
    Column(gettext_lazy("Answer"), 6, lambda one: as_read(one[1])),
    Column(gettext_lazy("Written by"), Place.UNDER, lambda one: own(one[1].by.name)),
    Column(gettext_lazy("Day"), 2, lambda one: one[1].at),
)


def worksheets(dossier) -> Iterator[tuple[QuestionSet, Answer]]:
    for question_set in of_kind(dossier, SetKind.WORKSHEET):
        for form in Worksheet(question_set, dossier.partnership).forms:
            if form.answer and form.answer.text:
                yield question_set, form.answer
