"""One form per question of a worksheet: what kind of answer it takes, and which version was seen."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.text import NFCFormField
from evaluations.models import Answer, AnswerKind, Notes, Question, WhatNext, Wording
from partnerships.fields import LongText, ReasonField
from partnerships.forms.basics import LevelSelect
from partnerships.forms.spoken import SpokenForm
from partnerships.models import Party
from partnerships.vocabulary import Level

SCALE = range(1, 6)
NOTHING_TO_GIVE = _("Write an answer, or mark the question as not relevant.")


class ScaleSelect(forms.RadioSelect):
    """Five steps in a row, the ends named."""

    def __init__(self, question: Question):
        super().__init__()
        self.question = question

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        context["widget"].update(low=self.question.low, high=self.question.high, is_scale=True)
        return context


def choices_of(question: Question) -> list[tuple[str, str]]:
    if question.answer == AnswerKind.LEVEL:
        return Level.choices
    if question.options_id:
        return [(str(option.value), option.label) for option in question.options.options.all()]
    return [(str(step), str(step)) for step in SCALE]


def widget_for(question: Question) -> forms.Widget:
    if question.answer == AnswerKind.LEVEL:
        return LevelSelect()
    return forms.RadioSelect() if question.options_id else ScaleSelect(question)


def answer_field(question: Question, saved: str) -> forms.Field:
    """Return the field for an answer; what is `saved` stays a choice, also where it is none any more."""
    options = {"label": question.text, "required": False}
    if question.answer == AnswerKind.TEXT:
        return NFCFormField(max_length=5000, widget=forms.Textarea({"rows": 3}), **options)
    choices = [("", pgettext_lazy("no answer chosen", "Not answered")), *choices_of(question)]
    if saved not in dict(choices):
        choices.append((saved, saved))
    return forms.ChoiceField(choices=choices, widget=widget_for(question), **options)


class AnswerForm(forms.Form):
    """An answer as typed. `conflict` holds what somebody else has saved since the page was drawn."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def __init__(self, *args, question: Question, answer: Answer | None, prefix="", **kwargs):
        initial = {"text": answer.text, "version": answer.version} if answer else {"version": 0}
        prefix = prefix or f"q{question.pk}"
        super().__init__(*args, prefix=prefix, initial=initial, **kwargs)
        self.question, self.answer, self.conflict = question, answer, None
        self.fields["text"] = answer_field(question, saved=initial.get("text", ""))

    @property
    def says_something_new(self) -> bool:
        """Whether what was typed differs from what is saved."""
        return self.cleaned_data.get("text", "") != (self.answer.text if self.answer else "")

    def clean(self):
        cleaned = super().clean()
        saved_version = self.answer.version if self.answer else 0
        if cleaned.get("version") != saved_version and self.says_something_new:
            self.conflict = self.answer
            self.carry(saved_version)
            self.add_error(
                "text",
                _("Somebody wrote here while you did. Compare, then save what should stand."),
            )
        return cleaned

    def carry(self, version: int):
        """Draw the form, when it is shown again, for this version."""
        self.data = {**self.data.dict(), self.add_prefix("version"): version}

    def save(self, party: Party, *, by, cycle=1):
        """Keep what is new in it."""
        if self.says_something_new:
            text = self.cleaned_data["text"]
            self.answer = Answer.write(self.question, party, text, by=by, cycle=cycle)
            self.carry(self.answer.version)


class WordingForm(forms.Form):
    """What the sides agree. `seen` is the number of the wording that the page showed."""

    text = NFCFormField(
        label=_("What we agree"),
        max_length=5000,
        widget=forms.Textarea({"rows": 3}),
        error_messages={"required": _("Write what you agree.")},
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, required=False)

    def __init__(self, *args, question: Question, wording: Wording | None, **kwargs):
        initial = {"text": wording.text, "seen": wording.number} if wording else {"seen": 0}
        super().__init__(*args, prefix=f"w{question.pk}", initial=initial, **kwargs)
        self.conflict = None

    def show(self, latest: Wording):
        """Refuse, since somebody has proposed `latest` meanwhile; what was typed stays."""
        self.conflict = latest
        self.data = {**self.data.dict(), self.add_prefix("seen"): latest.number}
        self.add_error(
            "text",
            _("Somebody proposed another wording while you wrote. Compare, then decide."),
        )


class TranslationForm(WordingForm):
    """The agreed wording in the other language."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("The translation")
        self.fields["text"].error_messages["required"] = _("Write the translation.")


class SpokenAnswerForm(SpokenForm):
    text = NFCFormField(
        label=_("Their answer"),
        max_length=5000,
        required=False,
        widget=forms.Textarea({"rows": 4}),
    )
    not_relevant = forms.BooleanField(
        label=_("They said that the question is not relevant"), required=False
    )

    def clean(self):
        cleaned = super().clean()
        if (
            not cleaned.get("text")
            and not cleaned.get("not_relevant")
            and "text" not in self.errors
        ):
            self.add_error("text", NOTHING_TO_GIVE)
        return cleaned


class CommentForm(forms.Form):
    """What a side says to a result."""

    text = LongText(
        label=_("What do you want to say to this?"),
        help_text=_("If you see it differently, say in a sentence how."),
        error_messages={"required": _("Write what you want to say to this result.")},
    )
    disagrees = forms.BooleanField(label=_("We see it differently"), required=False)


class SpokenCommentForm(SpokenForm, CommentForm):
    """The same, entered for a side without a login."""


class NotesForm(WordingForm):
    """Notes of the conversation about a debrief. `seen` is the number of the text that the page showed."""

    text = LongText(
        label=_("Notes of the conversation"),
        help_text=_("What did you talk about, and what follows from it?"),
        max_length=10_000,
        rows=8,
        error_messages={"required": _("Write down what you talked about.")},
    )

    def __init__(self, *args, notes: Notes | None, **kwargs):
        initial = {"text": notes.text, "seen": notes.number} if notes else {"seen": 0}
        forms.Form.__init__(self, *args, initial=initial, **kwargs)
        self.conflict = None


class WishForm(forms.Form):
    """What a party would like to come next."""

    what_next = forms.ChoiceField(
        label=_("What would this side like?"),
        choices=WhatNext.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose what this side would like.")},
    )
    because = ReasonField(help_text=_("A few words. All sides read them."))


class SpokenWishForm(WishForm, SpokenForm):
    field_order = ["what_next", "because", "how", "speaker"]
