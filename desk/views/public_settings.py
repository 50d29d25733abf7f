"""The public page, for those at the table: what it says, who has released it, and who withdraws."""

from dataclasses import dataclass
from functools import cached_property

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.once import once
from accounts.qr import as_png_file, as_svg, as_svg_file
from accounts.templatetags.words import long_day, own_words
from accounts.text import language_of
from desk.public import Reading, address_of, district_address
from desk.views.public import LANGUAGES, addresses_of
from evaluations.differences import difference
from partnerships.access import get_partnership
from partnerships.downloads import to_keep
from partnerships.events import EventKind
from partnerships.forms.public import PaperReleaseForm, PublicTextForm
from partnerships.models import PagePart, Partnership, Party, PublicPage, Release, ReleaseRefused
from partnerships.models.public import goal_as_said, kinds_said
from partnerships.numbers import number
from partnerships.vocabulary import PublicPart

WINS = 20  # on one page
FILES = {"svg": (as_svg_file, "image/svg+xml"), "png": (as_png_file, "image/png")}


def get_public_page(partnership) -> PublicPage:
    """Return the page of a partnership, else 404."""
    if page := PublicPage.of(partnership):
        return page
    raise Http404


def get_part(partnership, key, party_pk) -> tuple[PublicPage, PagePart, Party]:
    """Return a part of the page and a party at the table, else 404."""
    page = get_public_page(partnership)
    part = page.part(key)
    party = next((one for one in partnership.parties.all() if one.pk == party_pk), None)
    if part is None or party is None:
        raise Http404
    party.partnership = partnership
    return page, part, party


@dataclass
class Place:
    """One party and one part: what it has released, and what the reader may do there for it."""

    part: PagePart
    party: Party
    is_mine: bool  # the reader speaks for the party
    is_spoken_for: bool  # nobody there has a login, and the reader enters for them

    @cached_property
    def released(self) -> Release | None:
        return self.part.released_by(self.party)

    @cached_property
    def earlier(self) -> Release | None:
        """What it has released of the part as it was before."""
        return None if self.released else self.part.last_of(self.party)

    @property
    def may_release(self) -> bool:
        return self.part.now is not None and not self.released

    @property
    def may_withdraw(self) -> bool:
        return bool(self.released or self.earlier) and (self.is_mine or self.is_spoken_for)


@dataclass
class Line:
    """One part as the table sees it: what it says, who has released it, what the public sees."""

    part: PagePart
    places: list[Place]
    refusal: str = ""  # why nothing was released just now

    @property
    def changes(self) -> list:
        """How it differs from what the public sees, text by text, word by word."""
        seen, now = texts_of(self.part, self.part.seen), texts_of(self.part, self.part.now)
        return [
            (language_of(after or before), difference(before, after))
            for before, after in zip(seen, now, strict=False)
            if before != after
        ]

    @property
    def picture_has_changed(self) -> bool:
        seen, now = self.part.seen or {}, self.part.now or {}
        return seen.get("picture") != now.get("picture")


def texts_of(part: PagePart, said: dict | None) -> list[str]:
    """What a part says, as a person compares it."""
    if said is None:
        return []
    if part.kind == PublicPart.ABOUT:
        return [said["en"], said["vi"], ", ".join(str(kind.label) for kind in kinds_said(said))]
    if part.kind == PublicPart.WIN:
        return [said["text"], said["thanked"], said["picture_alt"]]
    if part.kind == PublicPart.GOALS:
        goal = goal_as_said(part.thing, said, part.page.partnership)
        words = {"start": number(goal.starting_value), "target": number(goal.target)}
        way = _("From %(start)s to %(target)s") % words
        days = f"{long_day(goal.starts_on)} – {long_day(goal.due_on)}"
        whom = ", ".join(str(one.label) for one in goal.for_whom)
        return [goal.what, goal.measure, f"{way} {goal.unit}", days, whom]
    return []


