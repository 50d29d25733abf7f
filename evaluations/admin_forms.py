"""What a district writes into its question sets: in both languages, and without changing what was answered."""

from django import forms
from django.db.models import Max
from django.forms.models import BaseInlineFormSet
from django.utils.translation import gettext_lazy as _

from evaluations.models import AnswerKind
from evaluations.usage import was_answered, was_chosen_from

FIVE = 5  # empty forms for a new list, since most are scales
OF_A_DEBRIEF = (AnswerKind.TEXT, AnswerKind.SCALE, AnswerKind.CHOICE)
ENTER_IT = {"en": _("Enter it in English."), "vi": _("Enter it in Vietnamese.")}
WAS_ANSWERED = _(
    "People have answered this question, so its words stay as they are. "
    "Mark it as no longer asked, and add a new one."
)
WAS_CHOSEN_FROM = _(
    "People have chosen from this list, so its words stay as they are. Make a new list."
)


class BothLanguagesForm(forms.ModelForm):
    """What is entered in one language is asked for in the other. `needed` has to be entered at all."""

    needed: tuple[str, ...] = ()
    translated: tuple[str, ...] = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in (f"{field}_en" for field in self.needed):
            if name in self.fields:
                self.fields[name].error_messages["required"] = ENTER_IT["en"]

    def clean(self):
        cleaned = super().clean()
        for field in self.translated:
            said = {language: cleaned.get(f"{field}_{language}") for language in ENTER_IT}
            if not any(said.values()) and field not in self.needed:
                continue
            for language, text in said.items():
                name = f"{field}_{language}"
                if name in self.fields and not text and name not in self.errors:
                    self.add_error(name, ENTER_IT[language])
        return cleaned

    def changes(self, *names) -> list[str]:
        """Which of these fields say something else than before; what was empty may be filled."""
        return [
            name for name in names if name in self.changed_data and self.initial.get(name, "") != ""
        ]


class QuestionSetForm(BothLanguagesForm):
    needed = ("title",)
    translated = ("title", "intro")


class QuestionForm(BothLanguagesForm):
    needed = ("text",)
    translated = ("text", "low", "high")

    def clean(self):
        cleaned = super().clean()
        if self.instance.set.is_debrief:
            self.check_of_a_debrief(cleaned)
        elif self.instance.pk and was_answered(self.instance):
            for name in self.changes("text_en", "text_vi", "answer", "options"):
                self.add_error(name, WAS_ANSWERED)
        if not self.instance.pk and not cleaned.get("position"):
            last = self.instance.set.questions.aggregate(last=Max("position"))["last"]
            cleaned["position"] = (last or 0) + 1
        return cleaned

    def check_of_a_debrief(self, cleaned):
        answer, options = cleaned.get("answer"), cleaned.get("options")
        if answer and answer not in OF_A_DEBRIEF:
            self.add_error("answer", _("In a debrief, choose text, scale or choice."))
        if answer == AnswerKind.SCALE and not (options and options.is_a_scale):
            self.add_error("options", _("Choose a list of five answers for the scale."))
        if answer == AnswerKind.CHOICE and not options:
            self.add_error("options", _("Choose a list of answers."))


class OptionForm(BothLanguagesForm):
    needed = ("label",)
    translated = ("label",)


class OptionFormSet(BaseInlineFormSet):
    """The answers of a list, numbered from 1 without a gap."""

    def __init__(self, *args, instance=None, **kwargs):
        numbers = () if instance and instance.pk else range(1, FIVE + 1)
        initial = [{"value": number} for number in numbers]
        super().__init__(*args, instance=instance, initial=initial, **kwargs)

    def clean(self):
        super().clean()
        if any(self.errors):
            return
        rows = [form for form in self.forms if form.cleaned_data]
        values = sorted(form.cleaned_data["value"] for form in rows)
        if len(values) < 2 or values != list(range(1, len(values) + 1)):
            raise forms.ValidationError(
                _("Enter two answers or more, and number them 1, 2, 3 and so on.")
            )
        if self.has_changed() and self.instance.pk and was_chosen_from(self.instance):
            raise forms.ValidationError(WAS_CHOSEN_FROM)
