"""Whose move is it, of the action steps: what is late, or due within a week."""

from django.db.models import Q

from accounts.templatetags.words import own_words
from partnerships.due import SOON, ZONE
from partnerships.localdate import today_in
from partnerships.models import Step
from partnerships.waiting import Scope, Waiting


def due_steps(scope: Scope, most: int) -> list[Waiting]:
    """Steps that are late or due within a week, the most late first.

    Whoever sees to a partnership as a whole answers for every step of it; others for their own,
    and for those that nobody does yet.
    """
    if scope.partnership:
        dated = scope.partnership.dated_steps
        steps = [step for step in dated if step.is_late or step.is_due_soon]
    else:
        steps = steps_waiting_in(scope)[: most + 1]
    return [waiting(step, scope) for step in steps]


def steps_waiting_in(scope: Scope):
    due = (
        Step.objects.running()
        .filter(due_on__lte=today_in(ZONE, plus=SOON))
        .select_related("owner__person", "partnership__district")
        .order_by("due_on", "pk")
    )
    return due.filter(scope.whole_partnerships() | of_seats(scope))


def of_seats(scope: Scope) -> Q:
    """Their own steps, and those without an owner at their tables."""
    if scope.everything:
        return Q()
    tables = [seat.party.partnership_id for seat in scope.seats]
    return Q(owner__in=scope.seats) | Q(owner=None, partnership__in=tables)


def waiting(step: Step, scope: Scope) -> Waiting:
    parties = [party for party in scope.parties if step.waits_for(party)]
    return Waiting.of_due(step, own_words(step.what), parties)
