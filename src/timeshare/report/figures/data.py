"""Data: the test score by the number of training sequences."""

import pandas as pd
from typing_extensions import override

from timeshare.analysis.comparison import Side, side
from timeshare.analysis.estimates import estimates, pooled
from timeshare.analysis.pairs import by_rule, paired, unshared_minus_shared
from timeshare.analysis.statistics import Estimate
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
        sentence = " ".join(_said(name, part) for name, part in by_rule(rows))
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
    """Whom more training sequences favour."""
    return {
        Side.UNSHARED: "More training sequences favour unshared weights",
        Side.SHARED: "More training sequences favour shared weights",
        Side.SAME: "More training sequences favour neither",
        Side.OPEN: "These runs cannot tell whom more training sequences favour",
    }[side(found, margin)]


def _said(name: str, rows: pd.DataFrame) -> str:
    """The difference with the fewest and with the most training sequences, of one kind of rule."""
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
        f"Where the {name}, unshared minus shared test score is {ends[0]} with the fewest "
        f"training sequences and {ends[1]} with the most, over "
        f"{wording.counted(rows['task'].nunique(), 'task')}."
    )
