"""What has a due date: when it is late and when it is due soon, defined once.

Items of the checklist and action steps share it. Each says the same twice, of a row at hand and in
a query, by the clock of the partnership's district.
"""

from datetime import timedelta

from django.db.models import Q

from partnerships.localdate import today_in

SOON = timedelta(days=7)
ZONE = "partnership__district__timezone"


def past_due() -> Q:
    """Past the due date; whoever asks adds what makes it open."""
    return Q(due_on__lt=today_in(ZONE))


def due_soon() -> Q:
    """Due within a week from today; whoever asks adds what makes it open."""
    return Q(due_on__gte=today_in(ZONE), due_on__lte=today_in(ZONE, plus=SOON))


class Due:
    """For models with `partnership`, `due_on` and `is_open`."""

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
