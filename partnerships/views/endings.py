"""What is handed on when a partnership comes to its end."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.once import once
from partnerships.access import get_partnership
from partnerships.forms.endings import HandedOnForm, SpokenHandedOnForm
from partnerships.models import HandedOn, Party


@require_http_methods(["GET", "HEAD", "POST"])
@once
@transaction.atomic
def hand_on(request, pk, party_pk):
    """Write it for one's own party, or enter what a party without a login has said."""
    partnership = get_partnership(request, pk)
    party = get_object_or_404(partnership.parties, pk=party_pk)
    party.partnership = partnership
    is_mine = party in partnership.parties_of(request.user)
    if not is_mine and not party.may_be_spoken_for_by(request.user):
        raise PermissionDenied
    if request.method == "POST":  # of two who write the first word at once, one waits
        Party.objects.select_for_update().get(pk=party.pk)
    if not partnership.may_be_handed_on:
        raise PermissionDenied(_("This partnership has ended. It can be read, but not changed."))
    kind = HandedOnForm if is_mine else SpokenHandedOnForm
    initial = {} if is_mine else {"speaker": party.usual_speaker}
    form = kind(request.POST or None, instance=HandedOn.of(party), initial=initial)
    if request.method == "POST" and form.is_valid():
        form.save(by=request.user)
        messages.success(request, _("What is handed on is saved."))
        return redirect("desk:ending", pk)
    context = {"partnership": partnership, "party": party, "form": form, "is_mine": is_mine}
    return render(
        request, "partnerships/hand_on.html", context | {"tab": "back", "place": "decide"}
    )
