"""Data: the test score by the number of training sequences."""

import pandas as pd
from typing_extensions import override

from timeshare.analysis.comparison import Side, side
from timeshare.analysis.estimates import estimates, pooled
from timeshare.analysis.pairs import paired, unshared_minus_shared
from timeshare.analysis.statistics import Estimate
from timeshare.analysis.tables import BEST
from timeshare.report import wording
from timeshare.report.figures._gaps import NEEDS, apart, gaps_by_size
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
        sentence = " ".join(_said(where, part) for where, part in apart(rows))
        return Finding(
            _headline(_change(rows), results.margin),
            sentence,
            "Test score at T by number of distinct training sequences.",
            table,
            lambda canvas: lines(table, canvas, "train_size", ("training sequences", SCORE)),
            behind=rows,
        )


def _change(rows: pd.DataFrame) -> Estimate:
    """How much unshared minus shared grows from the fewest training sequences to the most."""
    each = unshared_minus_shared(rows, ["task", "train_size", "unit"])
    sizes = each.groupby("task")["train_size"]
    first, last = (each[each["train_size"] == sizes.transform(end)] for end in ("min", "max"))
    return pooled(paired(last, first, ["task", "unit"], "effect"))


def _headline(found: Estimate, margin: float) -> str:
    """Whether the difference between shared and unshared weights moves with the train size."""
    return {
        Side.UNSHARED: "With more training sequences, unshared weights gain on shared ones",
        Side.SHARED: "With more training sequences, shared weights gain on unshared ones",
        Side.SAME: "With more training sequences, neither gains on the other",
        Side.OPEN: "These runs cannot tell which weights gain more from more training sequences",
    }[side(found, margin)]


def _said(where: str, rows: pd.DataFrame) -> str:
    """The difference with the fewest and with the most training sequences, of one kind of task."""
    sizes = rows.groupby("task")["train_size"]
    ends = [
        wording.spoken(
            pooled(
                unshared_minus_shared(
                    rows[rows["train_size"] == sizes.transform(end)],
                    ["task", "train_size", "unit"],
                )
            )
        )
        for end in ("min", "max")
    ]
    return (
        f"{where[:1].upper()}{where[1:]}, unshared minus shared test score is {ends[0]} with the "
        f"fewest training sequences and {ends[1]} with the most, over "
        f"{wording.counted(rows['task'].nunique(), 'task')}."
    )
