"""What a figure shows: a sentence, the drawing, and the table behind both."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from timeshare.report.palette import Canvas

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Finding:
    """What a figure shows of one experiment.

    Arguments:
        title: what came out, in a few words, computed from the tables.
        sentence: what came out, computed from the tables; it is also the alternative text.
        note: what is drawn, and what was left out.
        table: the numbers drawn.
        draw: draws the figure on a canvas of given width and colours.
        columns: panels side by side on a wide page.
        spread: what bands and bars are.
    """

    title: str
    sentence: str
    note: str
    table: pd.DataFrame
    draw: "Callable[[Canvas], Figure]"
    columns: int = 3
    spread: str = (
        "Points are interquartile means, bands and bars 95 % intervals, over rules or seeds."
    )

    @property
    def caption(self) -> str:
        """What is drawn, with what its bands are."""
        return f"{self.note} {self.spread}".strip()

    @property
    def tasks(self) -> list[str]:
        """The tasks that it shows, as they come."""
        if "task" not in self.table:
            return []
        return list(dict.fromkeys(map(str, self.table["task"])))

    @property
    def alternative(self) -> str:
        """The figure in words."""
        return f"{self.title}. {self.sentence}"
