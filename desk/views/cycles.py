"""Earlier cycles: readable as they were, and side by side."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from checklists.progress import Progress
from checklists.views.checklist import grouped
from partnerships.access import get_partnership
from partnerships.stages import Stage


class Cycle:
    """One turn of the stages: when it ran, what was done, and why it moved as it did."""

    def __init__(self, number, moves, progress):
        self.number = number
        self.moves = [move for move in moves if move.cycle == number]
        self.began_at = self.moves[0].at
        later = [move for move in moves if move.cycle == number + 1]
        self.ended_at = later[0].at if later else None
        self.progress_by_stage = {
            stage: progress.get((number, stage.value), Progress()) for stage in Stage
        }
        self.progress = sum(self.progress_by_stage.values(), start=Progress())


def cycles_of(partnership) -> list[Cycle]:
    moves = list(partnership.moves.select_related("by"))
    progress = partnership.items.progress_by("cycle", "stage")
    return [Cycle(number, moves, progress) for number in range(1, partnership.cycle + 1)]


@require_safe
def cycles(request, pk):
    partnership = get_partnership(request, pk)
    cycles = cycles_of(partnership)
    rows = [
        {"stage": stage, "progress": [cycle.progress_by_stage[stage] for cycle in cycles]}
        for stage in Stage
    ]
    context = {
        "partnership": partnership,
        "cycles": cycles,
        "rows": rows,
        "tab": "record",
        "place": "cycles",
    }
    return render(request, "desk/cycles.html", context)


def goals_of(partnership, cycle: Cycle) -> list:
    """The goals of a cycle, each with how it stood at its end, or stands now."""
    goals = list(partnership.goals.of_cycle(cycle.number).with_measurements())
    for goal in goals:
        goal.shown = goal.standing_at(cycle.ended_at) if cycle.ended_at else goal.standing
    return goals


@require_safe
def cycle(request, pk, number):
    partnership = get_partnership(request, pk)
    if not 1 <= number <= partnership.cycle:
        raise Http404
    items = partnership.items.lines(cycle=number)
    for item in items:
        item.may_work = False  # to be read here; the checklist is where one works
    cycle = cycles_of(partnership)[number - 1]
    context = {
        "partnership": partnership,
        "cycle": cycle,
        "number": number,
        "goals": goals_of(partnership, cycle),
        "groups": grouped(items, order=None),
        "tab": "record",
        "place": "cycles",
    }
    return render(request, "desk/cycle.html", context)
