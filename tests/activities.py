"""Activities for tests, planned as the pages do."""

from datetime import timedelta

from partnerships.models import Activity
from partnerships.vocabulary import EngagementKind, Rhythm


def plan(partnership, *, by, on=None, leads=(), goals=(), **fields) -> Activity:
    """Plan an activity for a day, or from a week ago on if none is given."""
    fields = {"title": "Mentoring", "kind": EngagementKind.INSTRUCTION, **fields}
    on = on or partnership.district.today() - timedelta(days=7)
    activity = Activity(partnership=partnership, on=on, **fields)
    activity.keep(by=by, leads=leads, goals=goals)
    return activity


def weekly(partnership, *, by, weeks=4, **fields) -> Activity:
    """The same, every week: by default one day behind, today, and those ahead."""
    first = fields.pop("on", None) or partnership.district.today() - timedelta(days=7)
    fields = {"rhythm": Rhythm.WEEKLY, "until": first + timedelta(weeks=weeks), **fields}
    return plan(partnership, by=by, on=first, **fields)
