"""What was measured in each round, and how it reads."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median


@dataclass(frozen=True)
class Round:
    """So many turns: the server's CPU seconds and the seconds on the wall."""

    turns: int = 0
    cpu: float = 0
    wall: float = 0

    def __add__(self, other: "Round") -> "Round":
        return Round(self.turns + other.turns, self.cpu + other.cpu, self.wall + other.wall)

    @property
    def cpu_ms(self) -> float:
        """CPU milliseconds for each turn."""
        return self.cpu / self.turns * 1000

    @property
    def rate(self) -> float:
        """Turns per second."""
        return self.turns / self.wall

    @property
    def busy(self) -> float:
        """The part of one core that the server used: far below 1, the load was the limit."""
        return self.cpu / self.wall


@dataclass(frozen=True)
class Spread:
    """A figure of several rounds."""

    values: Sequence[float]

    @property
    def middle(self) -> float:
        return median(self.values)

    def shown(self, digits: int) -> str:
        """The median, and from where to where the rounds went: `2.96 (2.91–3.05)`."""
        low, middle, high = (
            f"{value:.{digits}f}" for value in (min(self.values), self.middle, max(self.values))
        )
        return f"{middle} ({low}–{high})" if len(self.values) > 1 else middle


def spread(rounds: Sequence[Round], figure: Callable[[Round], float]) -> Spread:
    return Spread([figure(one) for one in rounds])


def ratio(rounds: Sequence[Round], to: Sequence[Round]) -> Spread | None:
    """CPU per turn of one server over another's, each round by itself, as they ran side by side."""
    pairs = list(zip(rounds, to, strict=False))
    return Spread([one.cpu_ms / other.cpu_ms for one, other in pairs]) if pairs else None


def table(rows: Sequence[Sequence[str]]) -> str:
    """Rows under a heading row, the first column to the left and the others to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if at else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    )
