"""What a figure shows: a sentence, the drawing, and the table behind both."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from timeshare.analysis.flags import flags_of
from timeshare.report.caveats import caveat
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
        behind: the scores of the networks that it rests on, whose flags it shows; empty where no
            training is behind it.
    """

    title: str
    sentence: str
    note: str
    table: pd.DataFrame
    draw: "Callable[[Canvas], Figure]"
    columns: int = 3
    spread: str = "Points are means, bands and bars 95 % intervals, over rules or seeds."
    behind: pd.DataFrame = field(default_factory=pd.DataFrame)

    @property
    def caption(self) -> str:
        """What is drawn, with what its bands are."""
        return f"{self.note} {self.spread}".strip()

    @property
    def caveat(self) -> str:
        """What a reader should know of the networks behind it; empty where there is nothing."""
        return caveat(flags_of(self.behind))

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


def finding_fault(found: object) -> str | None:
    """Why this is not what a figure shows, in a sentence without its full stop.

    Arguments:
        found: what the figure's `finding` returned, where that is not None.
    """
    if not isinstance(found, Finding):
        return f"`finding` returns {type(found).__name__} instead of Finding or None"
    for name in ("title", "sentence", "note"):
        text = getattr(found, name)
        if not isinstance(text, str) or not text.strip():
            return f"the finding's `{name}` is {text!r}, and it is a sentence"
    if not isinstance(found.table, pd.DataFrame):
        return f"the finding's `table` is {type(found.table).__name__} instead of a DataFrame"
    if not callable(found.draw):
        return f"the finding's `draw` is {type(found.draw).__name__}, and it is a function"
    return None
