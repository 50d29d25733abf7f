from django.core.paginator import Paginator
from django.views.decorators.http import require_safe

from checklists.models import Item
from checklists.progress import Progress
from desk.filters import PartnershipFilter
from partnerships.htmx import render_part
from partnerships.models import Partnership

PAGE = 25


@require_safe
def partnership_list(request):
    """Every partnership that the reader may see; what narrows and sorts the list is in the address."""
    visible = Partnership.objects.visible_to(request.user).select_related("district")
    narrowed = PartnershipFilter(request.GET, visible, user=request.user)
    page = Paginator(narrowed.qs.with_parties(), PAGE).get_page(request.GET.get("page"))
    rows = list(page)
    if rows:
        rows[0].district.keep_time()
    current = Item.objects.of_partnerships(rows).of_current_cycle()
    progress = current.progress_by("partnership_id")
    for row in rows:
        row.progress = progress.get(row.pk, Progress())
    context = {
        "filter": narrowed,
        "page": page,
        "rows": rows,
        "may_start": bool(request.user.school_ids) or request.user.is_superuser,
    }
    return render_part(request, "desk/partnership_list.html", "results", context)
