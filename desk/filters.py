"""What the list of partnerships can be narrowed to, and in which order it stands."""

import django_filters
from django.db.models import Case, OuterRef, Q, Subquery, When
from django.utils.translation import gettext_lazy as _

from checklists.models import Item
from partnerships.filters import ListFilter, SearchFilter
from partnerships.models import Partnership, Party, School
from partnerships.stages import Stage, Status
from partnerships.vocabulary import EngagementKind, Level, PartnerKind

GOING_ON = "going-on"  # active or paused, as on the board
SORTS = [
    ("activity", _("Last activity")),
    ("partner", _("Partner")),
    ("school", _("School")),
    ("stage", _("Stage")),
]


class PartnershipSearch(SearchFilter):
    """Each word in a partner, a school or a person at the table, whichever."""

    def found(self, word):
        matching = Party.objects.filter(
            Q(partner__folded__contains=word)
            | Q(school__folded__contains=word)
            | Q(seats__person__folded__contains=word)
        )
        return Q(pk__in=matching.values("partnership"))


class PartnershipFilter(ListFilter):
    search = PartnershipSearch(label=_("Search"), columns=[])
    stage = django_filters.ChoiceFilter(
        label=_("Stage"), choices=Stage.choices, empty_label=_("All stages")
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"),
        choices=[(GOING_ON, _("Not ended")), *Status.choices],
        empty_label=_("Any status"),
        method="filter_status",
    )
    school = django_filters.ModelChoiceFilter(
        label=_("School"),
        queryset=School.objects.none(),
        empty_label=_("All schools"),
        method="filter_school",
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind of partner"),
        choices=PartnerKind.choices,
        empty_label=_("All kinds"),
        method="filter_kind",
    )
    engagement = django_filters.ChoiceFilter(
        label=_("Engagement"),
        choices=EngagementKind.choices,
        empty_label=_("Any"),
        method="filter_engagement",
    )
    level = django_filters.ChoiceFilter(
        label=_("Level now"),
        choices=Level.choices,
        empty_label=_("Any level"),
        method="filter_level",
    )
    late = django_filters.ChoiceFilter(
        label=_("Late items"),
        choices=[("yes", _("With late items"))],
        empty_label=_("With or without"),
        method="filter_late",
    )
    sort = django_filters.ChoiceFilter(
        label=_("Sorted by"), choices=SORTS, empty_label=None, method="filter_sort"
    )

    class Meta:
        model = Partnership
        fields = []

    def __init__(self, data, queryset, *, user):
        super().__init__(data, queryset)
        self.filters["school"].queryset = School.objects.visible_to(user)

    def filter_status(self, queryset, name, value):
        if value == GOING_ON:
            return queryset.exclude(status=Status.ENDED)
        return queryset.filter(status=value)

    def filter_school(self, queryset, name, value):
        return queryset.filter(pk__in=value.parties.values("partnership"))

    def filter_kind(self, queryset, name, value):
        return queryset.filter(
            pk__in=Party.objects.filter(partner__kind=value).values("partnership")
        )

    def filter_engagement(self, queryset, name, value):
        return queryset.filter(engagements__kind=value)  # at most one row of each kind

    def filter_level(self, queryset, name, value):
        return queryset.filter(pk__in=Party.objects.filter(level_now=value).values("partnership"))

    def filter_late(self, queryset, name, value):
        late = (
            Item.objects.running().late().filter(partnership__in=queryset.order_by().values("pk"))
        )
        return queryset.filter(pk__in=late.order_by().values("partnership"))

    def filter_sort(self, queryset, name, value):
        parties = Party.objects.filter(partnership=OuterRef("pk"))
        if value == "partner":
            names = parties.exclude(partner=None).values("partner__folded")[:1]
            return queryset.annotate(sorted_by=Subquery(names)).order_by("sorted_by", "-pk")
        if value == "school":
            names = parties.exclude(school=None).values("school__folded")[:1]
            return queryset.annotate(sorted_by=Subquery(names)).order_by("sorted_by", "-pk")
        if value == "stage":
            numbers = Case(*(When(stage=stage, then=stage.number) for stage in Stage))
            return queryset.annotate(sorted_by=numbers).order_by("sorted_by", "-pk")
        return queryset.order_by("-active_at", "-pk")
