"""Personal links to a debrief, for people without a login: made by a coordinator, shown once or mailed."""

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from accounts.once import once
from accounts.qr import as_svg
from evaluations.access import get_debrief
from evaluations.debrief_forms import MailLinkForm
from evaluations.mails import send_debrief_link
from evaluations.models import DebriefRefused, Response
from evaluations.views.debriefs import OF_DEBRIEFS
from partnerships.access import get_current_seat
from partnerships.views.invitations import KEPT_FOR

# From a press on “Make the link” to the page that shows it, the link is kept by the browser of whoever
# made it, since the database has only its hash.
COOKIE = "__Host-debrief-link" if settings.SESSION_COOKIE_SECURE else "debrief-link"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@once
@transaction.atomic
def debrief_link(request, pk, number, seat_pk):
    """Make a personal link; then show it, to copy or to print, this once."""
    debrief = get_debrief(request, pk, number, manage=True)
    seat = get_current_seat(debrief.partnership, seat_pk)
    if request.method != "POST":
        found = debrief.responses.filter(seat=seat).first()
        return show(request, found or Response(debrief=debrief, seat=seat), seat)
    return make(request, debrief.ask(seat))


def make(request, response):
    person = response.seat.person
    by_mail = request.POST.get("way") == "mail" and person.email
    form = MailLinkForm(request.POST)
    if by_mail and not form.is_valid():
        return show(request, response, response.seat, form)
    try:
        token = response.make_link(by=request.user)
    except DebriefRefused as refusal:
        messages.warning(request, str(refusal))
        return redirect(response.debrief)
    if not by_mail:
        return lead_to_link(request, token)
    language = form.cleaned_data["language"]
    send_debrief_link(response, token, by=request.user, language=language, request=request)
    told = _("A mail with the link is on its way to %(email)s.")
    messages.success(request, told % {"email": person.email})
    return redirect(response.debrief)


def lead_to_link(request, token):
    answer = redirect(request.path)
    answer.set_cookie(
        COOKIE,
        token,
        max_age=KEPT_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Strict",
    )
    return answer


def show(request, response, seat, form=None):
    token = request.COOKIES.get(COOKIE, "")
    context = {
        "partnership": response.debrief.partnership,
        "debrief": response.debrief,
        "response": response,
        "seat": seat,
        "form": form or MailLinkForm(initial={"language": request.user.language}),
        **OF_DEBRIEFS,
    }
    if response.has_link(token):
        path = reverse("evaluations:answer_by_link", args=[token])
        context["link"] = request.build_absolute_uri(path)
        context["picture"] = as_svg(context["link"])
    answer = render(request, "evaluations/debriefs/link.html", context)
    if request.method == "GET" and token:
        answer.delete_cookie(COOKIE)
    return answer
