"""The sharing spectrum: from shared to unshared weights, and all that lies between."""

import pandas as pd
from typing_extensions import override

from timeshare.analysis.estimates import best, estimate_of, worst
from timeshare.report import wording
from timeshare.report.dots import dots
from timeshare.report.figures._two_sizes import MOST, score_rows, sizes_note, two_sizes
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
        if table.empty:
            return None
        most = table[table["series"] == MOST]
        return Finding(
            _headline(most, results.margin),
            _sentence(most, results.margin),
            "Test score at T, at equal width; schedules from shared (top) to unshared (bottom). "
            + sizes_note(table),
            table,
            lambda canvas: dots(table, canvas, "test score (0 chance, 1 perfect)", zero=False),
            behind=rows,
        )


def _headline(most: pd.DataFrame, margin: float) -> str:
    """On how many tasks the schedule that is most often near the best is."""
    tops = most.groupby("panel")["effect"].transform("max")
    near = most[most["effect"] >= tops - margin]
    tried = most.groupby("name")["panel"].nunique()
    counts = near.groupby("name")["panel"].nunique()
    first = max(counts.index, key=lambda name: (counts[name] / tried[name], counts[name]))
    return (
        f"Within {margin:g} of the best score most often: {first}, on {counts[first]} of the "
        f"{wording.counted(tried[first], 'task')} that it was tried on"
    )


def _sentence(most: pd.DataFrame, margin: float) -> str:
    """On how many tasks each schedule is near the best, and where they lie furthest apart."""
    groups = most.groupby("panel")["effect"]
    near = most[most["effect"] >= groups.transform("max") - margin]
    tried = most.groupby("name")["panel"].nunique()
    counts = near.groupby("name")["panel"].nunique().reindex(tried.index, fill_value=0)
    listed = [f"{name} on {counts[name]} of {tried[name]}" for name in dict.fromkeys(most["name"])]
    apart = groups.max() - groups.min()
    part = most[most["panel"] == apart.idxmax()]
    high, low = best(part), worst(part)
    return (
        f"Within {margin:g} of the best mean score: {wording.listed(listed)} tasks. They lie "
        f"furthest apart on {wording.quoted(apart.idxmax())}, from "
        f"{wording.spoken(estimate_of(low))} ({low['name']}) to "
        f"{wording.spoken(estimate_of(high))} ({high['name']})."
    )
