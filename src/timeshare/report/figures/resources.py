"""What the experiment's own conditions took: parameters, and seconds of training."""

from typing import TYPE_CHECKING

import pandas as pd

from timeshare.report import drawing
from timeshare.report.findings import Finding
from timeshare.report.tables import Tables

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def parameters_and_time(tables: Tables) -> Finding:
    """Parameters of each variant by T, and seconds a member and thousand updates."""
    conditions = tables.conditions
    rows = conditions[conditions["truncation"] == conditions["length"]]
    each = rows["seconds"] / rows["updates"] / rows["members"] * 1000
    rows = rows.assign(seconds_member=each)
    plain = rows[rows["plain"]]
    table = (
        plain.groupby(["variant", "label", "schedule", "cell", "length"], as_index=False)
        .agg(parameters=("parameters", "median"), seconds=("seconds_member", "median"),
             low=("seconds_member", "min"), high=("seconds_member", "max"))
    )  # fmt: skip
    # A variant of one T has no line; where others have one, it is left to the CSV.
    drawn = table[table.groupby("variant")["length"].transform("nunique") > 1]
    drawn = drawn if len(drawn) else table
    left = " Variants trained at one T are in the CSV only." if len(drawn) < len(table) else ""
    return Finding(
        "resources",
        "Parameters and training time",
        _sentence(tables.plain(rows)),
        "At equal width: trainable parameters, and the seconds a member takes "
        "for 1,000 updates (median, smallest and largest over tasks; members of a "
        "condition train as one batch, beside other jobs, so these times are indicative; the "
        "cost study measures alone)." + left,
        table,
        lambda columns: _curves(drawn, columns),
        columns=2,
        spread="",
    )


def _sentence(rows: pd.DataFrame) -> str:
    pair = rows[rows["schedule"].isin(["shared", "unshared"])]
    keys = ["task", "length"]
    wide = pair.pivot_table(index=keys, columns="schedule", values=["parameters", "seconds_member"])
    both = wide.dropna()
    if both.empty or both.columns.get_level_values(1).nunique() < 2:
        return "No condition was trained with both shared and unshared weights."
    ratio = {
        name: both[name]["unshared"] / both[name]["shared"]
        for name in ("parameters", "seconds_member")
    }
    more, slower = ratio["parameters"], float(ratio["seconds_member"].median())
    speed = (
        f"{slower:.1f} times as long" if slower > 1.05
        else f"{slower:.2f} of the time" if slower < 0.95 else "about as long"
    )  # fmt: skip
    return (
        f"At equal width unshared weights have {more.min():.0f} to {more.max():.0f} times the "
        f"parameters of shared ones over T={both.index.get_level_values('length').min()} to "
        f"{both.index.get_level_values('length').max()}, and a member takes {speed} to train "
        f"(median over {len(both)} pairs of a task and a T)."
    )


def _curves(table: pd.DataFrame, columns: int) -> "Figure":
    table = drawing.ranked(table)
    figure, axes = drawing.panels(["parameters", "seconds for 1,000 updates"], columns, 2.8, False)
    for axis, value in zip(axes, ("parameters", "seconds"), strict=True):
        ends = {"low": table[value], "high": table[value]} if value == "parameters" else {}
        shown = table.assign(centre=table[value], **ends)
        for _, line in shown.groupby("variant"):
            drawing.curve(axis, line, "length")
        drawing.decades(axis)
        drawing.octaves(axis, table["length"].tolist())
    figure.supxlabel("length T (steps)", fontsize=9)
    drawing.legend(figure, drawing.entries(table.assign(label=_names(table))))
    return figure


def _names(table: pd.DataFrame) -> "pd.Series[str]":
    """Labels with their cell, unless they name it."""
    named = table["label"] == table["variant"]
    return table["label"].where(named, table["cell"] + " " + table["label"])
