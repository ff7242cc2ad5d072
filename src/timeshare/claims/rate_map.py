"""The factors of the map of rates of rule change and train sizes, and its cells in words."""

from timeshare.analysis.rate_map import Cell
from timeshare.claims.deciding import Factor
from timeshare.claims.outcomes import Level
from timeshare.experiment.conditions import size_name

FACTORS = (
    Factor("the rate of rule change", words="at {level}"),
    Factor("the number of training sequences", words="with {level}"),
)
SHOWN = 0.01
"""Rates from here on are written as whole per cents, as the map has them."""


def level_of(cell: Cell) -> Level:
    """A cell of the map in words."""
    rate, size = cell
    share = f"{rate:.0%}" if rate == 0 or rate >= SHOWN else f"{rate:.1%}"
    return f"rate {share}", f"{size_name(size)} sequences"
