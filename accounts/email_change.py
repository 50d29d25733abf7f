"""Another email address for an account: counted once its owner has typed in the code sent to it."""

import time

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from allauth.core.internal.cryptokit import compare_user_code
from django.db import IntegrityError, transaction

from accounts.models import User

KEPT_AS = "email_change"  # in the session
LASTS = 15 * 60  # seconds
ATTEMPTS = 3


class EmailTaken(Exception):
    """Somebody else has an account with this address."""


class EmailChange:
    """A change that waits for its code; kept in the session of whoever asked for it."""

    def __init__(self, request):
        self.request = request
        self.state = request.session.get(KEPT_AS) or {}

    @property
    def email(self) -> str:
        return self.state["email"]

    @property
    def is_waiting(self) -> bool:
        return bool(self.state) and time.time() < self.state["at"] + LASTS

    def begin(self, email: str):
        """Send a code to an address; if somebody else has it, tell them instead, and nobody here."""
        adapter = get_adapter()
        code = adapter.generate_login_code()
        self.state = {"email": email, "code": code, "at": time.time(), "failed": 0}
        owner = User.objects.filter(email__iexact=email).first()
        if owner:
            self.state["code"] = ""
            adapter.send_mail("account/email/email_taken", email, {"user": owner})
        else:
            context = {"user": self.request.user, "code": code}
            adapter.send_mail("account/email/email_code", email, context)
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

    def finish(self):
        """Change the address and tell the old one. Raises EmailTaken."""
        user, old, new = self.request.user, self.request.user.email, self.email
        self.forget()
        try:
            with transaction.atomic():
                user.email = new
                user.save(update_fields=["email"])
                EmailAddress.objects.filter(user=user).delete()  # the account's own is the one
        except IntegrityError:
            user.email = old
            raise EmailTaken from None
        context = {"user": user, "from_email": old, "to_email": new}
        get_adapter().send_notification_mail("account/email/email_changed", user, context, old)

    def keep(self):
        self.request.session[KEPT_AS] = self.state

    def forget(self):
        self.state = {}
        self.request.session.pop(KEPT_AS, None)
