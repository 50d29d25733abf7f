"""What lists can be narrowed by. Each FilterSet gets a queryset of what the reader may see."""

import django_filters
from django import forms
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from accounts.text import fold
from partnerships.models import LogEntry, Partner, Partnership, School
from partnerships.stages import Status
from partnerships.vocabulary import ContactKind, PartnerKind, Place

UNSETTLED = "unsettled"


class SearchFilter(django_filters.CharFilter):
    """Finds each word typed, with or without accents, in one of the folded columns."""

    def __init__(self, *args, columns, **kwargs):
        super().__init__(*args, **kwargs)
        self.columns = columns
        self.extra["max_length"] = 200
        self.extra["widget"] = forms.TextInput({"type": "search"})

    def filter(self, queryset, value):
        for word in fold(value or "").split():
            queryset = queryset.filter(self.found(word))
        return queryset

    def found(self, word):
        condition = Q()
        for column in self.columns:
            condition |= Q(**{f"{column}__contains": word})
        return condition


class ListFilter(django_filters.FilterSet):
    @property
    def form(self):
        form = super().form
        for field in form.fields.values():
            field.widget.attrs["class"] = "input"
        return form

    @property
    def is_narrowed(self) -> bool:
        """Whether more is asked for than what is typed into the search box."""
        return bool(set(self.form.changed_data) - {"search"})


class PartnerFilter(ListFilter):
    search = SearchFilter(label=_("Search"), columns=["folded"])
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=PartnerKind.choices, empty_label=_("All kinds")
    )
    place = django_filters.ChoiceFilter(
        label=_("Inside or outside"), choices=Place.choices, empty_label=_("Both")
    )
    running = django_filters.ChoiceFilter(
        label=_("Running partnership"),
        choices=[("yes", _("With one")), ("no", _("Without one"))],
        empty_label=_("With or without"),
        method="filter_running",
    )
    school = django_filters.ModelChoiceFilter(
        label=_("School"),
        queryset=School.objects.none(),
        empty_label=_("All schools"),
        method="filter_school",
    )

    class Meta:
        model = Partner
        fields = ["search", "kind", "place", "running", "school"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters["school"].queryset = School.objects.visible_to(user)

    def filter_running(self, queryset, name, value):
        running = Exists(
            Partnership.objects.exclude(status=Status.ENDED).filter(
                parties__partner=OuterRef("pk"), parties__left_on=None
            )
        )
        return queryset.filter(running if value == "yes" else ~running)

    def filter_school(self, queryset, name, value):
        with_school = Partnership.objects.filter(
            parties__partner=OuterRef("pk"),
            parties__left_on=None,
            pk__in=value.parties.values("partnership"),
        )
        return queryset.filter(Exists(with_school))


class LogFilter(ListFilter):
    search = SearchFilter(label=_("Search"), columns=["folded"])
    kind = django_filters.ChoiceFilter(
        label=_("What it was"),
        choices=[*ContactKind.choices, (UNSETTLED, _("Disagreements not settled"))],
        empty_label=_("Everything"),
        method="filter_kind",
    )

    class Meta:
        model = LogEntry
        fields = ["search", "kind"]

    def filter_kind(self, queryset, name, value):
        return queryset.unsettled() if value == UNSETTLED else queryset.filter(kind=value)
