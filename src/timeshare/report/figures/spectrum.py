"""The sharing spectrum: from shared to unshared weights, and all that lies between."""

import pandas as pd
from typing_extensions import override

from timeshare.analysis.estimates import best, estimate_of, worst
from timeshare.report import wording
from timeshare.report.dots import dots
from timeshare.report.figures._two_sizes import FEWEST, MOST, score_rows, sizes_note, two_sizes
from timeshare.report.figures.base import Figure
from timeshare.report.findings import Finding
from timeshare.report.results import Results

SEVERAL = 3
"""Variants that make a spectrum."""


MOST_NAMED = 3
"""Networks that the headline names."""


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
        table, alike = _apart(table, results.margin)
        most = table[table["series"] == MOST]
        fewest = table[table["series"] == FEWEST]
        return Finding(
            _headline(fewest if len(fewest) else most, results.margin, bool(len(fewest))),
            _sentence(most, results.margin),
            "Test score at T, at equal width; schedules from shared (top) to unshared (bottom). "
            + sizes_note(table)
            + alike,
            table,
            lambda canvas: dots(table, canvas, "test score (0 chance, 1 perfect)", zero=False),
            behind=rows,
        )


def _apart(table: pd.DataFrame, margin: float) -> tuple[pd.DataFrame, str]:
    """The tasks on which some networks differ by more than the margin, and which are left out."""
    groups = table.groupby(["panel", "series"])["effect"]
    spread = (groups.transform("max") - groups.transform("min")).groupby(table["panel"])
    wide = spread.transform("max") > margin
    if wide.all() or not wide.any():
        return table, ""
    left = wording.listed([wording.quoted(name) for name in dict.fromkeys(table[~wide]["panel"])])
    return table[wide], f" Not drawn, since all lie within {margin:g} of each other: {left}."


def _headline(table: pd.DataFrame, margin: float, fewest: bool) -> str:
    """Which networks are near the best on every task on which most are not.

    Tasks on which all are about as good tell nothing and are left out.
    """
    groups = table.groupby("panel")["effect"]
    apart = table[groups.transform("max") - groups.transform("min") > margin]
    given = "the fewest" if fewest else "the most"
    if apart.empty:
        return f"Given {given} training sequences, all score about the same on every task"
    near = apart[apart["effect"] >= apart.groupby("panel")["effect"].transform("max") - margin]
    counts = near.groupby("name")["panel"].nunique().sort_values(ascending=False, kind="stable")
    tried = apart.groupby("name")["panel"].nunique().to_dict()
    tasks = apart["panel"].nunique()
    said = [f"{name} on {count} of {tried[name]}" for name, count in counts.items()]
    return (
        f"On {wording.counted(tasks, 'task')} where networks differ, given {given} training "
        f"sequences, near the best: {wording.listed(said[:MOST_NAMED])}"
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
