"""What a party would like to come next: said by its own people, read by all when all have said it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.once import once
from evaluations.forms import SpokenWishForm, WishForm
from evaluations.models import Wish
from evaluations.wishes import Voice, Wishes
from partnerships.access import get_partnership


def get_voice(request, partnership, party_pk) -> Voice:
    """Return the voice of a party that the user may speak for (else 403; else 404, if it is not at the table)."""
    for voice in Wishes(partnership, request.user).voices:
        if voice.party.pk == party_pk:
            if voice.may_be_said:
                return voice
            raise PermissionDenied
    raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
@once
def say_wish(request, pk, party_pk):
    """Say it for one's own party, or enter what a party without a login has said."""
    partnership = get_partnership(request, pk, work=True)
    voice = get_voice(request, partnership, party_pk)
    form = form_for(request, voice)
    if request.method == "POST" and form.is_valid():
        Wish.objects.say(voice.party, by=request.user, **form.cleaned_data)
        messages.success(request, told(Wishes(partnership, request.user)))
        return redirect("desk:decide", pk)
    context = {"partnership": partnership, "voice": voice, "form": form}
    return render(
        request, "evaluations/say_wish.html", context | {"tab": "back", "place": "decide"}
    )


def told(wishes: Wishes) -> str:
    if wishes.is_lifted:
        return _("It is kept. Every side has said its own, so all read it now.")
    return _("It is kept. All sides read it when every side has said its own.")


def form_for(request, voice: Voice) -> WishForm:
    if not voice.is_mine:
        return SpokenWishForm(request.POST or None, initial={"speaker": voice.party.usual_speaker})
    said = voice.wish and {"what_next": voice.wish.what_next, "because": voice.wish.because}
    return WishForm(request.POST or None, initial=said)
