"""Opening a debrief, giving it more time, and making a personal link."""

from datetime import timedelta

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from evaluations.models import Debrief, QuestionSet, SetKind
from partnerships.fields import AT_MOST, LASTS, LastDayField
from partnerships.models import Partnership

DAY = timedelta(days=1)


def sets_to_choose_from(partnership: Partnership):
    """The sets for a debrief of the district, or the common ones; those of an ending aside."""
    sets = QuestionSet.objects.for_district(partnership.district_id)
    asked = sets.filter(kind=SetKind.DEBRIEF, questions__retired=False).distinct()
    return asked.exclude(only_when="ending")


class OpenDebriefForm(forms.Form):
    question_set = forms.ModelChoiceField(
        QuestionSet.objects.none(),
        label=_("What is asked"),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Choose what is asked.")},
    )

    def __init__(self, *args, partnership: Partnership, **kwargs):
        super().__init__(*args, **kwargs)
        today = partnership.district.today
        sets = sets_to_choose_from(partnership)
        self.fields["question_set"].queryset = sets
        self.fields["question_set"].initial = sets.first()
        self.fields["closes_on"] = LastDayField(
            first=today(),
            last=today(plus=AT_MOST),
            initial=today(plus=LASTS),
            help_text=_("At the end of this day it closes, and everybody sees the results."),
        )


class ExtendForm(forms.Form):
    def __init__(self, *args, debrief: Debrief, **kwargs):
        super().__init__(*args, **kwargs)
        first = debrief.closes_on + DAY
        last = max(first, debrief.last_day_at_most)
        self.fields["closes_on"] = LastDayField(
            label=_("New last day to answer"),
            first=first,
            last=last,
            initial=min(last, debrief.closes_on + timedelta(days=7)),
        )


class MailLinkForm(forms.Form):
    language = forms.ChoiceField(
        label=_("Language of the mail"), choices=settings.LANGUAGES, widget=forms.RadioSelect
    )
