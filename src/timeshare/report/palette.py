"""One colour for each schedule and one marker for each cell, the same in all figures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

# The palette of Okabe and Ito, whose colours differ under the common kinds of colour blindness.
COLOURS = {
    "shared": "#0072b2",
    "blocks": "#e69f00",
    "cyclic": "#5f7a8a",
    "soft": "#cc79a7",
    "basis": "#009e73",
    "mixture": "#56b4e9",
    "unshared": "#d55e00",
}
"""Colours of the schedules of the package, in the order from shared to unshared."""
PATTERNS = ("-", "--", ":", "-.")
LINES = {"blocks": "--", "soft": ":", "basis": "-.", "mixture": "--"}
"""Patterns of the lines of those schedules that are not drawn solid."""
FURTHER_COLOURS = ("#7a6fbe", "#8c8c3c", "#a0522d", "#9c4f96")
"""Colours of schedules from outside the package, in the order of their names."""
MARKERS: Mapping[str, Any] = {"lstm": "o", "gru": "s", "rnn": "^"}
FURTHER_MARKERS: tuple[Any, ...] = ("D", "v", "P", "X", "<", ">", "p", "h")
"""Markers of cells from outside the package, in the order of their names."""
INK, PALE, GRID, PAPER = "#1f2328", "#5c636b", "#dfe2e6", "#fefefe"
FEWEST_POINTS = 5
"""Points of the first star that is a marker once `FURTHER_MARKERS` are taken."""


@dataclass(frozen=True)
class Palette:
    """The colours, patterns of lines and markers of a report.

    Arguments:
        schedules: all schedules of the experiment, in any order.
        cells: all its cells, in any order.
    """

    schedules: tuple[str, ...] = ()
    cells: tuple[str, ...] = ()

    def colour(self, schedule: str) -> str:
        """The colour of a schedule."""
        if schedule in COLOURS:
            return COLOURS[schedule]
        return FURTHER_COLOURS[_place(schedule, self.schedules, COLOURS) % len(FURTHER_COLOURS)]

    def pattern(self, schedule: str) -> str:
        """The pattern of a schedule's lines; it differs where two schedules share a colour."""
        if schedule in COLOURS:
            return LINES.get(schedule, PATTERNS[0])
        reused = _place(schedule, self.schedules, COLOURS) // len(FURTHER_COLOURS)
        return PATTERNS[reused % len(PATTERNS)]

    def marker(self, cell: str) -> Any:
        """The marker of a cell, as Matplotlib takes it."""
        if cell in MARKERS:
            return MARKERS[cell]
        place = _place(cell, self.cells, MARKERS)
        if place < len(FURTHER_MARKERS):
            return FURTHER_MARKERS[place]
        return (FEWEST_POINTS + place - len(FURTHER_MARKERS), 1, 0)

    def stroke(self, schedule: str, cell: str, rank: int = 0) -> dict[str, Any]:
        """How a line is drawn, as keywords of Matplotlib.

        Arguments:
            schedule: whose colour and pattern it has.
            cell: whose marker it has.
            rank: number of the variant among those of the schedule and cell; markers of further
                variants are hollow and their lines have the next pattern.
        """
        shade = self.colour(schedule)
        first = PATTERNS.index(self.pattern(schedule))
        return {
            "color": shade,
            "linestyle": PATTERNS[(first + rank) % len(PATTERNS)],
            "marker": self.marker(cell),
            "markerfacecolor": PAPER if rank else shade,
            "markeredgewidth": 1.3 if rank else 0,
        }


@dataclass(frozen=True)
class Canvas:
    """How wide and in which colours a figure is drawn.

    Arguments:
        columns: panels side by side, at most; 1 is the width of a phone.
        palette: of the report.
    """

    columns: int
    palette: Palette = Palette()


def order(schedule: str) -> int:
    """The place of a schedule between shared and unshared; others come last."""
    known = list(COLOURS)
    return known.index(schedule) if schedule in known else len(known)


def _place(name: str, names: Iterable[str], known: Iterable[str]) -> int:
    """The place of a name among those that the package does not know, in alphabetical order."""
    return sorted({name, *names}.difference(known)).index(name)
