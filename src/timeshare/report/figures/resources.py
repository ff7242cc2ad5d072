"""Parameters of the networks of the experiment, by T."""

from typing import TYPE_CHECKING

import pandas as pd
from typing_extensions import override

from timeshare.report import drawing, wording
from timeshare.report.figures.base import Figure
from timeshare.report.findings import Finding
from timeshare.report.lines import in_order
from timeshare.report.palette import Canvas
from timeshare.report.results import PAIR, Results

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing

SEVERAL = 3
"""Lengths that make a curve."""


class Resources(Figure):
    """Parameters of each variant against T, at equal width."""

    section = "cost"
    place = 1

    @override
    def finding(self, results: Results) -> Finding | None:
        conditions = results.evidence.comparable(results.conditions)
        rows = conditions[conditions["embedding"] == 0]
        if rows.empty:
            return None
        # Other tasks have other inputs and outputs, hence other parameters: one line, one task.
        task = rows.groupby("task")["length"].nunique().sort_values(kind="stable").index[-1]
        rows = rows[rows["task"] == task]
        by = ["hidden_size", "variant", "label", "schedule", "cell", "length"]
        table = rows.groupby(by, as_index=False)["parameters"].median()
        table = table[table["hidden_size"].isin(table["hidden_size"].mode().head(1))]
        table = table[table.groupby("variant")["length"].transform("nunique") >= SEVERAL]
        if table.empty:
            return None
        return Finding(
            _headline(table),
            _sentence(table),
            f"Trainable parameters by the length T trained at, at equal width, on "
            f"{wording.quoted(task)}; both axes are logarithmic.",
            table,
            lambda canvas: _curves(table, canvas),
            columns=2,
            spread="",
        )


def _ratios(table: pd.DataFrame) -> "pd.Series[float]":
    """Unshared over shared parameters by T; empty where one of them is missing."""
    wide = table.pivot_table(index="length", columns="schedule", values="parameters")
    if not set(PAIR) <= set(wide.columns):
        return pd.Series(dtype=float)
    return (wide["unshared"] / wide["shared"]).dropna()


def _headline(table: pd.DataFrame) -> str:
    ratio = _ratios(table)
    if ratio.empty:
        return "Parameters by length"
    grows = ratio.iloc[-1] > 1.1 * ratio.iloc[0]
    return (
        "The parameters of unshared weights grow with the length, those of shared ones do not"
        if grows
        else "Shared and unshared weights have parameters in one proportion at every length"
    )


def _sentence(table: pd.DataFrame) -> str:
    """Unshared over shared parameters, over T."""
    ratio = _ratios(table)
    if ratio.empty:
        return "No network was trained with both shared and unshared weights at several lengths."
    return (
        f"At equal width unshared weights have {ratio.min():.2g} to {ratio.max():.2g} times the "
        f"parameters of shared ones over T={ratio.index.min()} to {ratio.index.max()}."
    )


def _curves(table: pd.DataFrame, canvas: Canvas) -> "Drawing":
    shown = table.assign(
        effect=table["parameters"], low=table["parameters"], high=table["parameters"]
    )
    figure, (axis,) = drawing.panels(["Parameters"], canvas, 2.8)
    found = in_order(drawing.ranked(shown))
    for line in found:
        drawing.curve(axis, line, "length", canvas.palette)
    drawing.decades(axis)
    drawing.octaves(axis, table["length"].tolist())
    drawing.name_lines(axis, found, "length", canvas.palette)
    figure.supxlabel("length T (steps)", fontsize=9)
    return figure
