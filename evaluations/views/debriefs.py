"""Debriefs: opened, answered alone, closed, and read by both sides."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from evaluations.views.results import results
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


@require_safe
def debrief(request, pk, number):
    """What a debrief says, once it has closed."""
    partnership = get_partnership(request, pk)
    debrief = get_object_or_404(partnership.debriefs, number=number)
    if debrief.is_closed:
        return results(request, partnership, debrief)
    raise PermissionDenied(_("This debrief is open. What was said is shown when it has closed."))
