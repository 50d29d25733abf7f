"""Answering a debrief: by whoever has a seat and a login, or by a personal link."""

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from evaluations.access import get_debrief, get_own_seat
from evaluations.answering import AnswerSheet
from evaluations.models import DebriefRefused, Response
from evaluations.models.debriefs import GIVEN_BY_ANOTHER, HAS_CLOSED
from evaluations.turnout import Turnout
from evaluations.views.debriefs import OF_DEBRIEFS
from partnerships.models import Partnership
from partnerships.views.invitations import by_link


@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def answer_debrief(request, pk, number, seat_pk):
    """The questions, as somebody with a login answers them; once per seat."""
    debrief = get_debrief(request, pk, number)
    seat = get_own_seat(request, debrief, seat_pk)
    if debrief.is_closed:
        if request.htmx:
            return beside_the_question(request, HAS_CLOSED)
        messages.info(request, HAS_CLOSED)
        return redirect(debrief)
    if request.method == "POST":
        response = debrief.ask(seat)
    else:
        found = debrief.responses.filter(seat=seat).first()
        response = found or Response(debrief=debrief, seat=seat)
        response.debrief, response.seat = debrief, seat
    page = LoginPage(request, response)
    return page.take() if request.method == "POST" else page.open()


def beside_the_question(request, why):
    """Say to what was just typed why it is not kept."""
    prefix = (request.htmx.target or "").removeprefix("saved-")
    context = {"refusal": why, "prefix": prefix}
    return render(request, "evaluations/debriefs/_saved.html", context)


class Page:
    """What somebody meets who answers. `here` is its address, `there` where it leads in the end."""

    template, check_template = "evaluations/debriefs/answer.html", "evaluations/debriefs/check.html"
    shows = True  # what was saved before

    def __init__(self, request, response):
        self.request, self.response, self.debrief = request, response, response.debrief

    def show(self):
        sheet = AnswerSheet(self.response, shows=self.shows)
        if "check" in self.request.GET and self.shows and not self.response.lacking:
            return render(self.request, self.check_template, self.context(sheet))
        return self.draw(sheet)

    def draw(self, sheet, status=200):
        return render(self.request, self.template, self.context(sheet), status=status)

    def context(self, sheet):
        return {
            "partnership": self.debrief.partnership,
            "debrief": self.debrief,
            "response": self.response,
            "seat": self.response.seat,
            "sheet": sheet,
            "failed": bool(sheet.errors),
            "here": self.here,
            "there": self.there,
            "is_thin": Turnout(self.debrief).is_thin,
            **OF_DEBRIEFS,
        }

    def take(self):
        """Keep what was entered; if that was asked for, go on to check it, or give it."""
        act = self.request.POST.get("act", "")
        try:
            self.begin()
            if act == "give":
                return self.give()
            sheet = AnswerSheet(self.response, self.request.POST)
            is_good = sheet.save()
        except DebriefRefused as refusal:
            return self.refuse(str(refusal))
        if self.request.htmx:
            if not sheet.posted:
                return HttpResponse(status=204)  # nothing to say, and nothing to put in its place
            context = {"form": sheet.posted[0]}
            return render(self.request, "evaluations/debriefs/_saved.html", context)
        if act == "check" and is_good and sheet.demand_all():
            return redirect(f"{self.here}?check")
        return self.draw(sheet) if sheet.errors else self.say_saved()

    def begin(self):
        self.response.lock()

    def give(self):
        self.response.give()
        return self.say_given()

    def refuse(self, why):
        if self.request.htmx:
            return beside_the_question(self.request, why)
        return self.turn_away(why)


def cookie_of(response) -> str:
    """The cookie by which a browser is known that saved answers by a link."""
    name = f"debrief-{response.pk}"
    return f"__Host-{name}" if settings.SESSION_COOKIE_SECURE else name


class LoginPage(Page):
    def __init__(self, request, response):
        super().__init__(request, response)
        self.reader = request.COOKIES.get(cookie_of(response), "")
        self.shows = response.is_open_to(request.user, self.reader)

    def open(self):
        if self.response.is_given and not self.shows:
            return self.turn_away(GIVEN_BY_ANOTHER)
        return self.show()

    def begin(self):
        self.response.begin_with_login(self.request.user, self.reader)

    def turn_away(self, why):
        messages.warning(self.request, why)
        return redirect(self.there)

    @property
    def here(self):
        args = [self.debrief.partnership_id, self.debrief.number, self.response.seat_id]
        return reverse("evaluations:answer_debrief", args=args)

    @property
    def there(self):
        return self.debrief.get_absolute_url()

    def say_saved(self):
        messages.success(self.request, _("Your answers are saved. Nobody else can read them."))
        return redirect(self.there)

    def say_given(self):
        told = _("Thank you. Your answers are given. You can change them until the debrief closes.")
        messages.success(self.request, told)
        return redirect(self.there)


# By the link


@by_link
@require_http_methods(["GET", "HEAD", "POST"])
@transaction.atomic
def answer_by_link(request, token):
    """The same questions, for somebody without a login. Opening the link changes nothing."""
    response = Response.objects.of_link(token).first()
    if response is None:
        return render(request, "evaluations/debriefs/no_link.html", status=404)
    table = Partnership.objects.with_sides().get(pk=response.debrief.partnership_id)
    table.district.keep_time()
    response.debrief.partnership = table
    hindrance = response.hindrance
    if hindrance and request.htmx:
        return beside_the_question(request, hindrance)
    if hindrance:
        context = {
            "hindrance": hindrance,
            "has_a_login": response.seat.person.user_id,
            "closed": None if response.debrief.is_open else response,
        }
        return render(request, "evaluations/debriefs/no_link.html", context, status=410)
    page = LinkPage(request, response, token)
    return page.take() if request.method == "POST" else page.open()


class LinkPage(Page):
    template = "evaluations/debriefs/answer_by_link.html"
    check_template = "evaluations/debriefs/check_by_link.html"

    def __init__(self, request, response, token):
        super().__init__(request, response)
        self.token = token
        self.cookie = cookie_of(response)
        self.reader = request.COOKIES.get(self.cookie, "")
        self.shows = response.is_read_by(self.reader)

    @property
    def here(self):
        return reverse("evaluations:answer_by_link", args=[self.token])

    there = here

    def open(self):
        if self.response.is_given and (not self.shows or not self.request.GET):
            context = {"debrief": self.debrief, "is_theirs": self.shows, "here": self.here}
            return render(self.request, "evaluations/debriefs/given_by_link.html", context)
        return self.show()

    def context(self, sheet):
        return {**super().context(sheet), "was_saved": "saved" in self.request.GET}

    def begin(self):
        self.reader = self.response.begin_as(self.reader)

    def take(self):
        answer = super().take()
        if self.response.is_read_by(self.reader):
            self.remember(answer)
        return answer

    def remember(self, answer):
        """Let this browser, and no other, be shown what it has saved."""
        days_left = (self.debrief.closes_on - self.debrief.partnership.district.today()).days
        answer.set_cookie(
            self.cookie,
            self.reader,
            max_age=(days_left + 90) * 24 * 60 * 60,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )

    def say_saved(self):
        return redirect(f"{self.here}?saved")

    def say_given(self):
        return redirect(self.here)

    def turn_away(self, why):
        return redirect(self.here)
