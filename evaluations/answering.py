"""A debrief as one person meets it: every question with what they have said to it so far."""

import hashlib
import json
from dataclasses import dataclass
from itertools import groupby

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.text import NFCFormField
from evaluations.models import AnswerKind, Response
from evaluations.models.debriefs import CANNOT_SAY
from evaluations.results import in_language

LONGEST = 2000
SECONDS = {AnswerKind.TEXT: 90}  # to answer a question, about; where nothing is said, 20


class Rating(forms.RadioSelect):
    """Five steps in a row, each with its words; "cannot say" below."""

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"]["is_rating"] = True
        return context


def fingerprint(said) -> str:
    """What a page keeps of an answer, to know whether it has changed since."""
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def choices_of(question: dict) -> list[tuple[str, str]]:
    found = [(str(one["value"]), in_language(one["label"])) for one in question["options"]]
    if question["answer"] == AnswerKind.SCALE:
        found = found or [(str(step), str(step)) for step in range(1, 6)]
        return [*found, (str(CANNOT_SAY), _("Cannot say"))]
    if not question["required"]:
        found.insert(0, ("", pgettext_lazy("no answer chosen", "Not answered")))
    return found


def field_for(question: dict, label: str) -> forms.Field:
    options = {"label": label, "required": False}
    if question["answer"] == AnswerKind.TEXT:
        return NFCFormField(max_length=LONGEST, widget=forms.Textarea({"rows": 4}), **options)
    widget = Rating() if question["answer"] == AnswerKind.SCALE else forms.RadioSelect()
    return forms.ChoiceField(choices=choices_of(question), widget=widget, **options)


def wanted(question: dict, number: int):
    """What to enter, where an answer is lacking."""
    told = {
        AnswerKind.TEXT: _("Question %(number)s: write a few words."),
        AnswerKind.SCALE: _("Question %(number)s: choose an answer, or “Cannot say”."),
    }
    return told.get(question["answer"], _("Question %(number)s: choose an answer.")) % {
        "number": number
    }


class QuestionForm(forms.Form):
    """One answer as entered. `conflict` holds what was saved in another window since the page was drawn."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False, max_length=40)

    def __init__(self, data, *, question: dict, number: int, saved):
        self.question, self.number, self.saved = question, number, saved
        prefix = question["key"]
        names = {f"{prefix}-seen", f"{prefix}-said"}
        posted = data if data is not None and names & set(data) else None
        initial = {"seen": fingerprint(saved), "said": "" if saved is None else str(saved)}
        super().__init__(posted, prefix=prefix, initial=initial)
        self.fields["said"] = field_for(question, f"{number}. {self.text}")
        self.conflict = False

    @property
    def text(self) -> str:
        return in_language(self.question["text"])

    @property
    def is_optional(self) -> bool:
        return not self.question["required"]

    @property
    def is_saved(self) -> bool:
        return self.saved not in (None, "")

    @property
    def as_read(self) -> str:
        """What is saved, as a person reads it."""
        if self.question["answer"] == AnswerKind.TEXT or self.saved is None:
            return self.saved or ""
        return str(dict(choices_of(self.question)).get(str(self.saved), self.saved))

    @property
    def new(self):
        """What was entered, as it is kept; None where nothing was."""
        said = self.cleaned_data.get("said", "")
        if self.question["answer"] == AnswerKind.TEXT:
            return said if said or self.saved else None
        if said:
            return int(said)
        was_undone = self.is_optional and self.saved and self.add_prefix("said") in self.data
        return "" if was_undone else None

    def clean(self):
        cleaned = super().clean()
        has_changed = cleaned.get("seen") != fingerprint(self.saved)
        if has_changed and self.new is not None and self.new != self.saved:
            self.conflict = True
            self.carry()
            self.add_error(
                "said",
                _("You answered this in another window too. Compare, then save what should stand."),
            )
        return cleaned

    def carry(self):
        """Draw the form, when it is shown again, for what is saved now."""
        self.data = {**dict(self.data.items()), self.add_prefix("seen"): fingerprint(self.saved)}

    def note(self, saved):
        self.saved = saved
        self.carry()

    def demand(self):
        """Say that an answer is lacking."""
        if not self.is_bound:
            self.data, self.is_bound = {self.add_prefix("seen"): fingerprint(self.saved)}, True
            self.cleaned_data = {}
        self.add_error("said", wanted(self.question, self.number))


@dataclass
class Group:
    """Questions that stand together on the page."""

    kind: str
    forms: list[QuestionForm]
    is_first: bool


class AnswerSheet:
    """Use it inside a transaction that has locked the response, if anything was posted."""

    def __init__(self, response: Response, data=None, *, shows=True):
        """Without `shows`, what was saved is not for this reader."""
        self.response, self.debrief = response, response.debrief
        saved = response.answers if shows else {}
        self.forms = [
            QuestionForm(data, question=question, number=number, saved=saved.get(question["key"]))
            for number, question in enumerate(self.debrief.questions, 1)
        ]

    @property
    def groups(self) -> list[Group]:
        found = [(kind, list(forms)) for kind, forms in groupby(self.forms, kind_of)]
        return [Group(kind, forms, place == 0) for place, (kind, forms) in enumerate(found)]

    @property
    def minutes(self) -> int:
        """How long it takes, about."""
        return -(-sum(SECONDS.get(form.question["answer"], 20) for form in self.forms) // 60)

    @property
    def errors(self) -> list[tuple[str, str]]:
        """What is wrong, each with the anchor of its question."""
        return [
            (f"question-{form.prefix}", error)
            for form in self.forms
            for error in form["said"].errors
        ]

    @property
    def posted(self) -> list[QuestionForm]:
        return [form for form in self.forms if form.is_bound]

    @property
    def answered(self) -> int:
        return sum(form.is_saved for form in self.forms)

    def save(self) -> bool:
        """Keep every answer that is well formed; return whether all were."""
        good = [form for form in self.posted if form.is_valid()]
        new = {form: form.new for form in good if form.new is not None and form.new != form.saved}
        if self.response.is_given:
            self.refuse_to_empty(new)
        if new:
            self.response.keep({form.prefix: said for form, said in new.items()})
        for form in good:
            form.note(self.response.answers.get(form.prefix))
        return not self.errors

    def refuse_to_empty(self, new: dict):
        """What was given can be changed, but not left empty."""
        for form in [form for form, said in new.items() if said == "" and not form.is_optional]:
            form.add_error("said", wanted(form.question, form.number))
            del new[form]

    def demand_all(self) -> bool:
        """Say what is lacking; return whether all that is asked for is answered."""
        for form in self.forms:
            if not form.is_optional and not form.is_saved and not form.errors:
                form.demand()
        return not self.errors


def kind_of(form: QuestionForm) -> str:
    if form.question["answer"] == AnswerKind.SCALE:
        return "principle" if form.question["principle"] else "scale"
    return "words"
