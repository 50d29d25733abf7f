from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.versions import VersionedForm
from partnerships.events import EventKind
from partnerships.fields import LongText, ReasonField
from partnerships.forms.owners import NOTHING_TO_DO, WHAT, OwnerMixin
from partnerships.models import Step


class StepForm(OwnerMixin, VersionedForm):
    """A step, new or as it is: who does what by when, and what for."""

    note = LongText(label=_("Note"), required=False)

    class Meta:
        model = Step
        fields = ["what", "owner", "due_on", "goal", "activity", "note"]
        labels = {
            "what": WHAT,
            "goal": _("Which goal does it serve?"),
            "activity": _("Which activity does it serve?"),
        }
        error_messages = {"what": {"required": NOTHING_TO_DO}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        step, partnership = self.instance, self.instance.partnership
        self.offer_owners(partnership)
        self.offer("goal", partnership.goals.open() | partnership.goals.filter(pk=step.goal_id))
        self.offer(
            "activity",
            partnership.activities.planned() | partnership.activities.filter(pk=step.activity_id),
        )

    def offer(self, name, rows):
        """Ask what it serves only where there is something to choose."""
        if name not in self.fields:
            return
        if not rows.exists():
            del self.fields[name]
            return
        self.fields[name].queryset = rows
        self.fields[name].empty_label = _("None of these")

    def save(self, *, by):
        step = self.instance
        if not step.pk:
            return step.partnership.steps.plan(
                by=by, follows_from=step.follows_from, **self.cleaned_data
            )
        super().save()
        if self.has_changed():
            step.tell(EventKind.STEP_CHANGED, by=by)
        return step


class FollowUpForm(StepForm):
    """The short of it, beside what a step follows from."""

    note = None

    class Meta(StepForm.Meta):
        fields = ["what", "owner", "due_on"]


class DropForm(forms.Form):
    reason = ReasonField(
        label=_("Why is it dropped?"),
        max_length=500,
        help_text=_("A few words. They stay with the step and on the timeline."),
    )


def chosen(rows, asked):
    """Return the row of these that an address asks for by its key, if there is one."""
    try:
        return forms.ModelChoiceField(rows, required=False).clean(asked)
    except forms.ValidationError:
        return None
