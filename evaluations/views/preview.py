"""How a question set will look to the people who are asked it."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from evaluations.models import QuestionSet


@require_safe
def preview_set(request, pk):
    """For those who may read it in the admin; nothing can be entered."""
    if not request.user.is_staff:
        raise Http404
    sets = QuestionSet.objects.visible_to(request.user).with_questions()
    question_set = get_object_or_404(sets, pk=pk)
    context = {
        "set": question_set,
        "questions": [
            (number, one)
            for number, asked in enumerate(question_set.asked, 1)
            for one in (asked, *asked.asked_parts)
        ],
    }
    return render(request, "evaluations/preview_set.html", context)
