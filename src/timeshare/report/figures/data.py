"""Data: the test score by the number of training sequences."""

import pandas as pd
from typing_extensions import override

from timeshare.analysis.estimates import estimates, pooled
from timeshare.analysis.pairs import paired, unshared_minus_shared
from timeshare.analysis.statistics import Estimate
from timeshare.analysis.tables import BEST
from timeshare.experiment.conditions import size_name
from timeshare.report import wording
from timeshare.report.figures._gaps import NEEDS, gaps_by_size
from timeshare.report.figures.base import Figure
from timeshare.report.findings import Finding
from timeshare.report.lines import LINE, SCORE, lines
from timeshare.report.results import Results
from timeshare.report.sides import Side, side


class Data(Figure):
    """The test score of shared and unshared weights against the train size."""

    section = "overfitting"
    place = 2
    needs = NEEDS

    @override
    def finding(self, results: Results) -> Finding | None:
        rows = gaps_by_size(results, BEST)
        if rows.empty:
            return None
        table = estimates(rows, LINE, "score")
        mean = table.pivot_table(index=["task", "train_size"], columns="schedule", values="effect")
        ahead = mean["unshared"] - mean["shared"]
        by_task = [line for _, line in ahead.groupby("task")]
        sentence = (
            "Unshared minus shared test score, given the fewest sequences, is "
            f"{_ends(by_task, 0, results.margin)}; given the most, "
            f"{_ends(by_task, -1, results.margin)}."
        )
        return Finding(
            _headline(_change(rows), results.margin),
            sentence,
            "Test score at T by number of distinct training sequences.",
            table,
            lambda canvas: lines(table, canvas, "train_size", ("training sequences", SCORE)),
        )


def _change(rows: pd.DataFrame) -> Estimate:
    """How much unshared minus shared grows from the fewest training sequences to the most."""
    each = unshared_minus_shared(rows, ["task", "train_size", "unit"])
    sizes = each.groupby("task")["train_size"]
    first, last = (each[each["train_size"] == sizes.transform(end)] for end in ("min", "max"))
    return pooled(paired(last, first, ["task", "unit"], "effect"))


def _headline(found: Estimate, margin: float) -> str:
    """Whom more training sequences favour."""
    return {
        Side.UNSHARED: "More training sequences favour unshared weights",
        Side.SHARED: "More training sequences favour shared weights",
        Side.SAME: "More training sequences favour neither",
        Side.OPEN: "These runs cannot tell whom more training sequences favour",
    }[side(found, margin)]


def _ends(differences: list["pd.Series[float]"], end: int, margin: float) -> str:
    """The differences at the first or the last train size, task by task, those near 0 together."""
    clear, near = [], []
    for line in differences:
        (task, size), value = line.index[end], float(line.iloc[end])
        if abs(value) < margin:
            near.append(wording.quoted(task))
        else:
            clear.append(
                f"{wording.decimal(value)} on {wording.quoted(task)} ({size_name(int(size))})"
            )
    clear += [f"within {margin:g} of 0 on {wording.listed(near)}"] if near else []
    return wording.listed(clear)
