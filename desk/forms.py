from django import forms
from django.utils.translation import gettext_lazy as _

from checklists.forms import OwnItemForm
from checklists.models import Item


class QuestionItemForm(OwnItemForm):
    """A difference between the sides, as something that somebody does by a day."""

    class Meta(OwnItemForm.Meta):
        model = Item
        fields = ["wording", "owner", "due_on", "side"]
        labels = {"wording": _("What is to be done?")}
        widgets = {"side": forms.RadioSelect}

    def save(self, *, by, stage, origin):
        fields = {**self.cleaned_data, "stage": stage, "origin": origin}
        return self.partnership.items.add_own(by=by, **fields)
