"""The dossier: a whole partnership to take away, as a PDF or as tables."""

from django.http import Http404
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from desk.agreement import LANGUAGES
from desk.dossier.archive import dossier_zip
from desk.dossier.contents import sections_for
from desk.dossier.dossier import Dossier
from desk.dossier.pdf import dossier_pdf
from desk.views.agreement import to_keep
from partnerships.access import get_partnership


def get_dossier(request, pk, language) -> Dossier:
    if language not in LANGUAGES:
        raise Http404
    return Dossier(get_partnership(request, pk), request.user, language)


@require_safe
def dossier(request, pk):
    """What is in it for this reader, and the files."""
    dossier = get_dossier(request, pk, get_language())
    context = {
        "partnership": dossier.partnership,
        "sections": sections_for(dossier),
        "school_side": dossier.partnership.school_side_is_open_to(request.user),
        "tab": "record",
        "place": "dossier",
    }
    return render(request, "desk/dossier.html", context)


@require_safe
@never_cache
def pdf(request, pk, language):
    content = dossier_pdf(get_dossier(request, pk, language))
    return to_keep(content, "application/pdf", f"dossier-{pk}-{language}.pdf")


@require_safe
@never_cache
def archive(request, pk, language):
    """One CSV file for each section, in a zip."""
    content = dossier_zip(get_dossier(request, pk, language))
    return to_keep(content, "application/zip", f"dossier-{pk}-{language}.zip")
