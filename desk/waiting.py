"""What waits for whom: asked by Today and by the guide page."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q
from django.utils import timezone

from checklists.models import Item
from checklists.models.items import SOON
from evaluations.joint import Standing
from partnerships.localdate import today_in
from partnerships.models import Partnership, Party, Seat
from partnerships.stages import Stage, Status
from partnerships.vocabulary import NEEDED_ROLES, Side

QUIET = timedelta(days=30)


def items_waiting_for(user):
    """Return the items that a user should see to: late, or due within a week, in running partnerships.

    Coordinators answer for every item of their partnerships; others for what is theirs or falls to
    their side.
    """
    due = (
        Item.objects.running()
        .filter(due_on__lte=today_in("partnership__district__timezone", plus=SOON))
        .select_related("template_item", "owner__person", "partnership__district")
        .order_by("due_on", "pk")
    )
    if user.is_superuser:
        return due
    mine = Q(partnership__in=Party.objects.of_schools(user.school_ids))
    for side, seats in seats_by_side(user).items():
        partnerships = [seat.party.partnership_id for seat in seats]
        unowned = Q(owner=None, side__in=[side, Side.BOTH], partnership__in=partnerships)
        mine |= unowned | Q(owner__in=seats)
    return due.filter(mine)


def seats_by_side(user) -> dict[Side, list[Seat]]:
    """Return the seats a user holds now in partnerships that they do not coordinate anyway."""
    held = Seat.objects.current().filter(person__user=user).select_related("party")
    others = [seat for seat in held if seat.party.school_id not in user.school_ids]
    return {
        side: found
        for side in (Side.SCHOOL, Side.PARTNER)
        if (found := [seat for seat in others if seat.party.side == side])
    }


def partnerships_waiting_for(user):
    """Return the active partnerships a user manages that want attention, and why.

    `lacks_people`: from stage 1 on, a party has no champion or no contact person.
    `is_quiet`: nothing was done for 30 days.
    """
    seats = Seat.objects.current().filter(party=OuterRef("pk"))
    lacking = Q()
    for role in NEEDED_ROLES:
        lacking |= ~Exists(seats.filter(**{role.value: True}))
    parties = Party.objects.filter(lacking, partnership=OuterRef("pk"))
    return (
        Partnership.objects.managed_by(user)
        .filter(status=Status.ACTIVE)
        .annotate(
            lacks_people=ExpressionWrapper(
                Exists(parties) & ~Q(stage=Stage.PRE), output_field=BooleanField()
            ),
            is_quiet=ExpressionWrapper(
                Q(active_at__lt=timezone.now() - QUIET), output_field=BooleanField()
            ),
        )
        .filter(Q(lacks_people=True) | Q(is_quiet=True))
        .order_by("active_at", "pk")
    )


@dataclass
class PartyMoves:
    """What one party is waited for, in one partnership."""

    party: Party
    late: list[Item]
    soon: list[Item]
    missing_roles: list
    to_answer: int
    to_agree: int

    def __bool__(self):
        waiting = (self.late, self.soon, self.missing_roles, self.to_answer, self.to_agree)
        return any(waiting)


def whose_move(
    partnership: Partnership, items: list[Item], standing: Standing | None = None
) -> list[PartyMoves]:
    """Say for each party what waits for it.

    An item with an owner waits for the owner's party, any other for the side it falls to.
    """
    if not partnership.is_active:
        return []
    standing = standing or Standing(partnership)
    moves = []
    for party in partnership.parties.all():
        mine = [item for item in items if waits_for(item, party)]
        moves.append(
            PartyMoves(
                party,
                late=[item for item in mine if item.is_late],
                soon=[item for item in mine if item.is_due_soon],
                missing_roles=party.missing_roles if partnership.stage != Stage.PRE else [],
                to_answer=standing.to_answer(party),
                to_agree=standing.to_agree(party),
            )
        )
    return [move for move in moves if move]


def waits_for(item: Item, party: Party) -> bool:
    if item.is_waiting_for_the_end:
        return False
    if item.owner_id:
        return item.owner.party_id == party.pk
    return item.side in {party.side, Side.BOTH}
