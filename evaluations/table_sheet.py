"""A sheet filled in by hand at a meeting, entered by a coordinator: for parties without a login."""

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts.text import NFCFormField
from evaluations.forms import NOTHING_TO_GIVE
from evaluations.joint import JointQuestion, JointSheet
from evaluations.models import give, propose
from partnerships.fields import DayField
from partnerships.forms.spoken import SpokenForm
from partnerships.models import Party


class Line:
    """One question of the sheet, with the fields that its form has for it."""

    def __init__(self, one: JointQuestion):
        self.one = one
        self.columns = []  # (voice, text, not relevant)
        self.wording = self.seen = None

    @property
    def number(self) -> int:
        """Of the wording that counts now; 0 while there is none."""
        return self.one.wording.number if self.one.wording else 0

    def name(self, party: Party) -> str:
        return f"q{self.one.question.pk}p{party.pk}"


class TableSheetForm(forms.Form):
    """Who said it, how and when; then every question. What is left empty stays as it is."""

    how = SpokenForm.base_fields["how"]
    said_on = DayField(
        label=_("On which day?"), error_messages={"required": _("Enter the day of the meeting.")}
    )

    def __init__(self, *args, sheet: JointSheet, parties: list[Party], **kwargs):
        super().__init__(*args, **kwargs)
        self.sheet, self.parties = sheet, parties
        for party in parties:
            self.fields[f"speaker{party.pk}"] = NFCFormField(
                label=_("Who spoke for %(party)s?") % {"party": party.label},
                max_length=120,
                required=False,
                initial=party.usual_speaker,
            )
        self.lines = [self.line_of(one) for one in sheet.questions]

    def line_of(self, one: JointQuestion) -> Line:
        line = Line(one)
        for voice in one.voices:
            if voice.party in self.parties:
                name = line.name(voice.party)
                words = {"number": one.number, "party": voice.party.label}
                self.fields[name] = long_text(_("Question %(number)s: answer of %(party)s") % words)
                self.fields[f"{name}-not"] = forms.BooleanField(
                    label=_("Question %(number)s is not relevant for %(party)s") % words,
                    required=False,
                )
                line.columns.append((voice, self[name], self[f"{name}-not"]))
        if self.sheet.my_parties:
            name = f"w{one.question.pk}"
            self.fields[name] = long_text(
                _("Question %(number)s: what we agree") % {"number": one.number}
            )
            self.fields[f"{name}-seen"] = forms.IntegerField(
                widget=forms.HiddenInput, required=False, min_value=0, initial=line.number
            )
            line.wording, line.seen = self[name], self[f"{name}-seen"]
        return line

    @property
    def head(self):
        """The fields that stand on top."""
        return [self[name] for name in ("how", "said_on", *self.speaker_names)]

    @property
    def speaker_names(self) -> list[str]:
        return [f"speaker{party.pk}" for party in self.parties]

    def clean_said_on(self):
        day = self.cleaned_data["said_on"]
        if day > self.sheet.partnership.district.today():
            raise forms.ValidationError(_("Enter the day on which it was said, not one to come."))
        return day

    def clean(self):
        cleaned = super().clean()
        for party in self.parties:
            if self.says_something(cleaned, party) and not cleaned.get(f"speaker{party.pk}"):
                self.add_error(f"speaker{party.pk}", _("Enter the name of the person who said it."))
        for line in self.lines:
            self.check_wording(line, cleaned)
        if not self.errors and not any(self.texts(cleaned)):
            raise forms.ValidationError(NOTHING_TO_GIVE)
        return cleaned

    def texts(self, cleaned):
        for line in self.lines:
            for _voice, text, is_not in line.columns:
                yield cleaned.get(text.name) or cleaned.get(is_not.name)
            yield line.wording and cleaned.get(line.wording.name)

    def says_something(self, cleaned, party: Party) -> bool:
        names = [line.name(party) for line in self.lines]
        agrees = any(line.wording and cleaned.get(line.wording.name) for line in self.lines)
        return agrees or any(cleaned.get(name) or cleaned.get(f"{name}-not") for name in names)

    def check_wording(self, line: Line, cleaned):
        """What is agreed can be entered once every side has answered, with this sheet or before."""
        if not line.wording or not cleaned.get(line.wording.name):
            return
        answered = {
            voice.party.pk
            for voice, text, is_not in line.columns
            if cleaned.get(text.name) or cleaned.get(is_not.name)
        }
        if any(not v.has_given and v.party.pk not in answered for v in line.one.voices):
            self.add_error(
                line.wording.name,
                _("Enter this once every side has given its answer to the question."),
            )
        if (cleaned.get(line.seen.name) or 0) != line.number:
            self.data = {**self.data.dict(), line.seen.name: line.number}
            self.add_error(
                line.wording.name,
                _("Somebody proposed another wording while you wrote. Compare, then decide."),
            )

    @transaction.atomic
    def save(self, *, by):
        """Give the answers, then propose and agree to the wordings."""
        data = self.cleaned_data
        for line in self.lines:
            for voice, text, is_not in line.columns:
                if data[text.name] or data[is_not.name]:
                    give(
                        line.one.question,
                        voice.party,
                        data[text.name],
                        by=by,
                        not_relevant=data[is_not.name],
                        **self.said_by(voice.party),
                    )
            if line.wording and data[line.wording.name]:
                self.agree(line, data[line.wording.name], by=by)

    def agree(self, line: Line, text: str, *, by):
        ours = self.sheet.my_parties
        wording = propose(line.one.question, ours[0], text, by=by, seen=line.number)
        for party in ours:
            wording.assent(party, by=by)
        for party in self.parties:
            wording.assent(party, by=by, **self.said_by(party))

    def said_by(self, party: Party) -> dict:
        return {
            "how": self.cleaned_data["how"],
            "said_on": self.cleaned_data["said_on"],
            "speaker": self.cleaned_data[f"speaker{party.pk}"],
        }


def long_text(label) -> NFCFormField:
    return NFCFormField(
        label=label, max_length=5000, required=False, widget=forms.Textarea({"rows": 2})
    )
