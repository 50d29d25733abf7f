from django.shortcuts import render
from django.views.decorators.http import require_safe

from checklists.filters import Order, Show, narrow
from checklists.progress import Progress
from partnerships.access import get_partnership
from partnerships.htmx import render_part
from partnerships.stages import Stage


def choice(request, name, choices):
    """Return what the address asks for, or the first choice where it asks for nothing known."""
    asked = request.GET.get(name)
    return choices(asked) if asked in choices else next(iter(choices))


def grouped(items, order):
    """Return (title, items) pairs in the order of the source, or of the stages."""
    groups = {}
    for item in items:
        title = Stage(item.stage).heading if order == Order.STAGE else item.heading
        groups.setdefault(title, []).append(item)
    if order == Order.STAGE:
        return [
            (stage.heading, groups[stage.heading]) for stage in Stage if stage.heading in groups
        ]
    return list(groups.items())


def checklist_context(request, pk):
    partnership = get_partnership(request, pk)
    items = partnership.items.lines(cycle=partnership.cycle)
    progress = Progress.of(items)
    partnership.progress = progress
    show, order = choice(request, "show", Show), choice(request, "order", Order)
    shown = narrow(items, show, partnership=partnership, user=request.user)
    for item in shown:
        item.may_work = item.can_be_worked_on_by(request.user)
    return {
        "partnership": partnership,
        "groups": grouped(shown, order),
        "count": len(shown),
        "progress": progress,
        "show": show,
        "shows": Show,
        "order": order,
        "orders": Order,
        "may_add": partnership.can_be_worked_in_by(request.user),
        "tab": "checklist",
    }


@require_safe
def checklist(request, pk):
    """All items of the current cycle, by heading or by stage, narrowed as the address says."""
    context = checklist_context(request, pk)
    return render_part(request, "checklists/checklist.html", "items", context)


@require_safe
def print_checklist(request, pk):
    return render(request, "checklists/print.html", checklist_context(request, pk))
