"""The second step of signing in: offered to everybody, required of those who see a whole district."""

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver

STEPS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]  # either will do
KNOWN = "second_step_is_set_up"  # in the session, so that not every page asks the database


def is_required_of(user) -> bool:
    """Admins need it, but for a demo: its accounts and their password are public."""
    return user.is_staff and not settings.DEMO


def is_lacking(request) -> bool:
    """Whether whoever asks must set up their second step before anything else."""
    if not is_required_of(request.user) or request.session.get(KNOWN):
        return False
    return not is_set_up(request.user)


def is_set_up(user) -> bool:
    """Whether an authenticator app or a passkey stands beside the password or the mailed code."""
    return is_mfa_enabled(user, STEPS)


@receiver([user_logged_in, authenticator_added, authenticator_removed])
def remember(request, user, **signal):
    """Note for the session whether a second step is set up: at sign-in, and when that changes."""
    if user.is_staff:
        request.session[KNOWN] = is_set_up(user)


@receiver(authenticator_added)
def take_as_proof(request, user, authenticator, **signal):
    """Whoever has just set one up has it in hand, so the spare codes are shown without asking again."""
    record_authentication(request, user, "mfa", type=authenticator.type, reauthenticated=True)
