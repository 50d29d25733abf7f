from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from partnerships.models import Partnership, School


@require_safe
def school_list(request):
    schools = School.objects.visible_to(request.user)
    if not schools.exists():
        raise Http404
    districts = request.user.districts.all() if request.user.is_staff else ()
    context = {"schools": schools, "districts": districts}
    return render(request, "partnerships/school_list.html", context)


@require_safe
def school(request, pk):
    school = get_object_or_404(
        School.objects.visible_to(request.user).select_related("district"), pk=pk
    )
    school.district.keep_time()
    visible = Partnership.objects.visible_to(request.user).with_parties()
    context = {
        "school": school,
        "people": school.people.all(),
        "coordinators": school.coordinators.order_by("name"),
        "partnerships": visible.filter(parties__school=school)[:100],
        "may_manage": school.can_be_managed_by(request.user),
    }
    return render(request, "partnerships/school.html", context)
