"""What became of each statement over the debriefs of a partnership: one line a side, and no line over all.

A mean that rests on fewer than THIN answers of a side is not shown: whoever knows one of two answers
would know the other.
"""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby, pairwise

from evaluations.models import THIN, Debrief, Response
from evaluations.models.questions import in_language
from evaluations.results import Results, Score, words_of
from partnerships.models import Partnership, Party

# The drawing, in its own units: debriefs from left to right, 1 at the bottom and 5 at the top.
WIDTH, HEIGHT = 300, 104
LEFT, RIGHT, TOP, BOTTOM = 26, 284, 22, 94


@dataclass(frozen=True)
class Mark:
    """A mean in the drawing, as a square or a circle around this place."""

    x: str
    y: str
    shape: str  # the side, which has its shape

    @property
    def corner(self) -> tuple[str, str]:
        return decimal(float(self.x) - 5), decimal(float(self.y) - 5)


@dataclass(frozen=True)
class Drawn:
    """One party's line: pieces between means that follow each other, and its marks."""

    party: Party
    number: int  # among those of its side
    pieces: tuple[str, ...]
    marks: tuple[Mark, ...]


@dataclass(frozen=True)
class Point:
    """What one party's people said to a statement in one debrief, as far as it is shown."""

    party: Party
    was_asked: bool
    score: Score

    @property
    def is_shown(self) -> bool:
        return self.score.count >= THIN

    @property
    def is_thin(self) -> bool:
        return self.was_asked and not self.is_shown


@dataclass(frozen=True)
class Stop:
    """A statement in one debrief."""

    debrief: Debrief
    place: int  # from the left, among all debriefs
    points: tuple[Point, ...]


@dataclass
class Line:
    """A statement as it was asked in the same words, debrief by debrief, the first one first."""

    question: dict
    last_place: int  # of all debriefs
    stops: list[Stop] = field(default_factory=list)
    is_asked: bool = True  # in these words, when it was last asked
    has_other_words: bool = False

    @property
    def text(self) -> str:
        return in_language(self.question["text"])

    @property
    def since(self):
        return self.stops[0].debrief.closed_at

    @property
    def by_cycle(self) -> list[tuple[int, list[Stop]]]:
        return [
            (cycle, list(stops))
            for cycle, stops in groupby(self.stops, key=lambda stop: stop.debrief.cycle)
        ]

    @property
    def newest_first(self) -> list[Stop]:
        return self.stops[::-1]

    @property
    def drawn(self) -> list[Drawn]:
        parties = [point.party for point in self.stops[0].points]
        numbers = {}
        return [
            self.draw(party, number, numbers.setdefault(party.side, []))
            for number, party in enumerate(parties)
        ]

    def draw(self, party: Party, index: int, of_its_side: list) -> Drawn:
        of_its_side.append(party)
        pieces, marks = [[]], []
        for stop in self.stops:
            point = stop.points[index]
            if not point.is_shown:
                pieces.append([])
                continue
            place = x_of(stop.place, self.last_place), y_of(point.score.mean)
            pieces[-1].append(place)
            marks.append(Mark(*place, shape=str(party.side.value)))
        lines = (" ".join(f"{x},{y}" for x, y in piece) for piece in pieces if len(piece) > 1)
        return Drawn(party, len(of_its_side), tuple(lines), tuple(marks))


def decimal(number: float) -> str:
    """As SVG reads it, in every language of the page."""
    return f"{number:.1f}"


def x_of(place: float, last: int) -> str:
    middle = (LEFT + RIGHT) / 2
    return decimal(LEFT + place * (RIGHT - LEFT) / last if last else middle)


def y_of(mean) -> str:
    return decimal(float(BOTTOM - (mean - 1) * (BOTTOM - TOP) / 4))


def asked_as(debrief: Debrief, question: dict) -> tuple:
    """By which a statement is the same one in another debrief: of the same set, in the same words."""
    return debrief.body["set"], question["key"], words_of(question)


def note_other_words(lines: dict[tuple, Line]):
    """Say of each line whether its statement was asked in other words too, before or since."""
    by_key = {}
    for (asked_set, key, _words), line in lines.items():
        by_key.setdefault((asked_set, key), []).append(line)
    for same in by_key.values():
        newest = max(line.stops[-1].place for line in same)
        for line in same:
            line.has_other_words = len(same) > 1
            line.is_asked = line.stops[-1].place == newest


class ResultsAtHand(Results):
    """Results that take no query of their own: voices and parties were asked for with those of other debriefs."""

    def __init__(self, debrief: Debrief, parties: list[Party]):
        super().__init__(debrief)
        self.parties = parties

    @cached_property
    def voices(self) -> dict[int, list[dict]]:
        found = {}
        for voice in self.debrief.voices.all():
            found.setdefault(voice.party_id, []).append(voice.answers)
        return found


class Trends:
    """All closed debriefs of a partnership, statement by statement."""

    def __init__(self, partnership: Partnership):
        self.partnership = partnership

    @cached_property
    def debriefs(self) -> list[Debrief]:
        closed = self.partnership.debriefs.exclude(closed_at=None)
        return list(closed.order_by("number").prefetch_related("voices"))

    @cached_property
    def asked(self) -> set[tuple[int, int]]:
        """Which party's people each debrief asked."""
        rows = Response.objects.filter(debrief__in=self.debriefs).order_by()
        return set(rows.values_list("debrief", "seat__party").distinct())

    @cached_property
    def parties(self) -> list[Party]:
        """Those who were asked in any of them: at the table now, or gone since."""
        found = {party.pk: party for party in self.partnership.parties.all()}
        keys = {party for _debrief, party in self.asked}
        if gone := keys - found.keys():
            found |= Party.ever.select_related("school", "partner").in_bulk(gone)
        return sorted((found[key] for key in keys), key=lambda party: party.place)

    @cached_property
    def results(self) -> list[Results]:
        """Of each debrief in turn."""
        return [
            ResultsAtHand(
                debrief, [one for one in self.parties if (debrief.pk, one.pk) in self.asked]
            )
            for debrief in self.debriefs
        ]

    @cached_property
    def lines(self) -> list[Line]:
        """What was asked last comes first, in the order in which it was asked."""
        found, order = {}, {}
        for place, results in enumerate(self.results):
            debrief = results.debrief
            for number, question in enumerate(debrief.statements):
                one = asked_as(debrief, question)
                line = found.setdefault(one, Line(question, last_place=len(self.debriefs) - 1))
                line.stops.append(Stop(debrief, place, self.points(results, question)))
                order[one] = -place, number
        note_other_words(found)
        return [found[one] for one in sorted(found, key=order.__getitem__)]

    def points(self, results: Results, question: dict) -> tuple[Point, ...]:
        return tuple(
            Point(
                party,
                (results.debrief.pk, party.pk) in self.asked,
                results.score(question, party),
            )
            for party in self.parties
        )

    @property
    def asked_now(self) -> list[Line]:
        return [line for line in self.lines if line.is_asked]

    @property
    def asked_before(self) -> list[Line]:
        """Statements that are asked in other words now."""
        return [line for line in self.lines if not line.is_asked]

    @cached_property
    def new_cycles(self) -> list[dict]:
        """Where a cycle begins, halfway between its first debrief and the one before."""
        last = len(self.debriefs) - 1
        return [
            {"x": x_of(place + 0.5, last), "cycle": after.cycle}
            for place, (before, after) in enumerate(pairwise(self.debriefs))
            if after.cycle != before.cycle
        ]
