from django import forms
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.words import own_words
from partnerships.fields import DayField
from partnerships.models import Person, Seat
from partnerships.vocabulary import Role


class PersonForm(forms.ModelForm):
    class Meta:
        model = Person
        fields = ["name", "title", "email", "phone"]
        error_messages = {
            "name": {"required": _("Enter the person's name.")},
            "email": {"invalid": _("Enter an email address such as name@example.org.")},
        }


class RolesField(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, **kwargs):
        choices = [choice for choice in Role.choices if choice[0] != Role.MEMBER]
        options = {
            "label": _("Roles in this partnership"),
            "help_text": _("Whoever has none of these is a member."),
            "required": False,
        }
        super().__init__(choices=choices, **{**options, **kwargs})


class SeatForm(forms.Form):
    """Give a colleague a seat; somebody we do not know yet is written down at once."""

    person = forms.ModelChoiceField(
        Person.objects.none(),
        label=_("Who?"),
        required=False,
        empty_label=_("Somebody else"),
        help_text=_(
            "If the person is not in the list, leave it at “Somebody else” and fill in below."
        ),
    )
    name = Person._meta.get_field("name").formfield(required=False)
    title = Person._meta.get_field("title").formfield()
    email = Person._meta.get_field("email").formfield()
    phone = Person._meta.get_field("phone").formfield()
    roles = RolesField()

    def __init__(self, *args, party, **kwargs):
        super().__init__(*args, **kwargs)
        self.party = party
        seated = [seat.person_id for seat in party.current_seats if not seat.is_leaving]
        self.fields["person"].queryset = party.organization.people.present().exclude(pk__in=seated)

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("person") and not cleaned.get("name") and "name" not in self.errors:
            self.add_error("name", _("Choose somebody from the list, or enter a name."))
        return cleaned

    def save(self, *, by) -> Seat:
        data = self.cleaned_data
        person = data["person"] or self.party.organization.people.create(
            name=data["name"], title=data["title"], email=data["email"], phone=data["phone"]
        )
        return self.party.seat(person, data["roles"], by=by)


class RolesForm(forms.Form):
    roles = RolesField()

    def __init__(self, *args, seat, **kwargs):
        super().__init__(*args, initial={"roles": seat.roles}, **kwargs)


class LeaveForm(forms.Form):
    """When somebody leaves, and who takes over each of their seats."""

    left_on = DayField(
        label=_("Leaves on"),
        help_text=_("From this day on they can no longer sign in to these partnerships."),
        error_messages={"required": _("Enter the day.")},
    )

    def __init__(self, *args, seats, colleagues, **kwargs):
        super().__init__(*args, **kwargs)
        self.seats = seats
        for seat in seats:
            self.fields[f"successor_{seat.pk}"] = forms.ModelChoiceField(
                colleagues,
                required=False,
                empty_label=_("Nobody yet"),
                label=format_html(
                    gettext("Who takes over in {partnership}?"),
                    partnership=own_words(seat.party.partnership.title),
                ),
            )

    def successors(self) -> dict[Seat, Person]:
        chosen = {seat: self.cleaned_data[f"successor_{seat.pk}"] for seat in self.seats}
        return {seat: person for seat, person in chosen.items() if person}
