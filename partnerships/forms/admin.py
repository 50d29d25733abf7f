"""Forms of the admin."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from partnerships.models import Coordinator, Partnership, Party, Person, School


def account_for(email: str, *, name: str, language: str) -> tuple[User, bool]:
    """Return the account with this address and whether it was made now; a person has only one."""
    if user := User.objects.filter(email__iexact=email).first():
        return user, False
    return User.objects.create_user(email, name=name, language=language), True


class CoordinatorForm(forms.ModelForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("Email address"))
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    account_is_new = False

    class Meta:
        model = Coordinator
        fields = ["school"]

    def clean(self):
        cleaned = super().clean()
        here = Coordinator.objects.filter(
            school=cleaned.get("school"), user__email__iexact=cleaned.get("email", "")
        )
        if here.exists():
            self.add_error("email", _("This person coordinates this school already."))
        return cleaned

    def save(self, commit=True):
        data = self.cleaned_data
        self.instance.user, self.account_is_new = account_for(
            data["email"], name=data["name"], language=data["language"]
        )
        return super().save(commit)


class PersonAdminForm(forms.ModelForm):
    may_sign_in = forms.BooleanField(
        label=_("Can sign in"),
        required=False,
        help_text=_("Makes an account for the email address, and sends a mail on how to begin."),
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=settings.LANGUAGES,
        required=False,
        help_text=_("Of a new account."),
    )

    class Meta:
        model = Person
        fields = ["name", "title", "email", "phone", "school", "partner"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["may_sign_in"] = bool(self.instance.user_id)
        self.initial["language"] = self.instance.user.language if self.instance.user else "en"

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("may_sign_in") and not cleaned.get("email"):
            self.add_error("email", _("Enter the email address with which the person signs in."))
        if bool(cleaned.get("school")) == bool(cleaned.get("partner")):
            self.add_error("school", _("Choose a school or a partner, not both."))
        return cleaned

    def link_account(self, person: Person) -> bool:
        """Give the person an account or take it from them; return whether one was made."""
        data = self.cleaned_data
        made = False
        if data["may_sign_in"] and not person.user:
            person.user, made = account_for(
                data["email"], name=data["name"], language=data["language"] or "en"
            )
        elif not data["may_sign_in"]:
            person.user = None
        return made


class ReassignForm(forms.ModelForm):
    """Put a partnership into the hands of another school of its district, or another coordinator."""

    school = forms.ModelChoiceField(School.objects.none(), label=_("School"))
    coordinator = forms.ModelChoiceField(
        User.objects.none(), label=_("Coordinator in charge"), required=False
    )

    class Meta:
        model = Partnership
        fields = ["coordinator"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        schools = School.objects.filter(district=self.instance.district_id)
        self.fields["school"].queryset = schools
        self.fields["coordinator"].queryset = User.objects.filter(schools__in=schools).distinct()
        self.initial["school"] = self.instance.school_party.school_id

    def clean(self):
        cleaned = super().clean()
        school, coordinator = cleaned.get("school"), cleaned.get("coordinator")
        if school and coordinator and not school.coordinators.contains(coordinator):
            self.add_error("coordinator", _("Choose somebody who coordinates this school."))
        ours = self.instance.school_party
        # One that has left keeps its place, and may come back to it.
        ever = Party.ever.filter(partnership=self.instance)
        taken = ever.exclude(pk=ours.pk).filter(school=school)
        if school and taken.exists():
            self.add_error("school", _("This school has a place in the partnership already."))
        return cleaned
