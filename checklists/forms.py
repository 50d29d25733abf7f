from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.versions import VersionedForm
from checklists.models import Item
from partnerships.events import EventKind
from partnerships.fields import DayField, LongText, ReasonField
from partnerships.models import Seat


class SeatChoiceField(forms.ModelChoiceField):
    def label_from_instance(self, seat):
        return f"{seat.person.name} ({seat.party.label})"


class OwnerMixin(forms.Form):
    """For forms in which one of the people at the table is chosen."""

    def offer_owners(self, partnership):
        """Offer those at the table who stay there, and whoever does it now."""
        seats = [
            seat.pk
            for seat in partnership.current_seats
            if not seat.is_leaving or seat.pk == self.instance.owner_id
        ]
        self.fields["owner"].queryset = Seat.objects.filter(pk__in=seats).select_related(
            "person", "party__school", "party__partner"
        )


class ItemForm(OwnerMixin, VersionedForm):
    owner = SeatChoiceField(
        Seat.objects.none(),
        label=_("Who does it?"),
        required=False,
        empty_label=_("Nobody yet"),
    )
    due_on = DayField(label=_("Due on"), required=False)
    note = LongText(label=_("Note"), required=False)

    class Meta:
        model = Item
        fields = ["owner", "due_on", "side", "note", "evidence_url"]
        widgets = {"side": forms.RadioSelect}
        error_messages = {
            "evidence_url": {"invalid": _("Enter an address such as www.example.org/minutes.")}
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer_owners(self.instance.partnership)
        self.fields["evidence_url"].assume_scheme = "https"

    def save(self, *, by):
        item = super().save()
        if self.has_changed():
            item.tell(EventKind.ITEM_CHANGED, by=by)
        return item


class OwnItemForm(OwnerMixin, forms.ModelForm):
    owner = SeatChoiceField(
        Seat.objects.none(),
        label=_("Who does it?"),
        required=False,
        empty_label=_("Nobody yet"),
    )
    due_on = DayField(label=_("Due on"), required=False)

    class Meta:
        model = Item
        fields = ["wording", "stage", "side", "owner", "due_on"]
        widgets = {"side": forms.RadioSelect}

    def __init__(self, *args, partnership, **kwargs):
        super().__init__(*args, **kwargs)
        self.partnership = partnership
        self.offer_owners(partnership)
        self.fields["wording"].required = True
        self.fields["wording"].error_messages["required"] = _("Say what is to be done.")

    def save(self, *, by):
        return self.partnership.items.add_own(by=by, **self.cleaned_data)


class NotRelevantForm(forms.Form):
    reason = ReasonField(
        label=_("Why is it not relevant here?"),
        max_length=500,
        help_text=_("A few words. They stay with the item and on the timeline."),
    )
