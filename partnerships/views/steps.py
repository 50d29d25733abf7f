"""Action steps: who does what by when."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import TextChoices
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.once import once
from accounts.views import local_url
from partnerships.access import get_partnership
from partnerships.forms.steps import DropForm, StepForm, chosen
from partnerships.htmx import render_part
from partnerships.models import Step, StepState

PAGE = 25
TAB = {"tab": "work", "place": "steps"}


class Whose(TextChoices):
    EVERYBODYS = "all", gettext_lazy("Everybody’s")
    MINE = "mine", gettext_lazy("Mine")


def get_step(request, pk, step_pk, *, work=False) -> Step:
    """Return a step; two who send at once come one after the other: who changes it holds its row."""
    partnership = get_partnership(request, pk, work=work)
    steps = partnership.steps.with_reasons()
    if request.method == "POST":
        steps = steps.select_for_update(of=["self"])
    step = get_object_or_404(steps, pk=step_pk)
    step.owner = partnership.seats_by_key.get(step.owner_id, step.owner)
    return step


def back_to(request, step):
    """Return to where the step was ticked, at the step."""
    page = local_url(request, request.POST.get("next", ""), step.get_absolute_url())
    return redirect(f"{page}#{step.anchor}")


@require_safe
def steps(request, pk):
    """What is to be done, and what was; `print` asks for all of it on one page."""
    partnership = get_partnership(request, pk)
    asked = request.GET.get("whose")
    whose = Whose(asked) if asked in Whose else Whose.EVERYBODYS
    found = partnership.steps.with_reasons().listed()
    if whose == Whose.MINE:
        found = found.filter(owner__in=partnership.seats_of(request.user))
    to_print = "print" in request.GET
    page = Paginator(found, 10_000 if to_print else PAGE).get_page(request.GET.get("page"))
    shown = partnership.with_people(page.object_list)
    context = TAB | {
        "partnership": partnership,
        "page": page,
        "groups": [
            (state, found)
            for state in StepState
            if (found := [step for step in shown if step.state == state])
        ],
        "whose": whose,
        "whoses": Whose,
        "may_work": partnership.can_be_worked_in_by(request.user),
    }
    if to_print:
        return render(request, "partnerships/steps/print.html", context)
    return render_part(request, "partnerships/steps/steps.html", "steps", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def add_step(request, pk):
    """Add one; the address may say what, the goal or activity, and the entry of the log it follows from."""
    partnership = get_partnership(request, pk, work=True)
    entry = chosen(partnership.log, request.GET.get("entry"))
    initial = {name: request.GET.get(name, "")[:300] for name in ("what", "goal", "activity")}
    step = Step(partnership=partnership, follows_from=entry)
    form = StepForm(request.POST or None, instance=step, initial=initial)
    if request.method == "POST" and form.is_valid():
        step = form.save(by=request.user)
        messages.success(request, _("The step is added."))
        return redirect(f"{entry.get_absolute_url()}#follows" if entry else step)
    context = TAB | {"partnership": partnership, "form": form, "entry": entry}
    return render(request, "partnerships/steps/add.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def step(request, pk, step_pk):
    """The details of a step; for those who work here, a form."""
    step = get_step(request, pk, step_pk, work=request.method == "POST")
    may_work = step.partnership.can_be_worked_in_by(request.user)
    form = StepForm(request.POST or None, instance=step) if may_work else None
    if request.method == "POST" and form.is_valid():
        form.save(by=request.user)
        messages.success(request, _("The step is saved."))
        return redirect(step)
    context = TAB | {
        "partnership": step.partnership,
        "step": get_step(request, pk, step_pk) if form and form.errors else step,
        "form": form,
    }
    return render(request, "partnerships/steps/step.html", context)


@require_POST
@transaction.atomic
def tick_step(request, pk, step_pk):
    step = get_step(request, pk, step_pk, work=True)
    if not step.is_done:  # a second click changes nothing
        step.tick(by=request.user)
    return back_to(request, step)


@require_POST
@transaction.atomic
def reopen_step(request, pk, step_pk):
    """Take a tick back, or take up again what was dropped."""
    step = get_step(request, pk, step_pk, work=True)
    if not step.is_open:
        step.reopen(by=request.user)
    return back_to(request, step)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def drop_step(request, pk, step_pk):
    step = get_step(request, pk, step_pk, work=True)
    form = DropForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if not step.is_dropped:
            step.drop(form.cleaned_data["reason"], by=request.user)
        messages.success(request, _("The step is dropped. You can open it again."))
        return redirect("partnerships:steps", pk)
    context = TAB | {"partnership": step.partnership, "step": step, "form": form}
    return render(request, "partnerships/steps/drop.html", context)
