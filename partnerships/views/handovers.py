"""What somebody who leaves passes on: what they own, what they know, and who comes after."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partnerships.access import get_partnership
from partnerships.forms.handovers import HandoverForm
from partnerships.models import Handover, Seat


def get_seat(request, partnership, seat_pk) -> Seat:
    """Return a seat of a side whose own papers the reader may see, of now or before; else 404.

    For a side without a login whoever manages the partnership writes, and reads what was written so;
    never what people of that side have written themselves.
    """
    open_to = {party.pk: party for party in partnership.handovers_open_to(request.user)}
    seats = Seat.objects.filter(party__in=open_to).select_related("person", "successor__person")
    if request.method == "POST":  # of two who write the first word at once, one waits
        seats = seats.select_for_update(of=["self"])
    seat = get_object_or_404(seats, pk=seat_pk)
    seat.party = open_to[seat.party_id]
    seat.party.partnership = partnership
    if seat.party not in partnership.parties_open_to(request.user):
        written = Handover.objects.filter(seat=seat).select_related("seat__party__partner").first()
        if written and not written.is_written_for_them:
            raise Http404
    return seat


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def handover(request, pk, seat_pk):
    """Who is of their side reads it; who speaks for their side writes it."""
    partnership = get_partnership(request, pk)
    seat = get_seat(request, partnership, seat_pk)
    is_ours = seat.party in partnership.parties_of(request.user)
    for_them = not is_ours and seat.party.may_be_spoken_for_by(request.user)
    may_write = (is_ours or for_them) and not partnership.has_ended
    if request.method == "POST" and partnership.has_ended:
        raise PermissionDenied(_("This partnership has ended. It can be read, but not changed."))
    if request.method == "POST" and not may_write:
        raise PermissionDenied(_("Only people of this side write the handover."))
    form = HandoverForm(request.POST or None, instance=Handover.of(seat), for_them=for_them)
    if request.method == "POST" and form.is_valid():
        form.save(by=request.user)
        messages.success(request, _("The handover is saved."))
        return redirect(form.instance)
    context = {
        "partnership": partnership,
        "seat": seat,
        "handover": Handover.of(seat),  # as saved: the form may hold what was refused
        "form": form if may_write else None,
        "for_them": for_them,
        "items": seat.open_items,
        "steps": seat.open_steps,
        "activities": seat.activities_ahead,
        "tab": "people",
        "place": "team",
    }
    template = "print" if "print" in request.GET else "handover"
    return render(request, f"partnerships/handovers/{template}.html", context)
