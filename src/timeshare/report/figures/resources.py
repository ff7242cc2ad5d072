"""What the experiment's own conditions took: parameters, and seconds of training."""

from typing import TYPE_CHECKING

import pandas as pd
from typing_extensions import override

from timeshare.report import drawing
from timeshare.report.figures.base import Figure
from timeshare.report.findings import Finding
from timeshare.report.palette import Canvas
from timeshare.report.results import PAIR, Results

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Drawing


class Resources(Figure):
    """Parameters of each variant by T, and seconds a member and thousand updates."""

    section = "cost"
    place = 1

    @override
    def finding(self, results: Results) -> Finding:
        conditions = results.conditions
        rows = conditions[conditions["truncation"] == conditions["length"]]
        each = rows["seconds"] / rows["updates"] / rows["members"] * 1000
        rows = rows.assign(seconds_member=each)
        table = _by_length(rows[rows["plain"]])
        # A variant of one T has no line; where others have one, it is left to the CSV.
        drawn = table[table.groupby("variant")["length"].transform("nunique") > 1]
        drawn = drawn if len(drawn) else table
        left = " Variants trained at one T are in the CSV only." if len(drawn) < len(table) else ""
        return Finding(
            "Parameters and training time",
            _sentence(results.evidence.comparable(rows)),
            "At equal width: trainable parameters, and the seconds a member takes "
            "for 1,000 updates (median, smallest and largest over tasks; members of a "
            "condition train as one batch, beside other jobs, so these times are indicative; the "
            "cost study measures alone)." + left,
            table,
            lambda canvas: _curves(drawn, canvas),
            columns=2,
            spread="",
        )


def _by_length(rows: pd.DataFrame) -> pd.DataFrame:
    """Parameters and seconds of each variant and T, over tasks."""
    by = ["variant", "label", "schedule", "cell", "length"]
    return rows.groupby(by, as_index=False).agg(
        parameters=("parameters", "median"),
        seconds=("seconds_member", "median"),
        low=("seconds_member", "min"),
        high=("seconds_member", "max"),
    )


def _sentence(rows: pd.DataFrame) -> str:
    """Unshared over shared parameters and seconds, over tasks and T."""
    pair = rows[rows["schedule"].isin(PAIR)]
    keys, values = ["task", "length"], ["parameters", "seconds_member"]
    both = pair.pivot_table(index=keys, columns="schedule", values=values).dropna()
    if both.empty or both.columns.get_level_values(1).nunique() < 2:
        return "No condition was trained with both shared and unshared weights."
    more, seconds = (both[name]["unshared"] / both[name]["shared"] for name in values)
    lengths = both.index.get_level_values("length")
    return (
        f"At equal width unshared weights have {more.min():.0f} to {more.max():.0f} times the "
        f"parameters of shared ones over T={lengths.min()} to {lengths.max()}, and a member takes "
        f"{_slower(float(seconds.median()))} to train (median over {len(both)} pairs of a task and "
        "a T)."
    )


def _slower(ratio: float) -> str:
    if ratio > 1.05:
        return f"{ratio:.1f} times as long"
    return f"{ratio:.2f} of the time" if ratio < 0.95 else "about as long"


def _curves(table: pd.DataFrame, canvas: Canvas) -> "Drawing":
    table = drawing.ranked(table)
    titles = ["parameters", "seconds for 1,000 updates"]
    figure, axes = drawing.panels(titles, canvas, 2.8, share=False)
    for axis, value in zip(axes, ("parameters", "seconds"), strict=True):
        ends = {"low": table[value], "high": table[value]} if value == "parameters" else {}
        shown = table.assign(effect=table[value], **ends)
        for _, line in shown.groupby("variant"):
            drawing.curve(axis, line, "length", canvas.palette)
        drawing.decades(axis)
        drawing.octaves(axis, table["length"].tolist())
    figure.supxlabel("length T (steps)", fontsize=9)
    entries = drawing.entries(table.assign(label=_names(table)))
    drawing.legend(figure, entries, canvas.palette)
    return figure


def _names(table: pd.DataFrame) -> "pd.Series[str]":
    """Labels with their cell, unless they name it."""
    own = table["label"] == table["variant"]
    return table["label"].where(own, table["cell"] + " " + table["label"])
