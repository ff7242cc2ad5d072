"""What a report shows: findings, each a sentence, a figure and the table behind them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Finding:
    """A figure with the sentence it carries.

    Arguments:
        name: of its files.
        title: what is measured, in a few words.
        sentence: what came out, computed from the tables; it is also the alternative text.
        note: what is drawn, and what was left out.
        table: the numbers drawn.
        draw: the figure, with so many panels side by side at most.
        columns: panels side by side on a wide page.
        spread: what bands and bars are.
    """

    name: str
    title: str
    sentence: str
    note: str
    table: pd.DataFrame
    draw: "Callable[[int], Figure]"
    columns: int = 3
    spread: str = "Points are interquartile means, bands and bars 95 % intervals, over seeds."

    @property
    def caption(self) -> str:
        """What is drawn, with what its bands are."""
        return f"{self.note} {self.spread}".strip()

    @property
    def alternative(self) -> str:
        """The figure in words."""
        return f"{self.title}. {self.sentence}"


@dataclass(frozen=True)
class Section:
    """A theme.

    Arguments:
        anchor: its address on the page.
        title: its heading.
        question: what it asks, in one sentence.
        findings: what was found.
        missing: what could not be said, and what to add to the configuration.
    """

    anchor: str
    title: str
    question: str
    findings: tuple[Finding, ...]
    missing: tuple[str, ...] = ()
