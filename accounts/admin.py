from allauth.account.admin import EmailAddressAdmin as AllauthEmailAddressAdmin
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from accounts.email_change import leave_old_address
from accounts.forms import PasswordOfSomebodyForm
from accounts.mail_reaches import MailReachesMixin
from accounts.models import User

admin.site.unregister(Group)  # roles come from schools, seats and districts
admin.site.unregister(EmailAddress)
admin.site.unregister(DBTaskResult)  # of mails, whose record is shown where it helps
admin.site.unregister(Authenticator)  # shows secrets; see UserAdmin.turn_off_second_step
# Providers are named in the settings; what people are connected with is on their own profile.
admin.site.unregister([SocialAccount, SocialApp, SocialToken, UserSession])


class ForOperators:
    """Django's own permissions keep everybody else out, also from learning which rows there are."""

    def history_view(self, request, object_id, extra_context=None):
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        return super().history_view(request, object_id, extra_context)


@admin.register(EmailAddress)
class EmailAddressAdmin(ForOperators, AllauthEmailAddressAdmin):
    pass


@admin.register(User)
class UserAdmin(MailReachesMixin, ForOperators, DjangoUserAdmin):
    ordering = ["email"]
    list_display = ["email", "name", "language", "is_active", "is_staff", "last_mail"]
    list_filter = ["is_active", "is_staff", "is_superuser", "language"]
    search_fields = ["email", "name"]
    filter_horizontal = []
    fieldsets = [
        (None, {"fields": ["email", "password", "name", "language"]}),
        (_("Access"), {"fields": ["is_active", "is_staff", "is_superuser"]}),
        (_("Dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (
            None,
            {"fields": ["email", "name", "language", "usable_password", "password1", "password2"]},
        )
    ]
    readonly_fields = ["last_login", "date_joined"]
    actions = ["turn_off_second_step"]
    change_password_form = PasswordOfSomebodyForm

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        if change and "email" in form.changed_data:
            leave_old_address(obj, form.initial["email"])

    @admin.action(
        description=_("Turn off the second step for somebody who has lost their phone"),
        permissions=["change"],
    )
    def turn_off_second_step(self, request, queryset):
        Authenticator.objects.filter(user__in=queryset).delete()
        self.message_user(request, _("Turned off. Admins set it up anew when they sign in next."))
