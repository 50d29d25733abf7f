from django.db.models import Count, F, Window, prefetch_related_objects
from django.db.models.functions import RowNumber
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from checklists.models import Item
from checklists.progress import Progress
from desk.asked import asked_of
from desk.waiting import items_waiting_for, partnerships_waiting_for
from partnerships.events import EventKind
from partnerships.models import Partnership
from partnerships.models.partnership import party_names
from partnerships.stages import Stage, Status

SHOWN = 8  # of each kind of thing that waits; the rest is one click away
ALL = 200
LANE = 12  # tickets in a lane; the rest is in the list


@require_safe
def today(request):
    """What waits for the reader, then where every partnership stands."""
    tickets = tickets_for(request.user)
    if tickets:
        tickets[0].district.keep_time()
    shown = ALL if "all" in request.GET else SHOWN
    items = list(items_waiting_for(request.user)[: shown + 1])
    may_manage = bool(request.user.school_ids) or request.user.is_superuser
    waiting = list(partnerships_waiting_for(request.user)[: shown + 1]) if may_manage else []
    named = {id(one): one for one in [*tickets, *waiting, *(item.partnership for item in items)]}
    prefetch_related_objects(list(named.values()), party_names())
    context = {
        "hour": timezone.localtime().hour,
        "items": items[:shown],
        "waiting": waiting[:shown],
        "there_is_more": shown == SHOWN and max(len(items), len(waiting)) > shown,
        "lanes": lanes(tickets),
        "may_start": may_manage,
        "has_partnerships": bool(tickets),
        "only_one": None if may_manage else one_to_begin_with(request.user, tickets),
        "theirs": None if may_manage else their_table(request.user, tickets),
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


def their_table(user, tickets) -> dict | None:
    """Return the only partnership of somebody with a seat, and what its others ask of them now."""
    if user.is_staff or len(tickets) != 1:
        return None
    return {"partnership": tickets[0], "asked": asked_of(user, tickets[0])}


def one_to_begin_with(user, tickets) -> Partnership | None:
    """Return the only partnership of somebody who has done nothing in it so far, if that is how it is."""
    if user.is_staff or len(tickets) != 1:
        return None
    did = tickets[0].events.filter(by=user).exclude(kind=EventKind.INVITATION_ACCEPTED)
    return None if did.exists() else tickets[0]


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
