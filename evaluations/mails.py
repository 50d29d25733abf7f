"""Mails about questions and debriefs, each in the language of the person it goes to."""

from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import mails
from partnerships.mails import note


def send_reminder(user, question_set, partnership, *, by, count: int, request):
    """Say that others wait for answers, how many, and where to give them; never what they said."""
    path = reverse("evaluations:joint", args=[partnership.pk, question_set.key])
    with translation.override(user.language):
        mail = mails.send(
            "reminder",
            user.email,
            subject=_("%(who)s waits for your side: %(title)s")
            % {"who": by.name, "title": question_set.title},
            template="evaluations/mail/reminder",
            context={
                "user": user,
                "set": question_set,
                "partnership": partnership,
                "by": by,
                "count": count,
                "link": mails.address_of(path, request),
            },
            user=user,
        )
    seat = next(iter(partnership.seats_of(user)), None)
    note(mail, partnership, seat)


def send_debrief_opened(debrief, seat):
    """Ask somebody at the table, who has a login, to answer a debrief that has just been opened."""
    partnership, user = debrief.partnership, seat.person.user
    path = reverse("evaluations:answer_debrief", args=[partnership.pk, debrief.number, seat.pk])
    about = {"user": user, "debrief": debrief, "partnership": partnership, "party": seat.party}
    with translation.override(user.language):
        mail = mails.send(
            "debrief",
            user.email,
            subject=_("How is the partnership going? You are asked to look back"),
            template="evaluations/mail/debrief_opened",
            context={**about, "link": mails.address_of(path)},
            user=user,
        )
    note(mail, partnership, seat)


def send_debrief_link(response, token: str, *, by, language: str, request):
    """Send a personal link to somebody without a login. Only here, and to whoever made it, it is known."""
    seat, debrief = response.seat, response.debrief
    path = reverse("evaluations:answer_by_link", args=[token])
    about = {"person": seat.person, "debrief": debrief, "partnership": debrief.partnership}
    with translation.override(language):
        mail = mails.send(
            "debrief",
            seat.person.email,
            subject=_("How is the partnership going? You are asked to look back"),
            template="evaluations/mail/debrief_link",
            context={**about, "by": by, "link": mails.address_of(path, request)},
        )
    note(mail, debrief.partnership, seat)
