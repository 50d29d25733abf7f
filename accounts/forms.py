import json
import struct

from allauth.account import forms as allauth_forms
from allauth.account.adapter import get_adapter
from allauth.core import context
from allauth.mfa.adapter import get_adapter as get_second_step
from allauth.mfa.base import forms as mfa_forms
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn import forms as passkey_forms
from django import forms
from django.contrib.auth.forms import AdminPasswordChangeForm
from django.utils.translation import gettext_lazy as _
from fido2.webauthn import AuthenticationResponse, RegistrationResponse

from accounts import sessions
from accounts.models import User
from accounts.text import NFCFormField

LONGEST_CREDENTIAL = 20_000  # bytes
# What the reading of something that no browser says comes to.
NOT_OURS = (
    ArithmeticError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
    struct.error,
)


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


class RequestCodeForm(allauth_forms.RequestLoginCodeForm):
    """Takes an address, and says the same whether or not there is an account with it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_it_in_labels(self)
        self.fields["email"].label = _("Email address")
        self.fields["email"].error_messages["required"] = _("Enter your email address.")
        self.fields["email"].widget.attrs["autocomplete"] = "username"


class MailedCodeForm(allauth_forms.ConfirmLoginCodeForm):
    """Asks for the code that was mailed to `email`. Wrong ones count like wrong passwords."""

    remember = forms.BooleanField(label=_("Stay signed in on this computer"), required=False)

    def __init__(self, *args, email, **kwargs):
        super().__init__(*args, **kwargs)
        self.email = email
        label_code(self)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"

    def clean_code(self):
        adapter = get_adapter()
        adapter.pre_authenticate(context.request, email=self.email)
        code = super().clean_code()
        adapter._rollback_login_failed_rl_usage()  # as the library itself does for a right password
        return code


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


class SetPasswordForm(allauth_forms.SetPasswordForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_it_in_labels(self)
        self.fields["password1"].label = _("Password")
        self.fields["password2"].label = _("Password, once more")
        ask_for_new_password(self)


class PasswordAgainForm(allauth_forms.ReauthenticateForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        say_it_in_labels(self)
        self.fields["password"].help_text = ""
        ask(self, password=_("Enter your password."))


def label_code(form):
    say_it_in_labels(form)
    form.fields["code"].label = _("Code")
    form.fields["code"].error_messages["required"] = _("Enter the code.")


class PasswordOfSomebodyForm(AdminPasswordChangeForm):
    """For operators: whose password it is, is told by mail, and signed out elsewhere."""

    def save(self, commit=True):
        user = super().save(commit)
        sessions.end_all_but(context.request.session.session_key, user)
        get_adapter().send_notification_mail("account/email/password_changed", user)
        return user


class CodeMixin:
    """For forms that ask for a code of the second step."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        label_code(self)


class SecondStepForm(CodeMixin, mfa_forms.AuthenticateForm):
    pass


class SecondStepAgainForm(CodeMixin, mfa_forms.ReauthenticateForm):
    pass


class SetUpSecondStepForm(CodeMixin, ActivateTOTPForm):
    pass


class Credential(forms.JSONField):
    """What the browser says about a passkey. Whatever else arrives is refused, not tripped over."""

    widget = forms.HiddenInput

    def __init__(self, kind, **kwargs):
        super().__init__(**kwargs)
        self.kind = kind
        unknown = get_second_step().error_messages["no_passkey"]
        self.error_messages |= {"required": unknown, "invalid": unknown}

    def to_python(self, value):
        try:
            read = super().to_python(value)
            if read is None:
                return None
            self.kind.from_dict(read)
            text = json.dumps(read, ensure_ascii=False).encode()
        except NOT_OURS as fault:
            raise get_second_step().validation_error("no_passkey") from fault
        if len(text) > LONGEST_CREDENTIAL or b"\\u0000" in text:  # no database takes the latter
            raise get_second_step().validation_error("no_passkey")
        return read

    def bound_data(self, data, initial):
        """Draw it empty: an answer counts once."""
        return ""

    def prepare_value(self, value):
        return ""


def in_words_of_passkeys(refusal):
    """The library says “wrong code” to all that is wrong; here there is no code."""
    adapter = get_second_step()
    if refusal.code == "incorrect_code":
        return adapter.validation_error("no_passkey")
    return refusal


class CredentialMixin(forms.Form):
    credential = Credential(AuthenticationResponse)

    def clean_credential(self):
        try:
            return super().clean_credential()
        except forms.ValidationError as refusal:
            raise in_words_of_passkeys(refusal) from refusal


class PasskeyForm(CredentialMixin, passkey_forms.AuthenticateWebAuthnForm):
    pass


class SignInByPasskeyForm(CredentialMixin, passkey_forms.LoginWebAuthnForm):
    pass


class PasskeyAgainForm(CredentialMixin, passkey_forms.ReauthenticateWebAuthnForm):
    pass


class AddPasskeyForm(passkey_forms.AddWebAuthnForm):
    """Passkeys only: keys that let in by themselves and ask for a finger, a face or a number first."""

    name = NFCFormField(label=_("Name"), max_length=60, required=False)
    credential = Credential(RegistrationResponse)
    passwordless = None

    def clean(self):
        self.cleaned_data["passwordless"] = True
        try:
            return super().clean()
        except forms.ValidationError as refusal:
            raise in_words_of_passkeys(refusal) from refusal


class RenamePasskeyForm(passkey_forms.EditWebAuthnForm):
    name = NFCFormField(label=_("Name"), max_length=60)


class NewEmailForm(forms.Form):
    email = forms.EmailField(label=_("New email address"))

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["email"].error_messages["required"] = _("Enter the new email address.")

    def clean_email(self):
        email = User.objects.normalize_email(self.cleaned_data["email"]).lower()
        if email == self.user.email.lower():
            raise forms.ValidationError(_("This is your address already. Enter another one."))
        return email


class EmailCodeForm(forms.Form):
    code = forms.CharField(max_length=20, widget=forms.TextInput({"autocomplete": "one-time-code"}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        label_code(self)


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
