"""Whose move is it, on the checklist: what is late, or due within a week."""

from django.db.models import Q

from checklists.models import Item
from checklists.templatetags.items import wording
from partnerships.due import SOON, ZONE
from partnerships.localdate import today_in
from partnerships.models import Party
from partnerships.vocabulary import Side
from partnerships.waiting import Scope, Waiting


def due_items(scope: Scope, most: int) -> list[Waiting]:
    """Items that are late or due within a week, the most late first.

    Whoever sees to a partnership as a whole answers for every item of it; others for what is
    theirs or falls to their side.
    """
    if scope.partnership:
        items = [item for item in scope.items if is_due(item)]
    else:
        items = items_waiting_in(scope)[: most + 1]
    return [waiting(item, scope) for item in items]


def is_due(item: Item) -> bool:
    return (item.is_late or item.is_due_soon) and not item.is_waiting_for_the_end


def items_waiting_in(scope: Scope):
    due = (
        Item.objects.running()
        .filter(due_on__lte=today_in(ZONE, plus=SOON))
        .select_related("template_item", "owner__person", "partnership__district")
        .order_by("due_on", "pk")
    )
    return due.filter(scope.whole_partnerships() | of_seats(scope))


def of_seats(scope: Scope) -> Q:
    """Their own items, and those without an owner that fall to their sides."""
    if scope.everything:
        return Q()
    theirs = Q(owner__in=scope.seats)
    for side in (Side.SCHOOL, Side.PARTNER):
        partnerships = [s.party.partnership_id for s in scope.seats if s.party.side == side]
        theirs |= Q(owner=None, side__in=[side, Side.BOTH], partnership__in=partnerships)
    return theirs


def waiting(item: Item, scope: Scope) -> Waiting:
    parties = [party for party in scope.parties if waits_for(item, party)]
    return Waiting.of_due(item, wording(item), parties)


def waits_for(item: Item, party: Party) -> bool:
    """An item with an owner waits for the owner's party, any other for the side it falls to."""
    if item.owner_id:
        return item.owner.party_id == party.pk
    return item.side in {party.side, Side.BOTH}
