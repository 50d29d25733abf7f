"""Moves of every kind, each confirmed on a page that says what is open and what will happen."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.access import get_partnership
from partnerships.forms.moves import EndForm, MoveForm, RecommitForm, told
from partnerships.models.cycles import CycleNote
from partnerships.models.partnership import MovedMeanwhile, MoveRefused
from partnerships.stages import RECOMMIT_TO, STATUS_MOVES, MoveKind, Stage

STATUS_PAGES = {"pause": MoveKind.PAUSE, "resume": MoveKind.RESUME, "reopen": MoveKind.REOPEN}


@require_safe
def choose_stage(request, pk):
    """All stages, to go to one that is not simply the next."""
    partnership = get_partnership(request, pk, manage=True)
    here = partnership.at_stage
    context = {
        "partnership": partnership,
        "earlier": [stage for stage in Stage if stage.number < here.number],
        "later": [stage for stage in Stage if stage.number > here.number],
    }
    return render(request, "partnerships/choose_stage.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def move(request, pk, stage):
    if stage not in Stage:
        raise Http404
    partnership = get_partnership(request, pk, manage=True, ended_too=request.method == "POST")
    stage = Stage(stage)
    if not partnership.is_active or stage == partnership.stage:
        return nothing_to_move(request, partnership, MoveForm)
    plan = partnership.plan_move(stage)
    form = MoveForm(request.POST or None, partnership=partnership, plan=plan)
    return confirm(
        request,
        partnership,
        form,
        plan,
        lambda **data: partnership.move_to(stage, by=request.user, **data),
        _("The partnership is now at “%(stage)s”.") % {"stage": stage.label},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def recommit(request, pk):
    partnership = get_partnership(request, pk, manage=True, ended_too=request.method == "POST")
    if not partnership.is_active or partnership.stage != Stage.RECOMMIT:
        return nothing_to_move(request, partnership, RecommitForm)
    plan = partnership.plan_recommit(RECOMMIT_TO[0])
    form = RecommitForm(request.POST or None, partnership=partnership, plan=plan)
    return confirm(
        request,
        partnership,
        form,
        plan,
        lambda **data: partnership.recommit(by=request.user, **data),
        _("A new cycle begins."),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def change_status(request, pk, page):
    """Pause, resume or reopen."""
    kind = STATUS_PAGES[page]
    partnership = get_partnership(request, pk, manage=True, ended_too=True)
    if partnership.status not in STATUS_MOVES[kind][0]:
        return nothing_to_move(request, partnership, MoveForm)
    plan = partnership.plan_status(kind)
    form = MoveForm(request.POST or None, partnership=partnership, plan=plan)
    debrief = partnership.debriefs.still_open() if kind == MoveKind.REOPEN else None
    done = {
        MoveKind.PAUSE: _("The partnership is paused."),
        MoveKind.RESUME: _("The partnership goes on."),
        MoveKind.REOPEN: _("The partnership is open again."),
    }[kind]
    return confirm(
        request,
        partnership,
        form,
        plan,
        lambda **data: partnership.change_status(kind, by=request.user, **data),
        done,
        debrief=debrief,
    )


@require_http_methods(["GET", "HEAD", "POST"])
def end(request, pk):
    partnership = get_partnership(request, pk, manage=True, ended_too=True)
    if partnership.has_ended:
        return nothing_to_move(request, partnership, EndForm)
    plan = partnership.plan_status(MoveKind.END)
    debrief = partnership.debriefs.still_open()
    goes_on = debrief is not None and debrief.is_closing
    form = EndForm(request.POST or None, partnership=partnership, plan=plan, goes_on=goes_on)
    return confirm(
        request,
        partnership,
        form,
        plan,
        lambda **data: partnership.end(by=request.user, **data),
        _("The partnership has ended. It stays readable."),
        in_force=partnership.agreement_in_force,
        on_ending=partnership.on_ending,
        debrief=debrief,
    )


def nothing_to_move(request, partnership, form_class):
    """Somebody was quicker, or came by an old link: say where the partnership stands.

    What was written meanwhile and is saved nowhere is shown, to be copied.
    """
    texts = form_class.texts_in(request.POST)
    if texts and not has_said(partnership, partnership.last_move, request.user, texts):
        written = [(form_class.base_fields[name].label, text) for name, text in texts.items()]
        context = {
            "partnership": partnership,
            "what": told(partnership.last_move),
            "written": written,
        }
        return render(request, "partnerships/moves/meanwhile.html", context, status=409)
    messages.info(request, told(partnership.last_move))
    return redirect(partnership)


def has_said(partnership, move, user, texts: dict) -> bool:
    """A move is what somebody asks for, with the same words: it was a second click."""
    note = partnership.cycle_notes.filter(cycle=move.cycle).last() or CycleNote()
    saved = {"reason": move.reason, "keep": note.keep, "change": note.change}
    return move.by == user and all(texts.get(name, text) == text for name, text in saved.items())


def confirm(request, partnership, form, plan, carry_out, done, **more):
    """Show what is open and what will happen; once confirmed, let it happen."""
    if request.method == "POST" and form.is_valid():
        try:
            carry_out(**form.cleaned_data)
        except MovedMeanwhile as refusal:
            moved, texts = refusal.move, form.texts_in(request.POST)
            if moved.kind == plan.kind and has_said(partnership, moved, request.user, texts):
                return redirect(partnership)
            form.ask_again(moved)
        except MoveRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return redirect(partnership)
    open_items = partnership.items.open_now().with_words().select_related("owner__person")
    if plan.kind in {MoveKind.NEXT, MoveKind.SKIP, MoveKind.BACK}:
        open_items = open_items.open_between(partnership.at_stage, plan.to_stage)
    context = {"partnership": partnership, "form": form, "plan": plan, "open_items": open_items}
    return render(request, f"partnerships/moves/{plan.kind}.html", context | more)
