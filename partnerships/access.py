"""From a request to a partnership: may this person see it, work in it, manage it?"""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from partnerships.models import Partnership, Seat


def get_partnership(request, pk, *, manage=False, work=False, ended_too=False) -> Partnership:
    """Return a partnership that the user may see (else 404), manage or work in (else 403).

    One that has ended can be read only, unless `ended_too`. Dates on the page follow its district.
    """
    visible = Partnership.objects.visible_to(request.user).with_sides()
    partnership = get_object_or_404(visible, pk=pk)
    partnership.district.keep_time()
    user = request.user
    partnership.managed_by_reader = partnership.can_be_managed_by(user)
    if manage and not partnership.managed_by_reader:
        raise PermissionDenied
    if (manage or work) and partnership.has_ended and not ended_too:
        raise PermissionDenied(_("This partnership has ended. It can be read, but not changed."))
    if work and not partnership.is_of(user):
        raise PermissionDenied
    return partnership


def get_current_seat(partnership: Partnership, pk: int) -> Seat:
    """Return a seat at the table, else 404."""
    for seat in partnership.current_seats:
        if seat.pk == pk:
            return seat
    raise Http404
