from django import forms
from django.conf import settings
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
