"""The map of rates of rule change and train sizes that the bottom line is read from."""

from collections.abc import Iterator

import pandas as pd

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.pairs import plain
from timeshare.analysis.tables import FIXED, RECURRENT

CELL = ["rule_change_rate", "train_size"]
"""Columns that identify a cell of the map."""
Cell = tuple[float, int]
"""A rate of rule change and a train size."""
KIND = ["task_kind", "input_size", "output_size"]
"""Columns in which tasks agree that differ in their rate of rule change alone."""


def of_the_map(evidence: Evidence) -> pd.DataFrame:
    """Test scores at T with K = T on the tasks of the map, at every T that they were trained at.

    The map has one kind of task, whose rule is random and which differs in its rate of rule change
    alone: the kind with the most rates. Networks are recurrent ones of the cell compared there.
    The column `rule_change_rate` holds the share of the rule that is really redrawn, mean over the
    rules of a configured rate, where the task knows it.
    """
    table = evidence.at_length
    table = table[
        ~table["real"]
        & table["random_rule"]
        & ~table["holds_out"]
        & table["rule_change_rate"].notna()
        & (table["lengths"] == FIXED)
        & (table["truncation"] == table["length"])
        & (table["family"] == RECURRENT)
    ]
    table = evidence.of_compared_cell(table)
    if table.empty:
        return table
    rates = table.groupby(KIND, as_index=False).agg(rates=("rule_change_rate", "nunique"))
    kind = rates.sort_values("rates", kind="stable").tail(1)[KIND]
    return with_measured_rates(table.merge(kind, on=KIND))


def with_measured_rates(table: pd.DataFrame) -> pd.DataFrame:
    """The rows with the share of the rule that is really redrawn in place of the configured one.

    It is the mean over the rules of a configured rate, where the task knows it.

    Arguments:
        table: scores of one kind of task, with the facts of their conditions.
    """
    measured = table.groupby("rule_change_rate")["rule_change"].transform("mean").round(3)
    return table.assign(rule_change_rate=measured.fillna(table["rule_change_rate"]))


def main_length(rows: pd.DataFrame) -> int:
    """The length T at which shared and unshared networks have the most cells of the map.

    Arguments:
        rows: of `of_the_map`, at least one.
    """
    cells = {kind: _cells(plain(rows, kind)) for kind in ("shared", "unshared")}
    both = cells["shared"].merge(cells["unshared"])
    if both.empty:
        return int(rows["length"].min())
    counts = both.groupby("length", as_index=False).agg(cells=("train_size", "size"))
    return int(counts.sort_values("cells", kind="stable", ascending=False)["length"].iloc[0])


def by_cell(rows: pd.DataFrame) -> Iterator[tuple[Cell, pd.DataFrame]]:
    """The rows of each cell of the map, in order of rates and train sizes."""
    cells = rows[CELL].drop_duplicates().sort_values(CELL)
    rates, sizes = cells["rule_change_rate"].to_numpy(float), cells["train_size"].to_numpy(int)
    for rate, size in zip(rates, sizes, strict=True):
        inside = (rows["rule_change_rate"] == rate) & (rows["train_size"] == size)
        yield (float(rate), int(size)), rows[inside]


def _cells(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[["length", *CELL]].drop_duplicates()
