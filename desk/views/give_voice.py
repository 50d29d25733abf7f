"""The form by which anybody says something, without an account, a name or a cookie.

It is exempt from Django's check against forged forms, which needs a cookie: nobody's authority is used
here, and the form's own signed token stands in its place (`evaluations.doors`).
"""

from functools import wraps
from math import ceil

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponseRedirect
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from desk.voice_forms import VoiceForm
from evaluations import doors
from evaluations.models import LONGEST, TooMany


def for_anybody(view):
    """Open a page to whoever has its link, and keep it out of caches and search engines."""

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return login_not_required(never_cache(csrf_exempt(wrapper)))


@for_anybody
@require_http_methods(["GET", "HEAD", "POST"])
def give_voice(request, slug):
    """A short form; `lang` says in which language, `sent` thanks for it."""
    speak(request)
    door = doors.find(slug)
    if door is None or not door.is_open:
        status = 410 if door else 404
        return render(request, "desk/voices/closed.html", {"door": door}, status=status)
    if "sent" in request.GET and request.method != "POST":
        return render(request, "desk/voices/thanks.html", {"door": door})
    if request.method == "POST" and "other" not in request.POST:
        return send(request, door)
    form = VoiceForm(door=door, initial=typed(request.POST))
    return show(request, form)


def speak(request):
    """Speak the language that the address or the form names, else the reader's own."""
    asked = [request.POST.get(name) for name in ("other", "lang")] + [request.GET.get("lang")]
    known = dict(settings.LANGUAGES)
    translation.activate(next((one for one in asked if one in known), translation.get_language()))


def typed(data) -> dict:
    """What stands in a form that is drawn anew, in the other language."""
    return {
        name: data.get(name, "")[: LONGEST * 2]
        for name in ("going", "change", "idea")
        if name in data
    }


def send(request, door):
    form = VoiceForm(request.POST, door=door)
    if not form.is_valid():
        return show(request, form)
    try:
        fault = door.hear(
            form.cleaned_data["token"],
            address=get_adapter(request).get_client_ip(request),
            shown=translation.get_language(),
            **form.said,
        )
    except TooMany as flood:
        return come_back(request, form, flood)
    if fault:
        form.refuse(fault)
        return show(request, form)
    return HttpResponseRedirect(f"{request.path}?sent&lang={translation.get_language()}")


def come_back(request, form, flood):
    """Say when to come back; the form keeps what was typed, and its token."""
    minutes = ceil(flood.wait.total_seconds() / 60)
    told = ngettext(
        "Many are writing at the moment. Please send it again in %(count)s minute; your words stay here.",
        "Many are writing at the moment. Please send it again in %(count)s minutes; your words stay here.",
        minutes,
    )
    form.add_error(None, told % {"count": minutes})
    response = show(request, form, status=429)
    response.headers["Retry-After"] = str(ceil(flood.wait.total_seconds()))
    return response


def show(request, form, *, status=200):
    form.fields["lang"].initial = translation.get_language()
    context = {"door": form.door, "form": form}
    return render(request, "desk/voices/give.html", context, status=status)
