"""The community's voice, read and answered by the people at the table."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.once import once
from accounts.qr import as_svg
from accounts.views import local_url
from desk.voice_forms import ReplyForm, VoicesFilter
from desk.voices import how_it_goes, with_answers
from evaluations import doors
from evaluations.models import LINKED, FeedbackLink, Going
from partnerships.access import get_partnership
from partnerships.htmx import render_part
from partnerships.models import Partnership
from partnerships.paging import page_of
from partnerships.vocabulary import Audience

PAGE = 20
TAB = {"tab": "back", "place": "voices"}
SLIPS = range(8)  # on one sheet


def speaking_parties(request, partnership: Partnership, *, ended_too=False) -> list:
    """The parties the reader speaks for; without any, or when it has ended, nothing may be done (403)."""
    if partnership.has_ended and not ended_too:
        raise PermissionDenied(_("This partnership has ended. It can be read, but not changed."))
    if not (parties := partnership.parties_of(request.user)):
        raise PermissionDenied
    return parties


@require_safe
def voices(request, pk):
    """What was said, the newest first, narrowed as the address says."""
    partnership = get_partnership(request, pk)
    mine = partnership.parties_of(request.user)
    filter = VoicesFilter(request.GET)  # noqa: A001  # as on the other lists
    found = filter.narrow(partnership.feedback.all(), mine or partnership.parties.all())
    page = page_of(with_answers(found.with_facts()), request.GET.get("page", ""), PAGE)
    for voice in page.object_list:
        voice.partnership = partnership
    context = TAB | {
        "partnership": partnership,
        "page": page,
        "filter": filter,
        "here": request.path,
        "counts": how_it_goes(partnership),
        "steps": list(Going)[::-1],
        "mine": mine,
        "may_act": bool(mine) and not partnership.has_ended,
        "are_aside": filter.chosen["show"] == "aside",
    }
    return render_part(request, "desk/voices/voices.html", "results", context)


def get_voice(request, pk, voice_pk):
    partnership = get_partnership(request, pk)
    voice = get_object_or_404(with_answers(partnership.feedback.with_facts()), pk=voice_pk)
    voice.partnership = partnership
    return voice


@require_http_methods(["GET", "HEAD", "POST"])
@once
def voice(request, pk, voice_pk):
    """One voice: who has read it, whether the public may see it, the answers, and a form for another."""
    voice = get_voice(request, pk, voice_pk)
    partnership = voice.partnership
    mine = partnership.parties_of(request.user)
    if request.method == "POST":
        mine = speaking_parties(request, partnership)
    may_act = bool(mine) and not partnership.has_ended
    form = ReplyForm(request.POST or None, parties=mine) if may_act else None
    if request.method == "POST" and form.is_valid():
        form.save(voice, by=request.user)
        messages.success(request, _("Your answer is noted. All sides can read it."))
        return redirect(f"{voice.get_absolute_url()}#answers")
    context = TAB | {
        "partnership": partnership,
        "voice": voice,
        "form": form,
        "mine": mine,
        "may_act": may_act,
        "shown_by_me": [one for one in mine if one not in voice.parties_yet_to_show],
    }
    return render(request, "desk/voices/voice.html", context)


# What is done with many at once


def chosen(request, partnership):
    """The voices that a post names: one by its own button, those ticked, or all on the page."""
    if only := request.POST.get("only"):
        named = [only]
    else:
        named = request.POST.getlist("here" if "all" in request.POST else "voice")
    keys = [int(one) for one in named[:100] if one.isdecimal() and len(one) < 19]
    return partnership.feedback.filter(pk__in=keys)


def back(request, partnership):
    page = reverse("desk:voices", args=[partnership.pk])
    return redirect(local_url(request, request.POST.get("next", ""), page))


@require_POST
def read_voices(request, pk):
    """Note for one's own party that it has read them."""
    partnership = get_partnership(request, pk)
    mine = speaking_parties(request, partnership)
    found = chosen(request, partnership).kept()
    found.read(mine, by=request.user)
    count = len(found)
    told = ngettext(
        "%(count)s voice is marked as read.", "%(count)s voices are marked as read.", count
    )
    say(request, count, told)
    return back(request, partnership)


@require_POST
def set_voices_aside(request, pk):
    partnership = get_partnership(request, pk)
    speaking_parties(request, partnership)
    count = chosen(request, partnership).set_aside(by=request.user)
    told = ngettext("%(count)s voice is set aside.", "%(count)s voices are set aside.", count)
    say(request, count, told)
    return back(request, partnership)


