"""What the sides and the public read of the community's voice."""

from dataclasses import dataclass

from django.db.models import Count, Prefetch
from django.db.models.functions import TruncMonth

from evaluations.models import Feedback, Going, Reply
from partnerships.models import Partnership
from partnerships.vocabulary import Audience

MOST_PUBLIC = 30  # the newest; nobody reads more on one page


def with_answers(voices):
    """With what the parties answered: one query more, however many voices."""
    replies = Reply.objects.select_related("by", "party__school", "party__partner", "taken_back")
    return voices.prefetch_related(Prefetch("replies", replies))


def published_voices(partnership: Partnership) -> list[Feedback]:
    """What the public reads, the newest first: two queries."""
    found = list(with_answers(partnership.feedback.published())[:MOST_PUBLIC])
    for voice in found:
        voice.partnership = partnership
    return found


# How it is going


@dataclass
class Counts:
    """How many said which of the five, in one month or in all."""

    title: object  # an audience, or a month
    numbers: list[int]  # by step, the best first

    @property
    def total(self) -> int:
        return sum(self.numbers)


@dataclass
class AudienceCounts:
    audience: Audience
    total: Counts
    months: list[Counts]


def how_it_goes(partnership: Partnership) -> list[AudienceCounts]:
    """Counts per audience and month, of what is not set aside; no mean and no grade. One query."""
    rows = (
        partnership.feedback.kept()
        .exclude(going=None)
        .order_by()
        .values_list("audience", TruncMonth("on"), "going")
        .annotate(count=Count("pk"))
    )
    found = {}
    for audience, month, going, count in rows:
        found.setdefault(audience, {}).setdefault(month, {})[going] = count
    return [counted(audience, found[audience]) for audience in Audience if audience in found]


def counted(audience: Audience, by_month: dict) -> AudienceCounts:
    steps = list(Going)[::-1]
    months = [
        Counts(month, [by_month[month].get(step, 0) for step in steps])
        for month in sorted(by_month, reverse=True)
    ]
    sums = [sum(column) for column in zip(*(one.numbers for one in months), strict=True)]
    return AudienceCounts(audience, Counts(audience.label, sums), months)
