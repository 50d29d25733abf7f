"""Goals: what both sides want to reach, what was counted, and how it stands."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.once import once
from partnerships.access import get_partnership
from partnerships.chart import drawings
from partnerships.forms.goals import (
    CorrectForm,
    GoalForm,
    MeasureForm,
    PasteForm,
    RetireForm,
    TakeBackForm,
)
from partnerships.models import Goal

PAGE = 25
HERE = {"tab": "work", "place": "goals"}


def get_goal(request, pk, goal_pk, *, work=False) -> Goal:
    """Return a goal of a partnership that the user may see (else 404) or work in (else 403).

    What is retired is taken up again before it is changed or measured.
    """
    partnership = get_partnership(request, pk, work=work)
    goal = get_object_or_404(partnership.goals.with_measurements(), pk=goal_pk)
    if work and not goal.is_open:
        raise PermissionDenied(_("This goal is retired. Take it up again first."))
    return goal


def get_line(goal: Goal, row_pk: int):
    """Return the measurement that stands where this row stood or stands, else 404."""
    for line in goal.lines:
        if row_pk in {row.pk for row in (line.now, *line.before)}:
            return line
    raise Http404


def show(request, template, goal, **context):
    context = {"partnership": goal.partnership, "goal": goal, **HERE, **context}
    return render(request, f"partnerships/goals/{template}.html", context)


@require_safe
def goals(request, pk):
    """The goals of this cycle, or of an earlier one as they stood at its end."""
    partnership = get_partnership(request, pk)
    number = chosen_cycle(request, partnership)
    found = partnership.goals.of_cycle(number).with_measurements().order_by(*Goal.OPEN_FIRST)
    to_print = "print" in request.GET
    page = Paginator(found, 1_000 if to_print else PAGE).get_page(request.GET.get("page"))
    next_one = None
    if number < partnership.cycle:
        next_one = partnership.moves.filter(cycle=number + 1).first()
    for goal in page:
        goal.shown = goal.standing_at(next_one.at) if next_one else goal.standing
    context = {
        "partnership": partnership,
        "page": page,
        "number": number,
        "is_current": number == partnership.cycle,
        "cycles": range(1, partnership.cycle + 1),
        "may_work": partnership.can_be_worked_in_by(request.user),
        **HERE,
    }
    template = "print_list" if to_print else "list"
    return render(request, f"partnerships/goals/{template}.html", context)


def chosen_cycle(request, partnership) -> int:
    number = request.GET.get("cycle", "")
    if number.isascii() and number.isdecimal() and 1 <= int(number[:9]) <= partnership.cycle:
        return int(number[:9])
    return partnership.cycle


@require_safe
def goal(request, pk, goal_pk):
    goal = get_goal(request, pk, goal_pk)
    may_work = goal.partnership.can_be_worked_in_by(request.user)
    context = {
        "drawings": drawings(goal),
        "may_work": may_work,
        "form": MeasureForm(goal=goal) if may_work and goal.is_open else None,
        "steps": goal.steps.select_related("owner__person"),
        "activities": goal.activities.all(),
    }
    return show(request, "print" if "print" in request.GET else "goal", goal, **context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def add_goal(request, pk):
    partnership = get_partnership(request, pk, work=True)
    new = Goal(partnership=partnership, starts_on=partnership.district.today())
    form = GoalForm(request.POST or None, instance=new)
    if request.method == "POST" and form.is_valid():
        goal = form.save(by=request.user)
        messages.success(request, _("The goal is set. Note what you count from now on."))
        return redirect(goal)
    return show(request, "add", new, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def edit_goal(request, pk, goal_pk):
    goal = get_goal(request, pk, goal_pk, work=True)
    form = GoalForm(request.POST or None, instance=goal)
    if request.method == "POST" and form.is_valid():
        form.save(by=request.user)
        messages.success(request, _("The goal is saved."))
        return redirect(goal)
    return show(request, "edit", goal, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def measure(request, pk, goal_pk):
    goal = get_goal(request, pk, goal_pk, work=True)
    if request.method == "POST":
        goal.lock()
    form = MeasureForm(request.POST or None, goal=goal)
    if request.method == "POST" and form.is_valid():
        goal.note(by=request.user, **form.cleaned_data)
        messages.success(request, _("The number is noted."))
        return redirect(goal)
    return show(request, "measure", goal, form=form)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def paste(request, pk, goal_pk):
    """Many numbers at once: first what was understood is shown, then that very text is saved."""
    goal = get_goal(request, pk, goal_pk, work=True)
    form = PasteForm(request.POST or None, goal=goal)
    is_understood = request.method == "POST" and form.is_valid()
    reading = form.reading if is_understood else None
    if reading and form.may_be_saved:
        counts = [(row.on, row.value, row.note) for row in reading.new]
        count = goal.note_all(counts, by=request.user)
        text = ngettext("%(count)s number is noted.", "%(count)s numbers are noted.", count)
        messages.success(request, text % {"count": count})
        return redirect(goal)
    return show(request, "paste", goal, form=form, reading=reading)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def correct(request, pk, goal_pk, row_pk):
    goal = get_goal(request, pk, goal_pk, work=True)
    return change_line(
        request,
        goal,
        row_pk,
        lambda line: CorrectForm(request.POST or None, goal=goal, line=line),
        goal.correct,
        _("The number is corrected. What stood before stays readable."),
        "correct",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@once
def take_back(request, pk, goal_pk, row_pk):
    goal = get_goal(request, pk, goal_pk, work=True)
    return change_line(
        request,
        goal,
        row_pk,
        lambda line: TakeBackForm(request.POST or None, line=line),
        goal.take_back,
        _("The number is taken back. What stood before stays readable."),
        "take_back",
    )


def change_line(request, goal, row_pk, make_form, act, done, template):
    """Correct a measurement or take it back, decided on what stands now."""
    if request.method == "POST":
        goal.lock()
    line = get_line(goal, row_pk)
    if line.is_taken_back:
        messages.info(request, _("This number was taken back. If it counts, note it anew."))
        return redirect(goal)
    form = make_form(line)
    if request.method == "POST" and form.is_valid():
        del form.cleaned_data["seen"]
        act(line.now, by=request.user, **form.cleaned_data)
        messages.success(request, done)
        return redirect(goal)
    return show(request, template, goal, form=form, line=line)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def retire(request, pk, goal_pk):
    goal = get_goal(request, pk, goal_pk, work=True)
    form = RetireForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        goal.retire(form.cleaned_data["because"], by=request.user)
        messages.success(request, _("The goal is retired. It stays readable."))
        return redirect(goal)
    return show(request, "retire", goal, form=form)


@require_POST
@transaction.atomic
def take_up_again(request, pk, goal_pk):
    partnership = get_partnership(request, pk, work=True)
    goal = get_object_or_404(partnership.goals.select_for_update(), pk=goal_pk)
    if not goal.is_open:  # a second click changes nothing
        goal.take_up_again(by=request.user)
        messages.success(request, _("The goal counts again."))
    return redirect(goal)
