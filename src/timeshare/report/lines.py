"""Panels of curves: a panel a task, a line a variant."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import pandas as pd

from timeshare.report import drawing
from timeshare.report.palette import Canvas, order

if TYPE_CHECKING:
    from matplotlib.figure import Figure

SCORE = "test score (0 chance, 1 perfect)"
LINE = [
    "task",
    "rule_change_rate",
    "length",
    "variant",
    "schedule",
    "cell",
    "label",
    "train_size",
]
"""Columns that identify a line."""


def keys_of(table: pd.DataFrame) -> list[tuple[str, int]]:
    """The tasks with their T: those whose rate of rule change is known by that, the others first.

    Without a rate they come by their titles.
    """
    rates = table["rule_change_rate"] if "rule_change_rate" in table else 0.0 * table["length"]
    known = zip(rates.fillna(-1.0), table["task"], table["length"], strict=True)
    ordered = sorted({(float(rate), str(task), int(length)) for rate, task, length in known})
    return [(task, length) for _, task, length in ordered]


def of_key(table: pd.DataFrame, key: tuple[str, int]) -> pd.DataFrame:
    """The rows of one task and T."""
    return table[(table["task"] == key[0]) & (table["length"] == key[1])]


def lines(
    table: pd.DataFrame,
    canvas: Canvas,
    x: str,
    names: tuple[str, str],
    mark: bool = False,
    logarithmic: bool = True,
    limits: tuple[float, float] | None = (-0.18, 1.1),
) -> "Figure":
    """A panel for each task and T, with a line for each variant.

    Arguments:
        table: estimates, as `estimates` gives them, with the columns of `LINE`.
        canvas: of the figure.
        x: the column along the horizontal axis.
        names: of the two axes.
        mark: whether T lies on the horizontal axis and is marked.
        logarithmic: whether the horizontal axis is.
        limits: of the vertical axis; those of the data when None.
    """
    keys, table = keys_of(table), drawing.ranked(table)
    titles = [f"{task}, T={length}" for task, length in keys]
    figure, axes = drawing.panels(titles, canvas)
    for axis, key in zip(axes, keys, strict=True):
        part = of_key(table, key)
        drawing.mark_chance(axis)
        for line in in_order(part):
            drawing.curve(axis, line, x, canvas.palette)
        if logarithmic:
            drawing.octaves(axis, part[x].tolist())
        if limits:
            axis.set_ylim(*limits)
        if mark:
            drawing.mark_length(axis, key[1])
        drawing.name_lines(axis, in_order(part), x, canvas.palette)
    figure.supxlabel(names[0], fontsize=9)
    figure.supylabel(names[1], fontsize=9)
    return figure


def in_order(table: pd.DataFrame) -> Sequence[pd.DataFrame]:
    """The lines of a panel, from shared to unshared."""
    found = [line for _, line in table.groupby("variant")]
    return sorted(found, key=lambda line: order(str(line["schedule"].iloc[0])))


def several_tasks(rows: pd.DataFrame, richness: str) -> pd.DataFrame:
    """Of each task the rows of one T: the one with most values of a column, then the longest."""
    counts = rows.groupby(["task", "length"])[richness].nunique().rename("many").reset_index()
    best = counts.sort_values(["task", "many", "length"]).drop_duplicates("task", keep="last")
    return rows.merge(best[["task", "length"]])


def one_each(table: pd.DataFrame) -> pd.DataFrame:
    """Of several variants of one schedule and cell, the first by name."""
    first = table.groupby(["schedule", "cell"])["variant"].transform("min")
    return table[table["variant"] == first]
