"""For lists of the admin: whom our mails do not reach."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from accounts.outbox import failed_at_last


class MailReachesMixin:
    """Says in a list whose last mail could not be delivered; `email_path` leads to the address."""

    email_path = "email"

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        return rows.annotate(mail_failed_at=failed_at_last(self.email_path))

    @admin.display(description=_("last mail"))
    def last_mail(self, row):
        return _("could not be delivered") if row.mail_failed_at else ""
