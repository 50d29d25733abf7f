"""Another email address for an account: counted once its owner has typed in the code sent to it."""

from allauth.account.adapter import get_adapter
from allauth.account.models import EmailAddress
from django.db import IntegrityError, transaction

from accounts.mailed_code import MailedCode
from accounts.models import User


class EmailTaken(Exception):
    """Somebody else has an account with this address."""


class EmailChange(MailedCode):
    kept_as = "email_change"

    def begin(self, email: str):
        """Send a code to an address; if somebody else has it, tell them instead, and nobody here."""
        adapter, code = get_adapter(), ""
        if owner := User.objects.filter(email__iexact=email).first():
            adapter.send_mail("account/email/email_taken", email, {"user": owner})
        else:
            code = adapter.generate_login_code()
            context = {"user": self.request.user, "code": code}
            adapter.send_mail("account/email/email_code", email, context)
        self.wait_for(code, email)

    def finish(self):
        """Change the address and tell the old one. Raises EmailTaken."""
        user, old, new = self.request.user, self.request.user.email, self.email
        self.forget()
        try:
            with transaction.atomic():
                user.email = new
                user.save(update_fields=["email"])
        except IntegrityError:
            user.email = old
            raise EmailTaken from None
        leave_old_address(user, old)


def leave_old_address(user, old: str):
    """Let the old address of an account no longer sign in, and tell whoever reads its mail."""
    EmailAddress.objects.filter(user=user, email__iexact=old).delete()
    context = {"user": user, "from_email": old, "to_email": user.email}
    get_adapter().send_notification_mail("account/email/email_changed", user, context, old)