class Settings:
    """The page with all its parts, for one reader at the table."""

    def __init__(
        self, partnership: Partnership, page: PublicPage, user, *, number="", part="", refusal=""
    ):
        """`number` asks for a page of the small wins; without it, the one with `part` is shown."""
        self.partnership, self.page, self.user = partnership, page, user
        self.mine = partnership.parties_of(user)
        for party in partnership.parties.all():
            party.partnership = partnership
        parts = page.parts
        self.page_of_wins = page_of_wins(parts, number, part)
        others = [one for one in parts if one.kind != PublicPart.WIN]
        self.lines = [
            Line(one, self.places_of(one), refusal if one.key == part else "")
            for one in (*others, *self.page_of_wins)
        ]

    def places_of(self, part) -> list[Place]:
        return [
            Place(part, party, party in self.mine, party in self.spoken_for)
            for party in self.partnership.parties.all()
        ]

    @cached_property
    def spoken_for(self) -> list[Party]:
        """The parties without a login, for which the reader may enter what they said elsewhere."""
        others = [party for party in self.partnership.parties.all() if party not in self.mine]
        return [party for party in others if party.may_be_spoken_for_by(self.user)]

    def of(self, kind: PublicPart) -> list[Line]:
        return [line for line in self.lines if line.part.kind == kind]

    @property
    def about(self) -> Line:
        return self.of(PublicPart.ABOUT)[0]

    @property
    def goals(self) -> list[Line]:
        return self.of(PublicPart.GOALS)

    @property
    def wins(self) -> list[Line]:
        return self.of(PublicPart.WIN)

    @property
    def voice(self) -> list[Line]:
        return self.of(PublicPart.VOICE)

    @property
    def is_seen(self) -> bool:
        return self.about.part.seen is not None


