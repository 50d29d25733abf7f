"""What a debrief says, once it has closed, and what the sides say to it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.once import once
from evaluations.access import get_debrief
from evaluations.dumbbell import Dumbbell
from evaluations.forms import CommentForm, NotesForm, SpokenCommentForm
from evaluations.models import (
    Comment,
    Debrief,
    DebriefRefused,
    MovedOn,
    Notes,
    ResultStep,
)
from evaluations.result_page import (
    Page,
    all_notes,
    assent_of,
    last_notes,
    speaking_for,
    with_differences,
)
from evaluations.results import Results, Row
from partnerships.forms.spoken import SpokenForm
from partnerships.models import Party

TAB = {"tab": "back", "place": "debriefs"}


def get_results(request, pk, number, *, talk=False) -> Results:
    """Return the results of a debrief that has closed, else 403; to `talk`, one must speak for a side."""
    debrief = get_debrief(request, pk, number)
    if not debrief.is_closed:
        raise PermissionDenied(
            _("This debrief is open. What was said is shown when it has closed.")
        )
    if talk and not debrief.may_be_discussed_by(request.user):
        raise PermissionDenied
    return Results(debrief, debrief.before)


def get_row(request, pk, number, key, **access) -> tuple[Results, Row]:
    results = get_results(request, pk, number, **access)
    for row in results.in_order:
        if row.key == key:
            return results, row
    raise Http404


def get_party(request, partnership, party_pk) -> tuple[Party, bool]:
    """Return a party for which the reader may speak, and whether it is their own; else 403."""
    mine = partnership.parties_of(request.user)
    for party in partnership.parties.all():
        party.partnership = partnership
        if party.pk != party_pk:
            continue
        if party in mine:
            return party, True
        if party.may_be_spoken_for_by(request.user):
            return party, False
        raise PermissionDenied
    raise Http404


def context_of(request, results: Results) -> dict:
    page = Page(results, request.user)
    return TAB | {
        "partnership": page.partnership,
        "debrief": page.debrief,
        "results": results,
        "page": page,
        "rows": page.rows(),
        "notes": last_notes(page.debrief),
    }


def results(request, debrief):
    """The page of a debrief that has closed."""
    context = context_of(request, Results(debrief, debrief.before))
    return render(request, "evaluations/debriefs/results.html", context)


@require_safe
def print_debrief(request, pk, number):
    """The results for paper."""
    context = context_of(request, get_results(request, pk, number))
    return render(request, "evaluations/debriefs/print.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def comment_result(request, pk, number, key, party_pk):
    """Say something to a result, for one side."""
    results, row = get_row(request, pk, number, key, talk=True)
    debrief = results.debrief
    party, is_mine = get_party(request, debrief.partnership, party_pk)
    kind = CommentForm if is_mine else SpokenCommentForm
    form = kind(request.POST or None, initial={"speaker": party.usual_speaker})
    if request.method == "POST" and form.is_valid():
        try:
            Comment.say(debrief, key, party, by=request.user, **form.cleaned_data)
        except DebriefRefused as refusal:
            form.add_error("text", str(refusal))
        else:
            messages.success(request, _("It stands beside the result now."))
            return redirect(f"{debrief.get_absolute_url()}#{key}")
    context = TAB | {
        "partnership": debrief.partnership,
        "debrief": debrief,
        "row": row,
        "plot": Dumbbell(row),
        "comments": debrief.comments.filter(question_key=key).select_related(
            "by", "party__school", "party__partner"
        ),
        "party": party,
        "is_mine": is_mine,
        "form": form,
    }
    return render(request, "evaluations/debriefs/comment.html", context)


@require_POST
@once
def step_from_result(request, pk, number, key):
    """Make a result something to do; a second time, lead to the step that is there."""
    results, _row = get_row(request, pk, number, key)
    debrief = results.debrief
    if not debrief.partnership.can_be_worked_in_by(request.user):
        raise PermissionDenied
    made, is_new = ResultStep.make(debrief, key, by=request.user)
    if is_new:
        messages.success(request, _("It is a step now. Say who does it, and by when."))
    else:
        messages.info(request, _("This result is a step already."))
    return redirect(made.step)


def show_notes(request, debrief: Debrief, form: NotesForm | None = None):
    partnership, found = debrief.partnership, all_notes(debrief)
    latest = found[-1] if found else None
    texts = with_differences(found)
    may_discuss = debrief.may_be_discussed_by(request.user)
    mine = partnership.parties_of(request.user) if may_discuss else []
    context = TAB | {
        "partnership": partnership,
        "debrief": debrief,
        "notes": latest,
        "earlier": texts[1:],
        "difference": texts[0][1] if len(found) > 1 else None,
        "voices": [
            {
                "party": party,
                "assent": assent_of(party, latest),
                "agreed_before": any(party.pk in one.assenting for one in found[:-1]),
                "may_be_entered": party not in mine
                and party in speaking_for(partnership, request.user),
            }
            for party in partnership.parties.all()
        ],
        "mine": mine,
        "may_discuss": may_discuss,
        "form": form or NotesForm(notes=latest),
    }
    return render(request, "evaluations/debriefs/notes.html", context)


@require_safe
def debrief_notes(request, pk, number):
    """Notes of the conversation: what they say now, who agrees to that, and what they said before."""
    return show_notes(request, get_results(request, pk, number).debrief)


@require_POST
@once
def write_notes(request, pk, number, party_pk):
    """Propose notes for one's own side, or agree to those that are proposed."""
    debrief = get_results(request, pk, number, talk=True).debrief
    party, is_mine = get_party(request, debrief.partnership, party_pk)
    if not is_mine:
        raise PermissionDenied
    form = NotesForm(request.POST, notes=None)
    if form.is_valid():
        try:
            proposed(request, debrief, party, form.cleaned_data)
        except MovedOn as moved:
            form.show(moved.latest)
        else:
            return redirect("evaluations:debrief_notes", pk, number)
    return show_notes(request, debrief, form)


def proposed(request, debrief, party, data):
    notes = Notes.propose(debrief, party, data["text"], by=request.user, seen=data["seen"] or 0)
    notes.debrief = debrief
    if request.POST.get("act") == "agree":
        notes.assent(party, by=request.user)
        messages.success(request, _("You agree to these notes."))
    else:
        messages.success(request, _("The notes are proposed."))


@require_http_methods(["GET", "HEAD", "POST"])
@once
def notes_said(request, pk, number, party_pk):
    """Enter that a side without a login has agreed to the notes on paper or by phone."""
    debrief = get_results(request, pk, number, talk=True).debrief
    party, is_mine = get_party(request, debrief.partnership, party_pk)
    notes = last_notes(debrief)
    if is_mine:
        raise PermissionDenied
    if notes is None:
        raise PermissionDenied(_("There are no notes to agree to yet."))
    form = SpokenForm(request.POST or None, initial={"speaker": party.usual_speaker})
    if request.method == "POST" and form.is_valid():
        try:
            notes.assent(party, by=request.user, **form.cleaned_data)
        except MovedOn:
            messages.warning(request, _("Other notes have been proposed meanwhile."))
        else:
            messages.success(request, _("It is noted, with who said it and that you entered it."))
        return redirect(reverse("evaluations:debrief_notes", args=[pk, number]))
    context = TAB | {
        "partnership": debrief.partnership,
        "debrief": debrief,
        "notes": notes,
        "party": party,
        "form": form,
    }
    return render(request, "evaluations/debriefs/notes_said.html", context)
