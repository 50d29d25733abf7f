"""The contact log: when the sides were in contact, what was said, and what follows from it."""

from django.contrib import messages
from django.db import transaction
from django.db.models import Prefetch
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.once import once
from accounts.templatetags.words import short_day
from partnerships.access import get_partnership
from partnerships.filters import UNSETTLED, LogFilter
from partnerships.forms.log import ContactRhythmForm, LogEntryForm, SettleForm
from partnerships.forms.steps import FollowUpForm
from partnerships.htmx import render_part
from partnerships.models import LogEntry, Seat, Step
from partnerships.paging import page_of
from partnerships.vocabulary import ContactKind

PAGE = 25
TAB = {"tab": "record", "place": "log"}
PEOPLE = Prefetch(
    "people", Seat.objects.select_related("person", "party__school", "party__partner")
)


def get_entry(request, pk, entry_pk, *, work=False) -> LogEntry:
    """Return an entry of the log; who changes it holds its row."""
    partnership = get_partnership(request, pk, work=work)
    entries = partnership.log.select_related("by").prefetch_related(PEOPLE)
    if request.method == "POST":
        entries = entries.select_for_update(of=["self"])
    return get_object_or_404(entries, pk=entry_pk)


@require_safe
def log(request, pk):
    """The newest first, narrowed as the address says; `print` asks for all of it on one page."""
    partnership = get_partnership(request, pk)
    to_print = "print" in request.GET
    entries = partnership.log.select_related("by").prefetch_related(PEOPLE)
    filter = LogFilter(request.GET, entries)  # noqa: A001  # as django-filter calls it
    page = page_of(filter.qs, request.GET.get("page", ""), 10_000 if to_print else PAGE)
    for entry in page.object_list:
        entry.partnership = partnership
    context = TAB | {
        "partnership": partnership,
        "filter": filter,
        "here": request.path,
        "page": page,
        "unsettled": UNSETTLED,
        "unsettled_count": partnership.log.unsettled().count(),
        "may_work": partnership.can_be_worked_in_by(request.user),
    }
    if to_print:
        return render(request, "partnerships/log/print.html", context)
    return render_part(request, "partnerships/log/log.html", "results", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def add_log_entry(request, pk):
    partnership = get_partnership(request, pk, work=True)
    initial = {
        "kind": request.GET.get("kind", ""),
        "on": partnership.district.today(),
        "people": [seat.pk for seat in partnership.seats_of(request.user)],
    }
    entry = LogEntry(partnership=partnership)
    form = LogEntryForm(request.POST or None, instance=entry, initial=initial)
    if request.method == "POST" and form.is_valid():
        entry = form.save(by=request.user)
        messages.success(request, _("It is in the log. Note what follows from it, if anything."))
        return redirect(entry)
    context = TAB | {"partnership": partnership, "form": form}
    return render(request, "partnerships/log/add.html", context | on_disagreements(form))


def on_disagreements(form) -> dict:
    """What was agreed on disagreements, and whether the form is about one."""
    return {
        "on_disagreements": form.partnership.on_disagreements,
        "is_disagreement": form["kind"].value() == ContactKind.DISAGREEMENT,
    }


@require_safe
def log_entry(request, pk, entry_pk):
    """What was said, how it was settled, and the steps that follow from it."""
    entry = get_entry(request, pk, entry_pk)
    partnership = entry.partnership
    steps = partnership.with_people(entry.steps.with_reasons().listed())
    may_work = partnership.can_be_worked_in_by(request.user)
    context = TAB | {
        "partnership": partnership,
        "entry": entry,
        "steps": steps,
        "may_work": may_work,
        "form": follow_up(request, entry, steps) if may_work else None,
        "on_disagreements": partnership.on_disagreements if entry.is_disagreement else "",
    }
    return render(request, "partnerships/log/entry.html", context)


def follow_up(request, entry, steps) -> FollowUpForm:
    """The form for the next step; for the first one, what there is to do is filled in where one can tell."""
    what = ""
    if not steps and entry.kind == ContactKind.DECISION:
        what = entry.said.partition("\n")[0][:300]
    elif not steps and entry.is_unsettled:
        what = _("Settle the disagreement of %(day)s") % {"day": short_day(entry.on)}
    mine = entry.partnership.seats_of(request.user)
    return FollowUpForm(
        instance=Step(partnership=entry.partnership, follows_from=entry),
        initial={"what": what, "owner": mine[0].pk if mine else None},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def edit_log_entry(request, pk, entry_pk):
    entry = get_entry(request, pk, entry_pk, work=True)
    form = LogEntryForm(request.POST or None, instance=entry)
    if request.method == "POST" and form.is_valid():
        form.save(by=request.user)
        messages.success(request, _("The entry is saved."))
        return redirect(entry)
    context = TAB | {"partnership": entry.partnership, "entry": entry, "form": form}
    return render(request, "partnerships/log/edit.html", context | on_disagreements(form))


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def settle_disagreement(request, pk, entry_pk):
    """Note how and when a disagreement was settled, or correct that."""
    entry = get_entry(request, pk, entry_pk, work=True)
    if not entry.is_disagreement:
        raise Http404
    initial = {} if entry.settled else {"settled_on": entry.partnership.district.today()}
    form = SettleForm(request.POST or None, instance=entry, initial=initial)
    if request.method == "POST" and form.is_valid():
        form.save(by=request.user)
        messages.success(request, _("Noted. All sides can read how it was settled."))
        return redirect(entry)
    context = TAB | {
        "partnership": entry.partnership,
        "entry": entry,
        "form": form,
        "on_disagreements": entry.partnership.on_disagreements,
    }
    return render(request, "partnerships/log/settle.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def contact_rhythm(request, pk):
    """How often the sides have agreed to be in contact."""
    partnership = get_partnership(request, pk, work=True)
    form = ContactRhythmForm(request.POST or None, instance=partnership)
    if request.method == "POST" and form.is_valid():
        form.save(by=request.user)
        messages.success(request, _("How often you are in contact is noted."))
        return redirect("partnerships:log", pk)
    context = TAB | {"partnership": partnership, "form": form}
    return render(request, "partnerships/log/rhythm.html", context)
