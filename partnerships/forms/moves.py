"""Forms that move a partnership. Each carries the move it was drawn after, and asks why where that is due."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.words import own_words, short_moment
from partnerships.fields import AT_MOST, LASTS, LastDayField, LongText, ReasonField
from partnerships.models import Move
from partnerships.models.partnership import is_reason
from partnerships.stages import RECOMMIT_TO, Stage


def told(move) -> str:
    """Say in words who moved it, and when."""
    return f"{move.sentence} ({short_moment(move.at)})"


class MoveForm(forms.Form):
    reason = ReasonField()
    drawn_for = forms.ModelChoiceField(Move.objects.none(), widget=forms.HiddenInput)

    def __init__(self, *args, partnership, plan, **kwargs):
        super().__init__(*args, initial={"drawn_for": partnership.last_move.pk}, **kwargs)
        self.partnership = partnership
        self.fields["drawn_for"].queryset = partnership.moves.all()
        self.fields["reason"].required = plan.needs_reason
        if not plan.needs_reason:
            self.fields["reason"].label = _("Anything to note?")

    def clean_reason(self):
        reason = self.cleaned_data["reason"]
        if self.fields["reason"].required and not is_reason(reason):
            raise ValidationError(_("Say why, in a few words: at least three."))
        return reason

    def clean(self):
        cleaned = super().clean()
        drawn_for, last = cleaned.get("drawn_for"), self.partnership.last_move
        if drawn_for and drawn_for != last:
            self.ask_again(last)
        return cleaned

    def ask_again(self, move: Move):
        """Somebody has moved it since the page was drawn: say so, and keep what was typed."""
        self.data = self.data.copy()
        self.data[self.add_prefix("drawn_for")] = move.pk
        text = _(
            "Nothing was moved, since the partnership has changed after you opened the page: %(what)s "
            "What you wrote is kept here. If it still holds, send it again."
        )
        self.add_error(None, text % {"what": told(move)})

    @classmethod
    def texts_in(cls, data) -> dict[str, str]:
        """What somebody has written into this form, by field."""
        texts = {
            name: field.to_python(data.get(name))
            for name, field in cls.base_fields.items()
            if isinstance(field, LongText)
        }
        return {name: text for name, text in texts.items() if text}


CARRY_OVER, RETIRE = "carry-over", "retire"


class GoalChoice(forms.ChoiceField):
    """What becomes of an open goal: unless one says otherwise, it is carried over."""

    widget = forms.RadioSelect

    def __init__(self, goal):
        super().__init__(
            label=own_words(goal.what),
            help_text=goal.standing.sentence,
            choices=[(CARRY_OVER, _("Carry it over")), (RETIRE, _("Retire it"))],
            initial=CARRY_OVER,
        )

    def to_python(self, value):
        return super().to_python(value) or CARRY_OVER


class RecommitForm(MoveForm):
    stage = forms.ChoiceField(
        label=_("Where does the new cycle begin?"),
        choices=lambda: [(stage.value, stage.heading) for stage in RECOMMIT_TO],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose stage 1 or stage 2.")},
    )
    keep = LongText(
        label=_("What do you keep?"),
        required=False,
        help_text=_("It stands on the first page of the new cycle, for everybody at the table."),
    )
    change = LongText(
        label=_("What do you change?"),
        required=False,
        help_text=_("What both sides want to do differently from now on."),
    )
    retired_because = ReasonField(
        label=_("Why are goals retired?"),
        required=False,
        max_length=500,
        help_text=_("Only if you retire one. It stays with the goals and on the timeline."),
    )

    def __init__(self, *args, partnership, plan, **kwargs):
        super().__init__(*args, partnership=partnership, plan=plan, **kwargs)
        self.goals = list(partnership.goals.open().with_measurements())
        for goal in self.goals:
            self.fields[f"goal_{goal.pk}"] = GoalChoice(goal)
        if not self.goals:
            del self.fields["retired_because"]
        choices = [f"goal_{goal.pk}" for goal in self.goals]
        self.order_fields(["stage", "keep", "change", *choices, "retired_because", "reason"])

    def clean_stage(self):
        return Stage(self.cleaned_data["stage"])

    def clean(self):
        """Leave what `Partnership.recommit` takes."""
        cleaned = super().clean()
        answers = {goal.pk: cleaned.pop(f"goal_{goal.pk}", "") for goal in self.goals}
        cleaned["retired_goals"] = {pk for pk, answer in answers.items() if answer == RETIRE}
        because = cleaned.get("retired_because", "")
        if not cleaned["retired_goals"]:
            cleaned["retired_because"] = ""
        elif not is_reason(because) and "retired_because" not in self.errors:
            self.add_error("retired_because", _("Say in a few words why they are retired."))
        return cleaned


class EndForm(MoveForm):
    debrief = forms.ChoiceField(
        label=_("Will you hold a closing debrief?"),
        choices=[
            ("yes", _("Yes, everybody at the table is asked to look back")),
            ("no", _("No")),
        ],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether you will hold one.")},
    )
    no_debrief_because = ReasonField(
        label=_("If not, why not?"),
        required=False,
        max_length=500,
        help_text=_("Only if you chose “No”. It is kept with the checklist."),
    )

    def __init__(self, *args, partnership, plan, goes_on=False, **kwargs):
        """`goes_on`: a closing debrief is open already, from an earlier ending."""
        super().__init__(*args, partnership=partnership, plan=plan, **kwargs)
        today = partnership.district.today
        self.fields["debrief_closes_on"] = LastDayField(
            label=_("If yes, until when can it be answered?"),
            first=today(),
            last=today(plus=AT_MOST),
            initial=today(plus=LASTS),
            required=False,
        )
        if goes_on:
            for name in ("debrief", "debrief_closes_on", "no_debrief_because"):
                del self.fields[name]
        self.order_fields(["reason", "debrief", "debrief_closes_on", "no_debrief_because"])

    def clean(self):
        """Leave what `Partnership.end` takes."""
        cleaned = super().clean()
        answer = cleaned.pop("debrief", None)
        if answer == "yes":
            cleaned["no_debrief_because"] = ""
        elif answer == "no":
            cleaned["debrief_closes_on"] = None
            self.errors.pop("debrief_closes_on", None)
            if not is_reason(cleaned.get("no_debrief_because", "")):
                self.add_error("no_debrief_because", _("Say in a few words why there is none."))
        return cleaned
