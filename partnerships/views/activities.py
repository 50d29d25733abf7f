"""What the sides do together: planned, held, called off, and how each day went."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.once import once
from partnerships.access import get_partnership
from partnerships.forms.activities import ActivityForm, CallOffForm, MoveDayForm, OutcomeForm
from partnerships.models import Activity, Occurrence, Totals

PER_PAGE = 25
HERE = {"tab": "work", "place": "activities"}


@require_safe
def activities(request, pk):
    """Ahead, behind, called off; and what came of it, in numbers."""
    partnership = get_partnership(request, pk)
    found = list(partnership.activities.with_notes().with_leads())
    noted = Occurrence.objects.filter(activity__partnership=partnership)
    totals = noted.totals_by_activity()
    for one in found:
        one.partnership, one.totals = partnership, totals.get(one.pk, Totals())
        one.leading = leading(one, partnership)
    planned = [one for one in found if not one.is_called_off]
    behind = sorted(
        (one for one in planned if not one.next_day), key=lambda one: one.last_day.on, reverse=True
    )
    context = {
        "partnership": partnership,
        "ahead": sorted((one for one in planned if one.next_day), key=lambda one: one.next_day.on),
        "page": Paginator(behind, PER_PAGE).get_page(request.GET.get("page")),
        "called_off": [one for one in found if one.is_called_off],
        "totals": sum((one.totals for one in found), Totals()),
        "this_cycle": noted.since(timezone.localdate(partnership.cycle_began_at)).totals(),
        "may_work": partnership.can_be_worked_in_by(request.user),
        **HERE,
    }
    return render(request, "partnerships/activities/activities.html", context)


def leading(activity, partnership) -> list:
    """Who leads it, of all who ever had a seat with the parties at the table."""
    keys = {int(key) for key in (activity.led_by or "").split()}
    seats = [seat for party in partnership.parties.all() for seat in party.seats_of(partnership)]
    return [seat for seat in seats if seat.pk in keys]


def get_activity(request, pk, activity_pk, *, work=False) -> Activity:
    partnership = get_partnership(request, pk, work=work)
    activity = get_object_or_404(partnership.activities.with_leads(), pk=activity_pk)
    activity.partnership = partnership
    return activity


@require_safe
def activity(request, pk, activity_pk):
    activity = get_activity(request, pk, activity_pk)
    partnership = activity.partnership
    days = activity.days()
    context = {
        "partnership": partnership,
        "activity": activity,
        "leading": leading(activity, partnership),
        "goals": activity.goals.all(),
        "steps": activity.steps.open().select_related("owner__person"),
        "waiting": [day for day in days if day.waits],
        "ahead": [day for day in days if day.is_ahead],
        "others": [day for day in reversed(days) if not day.waits and not day.is_ahead],
        "may_work": partnership.can_be_worked_in_by(request.user),
        **HERE,
    }
    return render(request, "partnerships/activities/activity.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def add_activity(request, pk):
    partnership = get_partnership(request, pk, work=True)
    form = ActivityForm(
        request.POST or None,
        instance=Activity(partnership=partnership),
        partnership=partnership,
        initial={"goals": partnership.goals.filter(pk=asked_for(request, "goal"))},
    )
    if request.method == "POST" and form.is_valid():
        activity = form.save(by=request.user)
        messages.success(request, _("The activity is planned."))
        return redirect(activity)
    context = {"partnership": partnership, "form": form, **HERE}
    return render(request, "partnerships/activities/form.html", context)


def asked_for(request, name) -> int:
    """The key that the address names, to begin with; none where it names nothing of the kind."""
    asked = request.GET.get(name, "")
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 0


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def edit_activity(request, pk, activity_pk):
    activity = get_activity(request, pk, activity_pk, work=True)
    form = ActivityForm(request.POST or None, instance=activity, partnership=activity.partnership)
    if request.method == "POST" and form.is_valid():
        form.save(by=request.user)
        messages.success(request, _("The activity is saved."))
        return redirect(activity)
    context = {"partnership": activity.partnership, "activity": activity, "form": form, **HERE}
    return render(request, "partnerships/activities/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def call_off_activity(request, pk, activity_pk):
    activity = get_activity(request, pk, activity_pk, work=True)
    if activity.is_called_off:
        return redirect(activity)
    form = CallOffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        activity.call_off(form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("The activity is called off."))
        return redirect(activity)
    context = {"partnership": activity.partnership, "activity": activity, "form": form, **HERE}
    return render(request, "partnerships/activities/call_off.html", context)


@require_POST
@once
def plan_activity_again(request, pk, activity_pk):
    activity = get_activity(request, pk, activity_pk, work=True)
    if activity.is_called_off:
        activity.plan_again(by=request.user)
        messages.success(request, _("The activity is planned again."))
    return redirect(activity)


# One day of an activity


def get_note(request, pk, activity_pk, day) -> Occurrence:
    """Return what is noted of a day that the activity has, or a blank for it; else 404."""
    activity = get_activity(request, pk, activity_pk, work=True)
    if request.method == "POST":
        activity.lock()
    if activity.day_of(day) is None:
        raise Http404
    return activity.note_on(day)


def on_its_page(request, note, template, **context):
    activity = note.activity
    context |= {"partnership": activity.partnership, "activity": activity, "note": note}
    context["day"] = activity.day_of(note.planned_on)
    return render(request, f"partnerships/activities/{template}.html", context | HERE)


@require_http_methods(["GET", "HEAD", "POST"])
@once
@transaction.atomic
def day(request, pk, activity_pk, day):
    """Note how a day went."""
    note = get_note(request, pk, activity_pk, day)
    form = OutcomeForm(request.POST or None, instance=note)
    if request.method == "POST" and form.is_valid():
        form.save(by=request.user)
        messages.success(request, _("It is noted how it went."))
        return redirect(note.activity)
    return on_its_page(request, note, "day", form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@once
@transaction.atomic
def move_day(request, pk, activity_pk, day):
    note = get_note(request, pk, activity_pk, day)
    if note.is_not_held:
        raise PermissionDenied(_("This day is called off. Plan it again first."))
    form = MoveDayForm(request.POST or None, note=note)
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["on"] != note.on:
            note.move_to(form.cleaned_data["on"], by=request.user)
        messages.success(request, _("The day is moved."))
        return redirect(note.activity)
    return on_its_page(request, note, "move_day", form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@once
@transaction.atomic
def call_off_day(request, pk, activity_pk, day):
    note = get_note(request, pk, activity_pk, day)
    if not note.activity.day_of(day).is_ahead:
        return redirect(note.activity)
    form = CallOffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        note.activity.note(
            day,
            Occurrence.State.NOT_HELD,
            by=request.user,
            how_it_went=form.cleaned_data["reason"],
        )
        messages.success(request, _("The day is called off."))
        return redirect(note.activity)
    return on_its_page(request, note, "call_off_day", form=form)


@require_POST
@once
@transaction.atomic
def plan_day_again(request, pk, activity_pk, day):
    note = get_note(request, pk, activity_pk, day)
    if note.is_not_held:
        note.plan_again(by=request.user)
        messages.success(request, _("The day is planned again."))
    return redirect(note.activity)
