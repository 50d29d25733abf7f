from django import forms
from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class InviteForm(forms.Form):
    email = forms.EmailField(
        label=_("Email address"),
        max_length=254,
        help_text=_("The person signs in with it. Only this address can accept."),
        error_messages={
            "required": _("Enter the email address of the person."),
            "invalid": _("Enter an email address such as name@example.org."),
        },
    )
    language = forms.ChoiceField(
        label=_("Language of the mail"),
        choices=settings.LANGUAGES,
        widget=forms.RadioSelect,
        help_text=_("Pages come in it too. The person can change that at any time."),
        error_messages={"required": _("Choose a language.")},
    )

    by_hand = forms.BooleanField(
        label=_("Send no mail: I hand over the link myself"),
        required=False,
        help_text=_(
            "The link and a picture of it are shown once, to copy or to print. "
            "The address is still what the person signs in with."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].widget.attrs.pop("maxlength", None)  # browsers cut off what is pasted


class Way(TextChoices):
    """How somebody signs in from now on; the plain one first."""

    CODE = "code", _("A code by mail each time")
    PASSWORD = "password", _("A password")
    PASSKEY = "passkey", _("A passkey")


WHAT_IT_TAKES = {
    Way.CODE: _("We send eight digits to your mailbox whenever you come. Nothing to remember."),
    Way.PASSWORD: _("You think of one now, and keep it. A code by mail still works."),
    Way.PASSKEY: _(
        "Your phone or computer lets you in by finger, face or PIN. "
        "Needs a browser with JavaScript. A code by mail still works."
    ),
}


class WaySelect(forms.RadioSelect):
    """Says of each way what it takes."""

    def create_option(self, name, value, *args, **kwargs):
        option = super().create_option(name, value, *args, **kwargs)
        return option | {"hint": WHAT_IT_TAKES[value]}


class WayForm(forms.Form):
    way = forms.ChoiceField(
        label=_("From now on, I sign in with"),
        choices=Way,
        initial=Way.CODE,
        widget=WaySelect,
        error_messages={
            "required": _("Choose how to sign in."),
            "invalid_choice": _("Choose how to sign in."),
        },
    )
