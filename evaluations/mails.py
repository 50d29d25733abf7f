"""Mails about questions, each in the language of the person it goes to."""

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from partnerships.mails import on_one_line


def send_reminder(user, question_set, partnership, *, by, count: int, request):
    """Say that others wait for answers, how many, and where to give them; never what they said."""
    path = reverse("evaluations:joint", args=[partnership.pk, question_set.key])
    context = {
        "user": user,
        "set": question_set,
        "partnership": partnership,
        "by": by,
        "count": count,
        "link": request.build_absolute_uri(path),
    }
    with translation.override(user.language):
        subject = _("%(who)s waits for your side: %(title)s") % {
            "who": by.name,
            "title": question_set.title,
        }
        text = render_to_string("evaluations/mail/reminder.txt", context)
        send_mail(on_one_line(subject), text, None, [user.email])
