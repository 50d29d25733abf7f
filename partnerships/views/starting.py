"""Start a partnership: one question after another, kept as one goes, then “Check your answers”."""

from datetime import date

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.forms import ChoiceField, ModelChoiceField
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.once import once
from partnerships.forms import basics
from partnerships.forms.partners import PartnerForm
from partnerships.models import Partner, Partnership, PartnershipDraft, School

STEPS = {
    "school": basics.SchoolStep,
    "partner": basics.PartnerStep,
    "purpose": basics.PurposeStep,
    "engagements": basics.EngagementsStep,
    "levels": basics.LevelsStep,
    "dates": basics.DatesStep,
}


def schools_for(request):
    """Return the schools for which the user may start a partnership; 403 if there are none."""
    schools = School.objects.managed_by(request.user)
    if not schools.exists():
        raise PermissionDenied
    return schools


def get_draft(request, pk, **conditions):
    schools_for(request)
    return get_object_or_404(request.user.partnership_drafts, pk=pk, **conditions)


def step_form(request, draft, step, data=None):
    return STEPS[step](data, user=request.user, draft=draft, initial=draft.answers)


def neighbours(step):
    steps = list(STEPS)
    place = steps.index(step)
    before = steps[place - 1] if place else None
    after = steps[place + 1] if place + 1 < len(steps) else None
    return before, after


@require_http_methods(["GET", "HEAD", "POST"])
@once
def start(request):
    schools = schools_for(request)
    schools[0].district.keep_time()
    if request.method == "POST":
        draft = request.user.partnership_drafts.create()
        if len(schools) == 1:
            draft.answers = {"school": schools[0].pk}
            draft.save()
        return redirect("partnerships:draft", draft.pk)
    drafts = request.user.partnership_drafts.filter(partnership=None)
    chosen = {draft.answers.get("partner") for draft in drafts}
    partners = Partner.objects.visible_to(request.user).in_bulk(chosen - {None})
    drafts = [
        {"draft": draft, "partner": partners.get(draft.answers.get("partner"))} for draft in drafts
    ]
    return render(request, "partnerships/start/start.html", {"drafts": drafts})


@require_http_methods(["GET", "HEAD"])
def draft(request, pk):
    """Go on where one left off: at the first question not answered yet."""
    draft = get_draft(request, pk)
    if draft.partnership:
        return redirect(draft.partnership)
    for step in STEPS:
        if step not in draft.answers.get("seen", []) and not (
            step == "school" and "school" in draft.answers
        ):
            return redirect("partnerships:draft_step", pk, step)
    return redirect("partnerships:draft_check", pk)


def is_left_open(form) -> bool:
    """Whether nothing is wrong with a form but that an answer is still to come."""
    faults = [fault for field in form.errors.as_data().values() for fault in field]
    return all(fault.code == "required" for fault in faults)


@require_http_methods(["GET", "HEAD", "POST"])
def draft_step(request, pk, step):
    if step not in STEPS:
        raise Http404
    draft = get_draft(request, pk, partnership=None)
    before, after = neighbours(step)
    form = step_form(request, draft, step, request.POST or None)
    if request.method == "POST" and form.is_valid():
        draft.keep(step, form.cleaned_data)
        if "later" in request.POST:
            messages.success(request, _("Kept. Go on whenever you like."))
            return redirect("partnerships:start")
        if after is None or "check" in request.GET:
            return redirect("partnerships:draft_check", pk)
        return redirect("partnerships:draft_step", pk, after)
    if "later" in request.POST and is_left_open(form):
        return redirect("partnerships:start")
    context = {
        "draft": draft,
        "form": form,
        "step": step,
        "before": before,
        "number": list(STEPS).index(step) + 1,
        "steps": len(STEPS),
    }
    return render(request, "partnerships/start/step.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def draft_new_partner(request, pk):
    """Add the partner on the way, and go on."""
    draft = get_draft(request, pk, partnership=None)
    school = get_object_or_404(schools_for(request), pk=draft.answers.get("school"))
    here = Partner.objects.visible_to(request.user).filter(district=school.district_id)
    form = PartnerForm(
        request.POST or None, instance=Partner(district=school.district), partners=here
    )
    if request.method == "POST" and form.is_valid():
        draft.keep("partner", {"partner": form.save()})
        return redirect("partnerships:draft_step", pk, "purpose")
    return render(request, "partnerships/start/new_partner.html", {"form": form, "draft": draft})


@require_http_methods(["GET", "HEAD", "POST"])
def draft_check(request, pk):
    """“Check your answers”; then the partnership starts, once."""
    draft = get_draft(request, pk)
    if draft.partnership:
        return redirect(draft.partnership)
    forms = {step: step_form(request, draft, step, draft.answers) for step in STEPS}
    for step, form in forms.items():
        if not form.is_valid():
            messages.info(request, _("This question still needs an answer."))
            return redirect("partnerships:draft_step", pk, step)
    if request.method == "POST":
        partnership = start_from(draft, forms, by=request.user)
        messages.success(request, _("The partnership is started. This is its guide."))
        return redirect(partnership)
    answers = [
        {
            "label": bound.label,
            **shown(bound.field, form.cleaned_data[bound.name]),
            "url": reverse("partnerships:draft_step", args=[pk, step]) + "?check",
        }
        for step, form in forms.items()
        for bound in form
    ]
    return render(request, "partnerships/start/check.html", {"draft": draft, "answers": answers})


@require_http_methods(["GET", "HEAD", "POST"])
@once
def throw_away(request, pk):
    """Ask once, then forget what was begun by mistake; what has become a partnership stays."""
    draft = get_draft(request, pk, partnership=None)
    if request.method == "POST":
        # Asked again of the rows, since it may be starting in another window.
        request.user.partnership_drafts.filter(pk=pk, partnership=None).delete()
        messages.success(request, _("The draft is thrown away."))
        return redirect("partnerships:start")
    partners = Partner.objects.visible_to(request.user)
    partner = partners.filter(pk=draft.answers.get("partner")).first()
    context = {"draft": draft, "partner": partner}
    return render(request, "partnerships/start/throw_away.html", context)


@transaction.atomic
def start_from(draft, forms, *, by) -> Partnership:
    locked = get_object_or_404(PartnershipDraft.objects.select_for_update(), pk=draft.pk)
    if locked.partnership:  # a second click
        return locked.partnership
    answers = {name: value for form in forms.values() for name, value in form.cleaned_data.items()}
    locked.partnership = Partnership.objects.start(by=by, **answers)
    locked.save()
    return locked.partnership


def shown(field, value) -> dict:
    """Return an answer as “Check your answers” shows it."""
    if isinstance(value, list):
        return {"several": [dict(field.choices)[one] for one in value]}
    if isinstance(value, date):
        return {"date": value}
    if isinstance(field, ModelChoiceField):
        return {"text": str(value)}
    if isinstance(field, ChoiceField):
        return {"choice": dict(field.choices)[value]}
    return {"text": value}
