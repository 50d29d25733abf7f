"""Another party comes to the table, or one leaves it: each on a page that says what will happen."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.once import once
from partnerships.access import get_partnership
from partnerships.forms.table import JoinForm, LeaveTableForm
from partnerships.table import join, leave


@require_http_methods(["GET", "HEAD", "POST"])
@once
def join_party(request, pk):
    partnership = get_partnership(request, pk, manage=True)
    form = JoinForm(request.POST or None, partnership=partnership)
    if request.method == "POST" and form.is_valid():
        join(partnership, form.organization, by=request.user)
        messages.success(
            request, _("They are at the table now. Add the people who speak for them.")
        )
        return redirect("partnerships:team", pk)
    context = {"partnership": partnership, "form": form, "tab": "people"}
    return render(request, "partnerships/table/join.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def leave_table(request, pk, party_pk):
    partnership = get_partnership(request, pk, manage=True)
    party = get_object_or_404(partnership.parties, pk=party_pk)
    party.partnership = partnership
    if not party.may_leave:
        raise PermissionDenied(_("The school that looks after it and one partner stay."))
    form = LeaveTableForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        leave(party, by=request.user, **form.cleaned_data)
        messages.success(request, _("Noted. What they said and did stays readable."))
        return redirect("partnerships:team", pk)
    context = {"partnership": partnership, "party": party, "form": form, "tab": "people"}
    return render(request, "partnerships/table/leave.html", context)
