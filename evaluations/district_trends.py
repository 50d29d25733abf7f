"""Trends of a district: what was said to each statement, school by school, and nobody's own answer.

The rule, and why no number can be taken apart, is in docs/decisions/trends.md: what is added up are
whole groups of THIN answers or more, so every sum and every difference of sums is one of such groups.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _

from evaluations.models import THIN, Debrief, Voice
from evaluations.results import in_language, rounded
from evaluations.trends import asked_as
from partnerships.models import District, Party, School

# A mean at the very end of the scale says what everybody answered. The last step is shown as one.
LOWEST, HIGHEST = Decimal("1.3"), Decimal("4.7")
SCHOOL_YEAR_BEGINS = 8  # August


class Period(models.TextChoices):
    TWELVE_MONTHS = "twelve-months", _("Last 12 months")
    THIS_YEAR = "this-year", _("This school year")
    LAST_YEAR = "last-year", _("Last school year")
    ALL = "all", _("All of the time")

    def days(self, today: date) -> tuple[date | None, date | None]:
        """Its first day, and the first that is no longer in it."""
        year = today.year - (today.month < SCHOOL_YEAR_BEGINS)
        match self:
            case Period.TWELVE_MONTHS:
                return today - timedelta(days=365), None
            case Period.THIS_YEAR:
                return date(year, SCHOOL_YEAR_BEGINS, 1), None
            case Period.LAST_YEAR:
                return date(year - 1, SCHOOL_YEAR_BEGINS, 1), date(year, SCHOOL_YEAR_BEGINS, 1)
        return None, None


def groups(said: Iterable[list[int]]) -> list[list[int]]:
    """Return what may be added up of one debrief: each side of THIN answers or more, the others together.

    Where the others together are too few, they are left out.
    """
    said = list(said)
    large = [values for values in said if len(values) >= THIN]
    small = [value for values in said if len(values) < THIN for value in values]
    return [*large, small] if len(small) >= THIN else large


@dataclass
class Cell:
    """What may be said of one statement at one school, or in the whole district."""

    total: int = 0
    count: int = 0
    debriefs: int = 0
    left_out: int = 0  # debriefs of which nothing may be said

    def take(self, values: list[list[int]]):
        """Take in a debrief, as `groups` lets it through."""
        self.debriefs += bool(values)
        self.left_out += not values
        self.total += sum(map(sum, values))
        self.count += sum(map(len, values))

    @property
    def is_shown(self) -> bool:
        return self.count > 0

    @property
    def is_thin(self) -> bool:
        """There was a debrief, but too few answered it."""
        return not self.is_shown and self.left_out > 0

    @property
    def shown(self) -> Decimal:
        """The mean, but for the last step at either end."""
        mean = rounded(Fraction(self.total, self.count))
        return min(max(mean, LOWEST), HIGHEST)

    @property
    def is_high_end(self) -> bool:
        return self.is_shown and self.shown == HIGHEST

    @property
    def is_low_end(self) -> bool:
        return self.is_shown and self.shown == LOWEST

    @property
    def x(self) -> str:
        """Where the mean lies in a drawing from 1 (at 8) to 5 (at 192)."""
        return f"{8 + (self.shown - 1) * 46:.1f}"


@dataclass
class Statement:
    """A statement in the words in which it was asked, with a cell for each school."""

    question: dict
    place: tuple  # the newest debrief that asked it first, then in the order of that
    district: Cell = field(default_factory=Cell)
    cells: dict[int, Cell] = field(default_factory=dict)  # by school

    @property
    def text(self) -> str:
        return in_language(self.question["text"])

    def at(self, school: School) -> Cell:
        return self.cells.get(school.pk, Cell())


class DistrictTrends:
    """The statements of all debriefs of a district that closed in a period, school by school."""

    def __init__(self, district: District, period: Period = Period.TWELVE_MONTHS):
        self.district, self.period = district, period

    @cached_property
    def schools(self) -> list[School]:
        """In the order of their names, which says nothing of how they do."""
        return list(self.district.schools.order_by("name"))

    @cached_property
    def debriefs(self) -> list[Debrief]:
        """Each knowing its school: the one that looks after the partnership."""
        first, after = self.period.days(self.district.today())
        found = Debrief.objects.filter(partnership__district=self.district).exclude(closed_at=None)
        if first:
            found = found.filter(closed_at__gte=self.beginning_of(first))
        if after:
            found = found.filter(closed_at__lt=self.beginning_of(after))
        schools = Party.objects.filter(partnership=OuterRef("partnership")).exclude(school=None)
        whose = Subquery(schools.order_by("position", "pk").values("school")[:1])
        return list(found.annotate(school_id=whose).order_by("-closed_at", "-pk"))

    def beginning_of(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.district.zone)

    @cached_property
    def voices(self) -> dict[int, dict[int, list[dict]]]:
        """The answers, by debrief and party."""
        found = {}
        rows = Voice.objects.filter(debrief__in=self.debriefs).order_by()
        for debrief, party, answers in rows.values_list("debrief", "party", "answers"):
            found.setdefault(debrief, {}).setdefault(party, []).append(answers)
        return found

    @cached_property
    def statements(self) -> list[Statement]:
        """What was asked last comes first."""
        found: dict[tuple, Statement] = {}
        for age, debrief in enumerate(self.debriefs):
            sides = self.voices.get(debrief.pk, {}).values()
            for number, question in enumerate(debrief.statements):
                statement = found.setdefault(
                    asked_as(debrief, question), Statement(question, (age, number))
                )
                values = groups([numbers_of(side, question["key"]) for side in sides])
                statement.district.take(values)
                statement.cells.setdefault(debrief.school_id, Cell()).take(values)
        return sorted(found.values(), key=lambda one: one.place)

    @property
    def rows(self) -> list[tuple[Statement, list[tuple[School, Cell]]]]:
        """Each statement with every school at which it was asked."""
        return [
            (one, [(school, one.at(school)) for school in self.schools if school.pk in one.cells])
            for one in self.statements
        ]


def numbers_of(answers: list[dict], key: str) -> list[int]:
    """The answers to a statement that are numbers; “cannot say” is none."""
    said = [one.get(key) for one in answers]
    return [value for value in said if value in range(1, 6)]
