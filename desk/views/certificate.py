"""The certificate of a thank-you, as a file."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from desk.agreement import LANGUAGES
from desk.certificate import certificate_pdf
from partnerships.access import get_partnership
from partnerships.downloads import to_keep


@require_safe
@never_cache
def certificate(request, pk, thanks_pk, language):
    """For the people of the partnership alone, after it has ended too."""
    if language not in LANGUAGES:
        raise Http404
    partnership = get_partnership(request, pk, work=True, ended_too=True)
    thanks = get_object_or_404(partnership.thanks.listed(), pk=thanks_pk)
    thanks.partnership = partnership
    content = certificate_pdf(thanks, language)
    return to_keep(content, "application/pdf", f"thanks-{pk}-{thanks_pk}-{language}.pdf")
