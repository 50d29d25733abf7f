"""How a partnership ended: what it was, what came of it, and what is handed on."""

from functools import cached_property

from desk.cycles import Cycle, cycles_of
from desk.decision import by_party
from evaluations.models import Debrief
from evaluations.results import Results, Score
from partnerships.models import (
    Document,
    Goal,
    HandedOn,
    Move,
    Occurrence,
    Partnership,
    Party,
    Step,
    Totals,
    Win,
)
from partnerships.stages import MoveKind


class Ending:
    """The end of one partnership; before it comes, what would stand there."""

    def __init__(self, partnership: Partnership):
        self.partnership = partnership

    @cached_property
    def moves(self) -> list[Move]:
        return list(self.partnership.moves.select_related("by"))

    @property
    def began_at(self):
        return self.moves[0].at

    @property
    def last_move(self) -> Move | None:
        """The move that ended it, unless it has been reopened."""
        last = self.moves[-1]
        return last if last.kind == MoveKind.END else None

    @cached_property
    def cycles(self) -> list[Cycle]:
        return cycles_of(self.partnership, self.moves)

    # What came of it

    @cached_property
    def goals(self) -> list[Goal]:
        """All that were ever set, as each stood at the end, or when it was retired."""
        goals = list(self.partnership.goals.with_measurements())
        ended_at = self.last_move.at if self.last_move else None
        for goal in goals:
            goal.shown = goal.standing_at(ended_at) if ended_at else goal.standing
        return goals

    @cached_property
    def reached(self) -> list[Goal]:
        return [goal for goal in self.goals if goal.shown.is_reached]

    @cached_property
    def wins(self) -> list[Win]:
        return list(self.partnership.wins.current())

    @cached_property
    def totals(self) -> Totals:
        return Occurrence.objects.filter(activity__partnership=self.partnership).totals()

    # What is handed on

    @cached_property
    def texts(self) -> dict[int, HandedOn]:
        """What is written, by party."""
        found = HandedOn.objects.filter(party__partnership=self.partnership).select_related("by")
        return {one.party_id: one for one in found}

    @property
    def parties(self) -> list[tuple[Party, HandedOn | None]]:
        """Every party at the table, with what it has written."""
        return [(party, self.texts.get(party.pk)) for party in self.partnership.parties.all()]

    @cached_property
    def documents(self) -> list[Document]:
        """What all sides share."""
        return list(self.partnership.documents.filter(shared=True, set_aside_at=None))

    @cached_property
    def steps(self) -> list[Step]:
        """What is still open, and with whom."""
        return self.partnership.with_people(self.partnership.steps.open().listed())

    # The closing debrief

    @cached_property
    def debrief(self) -> Debrief | None:
        """One whose last day is over has closed, whether or not anybody has noticed."""
        debrief = self.partnership.closing_debrief
        if debrief:
            debrief.close_if_due()
        return debrief

    @cached_property
    def results(self) -> Results | None:
        """What it says, once it has closed."""
        return Results(self.debrief) if self.debrief and self.debrief.is_closed else None

    @property
    def means(self) -> list[tuple[Party, list[tuple[str, Score]]]]:
        """What each side's people said to the statements, on the whole."""
        rows = self.results.in_order
        return [
            (party, [(row.text, row.scores[place]) for row in rows])
            for place, party in enumerate(self.results.parties)
        ]

    @property
    def chosen(self) -> list[tuple[str, list]]:
        """What people chose: each question, with how many of each side chose what."""
        return [(one.text, by_party(one)) for one in self.results.choices]

    def may_be_written_by(self, user) -> list[int]:
        """The parties for which a user writes what is handed on."""
        if not self.partnership.may_be_handed_on:
            return []
        mine = self.partnership.parties_of(user)
        return [
            party.pk
            for party in self.partnership.parties.all()
            if party in mine or party.may_be_spoken_for_by(user)
        ]
