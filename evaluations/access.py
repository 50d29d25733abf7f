"""From a request to a debrief: the door is the partnership's, also of one that has ended."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from evaluations.models import Debrief
from partnerships.access import get_current_seat, get_partnership
from partnerships.models import Seat


def get_debrief(request, pk, number, *, manage=False) -> Debrief:
    """Return a debrief of a partnership that the user may see (else 404), or manage (else 403).

    If its last day is over, it is closed first: the date has decided that already.
    """
    partnership = get_partnership(request, pk, manage=manage, ended_too=True)
    partnership.debriefs.close_due()
    return get_object_or_404(partnership.debriefs, number=number)


def get_own_seat(request, debrief, seat_pk) -> Seat:
    """Return a seat that the user holds, else 403; 404 if nobody holds it."""
    seat = get_current_seat(debrief.partnership, seat_pk)
    if seat.person.user_id != request.user.pk:
        raise PermissionDenied
    return seat
