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


def ask(form, **sentences):
    """Say at each field left empty what to enter, so that no two errors sound the same."""
    for name, sentence in sentences.items():
        form.fields[name].error_messages["required"] = sentence


def ask_for_new_password(form):
    """The page says in plain words what makes a good one; the list of all rules goes away."""
    form.fields["password1"].help_text = ""
    ask(form, password1=_("Enter a new password."), password2=_("Enter it once more."))


class SignInForm(allauth_forms.LoginForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_it_in_labels(self)
        self.fields["login"].label = _("Email address")
        self.fields["login"].widget.attrs.update(autofocus=False, autocomplete="username")
        self.fields["password"].help_text = ""
        ask(self, login=_("Enter your email address."), password=_("Enter your password."))
        self.fields["remember"].label = _("Stay signed in on this computer")


class ResetPasswordForm(allauth_forms.ResetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_it_in_labels(self)
        self.fields["email"].label = _("Email address")
        ask(self, email=_("Enter your email address."))


class ResetPasswordKeyForm(allauth_forms.ResetPasswordKeyForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_it_in_labels(self)
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("New password, once more")
        ask_for_new_password(self)


class FirstPasswordForm(allauth_forms.ResetPasswordKeyForm):
    """The password of an account that is about to be made; `user` is it, unsaved."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_it_in_labels(self)
        self.fields["password1"].label = _("Password")
        self.fields["password2"].label = _("Password, once more")
        ask_for_new_password(self)


class ChangePasswordForm(allauth_forms.ChangePasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_it_in_labels(self)
        self.fields["oldpassword"].label = _("Your password now")
        ask(self, oldpassword=_("Enter the password you use now."))
        self.fields["password1"].label = _("New password")
        self.fields["password2"].label = _("New password, once more")
        ask_for_new_password(self)


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


class LanguageForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ["language"]
