"""Small wins and thanks."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.versions import VersionedForm
from partnerships.aside import PictureGone, set_aside, taken_up
from partnerships.fields import DayField, LongText
from partnerships.forms.owners import SeatChoiceField, seats_to_choose
from partnerships.models import Seat, Thanks, ThanksBy, Win
from partnerships.pictures import NOT_A_PICTURE, cleaned


class WinForm(VersionedForm):
    """A small win, new or as it is.

    A picture that came with a form which needs another look is kept aside (`aside`), since browsers
    send a file but once.
    """

    text = LongText(
        label=_("What went well?"),
        help_text=_("Two or three sentences. Tell who did what, and what came of it."),
        max_length=1000,
        error_messages={"required": _("Say what went well, in a sentence or two.")},
    )
    on = DayField(
        label=_("When was it?"), error_messages={"required": _("Enter the day it happened.")}
    )
    picture = forms.FileField(
        label=_("Picture"),
        help_text=_(
            "JPG, PNG or WebP, at most 10 MB. It is made smaller; place, time and device are removed."
        ),
        required=False,
        allow_empty_file=True,  # refused as what it is: no picture
        error_messages={"invalid": NOT_A_PICTURE},
        widget=forms.FileInput({"accept": "image/jpeg,image/png,image/webp"}),
    )
    aside = forms.CharField(widget=forms.HiddenInput, required=False)
    remove_picture = forms.BooleanField(label=_("Remove the picture"), required=False)

    class Meta:
        model = Win
        fields = ["text", "on", "thanked", "picture", "remove_picture", "picture_alt", "consent"]
        labels = {
            "thanked": _("Who is thanked?"),
            "picture_alt": _("What does the picture show?"),
            "consent": _("Who agreed to the picture, and when?"),
        }
        help_texts = {
            "thanked": _("People or groups who made it happen. No names of students."),
            "picture_alt": _(
                "Needed with a picture, for whoever cannot see it. Such as: two apprentices at a robot arm."
            ),
            "consent": _(
                "Needed with a picture: everybody who can be recognized, and for students their families. "
                "Such as: families of class 4b, on paper, 3 May."
            ),
        }

    def __init__(self, *args, user, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.today = user, today
        self.partnership = self.instance.partnership
        self.had_picture = self.instance.picture.name
        self.fields["picture"].max_length = None  # of the name it was sent under, which is not kept
        if not self.had_picture:
            del self.fields["remove_picture"]
        else:
            self.fields["picture"].label = _("Another picture")

    def stored(self, saved):
        stored = super().stored(saved)
        return {name: value for name, value in stored.items() if name != "picture"}

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > self.today:
            raise ValidationError(_("Enter a day that is not in the future."))
        return on

    @property
    def sent(self):
        return self.files.get(self.add_prefix("picture"))

    @property
    def token(self) -> str:
        return self.data.get(self.add_prefix("aside"), "")

    def clean_picture(self):
        if self.sent:
            return cleaned(self.sent)
        if self.token:
            return self.taken_up()
        return self.had_picture

    def taken_up(self):
        try:
            return taken_up(self.token, by=self.user, partnership=self.partnership)
        except PictureGone:
            self.forget_aside()
            raise ValidationError(_("Choose the picture again.")) from None

    def clean(self):
        answers = super().clean()
        if answers.get("remove_picture") and not (self.sent or self.token):
            answers["picture"] = answers["picture_alt"] = answers["consent"] = ""
        if answers.get("picture"):
            self.ask_for("picture_alt", _("Say in a few words what the picture shows."))
            self.ask_for("consent", _("Say who agreed to the picture, and when."))
        return answers

    def ask_for(self, name, message):
        if not self.cleaned_data.get(name) and name not in self.errors:
            self.add_error(name, message)

    def keep_picture(self):
        """To be called where the form needs another look: what was chosen is not chosen twice."""
        if self.sent and "picture" not in self.errors:
            file = self.cleaned_data["picture"]
            self.put_aside(set_aside(file, by=self.user, partnership=self.partnership))

    def put_aside(self, token: str):
        self.data = self.data.copy()
        self.data[self.add_prefix("aside")] = token

    def forget_aside(self):
        self.put_aside("")

    @property
    def has_picture_aside(self) -> bool:
        return bool(self.token)

    def save(self, *, by) -> Win:
        win = self.instance
        if not win.pk:
            return win.tell(by=by)
        if self.has_changed():
            win.version += 1
            win.change(by=by)
        return win


class ThanksForm(forms.ModelForm):
    """A thank-you. It is asked once more before it is said (`confirmed`)."""

    seat = SeatChoiceField(
        Seat.objects.none(),
        label=_("Somebody at the table"),
        required=False,
        empty_label=_("Somebody else, named below"),
    )
    text = LongText(
        label=_("What do you thank for?"),
        help_text=_("In your own words, and in the language of whoever reads it."),
        rows=5,
        max_length=1000,
        error_messages={"required": _("Say what you thank for, in a sentence or two.")},
    )

    class Meta:
        model = Thanks
        fields = ["seat", "name", "text", "language", "way"]
        widgets = {"language": forms.RadioSelect, "way": forms.RadioSelect}
        labels = {
            "name": _("Or somebody else"),
            "language": _("In which language?"),
            "way": _("How do you thank?"),
        }
        help_texts = {"name": _("A person or a group, as it should stand on the certificate.")}
        error_messages = {
            "language": {"required": _("Choose a language.")},
            "way": {"required": _("Choose how you thank: by mail or by a certificate.")},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        seats = [seat.pk for seat in self.instance.partnership.current_seats]
        self.fields["seat"].queryset = seats_to_choose(seats)
        self.fields["name"].required = False
        for name in ("language", "way"):
            self.fields[name].choices = [one for one in self.fields[name].choices if one[0]]

    @property
    def is_confirmed(self) -> bool:
        return "confirmed" in self.data

    def clean(self):
        answers = super().clean()
        seat, name = answers.get("seat"), answers.get("name")
        if seat and name in {self.initial.get("name"), seat.person.name}:
            name = ""  # filled in by us
        if bool(seat) == bool(name) and not {"seat", "name"} & self.errors.keys():
            self.add_error("name", _("Choose somebody at the table, or enter a name: one of both."))
        if seat:
            answers["name"] = seat.person.name
        if answers.get("way") == ThanksBy.MAIL and not (seat and seat.person.email):
            self.add_error(
                "way", _("There is no mail address for them. Choose the certificate to print.")
            )
        return answers
