from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from accounts.versions import VersionedForm
from checklists.models import Item
from partnerships.events import EventKind
from partnerships.fields import LongText, ReasonField
from partnerships.forms.owners import NOTHING_TO_DO, WHAT, OwnerMixin

WORDINGS = {f"wording_{language}": name for language, name in settings.LANGUAGES}


class ItemForm(OwnerMixin, VersionedForm):
    note = LongText(label=_("Note"), required=False)

    class Meta:
        model = Item
        fields = [*WORDINGS, "owner", "due_on", "side", "note", "evidence_url"]
        widgets = {"side": forms.RadioSelect}
        error_messages = {
            "evidence_url": {"invalid": _("Enter an address such as www.example.org/minutes.")}
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.offer_owners(self.instance.partnership)
        self.offer_words()
        self.fields["evidence_url"].assume_scheme = "https"

    def offer_words(self):
        """Let the words of an item of one's own be corrected where they were written.

        The product's own items of this kind, about people who leave, are written in each language.
        """
        for field, language in WORDINGS.items():
            if not (self.instance.is_own and getattr(self.instance, field)):
                del self.fields[field]
                continue
            self.fields[field].required = True
            self.fields[field].error_messages["required"] = NOTHING_TO_DO
            self.fields[field].label = WHAT
            if all(getattr(self.instance, one) for one in WORDINGS):
                self.fields[field].label = format_lazy("{} ({})", WHAT, language)

    def save(self, *, by):
        item = super().save()
        if self.has_changed():
            item.tell(EventKind.ITEM_CHANGED, by=by)
        return item


class OwnItemForm(OwnerMixin, forms.ModelForm):
    class Meta:
        model = Item
        fields = ["wording", "stage", "side", "owner", "due_on"]
        widgets = {"side": forms.RadioSelect}

    def __init__(self, *args, partnership, **kwargs):
        super().__init__(*args, **kwargs)
        self.partnership = partnership
        self.offer_owners(partnership)
        self.fields["wording"].required = True
        self.fields["wording"].error_messages["required"] = NOTHING_TO_DO

    def save(self, *, by):
        return self.partnership.items.add_own(by=by, **self.cleaned_data)


class NotRelevantForm(forms.Form):
    reason = ReasonField(
        label=_("Why is it not relevant here?"),
        max_length=500,
        help_text=_("A few words. They stay with the item and on the timeline."),
    )
