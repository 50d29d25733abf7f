"""What there is to look at before the sides decide: to recommit, to pause, or to come to a good end."""

from functools import cached_property

from evaluations.models import Debrief, DebriefKind
from evaluations.results import Choices, Results, Texts
from evaluations.wishes import Wishes
from partnerships.models import Goal, Partnership, Party, Step
from partnerships.stages import Stage

# Of the debrief, by key: what to keep, what to change, and what next.
KEEP, CHANGE, WHAT_NEXT = "q15", "q16", "q18"


def by_party(choices: Choices) -> list[tuple[Party, list[tuple[str, int]]]]:
    """How many of each party chose what."""
    return [
        (party, [(option, counts[place]) for option, counts in choices.lines])
        for place, party in enumerate(choices.parties)
    ]


class Decision:
    """One partnership before a decision, as one reader may see it."""

    def __init__(self, partnership: Partnership, user):
        self.partnership = partnership
        self.wishes = Wishes(partnership, user)

    # What people said in the debrief

    @cached_property
    def debriefs(self) -> list[Debrief]:
        """Those of this cycle, the last first. One whose last day is over has closed, noticed or not."""
        regular = self.partnership.debriefs.filter(kind=DebriefKind.REGULAR)
        found = list(regular.filter(cycle=self.partnership.cycle))
        for debrief in found:
            debrief.close_if_due()
        return found

    @property
    def under_way(self) -> Debrief | None:
        """The debrief that has not closed; nothing of what it says is known."""
        return next((one for one in self.debriefs if not one.is_closed), None)

    @cached_property
    def results(self) -> Results | None:
        """Of the last one that has closed."""
        closed = next((one for one in self.debriefs if one.is_closed), None)
        return Results(closed) if closed else None

    @property
    def what_next(self) -> list[tuple[Party, list[tuple[str, int]]]]:
        """How many people of each side would like what."""
        asked = (one for one in self.results.choices if one.question["key"] == WHAT_NEXT)
        return next(map(by_party, asked), [])

    @property
    def keep(self) -> list[Texts]:
        return self.written(KEEP)

    @property
    def change(self) -> list[Texts]:
        return self.written(CHANGE)

    def written(self, key: str) -> list[Texts]:
        """What was written to a question, by side; nothing of sides that wrote nothing."""
        asked = next((one for one in self.results.debrief.questions if one["key"] == key), None)
        if asked is None:
            return []
        found = [Texts(party, self.results.written(asked, party)) for party in self.results.parties]
        return [one for one in found if one.texts]

    @cached_property
    def asked_otherwise(self) -> bool:
        """It did not ask what to keep and what to change: a district's own set need not."""
        return not {KEEP, CHANGE} <= {one["key"] for one in self.results.debrief.questions}

    @property
    def chosen(self) -> list[tuple[str, list]]:
        """Question by question, how many of each side chose what."""
        return [(one.text, by_party(one)) for one in self.results.choices]

    @property
    def texts(self) -> list[tuple[str, list[Texts]]]:
        """Question by question what was written; nothing of questions to which nobody wrote."""
        return [
            (question, sides)
            for question, sides in self.results.texts
            if any(one.texts for one in sides)
        ]

    @property
    def nothing_to_show(self) -> bool:
        """People answered, but wrote nothing of what is shown here."""
        if self.asked_otherwise:
            return not self.texts and not self.chosen
        return not self.what_next and not self.keep and not self.change

    # How things stand

    @cached_property
    def goals(self) -> list[Goal]:
        goals = list(self.partnership.goals.open().with_measurements())
        for goal in goals:
            goal.shown = goal.standing
        return goals

    @cached_property
    def steps(self) -> list[Step]:
        return self.partnership.with_people(self.partnership.steps.open().listed())

    # What can be decided now

    @property
    def may_recommit(self) -> bool:
        return self.partnership.is_active and self.partnership.stage == Stage.RECOMMIT
