"""Codes that we mail and wait for, beside those of the library that sign in."""

import time
from functools import wraps

from allauth.account import app_settings
from allauth.account.adapter import get_adapter
from allauth.account.decorators import reauthentication_required
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core.internal.cryptokit import compare_user_code
from django.contrib.auth.views import redirect_to_login
from django.urls import reverse

LASTS = 15 * 60  # seconds
ATTEMPTS = 3


class MailedCode:
    """A code on its way to `email`; kept in the session of whoever asked for it."""

    kept_as = ""  # in the session

    def __init__(self, request):
        self.request = request
        self.state = request.session.get(self.kept_as) or {}

    @property
    def email(self) -> str:
        return self.state["email"]

    @property
    def is_waiting(self) -> bool:
        return bool(self.state) and time.time() < self.state["at"] + LASTS

    def wait_for(self, code: str, email: str):
        """Wait for a code; for none, if it is empty, but so that nobody can tell."""
        self.state = {"email": email, "code": code, "at": time.time(), "failed": 0}
        self.keep()

    def fits(self, code: str) -> bool:
        """Whether this is the code; after some wrong ones, none is any more."""
        if compare_user_code(actual=code, expected=self.state["code"]):
            return True
        self.state["failed"] += 1
        if self.state["failed"] >= ATTEMPTS:
            self.forget()
        else:
            self.keep()
        return False

    def keep(self):
        self.request.session[self.kept_as] = self.state

    def forget(self):
        self.state = {}
        self.request.session.pop(self.kept_as, None)


class CodeAgain(MailedCode):
    """Asks whoever has nothing but their mailbox who they are, before they change how they sign in."""

    kept_as = "code_again"

    def begin(self):
        adapter, user = get_adapter(), self.request.user
        code = adapter.generate_login_code()
        adapter.send_mail("account/email/code_again", user.email, {"user": user, "code": code})
        self.wait_for(code, user.email)

    def finish(self):
        self.forget()
        note_mailbox(self.request, self.request.user)


def note_mailbox(request, user):
    """Note that somebody has just shown that a mailbox is theirs."""
    record_authentication(request, user, "code", reauthenticated=True)


def is_needed(request) -> bool:
    """Whether somebody has nothing but their mailbox, and has not opened it lately."""
    if get_reauthentication_flows(request.user):
        return False
    latest = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
    records = get_authentication_records(request, request.user)
    return not any(one["method"] == "code" and one["at"] > latest for one in records)


def sure_who(view):
    """Before a change in how somebody signs in, ask for their password or passkey once more.

    Who has neither is asked for a code by mail.
    """
    asked = reauthentication_required(app="allauth.account")(view)

    @wraps(view)
    def wrapper(request, *args, **kwargs):
        if request.user.is_authenticated and is_needed(request):
            return redirect_to_login(request.get_full_path(), reverse("accounts:code_again"))
        return asked(request, *args, **kwargs)

    return wrapper
