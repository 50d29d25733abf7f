"""What a goal's numbers say: reached, on the way, behind, or no data. Defined here once."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil, floor

from django.db.models import TextChoices
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.words import dated, own_words
from partnerships.numbers import number
from partnerships.vocabulary import Direction

NEWS = timedelta(days=92)  # what was counted longer ago says nothing about now


class State(TextChoices):
    REACHED = "reached", _("Reached")
    ON_THE_WAY = "on-the-way", _("On the way")
    BEHIND = "behind", _("Behind")
    NO_DATA = "no-data", _("No data")


@dataclass(frozen=True)
class Count:
    """What was counted on a day."""

    on: date
    value: Decimal


@dataclass(frozen=True)
class Way:
    """The straight line from the starting value to the target."""

    starts_on: date
    starting_value: Decimal
    due_on: date
    target: Decimal
    direction: Direction = Direction.MORE

    @property
    def wants_more(self) -> bool:
        return self.direction == Direction.MORE

    def reaches(self, value, mark) -> bool:
        value, mark = Fraction(value), Fraction(mark)
        return value >= mark if self.wants_more else value <= mark

    def at(self, day: date) -> Fraction:
        """What the line says for a day; before the start it is at the start, after the end at the target."""
        day = min(max(day, self.starts_on), self.due_on)
        part = Fraction((day - self.starts_on).days, (self.due_on - self.starts_on).days)
        start, target = Fraction(self.starting_value), Fraction(self.target)
        return start + part * (target - start)

    def percent(self, value: Decimal) -> int:
        """How much of the way is done: whole percent, rounded down, from 0 to 100."""
        start, target = Fraction(self.starting_value), Fraction(self.target)
        done = (Fraction(value) - start) / (target - start)
        return int(100 * min(max(done, 0), 1))

    def state(self, latest: Count | None, today: date) -> State:
        """Say how things stand, by the latest count.

        Reached comes first: what has been reached need not be counted again, and what was reached
        once but fell back is told by the latest count alone. No data comes before behind, also
        after the due date: whoever has not counted for three months does not know whether the
        target was reached meanwhile, so the next thing to do is to count, not to catch up.
        """
        if latest and self.reaches(latest.value, self.target):
            return State.REACHED
        if latest is None or today - latest.on > NEWS:
            return State.NO_DATA
        if today > self.due_on or not self.reaches(latest.value, self.at(latest.on)):
            return State.BEHIND
        return State.ON_THE_WAY


@dataclass(frozen=True)
class Standing:
    """How a goal stands on a day, in a word and in a sentence."""

    way: Way
    unit: str
    latest: Count | None
    today: date

    @property
    def state(self) -> State:
        return self.way.state(self.latest, self.today)

    @property
    def is_reached(self) -> bool:
        return self.state == State.REACHED

    @property
    def is_behind(self) -> bool:
        return self.state == State.BEHIND

    @property
    def has_no_data(self) -> bool:
        return self.state == State.NO_DATA

    @property
    def is_past_due(self) -> bool:
        return self.today > self.way.due_on

    @property
    def percent(self) -> int:
        return self.way.percent(self.latest.value) if self.latest else 0

    @property
    def line(self) -> Decimal:
        """What the line says for the day of the latest count, rounded so that it agrees with the state.

        Whole where all numbers are, else with two decimals: 33 behind 33.4 is told as behind 34.
        """
        numbers = (self.way.starting_value, self.way.target, self.latest.value)
        exact = self.way.at(self.latest.on)
        step = (
            Decimal(1) if all(one == one.to_integral_value() for one in numbers) else Decimal(".01")
        )
        down = self.way.reaches(self.latest.value, exact) == self.way.wants_more
        return step * (floor if down else ceil)(exact / Fraction(step))

    @property
    def sentence(self) -> SafeString:
        """Tell it in one or two short sentences of HTML, in the reader's language."""
        return format_html(self.with_due_date(self.wording), **self.words)

    def with_due_date(self, wording: str) -> str:
        if self.is_past_due and not self.is_reached:
            return f"{wording} {gettext('The due date was {due}.')}"
        return wording

    @property
    def in_plain_words(self) -> SafeString:
        """The same for somebody who has never heard of the line from start to target."""
        if self.has_no_data or self.is_reached:
            return self.sentence
        told = gettext(
            "Now {value} {unit}, counted on {day}. It began with {first}; the target is {target}."
        )
        return format_html(self.with_due_date(told), **self.words)

    @property
    def words(self) -> dict:
        words = {
            "unit": own_words(self.unit),
            "target": number(self.way.target),
            "first": number(self.way.starting_value),
            "due": dated(self.way.due_on),
            "start": dated(self.way.starts_on),
        }
        if self.latest:
            words |= {"value": number(self.latest.value), "day": dated(self.latest.on)}
            words["line"] = number(self.line)
        return words

    @property
    def wording(self) -> str:
        if self.has_no_data:
            return self.without_data
        if self.is_reached:
            return gettext("Reached: {value} {unit} on {day}. The target is {target}.")
        if self.way.wants_more:
            return self.towards_more
        return self.towards_less

    @property
    def without_data(self) -> str:
        if self.latest:
            return gettext("No data since {day}. Then it was {value} {unit}.")
        if self.today < self.way.starts_on:
            return gettext("No data yet. Counting begins on {start}.")
        return gettext("No data since {start}, when counting began.")

    @property
    def towards_more(self) -> str:
        if not self.is_behind:
            return gettext(
                "On the way: {value} of {target} {unit} on {day}. The line for that day is {line}."
            )
        if self.is_past_due:
            return gettext("Behind: {value} of {target} {unit} on {day}.")
        return gettext(
            "Behind: {value} of {target} {unit} on {day}. The line for that day is {line}."
        )

    @property
    def towards_less(self) -> str:
        if not self.is_behind:
            return gettext(
                "On the way: {value} {unit} on {day}; the target is {target}. The line for that day is {line}."
            )
        if self.is_past_due:
            return gettext("Behind: {value} {unit} on {day}; the target is {target}.")
        return gettext(
            "Behind: {value} {unit} on {day}; the target is {target}. The line for that day is {line}."
        )
