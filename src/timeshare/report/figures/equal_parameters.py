"""Shared networks as large as unshared ones, and with time features."""

import pandas as pd
from typing_extensions import override

from timeshare.analysis.estimates import best, estimate_of
from timeshare.analysis.tables import OWN_WIDTH
from timeshare.report import wording
from timeshare.report.dots import dots
from timeshare.report.figures._two_sizes import MOST, NEGLIGIBLE, score_rows, sizes_note, two_sizes
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
        most = table[table["series"] == MOST]
        return Finding(
            _headline(most, results.margin),
            _compared([part for _, part in most.groupby("panel", sort=False)]),
            "Test score at T by variant, in order of schedule and parameters. " + sizes_note(table),
            table,
            lambda canvas: dots(table, canvas, "test score (0 chance, 1 perfect)", zero=False),
            columns=2,
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
    """The best network of each family, panel by panel; together where they are alike."""
    differing, alike = [], []
    for part in panels:
        families = [part[part["schedule"] == name] for name in PAIR]
        if any(family.empty for family in families):
            continue
        tops = [best(family) for family in families]
        panel = part["panel"].iloc[0]
        if abs(tops[0]["effect"] - tops[1]["effect"]) < NEGLIGIBLE:
            each = wording.listed(
                [f"{top['name']}, {wording.compact(top['parameters'])} parameters" for top in tops]
            )
            alike.append(f"{panel} ({wording.decimal(tops[0]['effect'])}: {each})")
        else:
            each = wording.listed(
                [f"{top['name']} {wording.spoken(estimate_of(top))}" for top in tops]
            )
            differing.append(f"On {panel} the best are {each}.")
    if alike:
        where = wording.listed(alike)
        differing.insert(
            0, f"The best shared and the best unshared network score alike on {where}."
        )
    return " ".join(differing) or "Only one of the two families was trained."
