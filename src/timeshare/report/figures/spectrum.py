"""The sharing spectrum: from shared to unshared weights, and all that lies between."""

import pandas as pd
from typing_extensions import override

from timeshare.analysis.estimates import best, estimate_of, worst
from timeshare.experiment.conditions import size_name
from timeshare.report import wording
from timeshare.report.dots import dots
from timeshare.report.figures._two_sizes import MOST, NEGLIGIBLE, score_rows, sizes_note, two_sizes
from timeshare.report.figures.base import Figure
from timeshare.report.findings import Finding
from timeshare.report.results import Results

SEVERAL = 3
"""Variants that make a spectrum."""


class Spectrum(Figure):
    """The test score of every schedule, from shared to unshared."""

    section = "spectrum"
    place = 1
    needs = (
        f"No task was trained with {SEVERAL} or more variants of equal width at one T: name some "
        "with blocks, soft, basis or mixture schedules in a sweep."
    )

    @override
    def finding(self, results: Results) -> Finding | None:
        rows = results.evidence.comparable(results.at_length)
        many = rows.groupby(["task", "length"])["variant"].transform("nunique")
        rows = two_sizes(rows[many >= SEVERAL])
        if rows.empty:
            return None
        table = score_rows(rows, "label")
        most = table[table["series"] == MOST]
        return Finding(
            _headline(most, results.margin),
            _sentence(most),
            "Test score at T, at equal width; schedules from shared (top) to unshared (bottom). "
            + sizes_note(table),
            table,
            lambda canvas: dots(table, canvas, "test score (0 chance, 1 perfect)", zero=False),
        )


def _headline(most: pd.DataFrame, margin: float) -> str:
    """On how many tasks the schedule that is most often near the best is."""
    tops = most.groupby("panel")["effect"].transform("max")
    near = most[most["effect"] >= tops - margin]
    counts = near.groupby("name")["panel"].nunique().sort_values(kind="stable")
    return (
        f"Within {margin:g} of the best score most often: {counts.index[-1]}, on "
        f"{counts.iloc[-1]} of {wording.counted(most['panel'].nunique(), 'task')}"
    )


def _sentence(most: pd.DataFrame) -> str:
    """From which score to which the schedules go, panel by panel; together where they are alike."""
    ranges, alike = [], []
    for panel, part in most.groupby("panel", sort=False):
        high, low = best(part), worst(part)
        if high["effect"] - low["effect"] < NEGLIGIBLE:
            alike.append(f"{panel} (all near {wording.decimal(high['effect'])})")
            continue
        ranges.append(
            f"On {wording.quoted(panel)}, with {size_name(int(part['train_size'].iloc[0]))} "
            f"sequences, scores go from {wording.spoken(estimate_of(low))} ({low['name']}) to "
            f"{wording.spoken(estimate_of(high))} ({_reached(part, high['effect'])})."
        )
    if alike:
        ranges.append(f"The schedule makes no difference on {wording.listed(alike)}.")
    return " ".join(ranges)


def _reached(part: pd.DataFrame, highest: float) -> str:
    """The variants that do as well as the best."""
    level = part["effect"] > highest - NEGLIGIBLE
    if 2 * level.sum() <= len(part):
        return wording.listed(part.loc[level, "name"].tolist())
    return f"all but {wording.listed(part.loc[~level, 'name'].tolist())}"
