from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from evaluations.models import QuestionSet
from partnerships.access import get_partnership

KEY = "talk-levels"


@require_safe
def talk_levels(request, pk):
    """Three questions for sides that want different levels of relationship."""
    partnership = get_partnership(request, pk)
    sets = QuestionSet.objects.for_district(partnership.district_id).with_questions()
    context = {
        "partnership": partnership,
        "set": get_object_or_404(sets, key=KEY),
        "may_add": partnership.can_be_worked_in_by(request.user),
        "tab": "guide",
    }
    return render(request, "evaluations/talk.html", context)
