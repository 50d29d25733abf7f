"""Mails about questions, each in the language of the person it goes to."""

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
