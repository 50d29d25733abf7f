from django.db.models import Count, F, Window, prefetch_related_objects
from django.db.models.functions import RowNumber
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from checklists.models import Item
from checklists.progress import Progress
from desk.waiting import ALL, waiting_in
from partnerships.events import EventKind
from partnerships.models import Partnership
from partnerships.models.parties import party_names
from partnerships.stages import Stage, Status
from partnerships.waiting import Scope

SHOWN = 8  # of each kind of thing that waits; the rest is one click away
LANE = 12  # tickets in a lane; the rest is in the list


@require_safe
def today(request):
    """What waits for the reader, then where every partnership stands."""
    tickets = tickets_for(request.user)
    if tickets:
        tickets[0].district.keep_time()
    shown = ALL if "all" in request.GET else SHOWN
    waiting, there_is_more = waiting_in(Scope.of_person(request.user), shown)
    may_manage = bool(request.user.school_ids) or request.user.is_superuser
    named = {id(one): one for one in [*tickets, *(waits.partnership for waits in waiting)]}
    prefetch_related_objects(list(named.values()), party_names())
    theirs = their_only_one(request.user, tickets)
    context = {
        "hour": timezone.localtime().hour,
        "waiting": waiting,
        "there_is_more": shown == SHOWN and there_is_more,
        "lanes": lanes(tickets),
        "may_start": may_manage,
        "has_partnerships": bool(tickets),
        "theirs": theirs,
        "is_new": theirs is not None and has_yet_to_begin(request.user, theirs),
    }
    return render(request, "desk/today.html", context)


def tickets_for(user) -> list[Partnership]:
    """Return the first partnerships of each lane, each knowing how many the lane has."""
    lane = {"partition_by": F("stage")}
    visible = Partnership.objects.visible_to(user).exclude(status=Status.ENDED)
    return list(
        visible.select_related("district")
        .annotate(
            place=Window(RowNumber(), order_by=[F("active_at").desc(), F("pk").desc()], **lane),
            in_lane=Window(Count("pk"), **lane),
        )
        .filter(place__lte=LANE)
        .order_by("place")
    )


def their_only_one(user, tickets) -> Partnership | None:
    """Return the partnership of somebody with a seat in just one: the page is about it then."""
    if user.is_staff or user.school_ids or len(tickets) != 1:
        return None
    return tickets[0]


def has_yet_to_begin(user, partnership: Partnership) -> bool:
    """Whether somebody has done nothing there but come in."""
    return (
        not partnership.events.filter(by=user).exclude(kind=EventKind.INVITATION_ACCEPTED).exists()
    )


def lanes(tickets):
    current = Item.objects.of_partnerships(tickets).of_current_cycle()
    progress = current.progress_by("partnership_id", "stage")
    for ticket in tickets:
        ticket.stage_progress = progress.get((ticket.pk, ticket.stage), Progress())
    for stage in Stage:
        here = [ticket for ticket in tickets if ticket.stage == stage]
        yield {
            "stage": stage,
            "tickets": here,
            "count": here[0].in_lane if here else 0,
            "more": here and here[0].in_lane > LANE,
        }
