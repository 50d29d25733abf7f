from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from partnerships.fields import ReasonField
from partnerships.models import Partner, Party, School


class JoinForm(forms.Form):
    """Which other partner or school of the district comes to the table."""

    partner = forms.ModelChoiceField(
        Partner.objects.none(), label=_("A partner"), required=False, empty_label=_("None")
    )
    school = forms.ModelChoiceField(
        School.objects.none(),
        label=_("Or another school of the district"),
        required=False,
        empty_label=_("None"),
    )

    def __init__(self, *args, partnership, **kwargs):
        super().__init__(*args, **kwargs)
        here = Party.objects.filter(partnership=partnership)
        for name, model in (("partner", Partner), ("school", School)):
            seated = here.exclude(**{name: None}).values(name)
            of_district = model.objects.filter(district=partnership.district_id)
            self.fields[name].queryset = of_district.exclude(pk__in=seated)

    def clean(self):
        cleaned = super().clean()
        if not self.errors and bool(cleaned.get("partner")) == bool(cleaned.get("school")):
            raise ValidationError(_("Choose one partner or one school."))
        return cleaned

    @property
    def organization(self) -> Partner | School:
        return self.cleaned_data["partner"] or self.cleaned_data["school"]


class LeaveTableForm(forms.Form):
    reason = ReasonField(label=_("Why do they leave the table?"))
