"""Shared networks as large as unshared ones, and with time features."""

import pandas as pd
from typing_extensions import override

from timeshare.analysis.estimates import best, estimate_of
from timeshare.analysis.tables import OWN_WIDTH
from timeshare.report import wording
from timeshare.report.dots import dots
from timeshare.report.figures._two_sizes import MOST, score_rows, sizes_note, two_sizes
from timeshare.report.figures.base import Figure
from timeshare.report.findings import Finding
from timeshare.report.results import PAIR, Results


class EqualParameters(Figure):
    """The test scores of wide shared, narrow unshared and shared networks with time features."""

    section = "power"
    place = 2
    needs = (
        "Shared networks with as many parameters, or with time features, were not trained: add "
        "variants with `match` or `time_features`."
    )

    @override
    def finding(self, results: Results) -> Finding | None:
        rows = results.evidence.of_compared_cell(results.at_length)
        pair = rows["schedule"].isin(PAIR)
        other = ~(rows["plain"] & (rows["width"] == OWN_WIDTH))
        others = rows[other & pair].groupby(["task", "length", "train_size"]).size().index
        keys = pd.MultiIndex.from_frame(rows[["task", "length", "train_size"]])
        rows = two_sizes(rows[keys.isin(others) & pair])
        if rows.empty:
            return None
        table = score_rows(rows, "variant")
        if table.empty:
            return None
        most = table[table["series"] == MOST]
        return Finding(
            _headline(most, results.margin),
            _compared([part for _, part in most.groupby("panel", sort=False)]),
            "Test score at T by variant, in order of schedule and parameters. " + sizes_note(table),
            table,
            lambda canvas: dots(table, canvas, "test score (0 chance, 1 perfect)", zero=False),
            columns=2,
            behind=rows,
        )


def _headline(most: pd.DataFrame, margin: float) -> str:
    """Whether the best shared network of any width comes up to the best unshared one."""
    best_of = most.pivot_table(index="panel", columns="schedule", values="effect", aggfunc="max")
    if not set(PAIR) <= set(best_of.columns):
        return "Only one of the two families was trained"
    both = best_of[PAIR].dropna()
    level = int((both["shared"] >= both["unshared"] - margin).sum())
    return (
        f"Some shared network comes within {margin:g} of the best unshared one, or above it, on "
        f"{level} of {wording.counted(len(both), 'task')}"
    )


def _compared(panels: list[pd.DataFrame]) -> str:
    """How far the best unshared network lies above the best shared one, and where."""
    found = []
    for part in panels:
        families = [part[part["schedule"] == name] for name in PAIR]
        if any(family.empty for family in families):
            continue
        shared, unshared = (best(family) for family in families)
        found.append(
            (unshared["effect"] - shared["effect"], part["panel"].iloc[0], shared, unshared)
        )
    if not found:
        return "Only one of the two families was trained."
    ends = [min(found, key=lambda each: each[0]), max(found, key=lambda each: each[0])]
    listed = [
        f"{wording.decimal(apart)} on {wording.quoted(panel)} ({unshared['name']} "
        f"{wording.spoken(estimate_of(unshared))}, {shared['name']} "
        f"{wording.spoken(estimate_of(shared))})"
        for apart, panel, shared, unshared in ends[: min(len(found), 2)]
    ]
    words = "The best unshared network minus the best shared one of any width is "
    return f"{words}{' to '.join(dict.fromkeys(listed))}."
