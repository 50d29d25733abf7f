"""What a debrief says, once it has closed: by side, without names. No grade over all.

Means are exact until they are written down; "cannot say" counts in none. What the sides see most
differently comes first.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cached_property

from django.utils.translation import get_language

from accounts.text import fold
from evaluations.models import THIN, AnswerKind, Debrief
from evaluations.models.debriefs import CANNOT_SAY
from partnerships.models import Party

TENTH = Decimal("0.1")


def rounded(value: Fraction) -> Decimal:
    """To one decimal, halves away from nought, as people round by hand."""
    return (Decimal(value.numerator) / value.denominator).quantize(TENTH, ROUND_HALF_UP)


@dataclass(frozen=True)
class Score:
    """What one party's people said to one statement."""

    party: Party
    values: tuple[int, ...]  # 1 to 5, in no order that tells anything
    cannot_say: int
    before: Fraction | None = None  # the mean in the debrief before

    @property
    def count(self) -> int:
        return len(self.values)

    @property
    def mean(self) -> Fraction | None:
        return Fraction(sum(self.values), self.count) if self.values else None

    @property
    def shown(self) -> Decimal | None:
        return None if self.mean is None else rounded(self.mean)

    @property
    def low(self) -> int:
        return min(self.values)

    @property
    def high(self) -> int:
        return max(self.values)

    @property
    def change(self) -> Decimal | None:
        """Since the debrief before, of the means as they are, not as they are shown."""
        if self.mean is None or self.before is None:
            return None
        return rounded(self.mean - self.before)


@dataclass(frozen=True)
class Row:
    """A statement with what each party said to it."""

    question: dict
    scores: tuple[Score, ...]

    @property
    def key(self) -> str:
        return self.question["key"]

    @property
    def text(self) -> str:
        return in_language(self.question["text"])

    @property
    def gap(self) -> Fraction | None:
        """How far the parties are apart: the highest mean less the lowest, where there are two."""
        means = [score.mean for score in self.scores if score.mean is not None]
        return max(means) - min(means) if len(means) > 1 else None

    @property
    def is_a_difference(self) -> bool:
        return bool(self.gap)


@dataclass(frozen=True)
class Texts:
    """What one party's people wrote to one question. By the alphabet, so that nobody's texts go together."""

    party: Party
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Choices:
    """How many of each party chose what."""

    question: dict
    parties: tuple[Party, ...]
    lines: tuple[tuple[str, tuple[int, ...]], ...]  # the option, and a count per party

    @property
    def text(self) -> str:
        return in_language(self.question["text"])


def in_language(texts: dict[str, str]) -> str:
    return texts.get(get_language()) or next(filter(None, texts.values()), "")


class NotClosed(Exception):
    """The debrief is open; nobody reads what was said until it closes."""


class Results:
    """The results of a debrief that has closed. Raises NotClosed of one that has not."""

    def __init__(self, debrief: Debrief, before: Debrief | None = None):
        if not debrief.is_closed:
            raise NotClosed
        self.debrief, self.before = debrief, before

    @cached_property
    def voices(self) -> dict[int, list[dict]]:
        """The answers of each party's people, by party."""
        found = {}
        for voice in self.debrief.voices.all():
            found.setdefault(voice.party_id, []).append(voice.answers)
        return found

    @cached_property
    def parties(self) -> list[Party]:
        """Those who were asked: at the table now, or gone since and heard."""
        asked = Party.ever.filter(seats__responses__debrief=self.debrief).distinct()
        return list(asked.select_related("school", "partner"))

    def heard(self, party: Party) -> int:
        return len(self.voices.get(party.pk, []))

    @property
    def counts(self) -> list[tuple[Party, int]]:
        return [(party, self.heard(party)) for party in self.parties]

    @property
    def is_thin(self) -> bool:
        """Some side has so few answers that its people can be told apart."""
        return any(self.heard(party) < THIN for party in self.parties)

    @cached_property
    def means_before(self) -> dict[tuple[str, int], Fraction]:
        """The means of the debrief before, of statements that were asked in the same words."""
        if not self.before:
            return {}
        asked = {one["key"]: one["text"] for one in self.debrief.statements}
        earlier = Results(self.before)
        return {
            (row.key, score.party.pk): score.mean
            for row in earlier.in_order
            if asked.get(row.key) == row.question["text"]
            for score in row.scores
            if score.mean is not None
        }

    def score(self, question: dict, party: Party) -> Score:
        said = [answers.get(question["key"]) for answers in self.voices.get(party.pk, [])]
        return Score(
            party,
            tuple(sorted(value for value in said if value in range(1, 6))),
            said.count(CANNOT_SAY),
            self.means_before.get((question["key"], party.pk)),
        )

    @cached_property
    def in_order(self) -> list[Row]:
        """The statements as they were asked."""
        return [
            Row(question, tuple(self.score(question, party) for party in self.parties))
            for question in self.debrief.statements
        ]

    @property
    def rows(self) -> list[Row]:
        """The statements, what is seen most differently first; those only one side spoke to, last."""
        return sorted(
            self.in_order, key=lambda row: -1 if row.gap is None else row.gap, reverse=True
        )

    @property
    def to_talk_about(self) -> Row | None:
        """The statement on which the sides differ most, if they differ at all."""
        first = next(iter(self.rows), None)
        return first if first and first.is_a_difference else None

    @property
    def texts(self) -> list[tuple[str, list[Texts]]]:
        """Question by question what was written, by side."""
        return [
            (
                in_language(question["text"]),
                [Texts(party, self.written(question, party)) for party in self.parties],
            )
            for question in self.debrief.questions
            if question["answer"] == AnswerKind.TEXT
        ]

    def written(self, question: dict, party: Party) -> tuple[str, ...]:
        texts = [answers.get(question["key"], "") for answers in self.voices.get(party.pk, [])]
        return tuple(sorted(filter(None, texts), key=fold))

    @property
    def choices(self) -> list[Choices]:
        return [
            Choices(
                question,
                tuple(self.parties),
                tuple(
                    (
                        in_language(option["label"]),
                        tuple(self.chose(question, option, party) for party in self.parties),
                    )
                    for option in question["options"]
                ),
            )
            for question in self.debrief.questions
            if question["answer"] == AnswerKind.CHOICE
        ]

    def chose(self, question: dict, option: dict, party: Party) -> int:
        said = self.voices.get(party.pk, [])
        return sum(answers.get(question["key"]) == option["value"] for answers in said)
