"""The results of a debrief as one reader meets them: with what the sides have said since."""

from dataclasses import dataclass, field
from functools import cached_property

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.words import day_and_year, month
from evaluations.differences import difference
from evaluations.dumbbell import Dumbbell
from evaluations.models import Comment, Debrief, Notes, NotesAssent, ResultStep
from evaluations.results import Results, Row
from partnerships.models import Party, StageGuide
from partnerships.models.content import GuideLine

LEGEND = _(
    "Large: the average of a side. Below it, from the lowest to the highest answer, and in brackets how "
    "many answered. “Cannot say” counts in no average. There is no overall grade."
)


@dataclass
class Shown:
    """A statement, with what the sides have said to it since."""

    row: Row
    plot: Dumbbell
    principle: GuideLine | None
    own_ends: tuple[str, str] | None  # where 1 and 5 stand for something else than on top
    comments: list[Comment] = field(default_factory=list)
    step: ResultStep | None = None


class Page:
    """Everything that the page of some results shows to one reader."""

    legend = LEGEND

    def __init__(self, results: Results, user):
        self.results, self.user = results, user
        self.debrief = results.debrief
        self.partnership = self.debrief.partnership
        self.may_discuss = self.debrief.may_be_discussed_by(user)
        self.may_work = self.partnership.can_be_worked_in_by(user)

    @property
    def columns(self) -> int:
        """Of the table: the statement, the plot, each side, and what has changed."""
        return 2 + len(self.results.parties) + bool(self.results.before)

    @property
    def since(self) -> str:
        """When the debrief before was: the month, or the day if this one was in the same month."""
        if not self.results.before:
            return ""
        then, now = self.results.before.closed_at, self.debrief.closed_at
        return month(then) if month(then) != month(now) else day_and_year(then)

    @cached_property
    def speaking_for(self) -> list[Party]:
        """The sides for which the reader may say something."""
        return speaking_for(self.partnership, self.user) if self.may_discuss else []

    def rows(self) -> list[Shown]:
        comments, steps, principles = self.comments(), self.steps(), self.principles()
        return [
            Shown(
                row,
                Dumbbell(row),
                principles.get(row.question["principle"]),
                self.results.own_ends(row),
                comments.get(row.key, []),
                steps.get(row.key),
            )
            for row in self.results.rows
        ]

    def comments(self) -> dict[str, list[Comment]]:
        found = {}
        for comment in self.debrief.comments.select_related(
            "by", "party__school", "party__partner"
        ):
            found.setdefault(comment.question_key, []).append(comment)
        return found

    def steps(self) -> dict[str, ResultStep]:
        return {one.question_key: one for one in self.debrief.steps.select_related("step")}

    def principles(self) -> dict[str, GuideLine]:
        """The principles by their keys, as the district tells them, with the stage that tells of each."""
        keys = {row.question["principle"] for row in self.results.in_order} - {""}
        return StageGuide.objects.principles(keys, self.partnership.district_id) if keys else {}


def speaking_for(partnership, user) -> list[Party]:
    mine = partnership.parties_of(user)
    parties = list(partnership.parties.all())
    for party in parties:
        party.partnership = partnership
    return [party for party in parties if party in mine or party.may_be_spoken_for_by(user)]


def last_notes(debrief: Debrief) -> Notes | None:
    """The notes that count, knowing who agrees to them: one query."""
    return debrief.notes.with_assenting().last()


def all_notes(debrief: Debrief) -> list[Notes]:
    rows = debrief.notes.select_related("by", "party__school", "party__partner")
    found = list(
        rows.prefetch_related(Prefetch("assents", NotesAssent.objects.select_related("by")))
    )
    for notes in found:
        notes.debrief = debrief
    return found


def with_differences(found: list[Notes]) -> list[tuple[Notes, str | None]]:
    """The texts, the last first, each with how it differs from the one before."""
    texts = [
        (notes, difference(found[place - 1].text, notes.text) if place else None)
        for place, notes in enumerate(found)
    ]
    return texts[::-1]


def assent_of(party: Party, notes: Notes | None) -> NotesAssent | None:
    assents = notes.assents.all() if notes else []
    return next((one for one in assents if one.party_id == party.pk), None)