def page_of_wins(parts: list[PagePart], number: str, key: str) -> Page:
    """The page of the small wins with this number; else the one on which a part stands, else the first."""
    wins = [one for one in parts if one.kind == PublicPart.WIN]
    place = next((place for place, one in enumerate(wins) if one.key == key), 0)
    return Paginator(wins, WINS).get_page(number or place // WINS + 1)


@require_safe
def settings_page(request, pk):
    """What is shown, what waits for whom, and a button for each part and side."""
    partnership = get_partnership(request, pk)
    return show(request, partnership, PublicPage.of(partnership))


def show(request, partnership, page, **refused):
    context = {
        "partnership": partnership,
        "page": page,
        "may_work": partnership.can_be_worked_in_by(request.user),
        "district_list": district_address(partnership.district),
        "tab": "back",
        "place": "public",
    }
    if page:
        asked = {"number": request.GET.get("page", ""), "part": request.GET.get("part", "")}
        context["settings"] = Settings(partnership, page, request.user, **asked | refused)
        context["address"] = address_of(page)
        context["picture"] = as_svg(context["address"])
    return render(request, "desk/public/settings.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@once
@transaction.atomic
def text(request, pk):
    """Write what the page says the partnership is. What the public sees changes only by releases."""
    partnership = get_partnership(request, pk, work=True)
    if request.method == "POST":  # of two who write the first text, one comes second
        Partnership.objects.select_for_update(no_key=True).get(pk=partnership.pk)
    page = PublicPage.objects.filter(partnership=partnership).first()
    form = PublicTextForm(
        request.POST or None,
        instance=page or PublicPage(partnership=partnership),
        initial={} if page else {f"about_{language_of(partnership.purpose)}": partnership.purpose},
    )
    if request.method == "POST" and form.is_valid():
        if page is None or form.changed_data:
            form.save()
            partnership.record(EventKind.PUBLIC_TEXT_CHANGED, by=request.user)
        messages.success(
            request, _("The text is saved. The public sees it once all have released it.")
        )
        return redirect("desk:public_settings", pk)
    context = {"partnership": partnership, "page": page, "form": form}
    return render(request, "desk/public/text.html", context | {"tab": "back", "place": "public"})


@require_POST
@once
def release(request, pk, part, party_pk):
    """Release a part for one's own side, exactly as the page showed it; also when it has ended."""
    partnership = get_partnership(request, pk, work=True, ended_too=True)
    page, part, party = get_part(partnership, part, party_pk)
    if party not in partnership.parties_of(request.user):
        raise PermissionDenied
    try:
        seen = request.POST.get("fingerprint", "")
        page.release(part, party, fingerprint=seen, by=request.user)
    except ReleaseRefused as refusal:
        return show(request, partnership, page, part=part.key, refusal=str(refusal))
    tell_what_follows(request, page, part)
    return back(partnership, part)


def tell_what_follows(request, page, part):
    """Say what the release has done: shown now, or whom it waits for."""
    part = page.part(part.key)
    if part.lacking:
        names = format_html_join(", ", "{}", ([own_words(party.label)] for party in part.lacking))
        told = _("Released. The public sees it once these have released it too: {names}.")
        messages.success(request, format_html(told, names=names))
    elif page.seen_parts:
        messages.success(request, _("Released by all. The public sees it now."))
    else:
        told = _("Released by all. The public sees it once “What it is” is released by all too.")
        messages.success(request, told)


def back(partnership, part):
    return redirect(place_of(partnership, part))


def place_of(partnership, part) -> str:
    """Where a part stands in the settings, on whichever page that is."""
    url = reverse("desk:public_settings", args=[partnership.pk])
    return f"{url}?part={part.key}#part-{part.key}"


@require_http_methods(["GET", "HEAD", "POST"])
@once
def release_on_paper(request, pk, part, party_pk):
    """Enter that a party without a login has released a part on paper or by phone."""
    partnership = get_partnership(request, pk, work=True, ended_too=True)
    page, part, party = get_part(partnership, part, party_pk)
    if not party.may_be_spoken_for_by(request.user) or party in partnership.parties_of(
        request.user
    ):
        raise PermissionDenied
    if part.now is None:
        raise Http404
    initial = {"speaker": party.usual_speaker, "fingerprint": part.fingerprint}
    form = PaperReleaseForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            page.release(part, party, by=request.user, **form.cleaned_data)
        except ReleaseRefused as refusal:
            part = page.part(part.key)
            form.draw_anew(part.fingerprint, refusal)
        else:
            tell_what_follows(request, page, part)
            return back(partnership, part)
    context = {"partnership": partnership, "page": page, "part": part, "party": party}
    context |= {"form": form, "texts": [one for one in texts_of(part, part.now) if one]}
    context["back"] = place_of(partnership, part)
    return render(request, "desk/public/paper.html", context | {"tab": "back", "place": "public"})


@require_POST
def withdraw(request, pk, part, party_pk):
    """Take a part out of the public's sight at once; also when the partnership has ended."""
    partnership = get_partnership(request, pk)
    page, part, party = get_part(partnership, part, party_pk)
    if party not in partnership.parties_of(request.user) and not party.may_be_spoken_for_by(
        request.user
    ):
        raise PermissionDenied
    if page.withdraw(part, party, by=request.user):
        messages.success(request, _("Withdrawn. The public no longer sees it."))
    else:
        messages.info(request, _("It was withdrawn already."))
    return back(partnership, part)


@require_safe
def preview(request, pk):
    """The page as everybody would read it, once all have released everything as it stands."""
    partnership = get_partnership(request, pk)
    page = get_public_page(partnership)
    language = request.GET.get("language")
    with translation.override(language if language in LANGUAGES else translation.get_language()):
        context = {
            "reading": Reading(page, as_it_stands=True),
            "partnership": partnership,
            "preview": True,
            **addresses_of(page),
            "languages": [(code, name, f"?language={code}") for code, name in LANGUAGES.items()],
        }
        return render(request, "desk/public/page.html", context)


@require_safe
def poster(request, pk, language):
    """A sheet to hang up: who, the address, and the same as a picture to scan."""
    partnership = get_partnership(request, pk)
    page = get_public_page(partnership)
    if language not in LANGUAGES:
        raise Http404
    address = address_of(page, language)
    with translation.override(language):
        context = {
            "partnership": partnership,
            "address": address,
            "picture": as_svg(address),
            "is_seen": bool(page.seen_parts),
        }
        return render(request, "desk/public/poster.html", context)


@require_safe
def qr(request, pk, kind):
    """The address as a picture to scan, as a file for one's own papers."""
    page = get_public_page(get_partnership(request, pk))
    if kind not in FILES:
        raise Http404
    draw, content_type = FILES[kind]
    return to_keep(draw(address_of(page)), content_type, f"alongside-{page.address}.{kind}")
