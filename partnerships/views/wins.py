"""Small wins and thanks. After a partnership has ended its people still tell, and still thank."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.once import once
from accounts.text import language_of
from partnerships.access import get_partnership
from partnerships.downloads import picture_of
from partnerships.forms.wins import ThanksForm, WinForm
from partnerships.mails import send_thanks
from partnerships.models import Seat, Thanks, Win

PAGE = 24
LANGUAGES = ("en", "vi")
PLACE = {"tab": "back", "place": "wins"}


def get_win(request, pk, win_pk, *, work=False, lock=False) -> Win:
    """Return a win of a partnership the reader may see; to change it, one is of its people.

    With `lock`, whoever comes second waits, and then sees what the first one saved.
    """
    partnership = get_partnership(request, pk, work=work, ended_too=True)
    wins = partnership.wins.select_related("made_by")
    win = get_object_or_404(wins.select_for_update(of=["self"]) if lock else wins, pk=win_pk)
    win.partnership = partnership
    return win


def show(request, template, partnership, **more):
    context = PLACE | {"partnership": partnership, "is_of": partnership.is_of(request.user)} | more
    return render(request, f"partnerships/wins/{template}.html", context)


@require_safe
def wins(request, pk):
    """The newest first, cycle by cycle; `aside` asks for those that were taken back, `print` for paper."""
    partnership = get_partnership(request, pk)
    to_print, aside = "print" in request.GET, "aside" in request.GET
    wins = partnership.wins.all()
    if cycle := cycle_asked_for(request, partnership):
        wins = wins.filter(cycle=cycle)
    found, counted = wins.taken_back() if aside else wins.current(), wins.counted()
    pages = Paginator(found.by_cycle(), 1000 if to_print else PAGE)
    pages.count = counted["aside" if aside else "current"]
    page = pages.get_page(request.GET.get("page"))
    for win in page.object_list:
        win.partnership = partnership
    return show(
        request,
        "print" if to_print else "wins",
        partnership,
        page=page,
        aside=aside,
        some_aside=bool(counted["aside"]) and not aside,
        cycle=cycle,
        cycles=range(partnership.cycle, 0, -1) if partnership.cycle > 1 else (),
    )


def cycle_asked_for(request, partnership) -> int | None:
    for number in range(1, partnership.cycle + 1):
        if request.GET.get("cycle") == str(number):
            return number
    return None


@require_http_methods(["GET", "HEAD", "POST"])
@once
def add_win(request, pk):
    partnership = get_partnership(request, pk, work=True, ended_too=True)
    form = win_form(
        request, Win(partnership=partnership), initial={"on": partnership.district.today()}
    )
    if request.method == "POST" and form.is_valid():
        win = form.save(by=request.user)
        messages.success(request, _("It is told. All sides see it."))
        return redirect(win)
    return show(request, "win_form", partnership, form=form)


def win_form(request, win, **more) -> WinForm:
    form = WinForm(
        request.POST or None,
        request.FILES or None,
        instance=win,
        user=request.user,
        today=win.partnership.district.today(),
        **more,
    )
    if form.is_bound and not form.is_valid():
        form.keep_picture()
    return form


@require_safe
def win(request, pk, win_pk):
    """All that is known of a win; its thanks for the people of the partnership alone."""
    win = get_win(request, pk, win_pk)
    is_of = win.partnership.is_of(request.user)
    thanks = win.thanks.listed() if is_of else []
    return show(request, "win", win.partnership, win=win, thanks=thanks)


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def edit_win(request, pk, win_pk):
    win = get_win(request, pk, win_pk, work=True, lock=request.method == "POST")
    if win.is_taken_back:
        raise PermissionDenied(_("This was taken back. Bring it back first, then change it."))
    form = win_form(request, win)
    if request.method == "POST" and form.is_valid():
        form.save(by=request.user)
        messages.success(request, _("Saved."))
        return redirect(win)
    return show(request, "win_form", win.partnership, win=win, form=form)


@require_safe
def win_picture(request, pk, win_pk, name):
    return picture_of(get_win(request, pk, win_pk), name)


@require_POST
def remove_win_picture(request, pk, win_pk):
    """Somebody no longer agrees to it."""
    win = get_win(request, pk, win_pk, work=True)
    win.remove_picture(by=request.user)
    messages.success(request, _("The picture is deleted for good. The win stays."))
    return redirect(win)


@require_POST
def take_back_win(request, pk, win_pk):
    win = get_win(request, pk, win_pk, work=True)
    win.take_back(by=request.user)
    messages.success(request, _("It is off the list. You can bring it back at any time."))
    return redirect(win)


@require_POST
def bring_win_back(request, pk, win_pk):
    win = get_win(request, pk, win_pk, work=True)
    win.bring_back(by=request.user)
    messages.success(request, _("It is on the list again."))
    return redirect(win)


# Thanks


def get_of_its_people(request, pk):
    """Return a partnership to one of its people; for others its thanks are not theirs to read (403)."""
    return get_partnership(request, pk, work=True, ended_too=True)


@require_safe
def thanks(request, pk):
    """All thanks that were said, or those to one person (`to` in the address), the newest first."""
    partnership = get_of_its_people(request, pk)
    found, seat = partnership.thanks.listed(), None
    if key := key_asked_for(request, "to"):
        seats = Seat.objects.filter(party__partnership=partnership).select_related("person")
        seat = get_object_or_404(seats, pk=key)
        found = found.filter(seat__person=seat.person)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    for one in page.object_list:
        one.partnership = partnership
    return show(request, "thanks", partnership, page=page, seat=seat)


@require_http_methods(["GET", "HEAD", "POST"])
@once
def thank(request, pk):
    """Thank somebody: first the form, then all of it once more, then it is said."""
    partnership = get_of_its_people(request, pk)
    win = win_asked_for(request, partnership)
    form = ThanksForm(
        request.POST or None,
        instance=Thanks(partnership=partnership, win=win, by=request.user),
        initial=filled_in(partnership, win),
    )
    if request.method == "POST" and form.is_valid():
        if form.is_confirmed:
            return thanked(request, form.instance)
        return show(request, "check_thanks", partnership, win=win, form=form, said=form.instance)
    return show(request, "thank", partnership, win=win, form=form)


def win_asked_for(request, partnership) -> Win | None:
    """The win that somebody thanks for (`win` in the address), or none: for everything."""
    key = key_asked_for(request, "win")
    return get_object_or_404(partnership.wins.current(), pk=key) if key else None


def key_asked_for(request, name: str) -> str:
    key = request.GET.get(name, "")
    if key and not (key.isascii() and key.isdecimal() and len(key) < 18):
        raise Http404
    return key


def filled_in(partnership, win) -> dict:
    """What the form begins with."""
    if win is None:
        return {"language": get_language()}
    by_name = {seat.person.name: seat.pk for seat in partnership.current_seats}
    seat = by_name.get(win.thanked)
    return {
        "seat": seat,
        "name": "" if seat else win.thanked[:120],
        "text": win.text,
        "language": language_of(win.text),
    }


def thanked(request, said: Thanks):
    said.say(by=request.user)
    if said.goes_by_mail:
        send_thanks(said)
        told = _("The mail to %(name)s is on its way.")
    else:
        told = _("The certificate for %(name)s is ready to print.")
    messages.success(request, told % {"name": said.name})
    return redirect(said)


@require_safe
def certificate(request, pk, thanks_pk):
    """What was said, and the certificate to print; `print` is for paper, `in` a language."""
    partnership = get_of_its_people(request, pk)
    said = get_object_or_404(partnership.thanks.listed(), pk=thanks_pk)
    said.partnership = partnership
    asked = request.GET.get("in")
    language = asked if asked in LANGUAGES else said.language
    template = "certificate" if "print" in request.GET else "said"
    return show(request, template, partnership, said=said, language=language)
