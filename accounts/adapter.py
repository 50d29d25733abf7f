from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.qr import as_svg


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up unasked; mails come in the language of the person they go to."""

    def is_open_for_signup(self, request):
        return False

    def send_mail(self, template_prefix, email, context):
        user = context.get("user")
        with translation.override(user.language if user else translation.get_language()):
            super().send_mail(template_prefix, email, context)


class SecondStepAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right. Enter the one that the app shows now.")
    }

    def build_totp_svg(self, url):
        return as_svg(url)
