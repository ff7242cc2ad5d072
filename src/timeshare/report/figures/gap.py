"""The generalisation gap: train minus test score, by the number of training sequences."""

import pandas as pd
from typing_extensions import override

from timeshare.analysis.comparison import Side
from timeshare.analysis.estimates import estimates, pooled
from timeshare.analysis.pairs import unshared_minus_shared
from timeshare.analysis.statistics import Estimate
from timeshare.analysis.tables import BEST, LAST
from timeshare.report import wording
from timeshare.report.figures._gaps import NEEDS, apart, gaps_by_size
from timeshare.report.figures.base import Figure
from timeshare.report.findings import Finding
from timeshare.report.lines import LINE, lines
from timeshare.report.results import Results
from timeshare.report.sides import on_tasks


class Gap(Figure):
    """The generalisation gap of shared and unshared weights against the train size."""

    section = "overfitting"
    place = 1
    needs = NEEDS

    @override
    def finding(self, results: Results) -> Finding | None:
        ended, stopped = (gaps_by_size(results, selection) for selection in (LAST, BEST))
        if ended.empty:
            return None
        table = estimates(ended, LINE, "gap")
        sizes = ended.groupby("task")["train_size"]
        smallest = ended[ended["train_size"] == sizes.transform("min")]
        largest = ended[ended["train_size"] == sizes.transform("max")]
        sentence = (
            f"With the fewest training sequences, {_where(smallest)}. With the most, "
            f"{_where(largest)}. Over all train sizes unshared minus shared is "
            f"{wording.spoken(_paired(ended))} with the last weights, and "
            f"{wording.spoken(_paired(stopped))} with those of the best validation score."
        )
        return Finding(
            _headline(smallest, results),
            sentence,
            "Training minus test score at T after the last update, by number of distinct training "
            "sequences.",
            table,
            lambda canvas: lines(
                table,
                canvas,
                "train_size",
                ("training sequences", "training minus test score"),
                limits=None,
            ),
            behind=ended,
        )


def _headline(smallest: pd.DataFrame, results: Results) -> str:
    """Who overfits more with the fewest training sequences, task by task."""
    each = unshared_minus_shared(smallest, ["task", "train_size", "unit"], "gap")
    words = {
        Side.UNSHARED: "overfit more",
        Side.SHARED: "overfit less",
        Side.SAME: "overfit about as much",
        Side.OPEN: "may overfit more or less",
    }
    said = on_tasks(results, each, words)
    return f"With the fewest training sequences, unshared weights {said}"


def _paired(rows: pd.DataFrame) -> Estimate:
    """Unshared minus shared gap: the mean over tasks and train sizes, paired by unit."""
    return pooled(unshared_minus_shared(rows, ["task", "train_size", "unit"], "gap"))


def _where(rows: pd.DataFrame) -> str:
    """The gaps compared, apart where the rule stays, where it changes, and on real data."""
    return "; ".join(f"{where}, {_compared(part)}" for where, part in apart(rows))


def _compared(rows: pd.DataFrame) -> str:
    """The paired difference over all tasks, and the tasks where it clearly points elsewhere."""
    whole = _paired(rows)
    other = [
        wording.quoted(task)
        for task, part in rows.groupby("task")
        if (found := _paired(part)).clear and found.effect * whole.effect < 0
    ]
    sentence = wording.against("the unshared gap", "the shared one", whole)
    if not other:
        return sentence
    side = "below" if whole.effect > 0 else "above"
    return f"{sentence} (but {side} it on {wording.listed(other)})"
