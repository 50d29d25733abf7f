"""The results of a debrief as a file to keep."""

from django.http import Http404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from desk.agreement import LANGUAGES
from desk.debrief_pdf import debrief_pdf
from evaluations.views.results import get_results
from partnerships.downloads import to_keep


@require_safe
@never_cache
def pdf(request, pk, number, language):
    if language not in LANGUAGES:
        raise Http404
    content = debrief_pdf(get_results(request, pk, number), request.user, language)
    return to_keep(content, "application/pdf", f"debrief-{pk}-{number}-{language}.pdf")
