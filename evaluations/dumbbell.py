"""The dumbbell plot of a statement: where the sides stand between 1 and 5, as numbers for an SVG."""

from dataclasses import dataclass

from evaluations.results import Row

LEFT, STEP = 8, 46  # the scale from 1 to 5 in a drawing that is 200 wide
MIDDLE, LANE = 11, 16
ABOVE_AND_BELOW = (2, 20)  # where the spread of two sides is drawn, beside the line of their means
CLOSE, ASIDE = 10, 4  # marks of two sides that would cover each other step aside, up and down


def x_of(value) -> float:
    return round(float(LEFT + (value - 1) * STEP), 1)


@dataclass(frozen=True)
class Mark:
    """One side: its mean, and from where to where its answers reach."""

    side: str
    x: float
    y: int  # of its middle
    low: float
    high: float
    strip: int  # the height at which the spread is drawn

    @property
    def corner(self) -> tuple[float, int]:
        """Of the square that stands for a school."""
        return round(self.x - 6, 1), self.y - 6


@dataclass(frozen=True)
class Dumbbell:
    row: Row

    @property
    def places(self) -> int:
        return len(self.row.scores)

    @property
    def lines(self) -> list[int]:
        """Two sides share a line; of more, each has its own, in the order of the columns."""
        if self.places <= 2:
            return [MIDDLE]
        return [MIDDLE + LANE * place for place in range(self.places)]

    @property
    def height(self) -> int:
        return self.lines[-1] + MIDDLE

    @property
    def is_close(self) -> bool:
        """Two share a line, and one would cover the other."""
        means = [x_of(score.mean) for score in self.row.spoken]
        return self.places == 2 and len(means) == 2 and means[0] - means[1] < CLOSE

    def y_of(self, place: int) -> int:
        y = self.lines[place % len(self.lines)]
        return y + (ASIDE if place else -ASIDE) if self.is_close else y

    @property
    def marks(self) -> list[Mark]:
        return [
            Mark(
                side=score.party.side,
                x=x_of(score.mean),
                y=self.y_of(place),
                low=x_of(score.low),
                high=x_of(score.high),
                strip=ABOVE_AND_BELOW[place % 2] if self.places <= 2 else self.lines[place],
            )
            for place, score in enumerate(self.row.scores)
            if score.mean is not None
        ]

    @property
    def gap(self) -> tuple[float, float] | None:
        """From one to the other, where two share a line."""
        found = [mark.x for mark in self.marks]
        return (min(found), max(found)) if self.places == 2 and len(found) == 2 else None
