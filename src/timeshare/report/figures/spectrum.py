"""The sharing spectrum: from shared to unshared weights, and all that lies between."""

import numpy as np
import pandas as pd

from timeshare.report import drawing, wording
from timeshare.report.estimates import Estimate, best, estimates, worst
from timeshare.report.figures.dots import dots
from timeshare.report.findings import Finding, Section
from timeshare.report.tables import Tables

BY = ["task", "length", "train_size", "variant", "label", "schedule", "cell", "parameters"]
MOST, FEWEST = "most sequences", "fewest sequences"
NEGLIGIBLE = 0.005
"""Difference that two decimals do not show."""
SEVERAL = 5
"""Variants that make a spectrum."""


def section(tables: Tables) -> Section:
    """Is there something better than all or nothing?"""
    rows = tables.plain(tables.at_length)
    many = rows.groupby(["task", "length"])["variant"].transform("nunique")
    rows = two_sizes(rows[many >= SEVERAL])
    missing = () if len(rows) else (
        f"No task was trained with {SEVERAL} or more variants of equal width at one T: name some "
        "with blocks, soft, basis or mixture schedules in a sweep.",
    )  # fmt: skip
    return Section(
        "spectrum",
        "The sharing spectrum",
        "Between one set of weights for all steps and a set for each: what do blocks of steps, "
        "soft tying, functions of time and mixtures give?",
        (_finding(rows),) if len(rows) else (),
        missing,
    )


def two_sizes(rows: pd.DataFrame) -> pd.DataFrame:
    """Of each task and T, the smallest and the largest train size that most variants were given."""
    kept = []
    for _, part in rows.groupby(["task", "length"]):
        given = part.groupby("train_size")["variant"].nunique()
        sizes = given.index[given == given.max()]
        kept.append(part[part["train_size"].isin([sizes.min(), sizes.max()])])
    return pd.concat(kept) if kept else rows


def score_rows(rows: pd.DataFrame, label: str) -> pd.DataFrame:
    """Estimates as `dots` draws them, a panel a task and T, from shared to unshared."""
    table = estimates(rows, BY)
    largest = table.groupby(["task", "length"])["train_size"].transform("max")
    return (
        table.assign(
            panel=table["task"] + ", T=" + table["length"].astype(str),
            name=table[label],
            series=np.where(table["train_size"] == largest, MOST, FEWEST),
            place=table["schedule"].map(drawing.order),
        )
        .sort_values(["series", "panel", "place", "parameters", "name"],
                     ascending=[False, True, True, True, True])
        .drop(columns="place")
    )  # fmt: skip


def _finding(rows: pd.DataFrame) -> Finding:
    table = score_rows(rows, "label")
    most = table[table["series"] == MOST]
    said, alike = [], []
    for panel, part in most.groupby("panel", sort=False):
        high, low = best(part), worst(part)
        if high["centre"] - low["centre"] < NEGLIGIBLE:
            alike.append(f"{panel} (all near {wording.decimal(high['centre'])})")
            continue
        said.append(
            f"On {panel}, with {part['train_size'].iloc[0]:,} sequences, scores go from "
            f"{wording.spoken(Estimate.of(low))} ({low['name']}) to "
            f"{wording.spoken(Estimate.of(high))} ({_reached(part, high['centre'])})."
        )
    if alike:
        said.append(f"The schedule makes no difference on {wording.listed(alike)}.")
    return Finding(
        "spectrum",
        "Test score along the sharing spectrum",
        " ".join(said),
        "Test score at T, at equal width; schedules from shared (top) to unshared (bottom). "
        + sizes_note(table),
        table,
        lambda columns: dots(table, columns, "test score (0 chance, 1 perfect)", zero=False),
    )


def _reached(part: pd.DataFrame, highest: float) -> str:
    """The variants that do as well as the best."""
    level = part["centre"] > highest - NEGLIGIBLE
    if 2 * level.sum() <= len(part):
        return wording.listed(part.loc[level, "name"].tolist())
    return f"all but {wording.listed(part.loc[~level, 'name'].tolist())}"


def sizes_note(table: pd.DataFrame) -> str:
    """The train sizes that the series stand for."""
    sizes = {
        str(series): sorted({f"{size:,}" for size in part["train_size"]})
        for series, part in table.groupby("series", sort=False)
    }
    said = [f"{series}: {' or '.join(each)}" for series, each in sizes.items()]
    return f"Training sequences: {'; '.join(said)}."
