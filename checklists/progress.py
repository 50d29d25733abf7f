"""How far a checklist is. Defined here once; every page, export and report uses it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Progress:
    """Done ÷ (all − not relevant)."""

    done: int = 0
    open: int = 0
    late: int = 0  # of the open ones

    @classmethod
    def of(cls, items) -> "Progress":
        """Count items that are at hand; `ItemQuerySet.progress_by` asks the database for the same."""
        counting = [item for item in items if not item.is_waiting_for_the_end]
        return cls(
            done=sum(item.is_done for item in counting),
            open=sum(item.is_open for item in counting),
            late=sum(item.is_late for item in counting),
        )

    def __add__(self, other: "Progress") -> "Progress":
        return Progress(self.done + other.done, self.open + other.open, self.late + other.late)

    @property
    def total(self) -> int:
        return self.done + self.open

    @property
    def percent(self) -> int:
        """Whole percent, rounded down, so that only what is complete shows 100."""
        return 100 * self.done // self.total if self.total else 0

    @property
    def is_clear(self) -> bool:
        return self.open == 0
