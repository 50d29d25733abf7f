from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.versions import VersionedForm
from partnerships.models import Partner
from partnerships.vocabulary import PartnerKind, Place


class PartnerForm(VersionedForm):
    """A new partner whose name looks like one we have is made only when the person says it is another."""

    is_another = forms.BooleanField(
        label=_("No, it is another one"), required=False, widget=forms.HiddenInput
    )
    field_order = ["name", "is_another"]

    class Meta:
        model = Partner
        fields = [
            "name",
            "kind",
            "place",
            "website",
            "address",
            "phone",
            "core_values",
            "can_offer",
            "needs",
            "notes",
        ]
        widgets = {
            "place": forms.RadioSelect,
            "address": forms.Textarea({"rows": 3}),
            "core_values": forms.Textarea({"rows": 3}),
            "can_offer": forms.Textarea({"rows": 3}),
            "needs": forms.Textarea({"rows": 3}),
            "notes": forms.Textarea({"rows": 4}),
        }
        error_messages = {
            "name": {"required": _("Enter the partner's name.")},
            "kind": {"required": _("Choose what kind of partner it is.")},
            "website": {"invalid": _("Enter an address such as www.example.org.")},
        }

    def __init__(self, *args, partners, **kwargs):
        super().__init__(*args, **kwargs)
        self.partners = partners
        self.lookalikes = []
        self.fields["website"].assume_scheme = "https"
        self.fields["kind"].choices = [("", _("Choose a kind")), *PartnerKind.choices]

    def clean(self):
        cleaned = super().clean()
        name = cleaned.get("name")
        if name and ("name" in self.changed_data) and not cleaned.get("is_another"):
            self.lookalikes = self.partners.exclude(pk=self.instance.pk).named_like(name)
        if self.lookalikes:
            message = ngettext(
                "We have a partner with a name like this. Is it the same?",
                "We have partners with names like this. Is it one of them?",
                len(self.lookalikes),
            )
            self.add_error("name", message)
            self.fields["is_another"].widget = forms.CheckboxInput()
        if cleaned.get("kind") == PartnerKind.INTERNAL and cleaned.get("place") == Place.OUTSIDE:
            self.add_error("place", _("A department of your own is inside. Choose “Inside”."))
        return cleaned
