"""Trends: each statement over the debriefs of a partnership."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from evaluations.models import THIN
from evaluations.trends import Trends
from partnerships.access import get_partnership


@require_safe
def trends(request, pk):
    partnership = get_partnership(request, pk)
    context = {
        "partnership": partnership,
        "trends": Trends(partnership),
        "thin": THIN,
        "tab": "back",
        "place": "trends",
    }
    return render(request, "evaluations/trends/trends.html", context)
