"""From a request to a debrief: the door is the partnership's, also of one that has ended."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404

from evaluations.models import Debrief
from partnerships.access import get_current_seat, get_partnership
from partnerships.models import Seat


def get_debrief(request, pk, number, *, manage=False) -> Debrief:
    """Return a debrief of a partnership that the user may see (else 404), or manage (else 403).

    It knows the one before. If its last day is over, it is closed first: the date has decided that already.
    """
    partnership = get_partnership(request, pk, manage=manage, ended_too=True)
    # One by one, since any number may stand in the address: `in` lets through what no column holds.
    both = partnership.debriefs.filter(Q(number=number) | Q(number=number - 1))
    found = {one.number: one for one in both.select_related("opened_by")}
    if number not in found:
        raise Http404
    debrief = found[number]
    debrief.before = found.get(number - 1)
    debrief.close_if_due()
    return debrief


def get_own_seat(request, debrief, seat_pk) -> Seat:
    """Return a seat that the user holds, else 403; 404 if nobody holds it."""
    seat = get_current_seat(debrief.partnership, seat_pk)
    if seat.person.user_id != request.user.pk:
        raise PermissionDenied
    return seat
