"""Bare pages: what a page of the same shape costs at the least.

The same session and user, as many queries, as many rows out of the database, a plain template
that says four things of each.
"""

from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_POST

from checklists.models import Item
from partnerships.models import Event, Partnership

SIGN_IN = 2  # queries for session and user, which every page has


def rows(request, queries, rows):
    """Ask `queries` times in all, for `rows` rows in all, and list them."""
    _signed_in = request.user.pk
    asked = max(queries - SIGN_IN, 1)
    each, rest = divmod(rows, asked)
    found = []
    for number in range(asked):
        some = Item.objects.order_by("pk")
        found += some[: each + (rest if number == 0 else 0) or 1]
    return render(request, "bench/rows.html", {"rows": found})


@require_POST
@transaction.atomic
def tick(request, pk):
    """The three writes of a tick, and the rows that it must read to decide."""
    item = Item.objects.select_for_update().get(pk=pk)
    state = "open" if item.state == "done" else "done"
    Item.objects.filter(pk=pk).update(state=state, version=item.version + 1)
    Partnership.objects.filter(pk=item.partnership_id).update(active_at=request.user.date_joined)
    Event.objects.create(
        partnership_id=item.partnership_id,
        kind="item_done",
        cycle=1,
        by=request.user,
        at=request.user.date_joined,
        about={"item": {"en": "x", "vi": "x"}},
    )
    return HttpResponseRedirect("/")
