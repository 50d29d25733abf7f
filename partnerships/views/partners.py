from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count, Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.once import once
from partnerships.filters import PartnerFilter
from partnerships.forms.partners import PartnerForm
from partnerships.htmx import render_part
from partnerships.models import District, Partner, Partnership, School
from partnerships.stages import Status

PAGE = 25


def partners_for(request):
    """Return the partners that the user may see; to those who may see none, the pages do not exist."""
    if not request.user.is_superuser:
        get_object_or_404(District.objects.visible_to(request.user)[:1])
    return Partner.objects.visible_to(request.user)


def get_partner(request, pk, *, manage=False):
    visible = Partner.objects.visible_to(request.user).select_related("district")
    partner = get_object_or_404(visible, pk=pk)
    partner.district.keep_time()
    if manage and not partner.can_be_managed_by(request.user):
        raise PermissionDenied
    return partner


@require_safe
def partner_list(request):
    mine = Partnership.objects.visible_to(request.user).exclude(status=Status.ENDED)
    at_the_table = Q(parties__left_on=None, parties__partnership__in=mine.order_by().values("pk"))
    running = Count("parties", filter=at_the_table)
    partners = partners_for(request).annotate(running=running).order_by("folded", "pk")
    narrowed = PartnerFilter(request.GET, partners, user=request.user)
    page = Paginator(narrowed.qs, PAGE).get_page(request.GET.get("page"))
    context = {
        "filter": narrowed,
        "page": page,
        "may_add": School.objects.managed_by(request.user).exists(),
    }
    return render_part(request, "partnerships/partner_list.html", "results", context)


@require_safe
def partner(request, pk):
    partner = get_partner(request, pk)
    visible = Partnership.objects.visible_to(request.user).with_parties()
    context = {
        "partner": partner,
        "people": partner.people.all(),
        "partnerships": visible.filter(parties__partner=partner),
        "may_manage": partner.can_be_managed_by(request.user),
        "changes": partner.history.select_related("history_user")[:20],
    }
    return render(request, "partnerships/partner.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def add_partner(request):
    school = School.objects.managed_by(request.user).select_related("district").first()
    if school is None:
        partners_for(request)
        raise PermissionDenied
    new = Partner(district=school.district)
    here = Partner.objects.visible_to(request.user).filter(district=school.district)
    form = PartnerForm(request.POST or None, instance=new, partners=here)
    if request.method == "POST" and form.is_valid():
        partner = form.save()
        messages.success(request, _("The partner is added."))
        return redirect(partner)
    return render(request, "partnerships/partner_form.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def edit_partner(request, pk):
    partner = get_partner(request, pk, manage=True)
    others = Partner.objects.visible_to(request.user).filter(district=partner.district)
    form = PartnerForm(request.POST or None, instance=partner, partners=others)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The partner is saved."))
        return redirect(partner)
    return render(request, "partnerships/partner_form.html", {"form": form, "partner": partner})
