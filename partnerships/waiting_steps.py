"""Whose move is it, of the action steps: what is late, or due within a week, and what is nobody's."""

from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext, ngettext

from accounts.templatetags.words import own_words
from partnerships.due import SOON, ZONE
from partnerships.localdate import today_in
from partnerships.models import Partnership, Step
from partnerships.waiting import Kind, Scope, Waiting


def due_steps(scope: Scope, most: int) -> list[Waiting]:
    """Steps that are late or due within a week, the most late first; then those that nobody does.

    Whoever sees to a partnership as a whole answers for every step of it; others for their own,
    and for those that nobody does yet.
    """
    if scope.partnership:
        return list(at_the_table(scope))
    return [waiting(step, scope) for step in steps_waiting_in(scope)[: most + 1]]


def at_the_table(scope: Scope):
    """Of one partnership; what is nobody's is told as one line, to all."""
    nobodys = []
    for step in scope.partnership.told_steps:
        if step.is_late or step.is_due_soon:
            yield waiting(step, scope)
        elif step.owner is None:
            nobodys.append(step)
    if nobodys:
        yield of_nobody(scope.partnership, nobodys, parties=scope.parties)


def steps_waiting_in(scope: Scope):
    due = (
        Step.objects.running()
        .filter(Q(due_on__lte=today_in(ZONE, plus=SOON)) | Q(owner=None))
        .select_related("owner__person", "partnership__district")
        .order_by(F("due_on").asc(nulls_last=True), "pk")
    )
    return due.filter(scope.whole_partnerships() | of_seats(scope))


def of_seats(scope: Scope) -> Q:
    """Their own steps, and those without an owner at their tables."""
    if scope.everything:
        return Q()
    tables = [seat.party.partnership_id for seat in scope.seats]
    return Q(owner__in=scope.seats) | Q(owner=None, partnership__in=tables)


def waiting(step: Step, scope: Scope) -> Waiting:
    if step.owner is None and not (step.is_late or step.is_due_soon):
        return of_nobody(step.partnership, [step])
    parties = [party for party in scope.parties if step.waits_for(party)]
    found = Waiting.of_due(step, own_words(step.what), parties)
    if step.owner is None:
        found.person = gettext("nobody’s yet")
    return found


def of_nobody(partnership: Partnership, steps: list[Step], **more) -> Waiting:
    """Open steps that nobody does, such as those of somebody who has left."""
    count = len(steps)
    url, title = steps[0].get_absolute_url(), own_words(steps[0].what)
    if more:
        url = reverse("partnerships:steps", args=[partnership.pk])
        title = ngettext(
            "%(count)s step is nobody’s yet", "%(count)s steps are nobody’s yet", count
        ) % {"count": count}
    return Waiting(Kind.NOBODYS, partnership, url, title, count=count, **more)
