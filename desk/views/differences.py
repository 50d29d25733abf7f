"""A difference between what the sides say becomes an item of the checklist."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.once import once
from desk.forms import QuestionItemForm
from evaluations.views.joint import get_question


@require_http_methods(["GET", "HEAD", "POST"])
@once
def question_to_item(request, pk, key, question_pk):
    """Make one from a question, in one step; it leads back to the question."""
    sheet, one = get_question(request, pk, key, question_pk, work=True)
    if not sheet.my_parties or not one.is_lifted:
        raise PermissionDenied
    partnership = sheet.partnership
    question = reverse("evaluations:joint_question", args=[pk, key, question_pk])
    wording = _("Find one answer to: %(question)s") % {"question": one.question.text}
    form = QuestionItemForm(
        request.POST or None, partnership=partnership, initial={"wording": wording[:300]}
    )
    if request.method == "POST" and form.is_valid():
        item = form.save(by=request.user, stage=partnership.stage, origin=question)
        messages.success(request, _("It is on the checklist now."))
        return redirect(item)
    context = {"partnership": partnership, "sheet": sheet, "one": one, "form": form}
    return render(request, "desk/question_to_item.html", context | {"tab": "questions"})
