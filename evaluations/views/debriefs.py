"""Debriefs: opened, answered alone, closed, and read by both sides."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from partnerships.access import get_partnership


@require_safe
def debriefs(request, pk):
    """All debriefs of a partnership, the last first."""
    partnership = get_partnership(request, pk)
    context = {
        "partnership": partnership,
        "debriefs": partnership.debriefs.all(),
        "tab": "back",
        "place": "debriefs",
    }
    return render(request, "evaluations/debriefs/debriefs.html", context)
