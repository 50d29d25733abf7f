"""The form for the community, and what the sides answer."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evaluations.doors import Door, Fault
from evaluations.models import LONGEST, Going, Outcome
from partnerships.fields import LongText
from partnerships.models import Party
from partnerships.vocabulary import Audience

LINK = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
MOST_LINKS = 2
LETTER = re.compile(r"\w")

FAULTS = {
    Fault.FOREIGN: _("This form does not belong to this page. Look at it once more, then send it."),
    Fault.OLD: _("This page was open for long. Look at your words once more, then send them."),
    Fault.QUICK: _("That was very quick. Wait a moment, then send it once more."),
    Fault.USED: _(
        "This form has arrived already. Do you want to say this too? Then send it once more."
    ),
}


class VoiceText(LongText):
    def __init__(self, **kwargs):
        super().__init__(rows=3, max_length=LONGEST, required=False, **kwargs)


class VoiceForm(forms.Form):
    """What somebody says who has no account. No question has to be answered, but one of them."""

    going = forms.TypedChoiceField(
        label=_("How is it going?"),
        choices=Going.choices[::-1],
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
        error_messages={"invalid_choice": _("Choose one of the five.")},
    )
    change = VoiceText(label=_("What should change?"))
    idea = VoiceText(label=_("Do you have an idea?"))
    # For programs that fill in whatever they find; people do not see it.
    website = forms.CharField(label=_("Leave this empty"), required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)
    lang = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, door: Door, **kwargs):
        super().__init__(*args, **kwargs)
        self.door = door
        self.fields["website"].widget.attrs |= {"tabindex": "-1", "autocomplete": "off"}
        if self.is_bound:
            self.data = self.data.copy()
        else:
            self.initial["token"] = door.token()

    @property
    def said(self) -> dict:
        return {name: self.cleaned_data[name] for name in ("going", "change", "idea")}

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("website"):
            self.data["website"] = ""
            raise ValidationError(
                _(
                    "Something stood in a field that people do not see. It is empty now; send it once more."
                )
            )
        if fault := self.door.fault_of(cleaned.get("token", "")):
            self.refuse(fault)
        elif not self.errors and not any(cleaned[name] for name in ("going", "change", "idea")):
            raise ValidationError(_("Answer at least one of the three questions."))
        return cleaned

    def clean_change(self):
        return with_words(self.cleaned_data["change"])

    def clean_idea(self):
        return with_words(self.cleaned_data["idea"])

    def refuse(self, fault: Fault):
        """Say why it was not taken, and let it be sent again with all that was typed."""
        if fault != Fault.QUICK:
            self.data["token"] = self.door.token()
        self.add_error(None, FAULTS[fault])


def with_words(text: str) -> str:
    """Return the text if it says something besides links."""
    links = LINK.findall(text)
    if links and not LETTER.search(LINK.sub("", text)):
        raise ValidationError(
            _("Say in your own words what you mean. A link alone is hard to answer.")
        )
    if len(links) > MOST_LINKS:
        raise ValidationError(_("Use your own words, and at most two links."))
    return text


class ReplyForm(forms.Form):
    """What a party answers, and what became of an idea."""

    party = forms.ModelChoiceField(
        Party.objects.none(), label=_("For whom do you answer?"), empty_label=None
    )
    outcome = forms.ChoiceField(
        label=_("What becomes of it?"),
        choices=[("", _("Nothing to say about that yet")), *Outcome.choices],
        required=False,
        widget=forms.RadioSelect,
    )
    text = LongText(
        label=_("Your answer"),
        max_length=LONGEST,
        help_text=_("If this voice is shown in public, your answer is shown with it."),
        error_messages={"required": _("Write an answer in a sentence or two.")},
    )

    def __init__(self, *args, parties, **kwargs):
        super().__init__(*args, **kwargs)
        self.parties = parties
        if len(parties) == 1:
            del self.fields["party"]
        else:
            self.fields["party"].queryset = Party.objects.filter(pk__in=[one.pk for one in parties])

    def save(self, voice, *, by):
        chosen = self.cleaned_data.get("party")
        party = next((one for one in self.parties if one == chosen), self.parties[0])
        return voice.answer(
            party, self.cleaned_data["text"], outcome=self.cleaned_data["outcome"], by=by
        )


SHOWN = [
    ("unread", pgettext_lazy("voices", "Not read yet")),
    ("idea", pgettext_lazy("voices", "With an idea")),
    ("public", pgettext_lazy("voices", "Shown in public")),
    ("aside", pgettext_lazy("voices", "Set aside")),
]


class VoicesFilter(forms.Form):
    """What the list of voices is narrowed to; what makes no sense narrows nothing."""

    audience = forms.ChoiceField(
        label=_("From whom"),
        choices=[("", pgettext_lazy("voices", "Everybody")), *Audience.choices],
        required=False,
        widget=forms.Select({"class": "input"}),
    )
    show = forms.ChoiceField(
        label=_("Which"),
        choices=[("", pgettext_lazy("voices", "All")), *SHOWN],
        required=False,
        widget=forms.Select({"class": "input"}),
    )

    @property
    def chosen(self) -> dict:
        self.is_valid()
        return {name: self.cleaned_data.get(name, "") for name in self.fields}

    @property
    def is_narrowed(self) -> bool:
        return any(self.chosen.values())

    def narrow(self, voices, parties):
        """The voices asked for; those set aside are shown only where they are asked for."""
        asked = self.chosen
        if asked["audience"]:
            voices = voices.filter(audience=asked["audience"])
        match asked["show"]:
            case "aside":
                return voices.exclude(set_aside_at=None)
            case "unread":
                return voices.unread_by([party.pk for party in parties])
            case "idea":
                return voices.kept().with_an_idea()
            case "public":
                return voices.published()
        return voices.kept()
