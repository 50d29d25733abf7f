"""The welcome page: the story of a partnership so far, for somebody who is new at the table."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from desk.cycles import cycles_of
from partnerships.access import get_partnership
from partnerships.models import Handover, Occurrence


@require_safe
def welcome(request, pk):
    partnership = get_partnership(request, pk)
    mine = {seat.pk for seat in partnership.seats_of(request.user)}
    to_print = "print" in request.GET
    context = {
        "partnership": partnership,
        "cycles": cycles_of(partnership),
        "goals": partnership.goals.open().with_measurements(),
        "held": Occurrence.objects.held().filter(activity__partnership=partnership).count(),
        "agreement": partnership.agreement_in_force,
        "items": partnership.items.open_now().filter(owner__in=mine).with_words(),
        "steps": partnership.with_people(partnership.steps.open().filter(owner__in=mine).listed()),
        "handovers": handovers_for(partnership, request.user, mine),
        "tab": "people",
        "place": "welcome",
    }
    template = "print" if to_print else "welcome"
    return render(request, f"desk/welcome/{template}.html", context)


def handovers_for(partnership, user, mine) -> list[Handover]:
    """What those before the reader wrote down for them, on a side whose papers they may read."""
    open_to = partnership.parties_open_to(user)
    written = Handover.objects.filter(seat__successor__in=mine, seat__party__in=open_to)
    return list(written.select_related("seat__person", "by"))
