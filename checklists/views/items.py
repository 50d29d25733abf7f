from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.once import once
from accounts.views import local_url
from checklists.forms import ItemForm, NotRelevantForm, OwnItemForm
from partnerships.access import get_partnership


def get_item(request, pk, item_pk, *, work=False):
    """Return an item that the user may see (else 404) or work on (else 403).

    Two who send at once come one after the other: who changes an item holds its row.
    """
    partnership = get_partnership(request, pk)
    items = partnership.items.with_words()
    if request.method == "POST":
        items = items.select_for_update(of=["self"])
    item = get_object_or_404(items, pk=item_pk)
    if work and not item.can_be_worked_on_by(request.user):
        raise PermissionDenied
    return item


def back_to(request, item):
    """Return to where the item was ticked, at the item."""
    page = local_url(request, request.POST.get("next", ""), item.get_absolute_url())
    return redirect(f"{page}#{item.anchor}")


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def item(request, pk, item_pk):
    """The details of an item; for those who may work on it, a form."""
    item = get_item(request, pk, item_pk, work=request.method == "POST")
    may_work = item.can_be_worked_on_by(request.user)
    form = ItemForm(request.POST or None, instance=item)
    if request.method == "POST" and form.is_valid():
        form.save(by=request.user)
        messages.success(request, _("The item is saved."))
        return redirect(item)
    context = {
        "partnership": item.partnership,
        "item": get_item(request, pk, item_pk) if form.errors else item,
        "form": form if may_work else None,
        "may_work": may_work,
        "tab": "checklist",
    }
    return render(request, "checklists/item.html", context)


@require_POST
@transaction.atomic
def tick(request, pk, item_pk):
    item = get_item(request, pk, item_pk, work=True)
    if not item.is_done:  # a second click changes nothing
        item.tick(by=request.user)
    return back_to(request, item)


@require_POST
@transaction.atomic
def reopen(request, pk, item_pk):
    """Take a tick back, or make an item relevant again."""
    item = get_item(request, pk, item_pk, work=True)
    if not item.is_open:
        item.reopen(by=request.user)
    return back_to(request, item)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def not_relevant(request, pk, item_pk):
    item = get_item(request, pk, item_pk, work=True)
    form = NotRelevantForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        item.set_not_relevant(form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("The item is marked as not relevant."))
        return redirect("checklists:checklist", pk)
    context = {
        "partnership": item.partnership,
        "item": item,
        "form": form,
        "tab": "checklist",
    }
    return render(request, "checklists/not_relevant.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def add_item(request, pk):
    partnership = get_partnership(request, pk, work=True)
    initial = {
        "stage": request.GET.get("stage", partnership.stage),
        "wording": request.GET.get("wording", ""),
    }
    form = OwnItemForm(request.POST or None, partnership=partnership, initial=initial)
    if request.method == "POST" and form.is_valid():
        item = form.save(by=request.user)
        messages.success(request, _("The item is added."))
        return redirect(f"{partnership.get_absolute_url()}stages/{item.stage}/#{item.anchor}")
    context = {"partnership": partnership, "form": form, "tab": "checklist"}
    return render(request, "checklists/add_item.html", context)
