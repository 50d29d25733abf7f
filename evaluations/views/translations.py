"""A translation of what is agreed: proposed by one party, agreed to by all."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.once import once
from evaluations.forms import SpokenForm, TranslationForm
from evaluations.models import MovedOn, Wording, translate
from evaluations.models.translations import other_language
from evaluations.views.joint import get_voice, show


def get_agreed(request, pk, key, question_pk, party_pk):
    """Return what a party says to a question on which all have agreed, else 403."""
    sheet, one, voice = get_voice(request, pk, key, question_pk, party_pk)
    if not one.is_agreed:
        raise PermissionDenied(_("There is no agreed wording to translate yet."))
    return sheet, one, voice


def back(sheet, one):
    page = reverse("evaluations:joint", args=[sheet.partnership.pk, sheet.set.key])
    return redirect(f"{page}#question-{one.question.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@once
def translation(request, pk, key, question_pk, party_pk):
    """Propose a translation of an agreed wording, or agree to the one that is proposed."""
    sheet, one, voice = get_agreed(request, pk, key, question_pk, party_pk)
    if not voice.is_mine:
        raise PermissionDenied
    latest = one.wording.translation
    form = TranslationForm(request.POST or None, question=one.question, wording=latest)
    if request.method == "POST" and form.is_valid():
        try:
            proposed(request, one.wording, voice, form.cleaned_data)
        except MovedOn as moved:
            if isinstance(moved.latest, Wording):
                messages.warning(request, _("The wording itself has changed meanwhile."))
                return back(sheet, one)
            form.show(moved.latest)
        else:
            return back(sheet, one)
    more = {"one": one, "voice": voice, "form": form, "language": other_language(one.wording.text)}
    return show(request, sheet, "evaluations/translation.html", **more)


def proposed(request, wording, voice, data):
    seen = data["seen"] or 0
    text = translate(wording, voice.party, data["text"], by=request.user, seen=seen)
    if request.POST.get("act") == "agree":
        text.assent(voice.party, by=request.user)
        messages.success(request, _("You agree to this translation."))
    else:
        messages.success(request, _("The translation is proposed."))


@require_http_methods(["GET", "HEAD", "POST"])
@once
def spoken(request, pk, key, question_pk, party_pk):
    """Enter that a party without a login has agreed to the translation."""
    sheet, one, voice = get_agreed(request, pk, key, question_pk, party_pk)
    proposal = one.wording.translation
    if not sheet.partnership.managed_by_reader or voice.is_mine or voice.party.has_a_login:
        raise PermissionDenied
    if proposal is None:
        raise PermissionDenied(_("There is no translation to agree to yet."))
    form = SpokenForm(request.POST or None, initial={"speaker": voice.party.usual_speaker})
    if request.method == "POST" and form.is_valid():
        try:
            proposal.assent(voice.party, by=request.user, **form.cleaned_data)
        except MovedOn:
            messages.warning(request, _("Another translation has been proposed meanwhile."))
        else:
            messages.success(request, _("It is noted, with who said it and that you entered it."))
        return back(sheet, one)
    more = {"one": one, "voice": voice, "form": form}
    return show(request, sheet, "evaluations/translation_spoken.html", **more)
