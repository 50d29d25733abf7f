"""Whose move is it: the one function that Today, the guide, a school's page and the mails ask.

What can wait is said by the sources, one in each room that knows of something; a new one gets
its line in SOURCES. A source takes a scope and how many are wanted, and makes one query at most
for any number of partnerships.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from checklists.waiting import due_items
from evaluations.joint import Standing
from evaluations.waiting import open_questions
from partnerships.models import Partnership, Party
from partnerships.waiting import (
    Kind,
    News,
    Scope,
    Waiting,
    activities_to_report,
    attention,
    handovers,
    signatures,
)
from partnerships.waiting_steps import due_steps

Source = Callable[[Scope, int], list[Waiting]]

SOURCES: tuple[Source, ...] = (
    due_items,
    due_steps,
    open_questions,
    signatures,
    activities_to_report,
    handovers,
    attention,
)

ALL = 200  # of each kind: more than anybody reads
DATED = (Kind.LATE, Kind.SOON)
PRESSING = {kind: place for place, kind in enumerate(Kind)}


def waiting_in(scope: Scope, most: int = ALL) -> tuple[list[Waiting], bool]:
    """Return what waits, the most pressing first, and whether there is more than `most` of a source.

    Whoever shows the partnerships by name fetches `party_names` for them, with any others.
    """
    found, there_is_more = [], False
    for source in SOURCES:
        told = source(scope, most)
        there_is_more |= len(told) > most
        found += told[:most]
    return sorted(found, key=how_pressing), there_is_more


def how_pressing(one: Waiting):
    """By kind; what has a due date by it, whether it is an item or a step."""
    return PRESSING[one.kind], one.on if one.kind in DATED else date.min


TOLD = (
    Kind.MAIL,
    Kind.NOTES,
    Kind.WISH,
    Kind.DEBRIEF,
    Kind.SIGNATURE,
    Kind.INVITATION,
    Kind.RELEASE,
    Kind.OUTCOME,
    Kind.FEEDBACK,
    Kind.CONTACT,
    Kind.NOBODYS,
)


@dataclass
class PartyMoves:
    """What one party is waited for, in one partnership."""

    party: Party
    waiting: list[Waiting] = field(default_factory=list)

    def of(self, kind: Kind) -> list[Waiting]:
        return [one for one in self.waiting if one.kind == kind]

    def count(self, kind: Kind) -> int:
        return sum(one.count for one in self.of(kind))

    late = property(lambda self: self.count(Kind.LATE))
    soon = property(lambda self: self.of(Kind.SOON))
    to_answer = property(lambda self: self.count(Kind.ANSWER))
    to_agree = property(lambda self: self.count(Kind.WORDING))
    missing_roles = property(lambda self: [one.role for one in self.of(Kind.PEOPLE)])

    @property
    def others(self) -> list[Waiting]:
        """What is told by its own title: signatures, invitations, mails, how it went, contact."""
        return [one for kind in TOLD for one in self.of(kind)]


def whose_move(
    partnership: Partnership, items: list, standing: Standing, news: News | None = None
) -> list[PartyMoves]:
    """Say for each party of a partnership at hand what waits for it."""
    if partnership.is_paused:
        return []
    scope = Scope.of_partnership(partnership, items, standing, news or News(partnership))
    if partnership.has_ended:  # nothing waits any more but its closing debrief
        found = [one for one in open_questions(scope, ALL) if one.kind == Kind.DEBRIEF]
    else:
        found, _more = waiting_in(scope)
    moves = [
        PartyMoves(party, [one for one in found if party in one.parties])
        for party in partnership.parties.all()
    ]
    return [move for move in moves if move.waiting]
