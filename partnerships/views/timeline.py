from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partnerships.access import get_partnership
from partnerships.events import GROUPS, EventGroup

PAGE = 50


@require_safe
def timeline(request, pk):
    """Every event, the newest first; `print` asks for all of them on one page."""
    partnership = get_partnership(request, pk)
    events = partnership.events_open_to(request.user).select_related("by")
    group = request.GET.get("group")
    if group in EventGroup:
        events = events.filter(kind__in=GROUPS[EventGroup(group)])
    to_print = "print" in request.GET
    page = Paginator(events, 10_000 if to_print else PAGE).get_page(request.GET.get("page"))
    context = {
        "partnership": partnership,
        "page": page,
        "group": group,
        "groups": EventGroup,
        "tab": "record",
        "place": "timeline",
    }
    template = "partnerships/timeline_print.html" if to_print else "partnerships/timeline.html"
    return render(request, template, context)
