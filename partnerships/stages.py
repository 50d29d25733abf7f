"""The life of a partnership: its stages, its status, and the moves between them.

After “Stages of Partnering” (Annenberg Institute): pre-partnering, five stages, and back to
stage 1 or 2. The order is the usual one, not a cage.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Stage(TextChoices):
    PRE = "pre", _("Pre-partnering")
    MOBILIZE = "mobilize", _("Mobilize the team")
    DIRECTION = "direction", _("Set direction and infrastructure")
    ACTION = "action", _("Take action")
    REFLECT = "reflect", _("Reflect upon and celebrate results")
    RECOMMIT = "recommit", _("Recommit and refine")

    @property
    def number(self) -> int:
        """0 for pre-partnering, then 1 to 5."""
        return list(Stage).index(self)

    @property
    def short(self):
        return SHORT[self]

    @property
    def heading(self):
        if self is Stage.PRE:
            return self.label
        return _("Stage %(number)s: %(name)s") % {"number": self.number, "name": self.label}

    @property
    def is_for_deciding(self) -> bool:
        """The sides look back and decide how to go on."""
        return self in {Stage.REFLECT, Stage.RECOMMIT}

    @property
    def next(self) -> "Stage | None":
        """The stage that usually follows; None after the last, where one recommits."""
        return list(Stage)[self.number + 1] if self is not Stage.RECOMMIT else None


SHORT = {
    Stage.PRE: pgettext_lazy("stage, short", "Pre"),
    Stage.MOBILIZE: pgettext_lazy("stage, short", "Mobilize"),
    Stage.DIRECTION: pgettext_lazy("stage, short", "Direction"),
    Stage.ACTION: pgettext_lazy("stage, short", "Action"),
    Stage.REFLECT: pgettext_lazy("stage, short", "Reflect"),
    Stage.RECOMMIT: pgettext_lazy("stage, short", "Recommit"),
}

RECOMMIT_TO = (Stage.MOBILIZE, Stage.DIRECTION)


class Status(TextChoices):
    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    ENDED = "ended", _("Ended")


class MoveKind(TextChoices):
    START = "start", _("Start")
    NEXT = "next", _("On to the next stage")
    SKIP = "skip", _("Ahead, skipping a stage")
    BACK = "back", _("Back to an earlier stage")
    RECOMMIT = "recommit", _("Recommitment")
    PAUSE = "pause", _("Pause")
    RESUME = "resume", _("Going on after a pause")
    END = "end", _("End")
    REOPEN = "reopen", _("Reopening")


# Which status a partnership must have for a move of status, and which it has afterwards.
STATUS_MOVES = {
    MoveKind.PAUSE: ({Status.ACTIVE}, Status.PAUSED),
    MoveKind.RESUME: ({Status.PAUSED}, Status.ACTIVE),
    MoveKind.END: ({Status.ACTIVE, Status.PAUSED}, Status.ENDED),
    MoveKind.REOPEN: ({Status.ENDED}, Status.ACTIVE),
}


def kind_of_move(old: Stage, new: Stage) -> MoveKind:
    """Name a change of stage within one cycle."""
    if new.number < old.number:
        return MoveKind.BACK
    return MoveKind.NEXT if new == old.next else MoveKind.SKIP
