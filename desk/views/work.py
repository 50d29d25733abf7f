"""What a steering group has before it when it meets: goals, activities, steps, and whose move it is."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from partnerships.access import get_partnership


@require_safe
def work(request, pk):
    partnership = get_partnership(request, pk)
    context = {
        "partnership": partnership,
        "steps": partnership.steps.open().select_related("owner__person"),
        "tab": "work",
        "place": "work",
    }
    return render(request, "desk/work.html", context)
