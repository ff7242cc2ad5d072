"""Data: the test score by the number of training sequences."""

import pandas as pd
from typing_extensions import override

from timeshare.analysis.estimates import estimates
from timeshare.analysis.tables import BEST
from timeshare.report import wording
from timeshare.report.figures._gaps import NEEDS, gaps_by_size
from timeshare.report.figures.base import Figure
from timeshare.report.findings import Finding
from timeshare.report.lines import LINE, SCORE, lines
from timeshare.report.results import Results


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
            "Test score against train size",
            sentence,
            "Test score at T by number of distinct training sequences, on logarithmic axes of "
            "data.",
            table,
            lambda canvas: lines(table, canvas, "train_size", ("training sequences", SCORE)),
        )


def _ends(differences: list["pd.Series[float]"], end: int, margin: float) -> str:
    """The differences at the first or the last train size, task by task, those near 0 together."""
    clear, near = [], []
    for line in differences:
        (task, size), value = line.index[end], float(line.iloc[end])
        if abs(value) < margin:
            near.append(str(task))
        else:
            clear.append(f"{wording.decimal(value)} on {task} ({size:,})")
    clear += [f"within {margin:g} of 0 on {wording.listed(near)}"] if near else []
    return wording.listed(clear)
