"""The page for the meeting of a steering group."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from desk.meeting import Meeting
from desk.waiting import whose_move
from evaluations.joint import Standing
from partnerships.access import get_partnership


@require_safe
def work(request, pk):
    """How goals stand, what was done since the last meeting, what is open and what is ahead."""
    partnership = get_partnership(request, pk)
    items = partnership.items.lines(cycle=partnership.cycle)
    context = {
        "partnership": partnership,
        "meeting": Meeting(partnership),
        "moves": whose_move(partnership, items, Standing(partnership)),
        "may_work": partnership.can_be_worked_in_by(request.user),
        "here": request.path,
        "tab": "work",
        "place": "work",
    }
    template = "desk/work/print.html" if "print" in request.GET else "desk/work/work.html"
    return render(request, template, context)
