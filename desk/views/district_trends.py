"""Trends of a district, for its admins: a page and a table to keep."""

import io
from collections.abc import Iterator

from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from evaluations.district_trends import Cell, DistrictTrends, Period
from evaluations.models import THIN
from partnerships.downloads import to_keep
from partnerships.exports import write_csv
from partnerships.models import District


def get_trends(request, pk) -> DistrictTrends:
    """The trends of a district that the user administers, else 404; over what was asked for."""
    district = get_object_or_404(District.objects.administered_by(request.user), pk=pk)
    district.keep_time()
    asked = request.GET.get("period")
    period = Period(asked) if asked in Period.values else Period.TWELVE_MONTHS
    return DistrictTrends(district, period)


@require_safe
def district_trends(request, pk):
    trends = get_trends(request, pk)
    context = {
        "district": trends.district,
        "trends": trends,
        "periods": Period,
        "thin": THIN,
    }
    return render(request, "desk/district_trends.html", context)


@require_safe
@never_cache
def district_trends_csv(request, pk):
    trends = get_trends(request, pk)
    header = [
        _("Statement"),
        _("School"),
        _("Average"),
        _("Note"),
        _("Answers"),
        _("Debriefs"),
        _("Period"),
    ]
    file = io.BytesIO()
    write_csv(file, header, rows(trends))
    name = f"trends-{trends.district.pk}-{trends.period}.csv"
    return to_keep(file.getvalue(), "text/csv; charset=utf-8", name)


def rows(trends: DistrictTrends) -> Iterator[list]:
    for statement, schools in trends.rows:
        whole = (_("All schools of the district"), statement.district)
        for name, cell in [whole, *((school.name, cell) for school, cell in schools)]:
            mean, count, debriefs = None, None, None
            if cell.is_shown:
                mean, count, debriefs = cell.shown, cell.count, cell.debriefs
            said = [statement.text, name, mean, note_on(cell), count, debriefs]
            yield [*said, trends.period.label]


def note_on(cell: Cell) -> str:
    if cell.is_high_end:
        return _("or more")
    if cell.is_low_end:
        return _("or less")
    return "" if cell.is_shown else _("too few answers")
