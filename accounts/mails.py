"""Mails about an account, in the language of the person they go to."""

from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.models import User


def send_welcome(user: User, request):
    """Tell somebody that an account was made for them, and how to set a password."""
    link = request.build_absolute_uri(reverse("account_reset_password"))
    with translation.override(user.language):
        text = render_to_string("accounts/mail/welcome.txt", {"user": user, "link": link})
        send_mail(_("Your account in Alongside"), text, None, [user.email])
