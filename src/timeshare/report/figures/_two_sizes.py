"""Test scores at the smallest and the largest train size, as points with intervals."""

import numpy as np
import pandas as pd

from timeshare.analysis.estimates import estimates
from timeshare.experiment.conditions import size_name
from timeshare.report.lines import several_tasks
from timeshare.report.palette import order

BY = [
    "task",
    "rule_change_rate",
    "length",
    "train_size",
    "variant",
    "label",
    "schedule",
    "cell",
    "parameters",
]
MOST, FEWEST = "most sequences", "fewest sequences"


def two_sizes(rows: pd.DataFrame) -> pd.DataFrame:
    """Of each task at one T, the smallest and the largest train size that most variants were given.

    The T is the one with the most variants, then the longest.
    """
    chosen = []
    for _, part in several_tasks(rows, "variant").groupby(["task", "length"]):
        given = part.groupby("train_size")["variant"].nunique()
        sizes = given.index[given == given.max()]
        chosen.append(part[part["train_size"].isin([sizes.min(), sizes.max()])])
    return pd.concat(chosen) if chosen else rows


def score_rows(rows: pd.DataFrame, label: str) -> pd.DataFrame:
    """Estimates as `dots` draws them, a panel a task and T, from shared to unshared.

    What has no score, because outputs were not finite, is left out.

    Arguments:
        rows: test scores.
        label: the column whose values are the names of the points.
    """
    table = estimates(rows, BY).dropna(subset="effect")
    largest = table.groupby(["task", "length"])["train_size"].transform("max")
    shown = table.assign(
        panel=table["task"] + ", T=" + table["length"].astype(str),
        name=table[label],
        series=np.where(table["train_size"] == largest, MOST, FEWEST),
        place=table["schedule"].map(order),
    )
    keys = ["series", "rule_change_rate", "panel", "place", "parameters", "name"]
    ascending = [False, *[True] * 5]
    ordered = shown.sort_values(keys, ascending=ascending, na_position="first")
    return ordered.drop(columns="place")


def sizes_note(table: pd.DataFrame) -> str:
    """The train sizes that the series stand for."""
    sizes = {
        str(series): sorted({size_name(int(size)) for size in part["train_size"]})
        for series, part in table.groupby("series", sort=False)
    }
    marks = {MOST: "filled", FEWEST: "hollow"}
    listed = [f"{marks[series]}: {' or '.join(each)}" for series, each in sizes.items()]
    return f"Training sequences, the most and the fewest of each task: {'; '.join(listed)}."
