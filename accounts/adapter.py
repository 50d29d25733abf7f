from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.contrib.sites.shortcuts import get_current_site
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts import mails
from accounts.qr import as_svg


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up unasked; mails come in the language of the person they go to.

    Each of the library's mails has one template, its text; the HTML part is made from that.
    """

    def is_open_for_signup(self, request):
        return False

    def send_mail(self, template_prefix, email, context):
        user = context.get("user")
        with translation.override(user.language if user else translation.get_language()):
            request = allauth_context.request
            about = {
                "request": request,
                "email": email,
                "current_site": get_current_site(request),
                **context,
            }
            message = self.render_mail(template_prefix, email, about)
            mails.send_written(
                "account", email, subject=message.subject, text=message.body, user=user
            )


class SecondStepAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right. Enter the one that the app shows now.")
    }

    def build_totp_svg(self, url):
        return as_svg(url)
