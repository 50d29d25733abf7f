from allauth.account import forms as allauth_forms
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp.forms import ActivateTOTPForm
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User


def say_it_in_labels(form):
    """Labels stay in sight while one types; placeholders go away and are hard to read."""
    for field in form.fields.values():
        field.widget.attrs.pop("placeholder", None)


class SignInForm(allauth_forms.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_it_in_labels(self)
        self.fields["login"].label = _("Email address")
        self.fields["login"].widget.attrs.update(autofocus=False, autocomplete="username")
        self.fields["password"].help_text = ""
        self.fields["remember"].label = _("Stay signed in on this computer")


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_it_in_labels(self)
        self.fields["email"].label = _("Email address")


class ResetPasswordKeyForm(allauth_forms.ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_it_in_labels(self)
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("New password, once more")


class FirstPasswordForm(allauth_forms.ResetPasswordKeyForm):
    """The password of an account that is about to be made; `user` is it, unsaved."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_it_in_labels(self)
        self.fields["password1"].label = _("Password")
        self.fields["password2"].label = _("Password, once more")


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_it_in_labels(self)
        self.fields["oldpassword"].label = _("Your password now")
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("New password, once more")


class CodeMixin:
    """For forms that ask for a code of the second step."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_it_in_labels(self)
        self.fields["code"].label = _("Code")
        self.fields["code"].error_messages["required"] = _("Enter the code.")


class SecondStepForm(CodeMixin, mfa_forms.AuthenticateForm):
    pass


class SecondStepAgainForm(CodeMixin, mfa_forms.ReauthenticateForm):
    pass


class SetUpSecondStepForm(CodeMixin, ActivateTOTPForm):
    pass


class ProfileForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["name", "language"]
        widgets = {"language": forms.RadioSelect}
        error_messages = {"name": {"required": _("Enter your name.")}}


class MailSettingsForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["wants_digest", "digest_day", "mail_hour", "wants_reminder"]
        labels = {
            "wants_digest": _("Once a week, tell me what waits for me"),
            "wants_reminder": _("Remind me on the day something falls due"),
            "digest_day": _("Day of the weekly mail"),
            "mail_hour": _("Time of day"),
        }
        help_texts = {
            "mail_hour": _("Both kinds of mail come at this hour, by the clock of your district."),
        }
        error_messages = {
            "digest_day": {"required": _("Choose a day.")},
            "mail_hour": {"required": _("Choose an hour.")},
        }


class LanguageForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["language"]
