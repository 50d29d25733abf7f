from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.emailkit import valid_email_or_none
from allauth.core import context as allauth_context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib.sites.shortcuts import get_current_site
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts import encryption, mails, sessions
from accounts.devices import in_words, note_device
from accounts.models import User
from accounts.qr import as_svg


class AccountAdapter(DefaultAccountAdapter):
    """Nobody signs up unasked; mails come in the language of the person they go to.

    Each of the library's mails has one template, its text; the HTML part is made from that.
    """

    error_messages = DefaultAccountAdapter.error_messages | {
        "incorrect_code": _("This code is not right. Enter the one from the newest mail."),
        "too_many_login_attempts": _("Too many attempts. Wait five minutes, then try again."),
    }

    def is_open_for_signup(self, request):
        return False

    def get_password_change_redirect_url(self, request):
        return reverse("accounts:profile")

    def login(self, request, user):
        """Let somebody in, by whichever way they came; a device they never used is told by mail."""
        has_been_here = user.last_login is not None
        super().login(request, user)
        sessions.begin(request)
        note_device(request, user, is_news=has_been_here)

    def set_password(self, user, password):
        """Set it, and end all other sessions: whoever knew the old one is out."""
        super().set_password(user, password)
        sessions.end_all_but(self.request.session.session_key, user)

    def send_mail(self, template_prefix, email, context):
        user = context.get("user") or User.objects.filter(email__iexact=email).first()
        with translation.override(user.language if user else translation.get_language()):
            request = allauth_context.request
            about = {
                "request": request,
                "email": email,
                "current_site": get_current_site(request),
                "name": user.name if user else "",
                **context,
            }
            if "user_agent" in context:
                about["device"] = in_words(context["user_agent"])
            message = self.render_mail(template_prefix, email, about)
            mails.send_written(
                "account",
                email,
                subject=message.subject,
                text=message.body,
                user=user,
                headers={"Content-Language": translation.get_language()},
            )


class SecondStepAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": _("This code is not right. Enter the one that the app shows now."),
        "no_passkey": _(
            "This passkey is not known here. Use another one, or another way to sign in."
        ),
    }

    def build_totp_svg(self, url):
        return as_svg(url)

    def encrypt(self, text):
        return encryption.encrypt(text)

    def decrypt(self, encrypted_text):
        return encryption.decrypt(encrypted_text)

    def generate_authenticator_name(self, user, type):  # noqa: A002 # the library's word
        count = Authenticator.objects.filter(user=user, type=type).count()
        return gettext("Passkey %(number)s") % {"number": count + 1}

    def get_public_key_credential_rp_entity(self):
        """Say who asks, in the words that the browser shows."""
        return super().get_public_key_credential_rp_entity() | {"name": gettext("Alongside")}


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Lets people in by their account elsewhere (Google, Microsoft …), where settings name one."""

    def pre_social_login(self, request, sociallogin):
        """Know somebody by their account elsewhere or, the first time, by their verified address."""
        claims = sociallogin.account.extra_data
        subjects = {part["sub"] for part in claims.values() if "sub" in part}
        if len(subjects) != 1:  # the two answers of the provider speak of two people
            raise PermissionDenied
        request.session.set_expiry(0)  # whoever signs in there may sit at anybody's computer
        if not sociallogin.is_existing and (user := self.owner_of_address(sociallogin)):
            sociallogin.connect(request, user)

    def owner_of_address(self, sociallogin) -> User | None:
        """The account with the address that the provider has verified, if there is one."""
        claims = sociallogin.account.extra_data
        said = claims.get("userinfo") or claims["id_token"]
        vouched_for = sociallogin.provider.app.settings["vouches_for_email"]
        if said.get("email_verified") is not True and not vouched_for:
            return None
        email = (valid_email_or_none(said.get("email")) or "").lower()
        user = User.objects.filter(email__iexact=email, is_active=True).first()
        # Databases have their own ideas of which letters are the same in capitals.
        return user if user and user.email.lower() == email else None
