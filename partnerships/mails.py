"""Mails about a partnership, each in the language of the person it goes to."""

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from partnerships.models import Invitation


def send_invitation(invitation: Invitation, request):
    """Send the link, which only an invitation that has just made it knows."""
    link = request.build_absolute_uri(invitation.path)
    with translation.override(invitation.language):
        subject = _("%(who)s invites you to a partnership") % {"who": invitation.made_by.name}
        context = {"invitation": invitation, "link": link}
        text = render_to_string("partnerships/mail/invitation.txt", context)
        send_mail(on_one_line(subject), text, None, [invitation.email])


def send_wish_for_invitation(invitation: Invitation, request):
    """Tell whoever looks after the partnership that somebody needs a new link."""
    path = reverse("partnerships:team", args=[invitation.partnership.pk])
    for user in invitation.partnership.looked_after_by:
        context = {
            "invitation": invitation,
            "user": user,
            "link": request.build_absolute_uri(path),
        }
        with translation.override(user.language):
            subject = _("%(who)s asks for a new invitation") % {"who": invitation.person.name}
            text = render_to_string("partnerships/mail/wish_for_invitation.txt", context)
            send_mail(on_one_line(subject), text, None, [user.email])


def on_one_line(text: str) -> str:
    """Return a subject without line breaks, which names may hold."""
    return " ".join(text.split())
