"""Questions that both sides answer: each gives its own, then they agree on a wording."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.once import once
from accounts.views import local_url
from evaluations.forms import NOTHING_TO_GIVE, SpokenAnswerForm, WordingForm
from evaluations.joint import JointQuestion, JointSheet, Standing, Voice
from evaluations.mails import send_reminder
from evaluations.models import (
    MovedOn,
    QuestionSet,
    ReminderRefused,
    SetKind,
    give,
    propose,
    remind,
)
from evaluations.table_sheet import TableSheetForm
from partnerships.access import get_partnership
from partnerships.forms.spoken import SpokenForm
from partnerships.models import Party
from partnerships.stages import Stage


def get_sheet(request, pk, key, *, work=False) -> JointSheet:
    """Return a joint set as the reader may see it; to write (`work`), two at once come one by one."""
    partnership = get_partnership(request, pk, work=work)
    sets = QuestionSet.objects.for_district(partnership.district_id).with_questions()
    question_set = get_object_or_404(sets, key=key, kind=SetKind.JOINT)
    if request.method == "POST":
        list(Party.objects.select_for_update().filter(partnership=partnership).order_by("pk"))
    return JointSheet(question_set, partnership, request.user, request.POST or None)


def get_voice(request, pk, key, question_pk, party_pk) -> tuple[JointSheet, JointQuestion, Voice]:
    """Return what a party says to a question; to write there, one must speak for it (else 403)."""
    sheet, one = get_question(request, pk, key, question_pk, work=True)
    voice = next((voice for voice in one.voices if voice.party.pk == party_pk), None)
    if voice is None:
        raise Http404
    return sheet, one, voice


def get_question(request, pk, key, question_pk, *, work=False) -> tuple[JointSheet, JointQuestion]:
    sheet = get_sheet(request, pk, key, work=work)
    if one := sheet.find(question_pk):
        return sheet, one
    raise Http404


def show(request, sheet, template="evaluations/joint.html", **more):
    partnership = sheet.partnership
    may_write = bool(sheet.my_parties) and not partnership.has_ended
    for one in sheet.questions:
        if may_write and one.is_lifted and not hasattr(one, "wording_form"):
            one.wording_form = WordingForm(question=one.question, wording=one.wording)
    context = {
        "partnership": partnership,
        "sheet": sheet,
        "may_write": may_write,
        "tab": "questions",
        "return_to": request.path,
    }
    return render(request, template, context | more)


@require_safe
def questions(request, pk):
    """The sets that both sides answer, and how far each is."""
    partnership = get_partnership(request, pk)
    sets = QuestionSet.objects.for_district(partnership.district_id).filter(kind=SetKind.JOINT)
    standing = Standing(partnership)
    found = sorted(sets.with_asked(), key=lambda one: Stage(one.stage).number)
    for one in found:
        one.asked_count = len(one.asked)
        one.agreed_count = standing.agreed(one.key)
        one.ready_count = standing.ready(one.key)
        one.waits_for = standing.waits_for(one.key)
        one.has_begun = standing.has_begun(one.key)
    context = {"partnership": partnership, "sets": found, "tab": "questions"}
    return render(request, "evaluations/questions.html", context)


@require_safe
def joint_set(request, pk, key):
    """All questions of a set on one page."""
    return show(request, get_sheet(request, pk, key))


@require_safe
def joint_question(request, pk, key, question_pk):
    """One question at a time, as is easier on a phone."""
    sheet, one = get_question(request, pk, key, question_pk)
    return show_one(request, sheet, one)


def show_one(request, sheet, one, **more):
    around = dict(enumerate(sheet.questions))
    place = sheet.questions.index(one)
    more |= {"previous": around.get(place - 1), "next": around.get(place + 1)}
    if request.method == "POST":  # refused; what it was sent to is no page that one can return to
        more["return_to"] = written_at(request, sheet)
    return show(request, sheet, "evaluations/joint_question.html", one=one, **more)


def written_at(request, sheet) -> str:
    """The page on which it was written."""
    args = [sheet.partnership.pk, sheet.set.key]
    return local_url(request, request.POST.get("next", ""), reverse("evaluations:joint", args=args))


def back(request, sheet, one):
    """Return to where it was written, at the question."""
    return redirect(f"{written_at(request, sheet)}#question-{one.question.pk}")


@require_POST
@transaction.atomic
def answer(request, pk, key, question_pk, party_pk):
    """Keep a party's answer as a draft, as it is typed, or give it to the others."""
    sheet, one, voice = get_voice(request, pk, key, question_pk, party_pk)
    if not voice.is_mine:
        raise PermissionDenied
    form, act = voice.form, request.POST.get("act")
    if form.is_valid() and act == "give" and not form.cleaned_data["text"]:
        form.add_error("text", NOTHING_TO_GIVE)
    if form.is_valid():
        if act in {"give", "not-relevant"}:
            give(
                one.question,
                voice.party,
                form.cleaned_data["text"],
                by=request.user,
                not_relevant=act == "not-relevant",
            )
            messages.success(request, _("Your answer is given."))
        else:
            form.save(voice.party, by=request.user, cycle=sheet.partnership.cycle)
    if request.htmx and act not in {"give", "not-relevant"}:
        return render(request, "evaluations/_draft_saved.html", {"voice": voice, "one": one})
    return show_one(request, sheet, one, failed=form) if form.errors else back(request, sheet, one)


