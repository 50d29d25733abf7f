"""What a debrief says, once it has closed: by side, without names. No grade over all.

Means are exact until they are written down; "cannot say" counts in none. What the sides see most
differently comes first.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import cached_property

from django.db.models import Count

from accounts.text import fold
from evaluations.models import THIN, AnswerKind, Debrief, Voice
from evaluations.models.debriefs import CANNOT_SAY
from evaluations.models.questions import in_language
from partnerships.models import Party

TENTH = Decimal("0.1")


def rounded(value: Fraction) -> Decimal:
    """To one decimal, halves away from nought, as people round by hand."""
    return (Decimal(value.numerator) / value.denominator).quantize(TENTH, ROUND_HALF_UP)


def mean_of(values: tuple[int, ...]) -> Fraction | None:
    return Fraction(sum(values), len(values)) if values else None


def words_of(question: dict) -> tuple[str, ...]:
    """In which words it was asked, those of the scale included: only the same words can be compared."""
    texts = [question["text"], *(option["label"] for option in question["options"])]
    return tuple(text.get(language) or "" for text in texts for language in ("en", "vi"))


def ends_of(statement: dict) -> tuple[str, str] | None:
    """What 1 and 5 stand for in a statement, if that was said."""
    options = statement["options"]
    return tuple(in_language(options[end]["label"]) for end in (0, -1)) if options else None


def values_of(statement: dict, voices: list[dict]) -> tuple[int, ...]:
    """What some people said to a statement, 1 to 5, from low to high; “cannot say” is no value."""
    said = [answers.get(statement["key"]) for answers in voices]
    return tuple(sorted(value for value in said if value in range(1, 6)))


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
        return mean_of(self.values)

    @property
    def shown(self) -> Decimal | None:
        return None if self.mean is None else rounded(self.mean)

    @property
    def low(self) -> int | None:
        return min(self.values, default=None)

    @property
    def high(self) -> int | None:
        return max(self.values, default=None)

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
        found = self.spoken
        return found[0].mean - found[-1].mean if len(found) > 1 else None

    @property
    def spoken(self) -> list[Score]:
        """The scores of those who could say, the highest first."""
        found = [score for score in self.scores if score.mean is not None]
        return sorted(found, key=lambda score: score.mean, reverse=True)

    @property
    def is_a_difference(self) -> bool:
        """The sides see it differently, as far as what is shown tells."""
        return len({score.shown for score in self.spoken}) > 1


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

    @property
    def leaning(self) -> str:
        """What more people of every party chose than anything else, if there is such a choice."""
        favourites = {self.favourite(place) for place in range(len(self.parties))}
        return favourites.pop() if len(favourites) == 1 else ""

    def favourite(self, place: int) -> str:
        most = max(counts[place] for _label, counts in self.lines)
        found = [label for label, counts in self.lines if counts[place] == most]
        return found[0] if most and len(found) == 1 else ""


class NotClosed(Exception):
    """The debrief is open; nobody reads what was said until it closes."""


class Results:
    """The results of a debrief that has closed. Raises NotClosed of one that has not."""

    def __init__(self, debrief: Debrief, before: Debrief | None = None):
        if not debrief.is_closed:
            raise NotClosed
        self.debrief, self.before = debrief, before

    @cached_property
    def all_voices(self) -> dict[int, dict[int, list[dict]]]:
        """The answers of each party's people by debrief and party: of this one, and of the one before."""
        found = {}
        debriefs = filter(None, (self.debrief, self.before))
        for voice in Voice.objects.filter(debrief__in=[one.pk for one in debriefs]):
            of_debrief = found.setdefault(voice.debrief_id, {})
            of_debrief.setdefault(voice.party_id, []).append(voice.answers)
        return found

    @property
    def voices(self) -> dict[int, list[dict]]:
        """The answers of each party's people, by party."""
        return self.all_voices.get(self.debrief.pk, {})

    @cached_property
    def asked(self) -> dict[int, int]:
        """How many people of each party were asked."""
        rows = self.debrief.responses.order_by().values_list("seat__party")
        return dict(rows.annotate(Count("pk")))

    @cached_property
    def parties(self) -> list[Party]:
        """Those who were asked: at the table now, or gone since and heard."""
        here = [one for one in self.debrief.partnership.parties.all() if one.pk in self.asked]
        gone = self.asked.keys() - {party.pk for party in here}
        if gone:
            here += Party.ever.filter(pk__in=gone).select_related("school", "partner")
        return sorted(here, key=lambda party: party.place)

    def heard(self, party: Party) -> int:
        return len(self.voices.get(party.pk, []))

    def asked_of(self, party: Party) -> int:
        return self.asked[party.pk]

    @property
    def turnout(self) -> list[tuple[Party, int, int]]:
        """Of each party, how many have answered, and how many were asked."""
        return [(party, self.heard(party), self.asked_of(party)) for party in self.parties]

    @property
    def everybody_heard(self) -> bool:
        """Somebody of every party has answered."""
        return all(map(self.heard, self.parties))

    @property
    def ends(self) -> tuple[str, str] | None:
        """What 1 and 5 stand for, as the first statement says it."""
        return ends_of(self.debrief.statements[0]) if self.debrief.statements else None

    def own_ends(self, row: Row) -> tuple[str, str] | None:
        """What 1 and 5 stand for in a statement, where that is something else than in the first."""
        found = ends_of(row.question)
        return found if found != self.ends else None

    @property
    def heard_in_all(self) -> int:
        return sum(map(self.heard, self.parties))

    @property
    def counts(self) -> list[tuple[Party, int]]:
        return [(party, self.heard(party)) for party in self.parties]

    @property
    def thin(self) -> list[Party]:
        """The sides with so few answers that their people can be told apart; none that was silent."""
        return [party for party in self.parties if 0 < self.heard(party) < THIN]

    @property
    def is_thin(self) -> bool:
        return bool(self.thin)

    @cached_property
    def means_before(self) -> dict[tuple[str, int], Fraction]:
        """The means of the debrief before, of statements that were asked in the same words."""
        if not self.before:
            return {}
        # By the words, since a closing debrief counts its questions anew.
        keys = {words_of(one): one["key"] for one in self.debrief.statements}
        return {
            (keys[words_of(one)], party): mean
            for one in self.before.statements
            if words_of(one) in keys
            for party, voices in self.all_voices.get(self.before.pk, {}).items()
            if (mean := mean_of(values_of(one, voices))) is not None
        }

    def score(self, question: dict, party: Party) -> Score:
        voices = self.voices.get(party.pk, [])
        return Score(
            party,
            values_of(question, voices),
            sum(answers.get(question["key"]) == CANNOT_SAY for answers in voices),
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
    def compares(self) -> bool:
        """To some statement more than one side has said something."""
        return any(row.gap is not None for row in self.in_order)

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
