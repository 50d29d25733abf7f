"""The month page, and the secret addresses at which calendar programs read the same dates."""

import hashlib
from calendar import Calendar
from datetime import date, timedelta

from babel import Locale
from babel.core import get_global
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST, require_safe

from desk.calendar import entries_of_partnership, entries_of_person
from desk.ical import calendar_of
from partnerships.access import get_partnership
from partnerships.models import District, Feed

FIRST_YEAR, LAST_YEAR = 2000, 2100
BACK, AHEAD = timedelta(days=365), timedelta(days=730)  # what a feed holds


@require_safe
def of_partnership(request, pk):
    """A month of one partnership."""
    partnership = get_partnership(request, pk)
    month = Month(request, partnership.district.today())
    month.fill(entries_of_partnership(partnership, month.begin, month.end))
    context = {"partnership": partnership, "month": month, "tab": "work", "place": "calendar"}
    return render(request, "desk/calendar/of_partnership.html", context)


@require_safe
def of_person(request):
    """A month of all that the reader works in."""
    month = Month(request, today_of(request.user))
    month.fill(entries_of_person(request.user, month.begin, month.end))
    return render(request, "desk/calendar/of_person.html", {"month": month})


def today_of(user) -> date:
    """The date where somebody works; where that is nowhere, by the clock of the installation."""
    near = District.objects.filter(schools__coordinators=user) | District.objects.filter(
        partnerships__parties__seats__person__user=user
    )
    district = near.order_by("pk").first()
    return district.today() if district else timezone.localdate()


class Month:
    """A month, week by week, and what stands on its days."""

    def __init__(self, request, today: date):
        self.today = today
        self.first = asked_for(request.GET.get("month", "")) or today.replace(day=1)
        weeks = Calendar(first_weekday()).monthdatescalendar(self.first.year, self.first.month)
        self.weeks, self.weekdays = weeks, weeks[0]
        self.begin, self.end = weeks[0][0], weeks[-1][-1]

    def fill(self, entries):
        on = {}
        for entry in entries:
            on.setdefault(entry.on, []).append(entry)
        self.days = [
            [
                {
                    "on": day,
                    "is_inside": day.month == self.first.month,
                    "is_today": day == self.today,
                    "entries": on.get(day, []),
                }
                for day in week
            ]
            for week in self.weeks
        ]
        self.is_empty = not any(day.month == self.first.month for day in on)

    @property
    def previous(self):
        return within((self.first - timedelta(days=1)).replace(day=1))

    @property
    def next(self):
        return within((self.first + timedelta(days=31)).replace(day=1))


def asked_for(month: str) -> date | None:
    """Read a month such as 2027-03; anything else is none."""
    try:
        return within(date.fromisoformat(f"{month}-01")) if len(month) == len("2027-03") else None
    except ValueError:
        return None


def within(month: date) -> date | None:
    return month if FIRST_YEAR <= month.year <= LAST_YEAR else None


def first_weekday() -> int:
    """On which day the week begins where the page's language is at home; 0 is Monday."""
    return Locale.parse(get_global("likely_subtags")[get_language()]).first_week_day


# The addresses for calendar programs: pages of their owners


@never_cache
@require_safe
def feed_page(request, pk=None):
    """How to subscribe. Not on the calendar itself, so that a meeting that looks at it sees no address."""
    partnership = get_partnership(request, pk) if pk else None
    feed = own_feeds(request, partnership).first()
    path = feed.path if feed else ""
    context = {
        "partnership": partnership,
        "feed": feed,
        "address": f"{settings.SITE_URL}{path}" if path else "",
        "webcal": f"webcal://{settings.SITE_URL.split('//')[-1]}{path}" if path else "",
        "tab": "work",
        "place": "calendar",
    }
    template = "feed_of_partnership" if partnership else "feed_of_person"
    return render(request, f"desk/calendar/{template}.html", context)


def own_feeds(request, partnership):
    return Feed.objects.filter(user=request.user, partnership=partnership)


def back_to_feed(pk):
    return redirect("desk:partnership_feed", pk) if pk else redirect("desk:own_feed")


@require_POST
def make_feed(request, pk=None):
    """Make an address; where there is one, it stops at once and the new one counts."""
    partnership = get_partnership(request, pk) if pk else None
    if partnership and partnership.has_ended:
        raise PermissionDenied(_("This partnership has ended. It can be read, but not changed."))
    Feed.objects.make(user=request.user, partnership=partnership)
    messages.success(request, _("The new address is ready."))
    return back_to_feed(pk)


@require_POST
def end_feed(request, pk=None):
    partnership = get_partnership(request, pk) if pk else None
    own_feeds(request, partnership).delete()
    messages.success(request, _("The address is switched off. Nobody can read it any more."))
    return back_to_feed(pk)


# What a calendar program reads


@login_not_required
@require_safe
@sensitive_variables("token")
def feed(request, token):
    """The dates behind a secret address; what its owner may see is asked anew each time."""
    found = Feed.objects.found_by(token)
    if found is None:
        raise Http404
    with translation.override(found.user.language):
        body = read(found)
    found.note_reading()
    response = HttpResponse(body, content_type="text/calendar; charset=utf-8")
    response["Cache-Control"] = "private, no-cache"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    response["ETag"] = f'"{hashlib.sha256(body).hexdigest()}"'
    return get_conditional_response(request, etag=response["ETag"], response=response)


def read(found: Feed) -> bytes:
    today = timezone.localdate()
    begin, end = today - BACK, today + AHEAD
    if found.partnership_id is None:
        if not found.user.school_ids and not found.partnerships().exists():
            raise Http404  # they have left everything they worked in
        return calendar_of(entries_of_person(found.user, begin, end), _("Alongside"))
    partnership = found.partnerships().with_parties().select_related("district").first()
    if partnership is None:
        raise Http404
    return calendar_of(entries_of_partnership(partnership, begin, end), partnership.title)
