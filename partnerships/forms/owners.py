"""Who does something, and who took part: chosen among the people at the table."""

from django import forms
from django.utils.translation import gettext_lazy as _

from partnerships.fields import DayField, RowsField
from partnerships.models import Seat

WHAT = _("What is to be done?")
NOTHING_TO_DO = _("Say what is to be done.")
REFUSED = forms.ModelChoiceField.default_error_messages["invalid_choice"]


class SeatLabel:
    def label_from_instance(self, seat):
        return f"{seat.person.name} ({seat.party.label})"


class SeatChoiceField(SeatLabel, forms.ModelChoiceField):
    pass


class SeatsField(SeatLabel, RowsField):
    # Says no in the same words whether or not there is such a seat somewhere else.
    default_error_messages = {"invalid_choice": REFUSED, "invalid_pk_value": REFUSED}


def seats_to_choose(keys):
    """These seats, with all that their labels say."""
    return Seat.objects.filter(pk__in=keys).select_related(
        "person", "party__school", "party__partner"
    )


class OwnerMixin(forms.Form):
    """For forms that say who does something, and by when."""

    owner = SeatChoiceField(
        Seat.objects.none(),
        label=_("Who does it?"),
        required=False,
        empty_label=_("Nobody yet"),
    )
    due_on = DayField(label=_("Due on"), required=False)

    def offer_owners(self, partnership):
        """Offer those at the table who stay there, and whoever does it now."""
        self.fields["owner"].queryset = seats_to_choose(
            seat.pk
            for seat in partnership.current_seats
            if not seat.is_leaving or seat.pk == self.instance.owner_id
        )
