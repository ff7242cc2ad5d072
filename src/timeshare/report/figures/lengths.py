"""Unseen lengths: scores at lengths that no network was trained on."""

import pandas as pd
from typing_extensions import override

from timeshare.analysis.comparison import Side
from timeshare.analysis.estimates import estimates, pooled
from timeshare.analysis.pairs import paired, unshared_minus_shared
from timeshare.report import wording
from timeshare.report.figures._extensions import best_extension
from timeshare.report.figures.base import Figure
from timeshare.report.findings import Finding
from timeshare.report.lines import LINE, SCORE, lines, one_each, several_tasks
from timeshare.report.results import Results, common_size
from timeshare.report.sides import on_tasks


class Lengths(Figure):
    """The test score of each schedule against the evaluated length."""

    section = "lengths"
    place = 1
    needs = (
        "No task was evaluated at unseen lengths: name more `evaluation.lengths` than the lengths "
        "trained at."
    )

    @override
    def finding(self, results: Results) -> Finding | None:
        rows = best_extension(_comparable(results))
        if rows.empty:
            return None
        table = estimates(rows, [*LINE, "evaluated_length", "extension"])
        compared = [
            _compared(rows[unseen], word)
            for word, unseen in (
                ("longer than T", rows["evaluated_length"] > rows["length"]),
                ("shorter than T", rows["evaluated_length"] < rows["length"]),
            )
        ]
        return Finding(
            _headline(rows, results),
            " ".join(filter(None, compared)) or "Only one schedule was evaluated.",
            "Test score by evaluated length; the dashed line marks the length T trained at. "
            "Schedules that end at T are extended in the way that serves them best at each "
            "length. Of several variants of a schedule one is drawn; the CSV has all.",
            table,
            lambda canvas: lines(
                one_each(table),
                canvas,
                "evaluated_length",
                ("evaluated length (steps)", SCORE),
                mark=True,
            ),
            behind=rows,
        )


def _headline(rows: pd.DataFrame, results: Results) -> str:
    """Who keeps the higher score beyond T."""
    beyond = rows[rows["evaluated_length"] > rows["length"]]
    each = unshared_minus_shared(beyond, ["task", "evaluated_length", "unit"])
    if each.empty:
        return "Shared and unshared weights were not both tested beyond T"
    words = {
        Side.UNSHARED: "unshared weights score higher",
        Side.SHARED: "shared weights score higher",
        Side.SAME: "the two score about the same",
        Side.OPEN: "these runs cannot tell",
    }
    return f"Beyond the length trained at, {on_tasks(results, each, words)}"


def _comparable(results: Results) -> pd.DataFrame:
    """Plain variants on tasks whose rule goes on past T, at one train size and one T a task."""
    rows = results.evidence.comparable(results.tested)
    rows = common_size(rows[rows["continues"]])
    rows = several_tasks(rows, "variant")
    several = rows.groupby("task")["evaluated_length"].transform("nunique") > 1
    return rows[several]


def _compared(rows: pd.DataFrame, word: str) -> str:
    """Shared and unshared weights at a range of lengths; empty where one was not evaluated."""
    shared, unshared = (rows[rows["schedule"] == name] for name in ("shared", "unshared"))
    each = paired(shared, unshared, ["task", "evaluated_length", "unit"])
    if each.empty:
        return ""
    both = each[["one", "other"]].mean()
    return (
        f"At lengths {word}, shared weights score {wording.decimal(both['one'])} and unshared ones "
        f"{wording.decimal(both['other'])} on average; paired, "
        f"{wording.against('shared', 'unshared', pooled(each))}."
    )
