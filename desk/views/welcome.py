"""For somebody new: who is here, what it is for, and the story so far."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from desk.cycles import cycles_of
from partnerships.access import get_partnership
from partnerships.models import Handover, Occurrence
from partnerships.views.steps import with_people


@require_safe
def welcome(request, pk):
    """A partnership told from its beginning, and what waits for the reader."""
    partnership = get_partnership(request, pk)
    mine = partnership.seats_of(request.user)
    cycles = cycles_of(partnership)
    for cycle in cycles:
        cycle.goals = []
    goals = list(partnership.goals.with_measurements())
    for goal in goals:
        goal.partnership, goal.shown = partnership, goal.standing
        last = goal.retired_in or partnership.cycle
        cycles[last - 1].goals.append(goal)
    context = {
        "partnership": partnership,
        "cycles": cycles,
        "agreement": partnership.agreement_in_force,
        "totals": Occurrence.objects.filter(activity__partnership=partnership).totals(),
        "handovers": handovers_for(partnership, request.user),
        "items": [one for one in partnership.items.lines(owner__in=mine) if one.is_open],
        "steps": with_people(partnership.steps.open().filter(owner__in=mine), partnership),
        "tab": "people",
        "place": "welcome",
    }
    return render(request, "desk/welcome.html", context)


def handovers_for(partnership, user):
    """What those before wrote down, on the reader's own side."""
    parties = partnership.parties_open_to(user)
    found = Handover.objects.filter(seat__party__in=parties).exclude(knows="")
    return list(found.select_related("seat__person", "by"))
