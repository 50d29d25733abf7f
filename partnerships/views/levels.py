"""Relationship levels: what each party sees and wants, over time. A difference is no fault."""

from itertools import groupby

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.once import once
from partnerships.access import get_partnership
from partnerships.forms.levels import LevelForm, SpokenLevelForm
from partnerships.models import LevelView, Party


@require_safe
def levels(request, pk):
    """What each party says now, and all that was said before, cycle by cycle."""
    partnership = get_partnership(request, pk)
    views = LevelView.objects.filter(party__partnership=partnership).order_by("-cycle", "-pk")
    said = list(views.select_related("by", "party__school", "party__partner"))
    latest = {view.party_id: view for view in reversed(said)}
    mine = [party.pk for party in partnership.parties_of(request.user)]
    parties = list(partnership.parties.all())
    for party in parties:
        party.partnership = partnership
        party.latest = latest.get(party.pk)
        party.is_mine = party.pk in mine
        party.may_be_set = not partnership.has_ended and (
            party.is_mine or party.may_be_spoken_for_by(request.user)
        )
    context = {
        "partnership": partnership,
        "parties": parties,
        "cycles": [(number, list(rows)) for number, rows in groupby(said, lambda one: one.cycle)],
        "tab": "people",
        "place": "levels",
    }
    return render(request, "partnerships/levels/levels.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def say_level(request, pk, party_pk):
    """Say it for one's own party, or enter what a party without a login has said."""
    partnership = get_partnership(request, pk, work=True)
    party = get_object_or_404(partnership.parties, pk=party_pk)
    party.partnership = partnership
    is_mine = party in partnership.parties_of(request.user)
    if not is_mine and not party.may_be_spoken_for_by(request.user):
        raise PermissionDenied
    initial = {} if is_mine else {"speaker": party.usual_speaker}
    kind = LevelForm if is_mine else SpokenLevelForm
    form = kind(request.POST or None, party=party, initial=initial)
    if request.method == "POST" and form.is_valid():
        Party.objects.select_for_update().get(pk=party.pk)
        party.report_level(by=request.user, **form.cleaned_data)
        messages.success(request, _("Your view is kept. All sides see it."))
        return redirect("partnerships:levels", pk)
    context = {"partnership": partnership, "party": party, "form": form, "is_mine": is_mine}
    return render(
        request, "partnerships/levels/say.html", context | {"tab": "people", "place": "levels"}
    )
