"""The clock, stopped: for what depends on the day, on the zone or on the season."""

from contextlib import contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch
from zoneinfo import ZoneInfo


@contextmanager
def at(instant: datetime):
    """Let it be `instant` for the product, the database included."""
    with patch("django.utils.timezone.now", lambda: instant):
        yield


def midnight(zone: str, year: int, month: int, day: int) -> datetime:
    """The instant at which a day begins where the clocks show `zone`."""
    return datetime(year, month, day, tzinfo=ZoneInfo(zone))


def just_before(instant: datetime) -> datetime:
    return instant - timedelta(seconds=1)
