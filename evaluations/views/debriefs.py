"""Debriefs: opened, given more time, closed; who has answered, never what, until they close."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.once import once
from evaluations.access import get_debrief
from evaluations.debrief_forms import ExtendForm, OpenDebriefForm
from evaluations.models import THIN, Debrief, DebriefKind, DebriefRefused
from evaluations.turnout import Turnout
from evaluations.views.results import results
from partnerships.access import get_partnership

OF_DEBRIEFS = {"tab": "back", "place": "debriefs"}


@require_safe
def debriefs(request, pk):
    """All debriefs of a partnership, the open one on top."""
    partnership = get_partnership(request, pk)
    partnership.debriefs.close_due()
    found = list(partnership.debriefs.with_counts())
    running = next((one for one in found if not one.is_closed), None)
    context = {
        "partnership": partnership,
        "running": running,
        "closed": [one for one in found if one.is_closed],
        "may_open": partnership.managed_by_reader and not partnership.has_ended and not running,
        **OF_DEBRIEFS,
    }
    if running:
        context |= about_turnout(request, running)
    return render(request, "evaluations/debriefs/debriefs.html", context)


def about_turnout(request, debrief):
    turnout = Turnout(debrief)
    return {"debrief": debrief, "turnout": turnout, "own": turnout.own(request.user)}


@require_http_methods(["GET", "HEAD", "POST"])
@once
def open_debrief(request, pk):
    partnership = get_partnership(request, pk, manage=True)
    if running := partnership.debriefs.still_open():
        messages.info(request, _("A debrief is open already. Close it before you open another."))
        return redirect(running)
    form = OpenDebriefForm(request.POST or None, partnership=partnership)
    if request.method == "POST" and form.is_valid():
        try:
            debrief = Debrief.objects.open(
                partnership, DebriefKind.REGULAR, by=request.user, **form.cleaned_data
            )
        except DebriefRefused as refusal:
            messages.warning(request, str(refusal))
            return redirect("evaluations:debriefs", pk)
        messages.success(request, _("The debrief is open. Everybody with a login gets a mail."))
        return redirect(debrief)
    seats = partnership.current_seats
    context = {
        "partnership": partnership,
        "form": form,
        "without_a_login": [seat for seat in seats if not seat.person.user_id],
        "thin": [party for party in partnership.parties.all() if len(party.current_seats) < THIN],
        **OF_DEBRIEFS,
    }
    return render(request, "evaluations/debriefs/open.html", context)


@require_safe
def debrief(request, pk, number):
    """How far it is while it is open, what it says once it has closed."""
    debrief = get_debrief(request, pk, number)
    if debrief.is_closed:
        return results(request, debrief)
    context = {
        "partnership": debrief.partnership,
        "may_close": debrief.partnership.managed_by_reader and debrief.is_open,
        **about_turnout(request, debrief),
        **OF_DEBRIEFS,
    }
    return render(request, "evaluations/debriefs/debrief.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def extend_debrief(request, pk, number):
    debrief = get_debrief(request, pk, number, manage=True)
    if debrief.is_closed:
        return has_closed(request, debrief)
    form = ExtendForm(request.POST or None, debrief=debrief)
    if request.method == "POST" and form.is_valid():
        try:
            debrief.extend(by=request.user, **form.cleaned_data)
        except DebriefRefused as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("The debrief can be answered for longer."))
        return redirect(debrief)
    context = {"partnership": debrief.partnership, "debrief": debrief, "form": form, **OF_DEBRIEFS}
    return render(request, "evaluations/debriefs/extend.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def close_debrief(request, pk, number):
    """Ask once, since it cannot be undone; then close."""
    debrief = get_debrief(request, pk, number, manage=True)
    if debrief.is_closed:
        return has_closed(request, debrief)
    if request.method == "POST":
        debrief.close(by=request.user)
        messages.success(request, _("The debrief has closed. Here is what both sides said."))
        return redirect(debrief)
    context = {
        "partnership": debrief.partnership,
        **about_turnout(request, debrief),
        **OF_DEBRIEFS,
    }
    return render(request, "evaluations/debriefs/close.html", context)


def has_closed(request, debrief):
    messages.info(request, _("This debrief has closed already."))
    return redirect(debrief)
