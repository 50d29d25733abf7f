from allauth.account.decorators import secure_admin_login
from django.contrib import admin
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _


class AlongsideAdminSite(admin.AdminSite):
    """Django's admin without its own sign-in form, and without addresses that know every row."""

    site_header = site_title = _("Alongside: administration")
    index_title = _("Your district")

    @method_decorator(secure_admin_login)
    def login(self, request, extra_context=None):
        """Let in who has signed in: there is one sign-in form, and it counts what fails."""
        return redirect("admin:index")

    def password_change(self, request, extra_context=None):
        """Lead to the one page on which a password is changed, and its owner told."""
        return redirect("account_change_password")

    def get_urls(self):
        """Leave out the address that leads from any row of any table to its page, whoever asks."""
        return [url for url in super().get_urls() if getattr(url, "name", "") != "view_on_site"]
