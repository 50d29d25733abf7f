"""Small wins and thanks."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.versions import VersionedForm
from partnerships.fields import DayField, LongText
from partnerships.models import Thanks, ThanksBy, Win
from partnerships.pictures import cleaned


class WinForm(VersionedForm):
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
    )
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
            "picture_alt": _("For whoever cannot see it, such as: two apprentices at a robot arm."),
            "consent": _(
                "Everybody who can be recognized, and for students their families. Such as: "
                "families of class 4b, on paper, 3 May."
            ),
        }

    def __init__(self, *args, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.today = today
        self.had_picture = self.instance.picture.name
        if not self.had_picture:
            del self.fields["remove_picture"]

    def stored(self, saved):
        stored = super().stored(saved)
        return {name: value for name, value in stored.items() if name != "picture"}

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > self.today:
            raise ValidationError(_("Enter a day that is not in the future."))
        return on

    def clean_picture(self):
        sent = self.files.get(self.add_prefix("picture"))
        return cleaned(sent) if sent else self.had_picture

    def clean(self):
        answers = super().clean()
        if answers.get("remove_picture") and not self.files.get(self.add_prefix("picture")):
            answers["picture"] = ""
        if answers.get("picture"):
            if not answers.get("picture_alt") and "picture_alt" not in self.errors:
                self.add_error("picture_alt", _("Say in a few words what the picture shows."))
            if not answers.get("consent") and "consent" not in self.errors:
                self.add_error("consent", _("Say who agreed to the picture, and when."))
        return answers


class ThanksForm(forms.ModelForm):
    text = LongText(
        label=_("What do you thank for?"),
        max_length=1000,
        error_messages={"required": _("Say what you thank for, in a sentence or two.")},
    )

    class Meta:
        model = Thanks
        fields = ["seat", "name", "text", "language", "way"]
        widgets = {"language": forms.RadioSelect, "way": forms.RadioSelect}
        labels = {
            "seat": _("Somebody at the table"),
            "name": _("Or somebody else"),
            "way": _("How do you thank?"),
        }
        help_texts = {"name": _("A person or a group, as it should stand on the certificate.")}

    def __init__(self, *args, partnership, **kwargs):
        super().__init__(*args, **kwargs)
        seats = [seat.pk for seat in partnership.current_seats]
        self.fields["seat"].queryset = (
            self.fields["seat"].queryset.filter(pk__in=seats).select_related("person")
        )
        self.fields["seat"].empty_label = _("Nobody of these")
        self.fields["seat"].required = self.fields["name"].required = False

    def clean(self):
        answers = super().clean()
        seat, name = answers.get("seat"), answers.get("name")
        if bool(seat) == bool(name) and "name" not in self.errors:
            self.add_error("name", _("Choose somebody at the table, or enter a name: one of both."))
        if seat:
            answers["name"] = seat.person.name
        if answers.get("way") == ThanksBy.MAIL and not (seat and seat.person.email):
            self.add_error(
                "way", _("There is no mail address for them. Choose the certificate to print.")
            )
        return answers
