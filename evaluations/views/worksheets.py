"""Worksheets: the school side's own planning notes, saved as typed."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from evaluations.models import QuestionSet, SetKind
from evaluations.worksheets import Worksheet
from partnerships.access import get_partnership


def get_worksheet(request, pk, key, *, work=False):
    """Return a partnership and one of its worksheets; to the other side they do not exist."""
    partnership = get_partnership(request, pk, work=work)
    if not partnership.school_side_is_open_to(request.user):
        raise Http404
    if work and not partnership.school_side_may_be_written_by(request.user):
        raise PermissionDenied
    sets = QuestionSet.objects.for_district(partnership.district_id).with_questions()
    question_set = get_object_or_404(sets, key=key, kind=SetKind.WORKSHEET)
    return partnership, Worksheet(question_set, partnership, request.POST or None)


def worksheet_context(request, partnership, sheet):
    return {
        "partnership": partnership,
        "worksheet": sheet,
        "may_write": partnership.school_side_may_be_written_by(request.user),
        "tab": "guide",
    }


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def worksheet(request, pk, key):
    partnership, sheet = get_worksheet(request, pk, key, work=request.method == "POST")
    if request.method == "POST" and sheet.save(by=request.user):
        messages.success(request, _("Your answers are saved."))
        return redirect("evaluations:worksheet", pk, key)
    context = worksheet_context(request, partnership, sheet)
    return render(request, "evaluations/worksheet.html", context)


@require_POST
@transaction.atomic
def save_answer(request, pk, key, question_pk):
    """Save one answer as it is typed, and say so; htmx puts the answer beside the box."""
    partnership, sheet = get_worksheet(request, pk, key, work=True)
    question = next((one for one in sheet.questions if one.pk == question_pk), None)
    if question is None:
        raise Http404
    form = sheet.form_for(question)
    if form.is_valid():
        form.save(sheet.party, by=request.user)
    context = {"form": form, "partnership": partnership, "worksheet": sheet, "may_write": True}
    return render(request, "evaluations/_saved.html", context)


@require_safe
def print_worksheet(request, pk, key):
    partnership, sheet = get_worksheet(request, pk, key)
    context = worksheet_context(request, partnership, sheet)
    return render(request, "evaluations/print.html", context)
