"""People: at a school or a partner, and at the table of a partnership."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Prefetch, prefetch_related_objects
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.once import once
from partnerships.access import get_current_seat, get_partnership
from partnerships.forms.people import LeaveForm, PersonForm, RolesForm, SeatForm
from partnerships.models import Partner, Partnership, Person, School, Thanks
from partnerships.waiting import Kind, News


def get_person(request, pk, *, manage=False):
    visible = Person.objects.visible_to(request.user).select_related(
        "school__district", "partner__district"
    )
    person = get_object_or_404(visible, pk=pk)
    person.organization.district.keep_time()
    if manage and not person.can_be_managed_by(request.user):
        raise PermissionDenied
    return person


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def person(request, pk):
    """A person's page; for those who may change it, a form."""
    person = get_person(request, pk, manage=request.method == "POST")
    may_manage = person.can_be_managed_by(request.user)
    form = PersonForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect(person)
    visible = Partnership.objects.visible_to(request.user).with_parties()
    thanks = Thanks.objects.open_to(request.user).filter(seat__person=person).listed()
    context = {
        "person": get_person(request, pk),  # as saved: the form may hold what was refused
        "thanks": thanks.prefetch_related(Prefetch("partnership", visible)),
        "form": form if may_manage else None,
        "partnerships": visible.filter(parties__seats__person=person).distinct(),
    }
    return render(request, "partnerships/person.html", context)


@once
def add_person_to(request, organization):
    if not organization.can_be_managed_by(request.user):
        raise PermissionDenied
    form = PersonForm(
        request.POST or None, instance=Person(**{organization._meta.model_name: organization})
    )
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("The person is added."))
        return redirect(organization)
    context = {"form": form, "organization": organization}
    return render(request, "partnerships/person_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def add_school_person(request, pk):
    return add_person_to(request, get_object_or_404(School.objects.visible_to(request.user), pk=pk))


@require_http_methods(["GET", "HEAD", "POST"])
def add_partner_person(request, pk):
    return add_person_to(
        request, get_object_or_404(Partner.objects.visible_to(request.user), pk=pk)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@once
def leave(request, pk):
    """Note that a person leaves their school or partner, and who takes over."""
    person = get_person(request, pk, manage=True)
    if person.left_on:
        messages.info(request, _("It is noted already that this person leaves."))
        return redirect(person)
    visible = Partnership.objects.visible_to(request.user).filter(parties__seats__person=person)
    shown = set(visible.values_list("pk", flat=True))
    seats = [seat for seat in person.seats_to_hand_over if seat.party.partnership_id in shown]
    form = LeaveForm(request.POST or None, seats=seats, colleagues=person.colleagues)
    if request.method == "POST" and form.is_valid():
        successors = form.successors()
        say_who_takes_over(request, seats, successors)
        person.leave(form.cleaned_data["left_on"], successors=successors, by=request.user)
        return redirect(person)
    context = {
        "form": form,
        "person": person,
        "seats": seats,
        "with_handover": [seat for seat in seats if may_write_handover(request.user, seat)],
    }
    return render(request, "partnerships/leave.html", context)


def say_who_takes_over(request, seats, successors):
    """Say where nobody does, before anything is handed over."""
    if any(seat.belongings and seat not in successors for seat in seats):
        text = _("Noted. Where nobody takes over, what was open has no owner now.")
        messages.warning(request, text)
    else:
        messages.success(request, _("Noted. What was open is handed over."))


def may_write_handover(user, seat) -> bool:
    """Whoever speaks for their side, or writes for a side without a login."""
    party = seat.party
    return party in party.partnership.parties_of(user) or party.may_be_spoken_for_by(user)


@require_POST
def come_back(request, pk):
    person = get_person(request, pk, manage=True)
    person.come_back()
    messages.success(request, _("Noted. Give them a seat again where you want them back."))
    return redirect(person)


@require_safe
def team(request, pk):
    """Who is at the table, party by party, and how far they have been reached."""
    partnership = get_partnership(request, pk)
    may_change = partnership.managed_by_reader and not partnership.has_ended
    if may_change:
        prefetch_related_objects(partnership.current_seats, "invitations")
        news = News(partnership)
        for seat in partnership.current_seats:
            seat.undelivered = news.of(Kind.MAIL, seat)
    context = {
        "partnership": partnership,
        "tab": "people",
        "place": "team",
        "may_change": may_change,
        "may_read_thanks": partnership.is_of(request.user),
        "open_to": partnership.handovers_open_to(request.user),
    }
    return render(request, "partnerships/team.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def add_seat(request, pk, party_pk):
    partnership = get_partnership(request, pk, manage=True)
    party = get_object_or_404(partnership.parties, pk=party_pk)
    form = SeatForm(request.POST or None, party=party)
    if request.method == "POST" and form.is_valid():
        form.save(by=request.user)
        messages.success(request, _("They are on the team now."))
        return redirect("partnerships:team", pk)
    context = {"partnership": partnership, "party": party, "form": form, "tab": "people"}
    return render(request, "partnerships/seat_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def edit_seat(request, pk, seat_pk):
    """Change the roles of a person at the table."""
    partnership = get_partnership(request, pk, manage=True)
    seat = get_current_seat(partnership, seat_pk)
    form = RolesForm(request.POST or None, seat=seat)
    if request.method == "POST" and form.is_valid():
        seat.change_roles(form.cleaned_data["roles"], by=request.user)
        messages.success(request, _("The roles are saved."))
        return redirect("partnerships:team", pk)
    context = {"partnership": partnership, "seat": seat, "form": form, "tab": "people"}
    return render(request, "partnerships/roles_form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def leave_seat(request, pk, seat_pk):
    """Note that a person leaves this partnership, but not their school or partner."""
    partnership = get_partnership(request, pk, manage=True)
    seat = get_current_seat(partnership, seat_pk)
    if seat.is_leaving:
        messages.info(request, _("It is noted already that this person leaves."))
        return redirect("partnerships:team", pk)
    may_write = may_write_handover(request.user, seat)
    form = LeaveForm(request.POST or None, seats=[seat], colleagues=seat.person.colleagues)
    if request.method == "POST" and form.is_valid():
        successors = form.successors()
        say_who_takes_over(request, [seat], successors)
        seat.vacate(form.cleaned_data["left_on"], successor=successors.get(seat), by=request.user)
        if may_write:
            return redirect("partnerships:handover", pk, seat.pk)
        return redirect("partnerships:team", pk)
    context = {"partnership": partnership, "person": seat.person, "form": form, "tab": "people"}
    context |= {"seats": [seat], "with_handover": [seat] if may_write else []}
    return render(request, "partnerships/leave_seat.html", context)