@require_POST
@transaction.atomic
def word(request, pk, key, question_pk, party_pk):
    """Propose what the sides agree, or agree to what is proposed."""
    sheet, one, voice = get_voice(request, pk, key, question_pk, party_pk)
    if not voice.is_mine or not one.is_lifted:
        raise PermissionDenied
    form = WordingForm(request.POST, question=one.question, wording=one.wording)
    one.wording_form = form
    if form.is_valid():
        text, seen = form.cleaned_data["text"], form.cleaned_data["seen"] or 0
        try:
            wording = propose(one.question, voice.party, text, by=request.user, seen=seen)
        except MovedOn as moved:
            form.show(moved.latest)
        else:
            if request.POST.get("act") == "agree":
                wording.assent(voice.party, by=request.user)
                messages.success(request, _("You agree to this wording."))
            else:
                messages.success(request, _("The wording is proposed."))
            return back(request, sheet, one)
    return show_one(request, sheet, one, failed=form)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def spoken(request, pk, key, question_pk, party_pk):
    """Enter what a party without a login has said on paper or by phone."""
    sheet, one, voice = get_voice(request, pk, key, question_pk, party_pk)
    if not sheet.partnership.managed_by_reader or voice.is_mine or voice.party.has_a_login:
        raise PermissionDenied
    assents = one.is_lifted and one.wording is not None and not voice.assent
    kind = SpokenForm if assents else SpokenAnswerForm
    form = kind(request.POST or None, initial={"speaker": voice.party.usual_speaker})
    if request.method == "POST" and form.is_valid():
        said = {"how": form.cleaned_data["how"], "speaker": form.cleaned_data["speaker"]}
        if assents:
            one.wording.assent(voice.party, by=request.user, **said)
        else:
            give(
                one.question,
                voice.party,
                form.cleaned_data["text"],
                by=request.user,
                not_relevant=form.cleaned_data["not_relevant"],
                **said,
            )
        messages.success(request, _("It is noted, with who said it and that you entered it."))
        return back(request, sheet, one)
    context = {"one": one, "voice": voice, "form": form, "assents": assents}
    return show(request, sheet, "evaluations/spoken.html", **context)


@require_safe
def print_joint(request, pk, key):
    """A sheet for the table at a meeting: in both languages, blank or with what is there."""
    return show(
        request,
        get_sheet(request, pk, key),
        "evaluations/print_joint.html",
        is_blank="blank" in request.GET,
    )


@require_POST
@once
def remind_of_questions(request, pk, key, party_pk):
    """Mail those who speak for a party that it is waited for, once a day."""
    sheet = get_sheet(request, pk, key, work=True)
    party = next((party for party in sheet.parties if party.pk == party_pk), None)
    if party is None:
        raise Http404
    if not sheet.my_parties or party in sheet.my_parties:
        raise PermissionDenied
    back_to_set = redirect("evaluations:joint", pk, key)
    if not sheet.may_remind(party):
        messages.info(request, _("Nothing waits for them alone just now."))
        return back_to_set
    try:
        users = remind(party, sheet.set, by=request.user)
    except ReminderRefused as refusal:
        messages.warning(request, str(refusal))
        return back_to_set
    count = len(sheet.lacking(party))
    for user in users:
        send_reminder(
            user, sheet.set, sheet.partnership, by=request.user, count=count, request=request
        )
    messages.success(request, _("The reminder is on its way."))
    return back_to_set


@require_http_methods(["GET", "HEAD", "POST"])
@once
def enter_sheet(request, pk, key):
    """Enter a whole sheet from a meeting, for the parties that have no login."""
    sheet = get_sheet(request, pk, key, work=True)
    parties = sheet.spoken_for
    if not parties:  # whoever has a login gives their own answers
        raise PermissionDenied
    today = sheet.partnership.district.today()
    form = TableSheetForm(
        request.POST or None, sheet=sheet, parties=parties, initial={"said_on": today}
    )
    if request.method == "POST" and form.is_valid():
        form.save(by=request.user)
        messages.success(request, _("It is noted, with who said it and that you entered it."))
        return redirect("evaluations:joint", pk, key)
    context = {"parties": parties, "form": form}
    return show(request, sheet, "evaluations/enter_sheet.html", **context)
