"""What is to be done by a day: when it is late, when it is due soon, and how it is settled, defined once.

Items of the checklist and action steps share it. Late and soon are said twice, of a row at hand and
in a query, by the clock of the partnership's district.
"""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from partnerships.localdate import today_in
from partnerships.vocabulary import Side

SETTLING = ("state", "reason", "settled_at", "settled_by")

SOON = timedelta(days=7)
ZONE = "partnership__district__timezone"


def past_due() -> Q:
    """Past the due date; whoever asks adds what makes it open."""
    return Q(due_on__lt=today_in(ZONE))


def due_soon() -> Q:
    """Due within a week from today; whoever asks adds what makes it open."""
    return Q(due_on__gte=today_in(ZONE), due_on__lte=today_in(ZONE, plus=SOON))


class Due:
    """For models with `partnership`, `owner`, `due_on`, `is_open`, `version` and what is in SETTLING."""

    @property
    def anchor(self) -> str:
        """The id of its line on a page."""
        return f"{self._meta.model_name}-{self.pk}"

    @property
    def is_late(self) -> bool:
        today = self.partnership.district.today()
        return self.is_open and self.due_on is not None and self.due_on < today

    @property
    def is_due_soon(self) -> bool:
        district = self.partnership.district
        return (
            self.is_open
            and self.due_on is not None
            and district.today() <= self.due_on <= district.today(plus=SOON)
        )

    @property
    def days_late(self) -> int:
        return (self.partnership.district.today() - self.due_on).days if self.is_late else 0

    @property
    def settled_side(self) -> Side:
        """The side of whoever settled it; coordinators sit on the school's."""
        for seat in self.partnership.current_seats:
            if seat.person.user_id == self.settled_by_id:
                return seat.party.side
        return Side.SCHOOL

    def settle(self, state: str, *, by, reason=""):
        """Write a state; `by` nobody where it is open again, for whoever took over from an owner who left."""
        if by is None:
            self.owner = self.owner and self.owner.heir
        self.state = state
        self.reason = reason
        self.settled_by = by
        self.settled_at = timezone.now() if by else None
        self.version += 1
        self.save(update_fields=["owner", "version", *SETTLING])
