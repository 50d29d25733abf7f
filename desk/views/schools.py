from django.db.models import prefetch_related_objects
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from desk.waiting import waiting_in
from partnerships.models import School
from partnerships.models.parties import party_names
from partnerships.waiting import Scope


@require_safe
def waiting(request, pk):
    """What a school is waited for, in all of its partnerships: for its coordinators and its district."""
    visible = School.objects.visible_to(request.user).select_related("district")
    school = get_object_or_404(visible, pk=pk)
    school.district.keep_time()
    found, there_is_more = waiting_in(Scope.of_school(school))
    prefetch_related_objects([one.partnership for one in found], party_names())
    context = {"school": school, "waiting": found, "there_is_more": there_is_more}
    return render(request, "desk/school_waiting.html", context)
