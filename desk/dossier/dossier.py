"""One partnership as one reader takes it away: what several sections share, asked for once."""

from functools import cached_property
from zoneinfo import ZoneInfo

from django.utils import timezone

from evaluations.trends import Trends
from partnerships.models import Contribution, Folder, Goal, Measurement, Move, Partnership


class Dossier:
    """The partnership comes `with_sides`, by the one door (`partnerships.access`)."""

    def __init__(self, partnership: Partnership, user, language: str):
        self.partnership, self.user, self.language = partnership, user, language
        self.zone = ZoneInfo(partnership.district.timezone)
        self.made_at = timezone.now()

    @cached_property
    def folder(self) -> Folder:
        folder = Folder(self.partnership)
        for version in folder.versions:
            version.partnership = self.partnership
        return folder

    @cached_property
    def trends(self) -> Trends:
        """The closed debriefs, with their results."""
        return Trends(self.partnership)

    @cached_property
    def moves(self) -> list[Move]:
        return list(self.partnership.moves.select_related("by"))

    @cached_property
    def engagements(self) -> list:
        return list(self.partnership.engagements.all())

    @cached_property
    def goals(self) -> list[Goal]:
        return list(self.partnership.goals.with_measurements().order_by("due_on", "pk"))

    @cached_property
    def measurements(self) -> list[Measurement]:
        found = Measurement.objects.filter(goal__partnership=self.partnership)
        return list(found.select_related("goal", "by", "corrects").order_by("on", "pk"))

    @cached_property
    def corrected(self) -> set[int]:
        """The measurements that a later entry corrects or takes back, by their keys."""
        return {one.corrects_id for one in self.measurements if one.corrects_id}

    @cached_property
    def contributions(self) -> list[Contribution]:
        found = self.partnership.contributions.with_deliveries()
        return list(found.order_by("party__position", "party", "kind", "pk"))
