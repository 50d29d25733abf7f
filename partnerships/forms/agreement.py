"""Arranging an agreement, drawing it up, signing it."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.text import NFCFormField
from accounts.versions import VersionedForm
from partnerships.fields import DayField, LongText
from partnerships.models import AgreementDraft, Part
from partnerships.uploads import check_scan


class AgreementDraftForm(VersionedForm):
    """What no other page asks: how you talk, what stands before a part, and which parts are left out."""

    rhythm = LongText(
        label=_("How and how often do you talk?"),
        help_text=_("Such as: the two contact persons phone every other Monday."),
        required=False,
    )

    class Meta:
        model = AgreementDraft
        fields = ["rhythm"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for part in Part:
            gaps = {"part": part.label}
            self.fields[f"introduction_{part}"] = LongText(
                label=_("Introduction to “%(part)s”") % gaps, required=False, rows=2
            )
            self.fields[f"left_out_{part}"] = forms.BooleanField(
                label=_("Leave out “%(part)s”") % gaps, required=False
            )
        self.initial.update(self.stored(self.instance))

    def groups(self):
        """The fields part by part, for the page."""
        for part in Part:
            fields = [self[f"introduction_{part}"], self[f"left_out_{part}"]]
            yield part, [self["rhythm"], *fields] if part == Part.RHYTHM else fields

    def clean_seen_version(self):
        return self.cleaned_data["seen_version"] or 0  # drawn before there was a draft

    def stored(self, saved):
        stored = super().stored(saved)
        for part in Part:
            stored[f"introduction_{part}"] = saved.introductions.get(part, "")
            stored[f"left_out_{part}"] = part in saved.left_out
        return stored

    def as_read(self, name, value):
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        return super().as_read(name, value)

    def save(self, commit=True):
        data = self.cleaned_data
        self.instance.introductions = {
            part.value: data[f"introduction_{part}"]
            for part in Part
            if data[f"introduction_{part}"]
        }
        self.instance.left_out = [part.value for part in Part if data[f"left_out_{part}"]]
        return super().save(commit)


class DrawUpForm(forms.Form):
    """Freezes the text that the page showed: `text` is its fingerprint, `seen` the last version."""

    text = forms.CharField(widget=forms.HiddenInput, max_length=64)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


class SignForm(forms.Form):
    """A signature in the product. It is asked once more before it counts (`confirmed`)."""

    name = NFCFormField(
        label=_("Your full name, as your signature"),
        max_length=120,
        error_messages={"required": _("Enter your full name.")},
    )
    authority = forms.BooleanField(
        error_messages={"required": _("Tick that you may sign, or ask somebody who may.")}
    )
    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args, party, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["authority"].label = _("I may sign for %(party)s.") % {"party": party.name}

    @property
    def is_confirmed(self) -> bool:
        return "confirmed" in self.data


class PaperForm(forms.Form):
    """A signature that was given on paper, with its scan."""

    name = NFCFormField(
        label=_("Who signed?"),
        max_length=120,
        error_messages={"required": _("Enter the name of the person who signed.")},
    )
    signed_on = DayField(
        label=_("Signed on"), error_messages={"required": _("Enter the day on which they signed.")}
    )
    scan = forms.FileField(
        label=_("The scan"),
        help_text=_("A PDF, PNG or JPG file of at most 10 MB, with all pages that were signed."),
        allow_empty_file=True,
        error_messages={
            "required": _("Choose the file with the scan."),
            "invalid": _("Choose the file with the scan."),
            "missing": _("Choose the file with the scan."),
        },
        widget=forms.FileInput({"accept": ".pdf,.png,.jpg,.jpeg"}),
    )
    fingerprint = forms.CharField(widget=forms.HiddenInput, max_length=64)

    def __init__(self, *args, agreement, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.agreement, self.today = agreement, today
        self.fields["scan"].max_length = None

    def clean_signed_on(self):
        signed_on = self.cleaned_data["signed_on"]
        drawn_up_on = self.agreement.content["drawn_up_on"]
        if signed_on > self.today:
            raise ValidationError(_("Enter a day that is not in the future."))
        if signed_on.isoformat() < drawn_up_on:
            raise ValidationError(_("Enter a day on which this version had been drawn up."))
        return signed_on

    def clean_scan(self):
        return check_scan(self.cleaned_data["scan"])
