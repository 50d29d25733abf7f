from django.contrib import messages
from django.db import transaction
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partnerships.access import get_partnership
from partnerships.forms.basics import BasicsForm


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def basics(request, pk):
    """Change what a partnership is for, its kinds of engagement, its dates and the school's levels."""
    partnership = get_partnership(request, pk, manage=True)
    form = BasicsForm(request.POST or None, instance=partnership)
    if request.method == "POST" and form.is_valid():
        form.save(by=request.user)
        messages.success(request, _("The basics are saved."))
        return redirect(partnership)
    context = {"partnership": partnership, "form": form}
    return render(request, "partnerships/basics.html", context)
