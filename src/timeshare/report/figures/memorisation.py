"""Memorisation: how many random labels are fitted, by the number of training sequences."""

import pandas as pd
from typing_extensions import override

from timeshare.analysis.estimates import estimate_of, estimates, pooled
from timeshare.analysis.gaps import memorised
from timeshare.analysis.pairs import unshared_minus_shared
from timeshare.experiment.conditions import size_name
from timeshare.report import wording
from timeshare.report.figures.base import Figure
from timeshare.report.findings import Finding
from timeshare.report.lines import LINE, lines
from timeshare.report.results import Results


class Memorisation(Figure):
    """The share of random labels that each variant fits, against the number of sequences."""

    section = "overfitting"
    place = 3
    needs = "Memorisation was not measured: add a sweep of the task `labels`."

    @override
    def finding(self, results: Results) -> Finding | None:
        rows = results.evidence.of_compared_cell(memorised(results.evidence))
        rows = rows.dropna(subset=["score"])
        if rows.empty:
            return None
        table = estimates(rows, LINE)
        names = ("training sequences", "labels fitted beyond chance")
        return Finding(
            _headline(rows),
            " ".join(_fitted(part) for _, part in table.groupby("length")),
            "Share of random labels fitted beyond chance after the last update, by number of "
            "sequences; there is no rule to learn.",
            table,
            lambda canvas: lines(table, canvas, "train_size", names),
            columns=min(3, max(2, table["length"].nunique())),
            behind=rows,
        )


def _headline(rows: pd.DataFrame) -> str:
    """Who stores more random labels, over all train sizes."""
    each = unshared_minus_shared(rows, ["task", "length", "train_size", "unit"], "bits")
    if each.empty:
        return "How many random labels each network stores"
    found = pooled(each)
    if not found.clear:
        return "These runs cannot tell who fits more random labels"
    more = "Unshared" if found.effect > 0 else "Shared"
    return f"{more} networks of one width fit more random labels within the updates allowed"


def _fitted(table: pd.DataFrame) -> str:
    """How many of the most random labels each variant fitted, at one T."""
    size = table["train_size"].max()
    largest = table[table["train_size"] == size].sort_values("effect", ascending=False)
    shares = [
        f"{row['label']} {wording.spoken(estimate_of(row))}" for row in largest.to_dict("records")
    ]
    return (
        f"Of {size_name(int(size))} random labels at T={table['length'].iloc[0]}, the share fitted "
        "beyond chance "
        f"is {wording.listed(shares)}."
    )
