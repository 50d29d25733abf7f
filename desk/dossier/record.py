"""What happened: the cycles, the moves between stages, and the timeline."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from checklists.progress import Progress
from desk.cycles import Cycle, cycles_of
from desk.dossier.cells import Column, Place, named, ours, own, told
from partnerships.events import GROUPS
from partnerships.models import Document, Event, Move
from partnerships.stages import Stage

BY = pgettext_lazy("who did it", "by")


@dataclass(frozen=True)
class Stretch:
    """One stage of one cycle."""

    cycle: Cycle
    stage: Stage
    progress: Progress


CYCLES = (
    Column(
        gettext_lazy("Cycle"),
        Place.HEADING,
        lambda one: ours(_("Cycle %(number)s") % {"number": one.cycle.number}),
    ),
    Column(gettext_lazy("Stage"), 5, lambda one: ours(one.stage.heading)),
    Column(gettext_lazy("Items done"), 2, lambda one: one.progress.done),
    Column(gettext_lazy("Items open"), 2, lambda one: one.progress.open),
    Column(gettext_lazy("From"), 2, lambda one: one.cycle.began_at),
    Column(gettext_lazy("Until"), 2, lambda one: one.cycle.ended_at),
)


def cycles(dossier) -> Iterator[Stretch]:
    for cycle in cycles_of(dossier.partnership, dossier.moves):
        for stage, progress in cycle.progress_by_stage.items():
            yield Stretch(cycle, stage, progress)


MOVES = (
    Column(gettext_lazy("When"), 3, lambda move: move.at),
    Column(named(Move, "kind"), 4, lambda move: ours(move.get_kind_display())),
    Column(named(Move, "from_stage"), 4, lambda move: ours(move.get_from_stage_display())),
    Column(named(Move, "to_stage"), 4, lambda move: ours(move.get_to_stage_display())),
    Column(named(Move, "cycle"), 1, lambda move: move.cycle),
    Column(BY, Place.UNDER, lambda move: own(move.by.name)),
    Column(named(Move, "reason"), Place.UNDER, lambda move: own(move.reason)),
    Column(named(Move, "open_items"), Place.UNDER, lambda move: move.open_items),
)


def moves(dossier) -> list[Move]:
    return dossier.moves


DOCUMENTS = (
    Column(named(Document, "title"), 5, lambda one: own(one.title)),
    Column(gettext_lazy("Side"), 3, lambda one: own(one.party.name)),
    Column(gettext_lazy("Kind"), 2, lambda one: ours(one.latest.kind)),
    Column(gettext_lazy("Shared"), 2, lambda one: ours(_("yes") if one.shared else _("no"))),
    Column(gettext_lazy("Version"), 1, lambda one: one.latest.number),
    Column(gettext_lazy("File"), Place.UNDER, lambda one: own(one.latest.name)),
    Column(named(Document, "note"), Place.UNDER, lambda one: own(one.note)),
    Column(gettext_lazy("Entered by"), Place.UNDER, lambda one: own(one.latest.by.name)),
    Column(gettext_lazy("Entered on"), Place.UNDER, lambda one: one.latest.at),
    Column(gettext_lazy("Set aside on"), Place.UNDER, lambda one: one.set_aside_at),
)


def documents(dossier) -> list[Document]:
    """What all sides share, and what the reader's own side keeps to itself; the newest first."""
    partnership = dossier.partnership
    return partnership.documents.open_to(partnership.parties_open_to(dossier.user)).listed()


GROUP_OF = {kind: group for group, kinds in GROUPS.items() for kind in kinds}

TIMELINE = (
    Column(gettext_lazy("When"), 3, lambda event: event.at),
    Column(gettext_lazy("What happened"), 9, lambda event: told(event.sentence)),
    Column(gettext_lazy("About"), 3, lambda event: ours(GROUP_OF[event.kind].label)),
    Column(named(Event, "cycle"), 1, lambda event: event.cycle),
    Column(BY, Place.UNDER, lambda event: own(event.by.name)),
    Column(named(Move, "reason"), Place.UNDER, lambda event: own(event.reason)),
)


def timeline(dossier) -> list[Event]:
    """Every event that the reader may see, the newest first."""
    return list(dossier.partnership.events_open_to(dossier.user).select_related("by"))
