"""The handover of a seat: what its holder owns and knows, and who comes after."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partnerships.access import get_partnership
from partnerships.forms.handovers import HandoverForm
from partnerships.models import Handover, Seat
from partnerships.views.steps import with_people


def get_seat_of_own_side(request, pk, seat_pk, *, work=False) -> Seat:
    """Return a seat of a side whose papers the user reads (else 404) or writes (else 403)."""
    partnership = get_partnership(request, pk)
    seat = partnership.seats_by_key.get(seat_pk)
    if seat is None or seat.party not in partnership.parties_open_to(request.user):
        raise Http404
    if work:
        get_partnership(request, pk, work=True)
        if seat.party not in partnership.parties_of(request.user):
            raise PermissionDenied
    return seat


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def handover(request, pk, seat_pk):
    """What they own, what they know, and who takes over; for their own side only."""
    seat = get_seat_of_own_side(request, pk, seat_pk, work=request.method == "POST")
    partnership = seat.party.partnership
    if request.method == "POST":  # a row before the form, so that the second to save sees the first
        Handover.objects.get_or_create(seat=seat, defaults={"by": request.user})
    kept = Handover.objects.filter(seat=seat).select_related("by").first()
    may_write = not partnership.has_ended and seat.party in partnership.parties_of(request.user)
    instance = kept or Handover(seat=seat)
    form = HandoverForm(request.POST or None, instance=instance) if may_write else None
    if request.method == "POST" and form.is_valid():
        form.save(by=request.user)
        messages.success(request, _("The handover is kept. Your side can read it."))
        return redirect("partnerships:handover", pk, seat_pk)
    holder = seat.heir or seat
    context = {
        "partnership": partnership,
        "seat": seat,
        "holder": holder,
        "handover": kept,
        "form": form,
        "items": [one for one in partnership.items.lines(owner=holder) if one.is_open],
        "steps": with_people(holder.owned_steps.open(), partnership),
        "activities": holder.led_activities.ahead(),
        "tab": "people",
        "place": "team",
    }
    return render(request, "partnerships/handover.html", context)
