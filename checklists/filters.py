"""What the checklist page can be narrowed to."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from partnerships.models import Partnership
from partnerships.vocabulary import Side


class Show(TextChoices):
    ALL = "all", _("All")
    OPEN = "open", _("Open")
    MINE = "mine", _("Mine")
    LATE = "late", _("Late")
    OURS = "ours", _("Our side")
    THEIRS = "theirs", _("Their side")


class Order(TextChoices):
    HEADING = "heading", _("By heading")
    STAGE = "stage", _("By stage")


def narrow(items: list, show: Show, *, partnership: Partnership, user) -> list:
    """Keep the items of a checklist that somebody asks to see. “Our side” is the reader's."""
    seats = {seat.pk for seat in partnership.seats_of(user)}
    ours = partnership.sides_of(user) or {Side.SCHOOL}
    theirs = {Side.SCHOOL, Side.PARTNER} - ours
    kept = {
        Show.ALL: lambda item: True,
        Show.OPEN: lambda item: item.is_open and not item.is_waiting_for_the_end,
        Show.MINE: lambda item: item.owner_id in seats,
        Show.LATE: lambda item: item.is_late,
        Show.OURS: lambda item: item.side in ours or item.side == Side.BOTH,
        Show.THEIRS: lambda item: item.side in theirs or item.side == Side.BOTH,
    }[show]
    return [item for item in items if kept(item)]
