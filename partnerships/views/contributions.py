"""Give and take: the page of all parties, and what is noted about each."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.once import once
from partnerships.access import get_partnership
from partnerships.forms.contributions import (
    ContributionForm,
    CorrectionForm,
    DeliveryForm,
    GainForm,
    NewContributionForm,
    NewGainForm,
    TakeBackForm,
)
from partnerships.giving import Cycles, GiveAndTake
from partnerships.models import Contribution, Gain, GivingRefused
from partnerships.models.contributions import may_write_for

PLACE = {"tab": "work", "place": "give_and_take"}


def get_party_to_write_for(request, pk, party_pk):
    """Return a partnership, and a party at its table that this reader writes for (else 403)."""
    partnership = get_partnership(request, pk, work=True)
    party = get_object_or_404(partnership.parties, pk=party_pk)
    party.partnership = partnership
    if not may_write_for(party, request.user):
        raise PermissionDenied
    return partnership, party


def get_given(request, pk, kind, given_pk, *, write=False):
    """Return a contribution or a gain of a partnership; to change it, one writes for its party."""
    partnership = get_partnership(request, pk, work=write)
    rows = kind.objects.with_party()
    if kind is Contribution:
        rows = kind.objects.with_deliveries()
    given = get_object_or_404(rows, partnership=partnership, pk=given_pk)
    given.partnership = given.party.partnership = partnership
    given.may_be_written = may_write_for(given.party, request.user)
    if write and not given.may_be_written:
        raise PermissionDenied
    return given


def refuse_if_taken_back(one):
    if one.is_taken_back:
        raise PermissionDenied(_("This was taken back. It can be read, but not changed."))


def show(request, template, partnership, **more):
    context = {"partnership": partnership, **PLACE, **more}
    return render(request, f"partnerships/giving/{template}.html", context)


@require_safe
def give_and_take(request, pk):
    """What each side puts in and gains; `print` is for paper."""
    partnership = get_partnership(request, pk)
    wanted = request.GET.get("cycles")
    cycles = Cycles(wanted) if wanted in Cycles else Cycles.THIS
    to_print = "print" in request.GET
    page = GiveAndTake(partnership, cycles, request.user, to_print=to_print)
    template = "print" if to_print else "all"
    return show(request, template, partnership, page=page, choices=Cycles)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def add_contribution(request, pk, party_pk):
    partnership, party = get_party_to_write_for(request, pk, party_pk)
    new = Contribution(partnership=partnership, party=party)
    today = partnership.district.today()
    form = NewContributionForm(request.POST or None, instance=new, today=today)
    if request.method == "POST" and form.is_valid():
        form.save(by=request.user)
        messages.success(request, _("It is noted. All sides see it."))
        return redirect("partnerships:give_and_take", pk)
    return show(request, "contribution_form", partnership, party=party, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def contribution(request, pk, contribution_pk):
    """All that is known of a contribution; whoever writes for its party notes here what was given."""
    write = request.method == "POST"
    one = get_given(request, pk, Contribution, contribution_pk, write=write)
    today = one.partnership.district.today()
    form = DeliveryForm(request.POST or None, contribution=one, today=today, initial={"on": today})
    if write and form.is_valid():
        return delivered(request, one, **form.cleaned_data)
    more = {"contribution": one, "rows": list(one.deliveries.all()), "form": form}
    return show(request, "contribution", one.partnership, **more)


def delivered(request, one, **said):
    try:
        one.deliver(**said, by=request.user)
    except GivingRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("It is noted what was given."))
    return redirect(one)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def edit_contribution(request, pk, contribution_pk):
    one = get_given(request, pk, Contribution, contribution_pk, write=True)
    refuse_if_taken_back(one)
    form = ContributionForm(request.POST or None, instance=one)
    if request.method == "POST" and form.is_valid():
        form.save(by=request.user)
        messages.success(request, _("Saved."))
        return redirect(one)
    return show(request, "contribution_form", one.partnership, party=one.party, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def take_back_contribution(request, pk, contribution_pk):
    return take_back(request, get_given(request, pk, Contribution, contribution_pk, write=True))


@require_http_methods(["GET", "HEAD", "POST"])
@once
def correct_delivery(request, pk, contribution_pk, delivery_pk):
    """Put right what was noted as given; the line that was wrong stays readable."""
    one = get_given(request, pk, Contribution, contribution_pk, write=True)
    delivery = get_object_or_404(one.deliveries.exclude(amount=None), pk=delivery_pk)
    delivery.contribution = one
    form = CorrectionForm(
        request.POST or None,
        contribution=one,
        delivery=delivery,
        today=one.partnership.district.today(),
    )
    if request.method == "POST" and form.is_valid():
        return corrected(request, one, delivery, form.cleaned_data)
    return show(request, "correct", one.partnership, contribution=one, delivery=delivery, form=form)


def corrected(request, one, delivery, said):
    try:
        delivery.correct(said["amount"], on=said["on"], note=said["note"], by=request.user)
    except GivingRefused as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("It is corrected. What stood there before stays readable."))
    return redirect(one)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def add_gain(request, pk, party_pk):
    partnership, party = get_party_to_write_for(request, pk, party_pk)
    form = NewGainForm(request.POST or None, instance=Gain(partnership=partnership, party=party))
    if request.method == "POST" and form.is_valid():
        form.save(by=request.user)
        messages.success(request, _("It is noted. All sides see it."))
        return redirect("partnerships:give_and_take", pk)
    return show(request, "gain_form", partnership, party=party, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def gain(request, pk, gain_pk):
    """Put what a party gains in other words."""
    one = get_given(request, pk, Gain, gain_pk, write=True)
    refuse_if_taken_back(one)
    form = GainForm(request.POST or None, instance=one)
    if request.method == "POST" and form.is_valid():
        form.save(by=request.user)
        messages.success(request, _("Saved."))
        return redirect("partnerships:give_and_take", pk)
    return show(request, "gain_form", one.partnership, party=one.party, form=form, gain=one)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def take_back_gain(request, pk, gain_pk):
    return take_back(request, get_given(request, pk, Gain, gain_pk, write=True))


def take_back(request, one):
    """Take something back, with a reason; it is kept, and shown as taken back."""
    form = TakeBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        one.take_back(form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("It is taken back. It stays on the timeline."))
        return redirect("partnerships:give_and_take", one.partnership_id)
    return show(request, "take_back", one.partnership, one=one, party=one.party, form=form)
