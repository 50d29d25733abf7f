"""Earlier cycles: readable as they were, and side by side."""

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from checklists.views.checklist import grouped
from desk.cycles import Cycle, cycles_of
from partnerships.access import get_partnership
from partnerships.stages import Stage


@require_safe
def cycles(request, pk):
    partnership = get_partnership(request, pk)
    cycles = cycles_of(partnership)
    notes = {note.cycle: note for note in partnership.cycle_notes.select_related("by")}
    for cycle in cycles:
        cycle.note = notes.get(cycle.number)
    rows = [
        {"stage": stage, "progress": [cycle.progress_by_stage[stage] for cycle in cycles]}
        for stage in Stage
    ]
    context = {
        "partnership": partnership,
        "cycles": cycles,
        "noted": [cycle for cycle in cycles if cycle.note],
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
        "note": partnership.cycle_notes.filter(cycle=number).select_related("by").first(),
        "number": number,
        "goals": goals_of(partnership, cycle),
        "groups": grouped(items, order=None),
        "tab": "record",
        "place": "cycles",
    }
    return render(request, "desk/cycle.html", context)
