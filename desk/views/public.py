"""What everybody can read: the public page of a partnership, its pictures, and the list of a district.

No account, no cookie, no script, nothing from elsewhere. What is withdrawn is gone with the next
request: browsers may keep a page, but ask each time whether it still holds.
"""

import hashlib
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from accounts.qr import as_svg
from desk.public import Reading, address_of, district_address, listed_pages, pages_to_read
from partnerships.downloads import picture_of
from partnerships.models import District, PublicPage

PER_PAGE = 60
LANGUAGES = {"en": "English", "vi": "Tiếng Việt"}  # each by its own name


def open_to_all(view):
    """Open to everybody, found by no search engine, kept by no cache without asking; 404 without a cookie."""

    @wraps(view)
    def wrapper(request, *args, language="", **kwargs):
        if language not in {"", *LANGUAGES}:
            return finished(request, not_there(request))
        with translation.override(language or translation.get_language()):
            try:
                response = view(request, *args, **kwargs)
            except Http404:
                response = not_there(request)
            response.headers["Content-Language"] = translation.get_language()
        return finished(request, response)

    return login_not_required(require_safe(wrapper))


def finished(request, response):
    response.headers["Cache-Control"] = "no-cache, max-age=0, must-revalidate"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["ETag"] = f'"{hashlib.sha256(response.content).hexdigest()}"'
    if response.status_code != 200:
        return response
    etag = response.headers["ETag"]
    return get_conditional_response(request, etag=etag, response=response)


def not_there(request):
    """The same page for what never was, what is not released, and what was withdrawn."""
    return render(request, "desk/public/not_there.html", status=404)


def get_page(address) -> PublicPage:
    page = pages_to_read().filter(address=address).first()
    if page is None:
        raise Http404
    page.partnership.district.keep_time()
    return page


def get_reading(address) -> Reading:
    """Return what the public reads at an address, else 404."""
    reading = Reading(get_page(address))
    if not reading.is_open:
        raise Http404
    return reading


@open_to_all
def public_page(request, address):
    return show(request, get_reading(address), "page")


@open_to_all
def public_print(request, address):
    reading = get_reading(address)
    picture = as_svg(address_of(reading.page))
    return show(request, reading, "print", picture=picture)


def show(request, reading, template, **more):
    context = {
        "reading": reading,
        "partnership": reading.partnership,
        "today": reading.partnership.district.today(),
        **more,
    }
    return render(request, f"desk/public/{template}.html", context | addresses_of(reading.page))


def addresses_of(page) -> dict:
    language = translation.get_language()
    return {
        "address": address_of(page),
        "canonical": address_of(page, language),
        "languages": [(code, name, address_of(page, code)) for code, name in LANGUAGES.items()],
    }


@open_to_all
def public_picture(request, address, win_pk):
    """The picture of a win, for as long as all show it."""
    for part, _said in get_reading(address).parts:
        if part.pk == win_pk and part.picture:
            return picture_of(part.thing, part.thing.picture_name)
    raise Http404


@open_to_all
def district_public(request, slug):
    """The partnerships of a district that can be read by everybody, school by school."""
    district = District.objects.filter(slug=slug).first()
    if district is None:
        raise Http404
    district.keep_time()
    paginator = Paginator(listed_pages(district), PER_PAGE)
    page = paginator.get_page(request.GET.get("page"))
    found = []
    for one in page:
        one.partnership.district = district
        found.append(Reading(one))
    language = translation.get_language()
    context = {
        "district": district,
        "page": page,
        "readings": [reading for reading in found if reading.is_open],
        "canonical": district_address(district, language),
        "languages": [
            (code, name, district_address(district, code)) for code, name in LANGUAGES.items()
        ],
    }
    if "print" not in request.GET:
        return render(request, "desk/public/district.html", context)
    context |= {
        "address": district_address(district),
        "picture": as_svg(district_address(district)),
    }
    return render(request, "desk/public/district_print.html", context)