@require_POST
def bring_voices_back(request, pk):
    partnership = get_partnership(request, pk)
    speaking_parties(request, partnership)
    count = chosen(request, partnership).bring_back()
    told = ngettext("%(count)s voice is brought back.", "%(count)s voices are brought back.", count)
    say(request, count, told)
    return back(request, partnership)


def say(request, count, told):
    if count:
        messages.success(request, told % {"count": count})
    else:
        messages.info(request, _("Choose at least one voice first."))


# The public


@require_POST
def show_voice(request, pk, voice_pk):
    """Let it be shown in public, for one's own party."""
    voice = get_voice(request, pk, voice_pk)
    for party in speaking_parties(request, voice.partnership):
        voice.show(party, by=request.user)
    if get_voice(request, pk, voice_pk).is_public:
        messages.success(request, _("Every side has said yes. It is shown in public now."))
    else:
        messages.success(request, _("Noted. It is shown once every side has read it and said yes."))
    return redirect(f"{voice.get_absolute_url()}#public")


@require_POST
def hide_voice(request, pk, voice_pk):
    """Take that back for one's own party; also when the partnership has ended."""
    voice = get_voice(request, pk, voice_pk)
    for party in speaking_parties(request, voice.partnership, ended_too=True):
        voice.hide(party, by=request.user)
    messages.success(request, _("It is no longer shown in public."))
    return redirect(f"{voice.get_absolute_url()}#public")


@require_POST
def take_reply_back(request, pk, voice_pk, reply_pk):
    """Take an answer of one's own party back; also when the partnership has ended."""
    voice = get_voice(request, pk, voice_pk)
    reply = next((one for one in voice.replies.all() if one.pk == reply_pk), None)
    if reply is None:
        raise Http404
    if reply.party not in speaking_parties(request, voice.partnership, ended_too=True):
        raise PermissionDenied
    reply.take_back(by=request.user)
    messages.success(request, _("Your answer is taken back."))
    return redirect(f"{voice.get_absolute_url()}#answers")


# The links


def get_audience(audience: str) -> Audience:
    """Return an audience that can have a link, else 404."""
    if audience not in LINKED:
        raise Http404
    return Audience(audience)


@require_safe
def voice_links(request, pk):
    """The links that are open, with what to print."""
    partnership = get_partnership(request, pk)
    links = {link.audience: link for link in partnership.feedback_links.open_now()}
    page = doors.page_of(partnership)
    context = TAB | {
        "partnership": partnership,
        "audiences": [(one, drawn(request, links.get(one))) for one in LINKED],
        "public": page and doors.public_door(page),
        "may_manage": partnership.managed_by_reader and not partnership.has_ended,
    }
    return render(request, "desk/voices/links.html", context)


def drawn(request, link: FeedbackLink | None) -> FeedbackLink | None:
    """The link with its address and picture."""
    if link:
        link.address = address_of(request, link)
        link.picture = as_svg(link.address)
    return link


def address_of(request, link: FeedbackLink, language: str = "") -> str:
    path = reverse("desk:give_voice", args=[link.slug])
    return request.build_absolute_uri(f"{path}?lang={language}" if language else path)


@require_POST
def make_voice_link(request, pk, audience):
    partnership = get_partnership(request, pk, manage=True)
    FeedbackLink.objects.make(partnership, get_audience(audience), by=request.user)
    messages.success(request, _("The link is made. Print it, or pass it on."))
    return redirect("desk:voice_links", pk)


def get_link(partnership, audience) -> FeedbackLink:
    links = partnership.feedback_links.open_now()
    link = get_object_or_404(links, audience=get_audience(audience))
    link.partnership = partnership
    return link


@require_http_methods(["GET", "HEAD", "POST"])
def close_voice_link(request, pk, audience):
    """Ask, then take nothing more by a link: it cannot be opened again, since a new one has another address."""
    partnership = get_partnership(request, pk, manage=True)
    link = get_link(partnership, audience)
    if request.method == "POST":
        link.close(by=request.user)
        messages.success(request, _("The link is closed. Its posters and slips no longer work."))
        return redirect("desk:voice_links", pk)
    return render(
        request, "desk/voices/close.html", TAB | {"partnership": partnership, "link": link}
    )


@require_safe
def print_voice_link(request, pk, audience, language):
    """A poster in one language; `slips` asks for small ones to cut out and hand round."""
    partnership = get_partnership(request, pk)
    link = get_link(partnership, audience)
    if language not in dict(settings.LANGUAGES):
        raise Http404
    translation.activate(language)
    context = {
        "partnership": partnership,
        "link": link,
        "address": address_of(request, link),
        "picture": as_svg(address_of(request, link, language)),
        "slips": SLIPS if "slips" in request.GET else None,
    }
    return render(request, "desk/voices/poster.html", context)
