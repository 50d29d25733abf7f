"""The cycles of a partnership: each as it was, and side by side."""

from checklists.progress import Progress
from partnerships.stages import Stage


class Cycle:
    """One turn of the stages: when it ran, what was done, and why it moved as it did."""

    def __init__(self, number, moves, progress):
        self.number = number
        self.moves = [move for move in moves if move.cycle == number]
        self.began_at = self.moves[0].at
        later = [move for move in moves if move.cycle == number + 1]
        self.ended_at = later[0].at if later else None
        self.progress_by_stage = {
            stage: progress.get((number, stage.value), Progress()) for stage in Stage
        }
        self.progress = sum(self.progress_by_stage.values(), start=Progress())


def cycles_of(partnership, moves=None) -> list[Cycle]:
    moves = list(partnership.moves.select_related("by")) if moves is None else moves
    progress = partnership.items.progress_by("cycle", "stage")
    return [Cycle(number, moves, progress) for number in range(1, partnership.cycle + 1)]
