"""Rules that change with the step: the test score by how much of the rule is redrawn."""

import pandas as pd
from typing_extensions import override

from timeshare.analysis.estimates import estimate, estimates
from timeshare.analysis.pairs import unshared_minus_shared
from timeshare.report import wording
from timeshare.report.figures.base import Figure
from timeshare.report.findings import Finding
from timeshare.report.lines import LINE, SCORE, lines
from timeshare.report.results import PAIR, Results


class Drift(Figure):
    """The test score of shared and unshared weights against the rate of rule change."""

    section = "power"
    place = 1
    needs = (
        "The rate at which a rule changes was not varied: add tasks of the kind `drift` with "
        "several values of `change`."
    )

    @override
    def finding(self, results: Results) -> Finding | None:
        rows = _by_rate(results)
        if rows.empty:
            return None
        length = rows["length"].iloc[0]
        differences = [_differences(part) for _, part in rows.groupby("train_size")]
        # A panel a train size in place of one a task.
        rows = rows.assign(task=_sequences(rows))
        table = estimates(rows, [*LINE, "rule_change_rate"])
        names = ("share of the rule redrawn from step to step", SCORE)
        return Finding(
            "Test score against how much the rule changes",
            "Unshared minus shared test score, by the share of the rule redrawn from each step to "
            f"the next: {'; '.join(differences)}.",
            f"Test score at T={length}; at 0 the rule is the same at every step, at 1 it is "
            "another at each. Each point along the axis is one rule, whose own difficulty is in "
            "it.",
            table,
            lambda canvas: lines(
                table, canvas, "rule_change_rate", names, logarithmic=False, limits=None
            ),
        )


def _by_rate(results: Results) -> pd.DataFrame:
    """Test scores of one kind of task at several rates of rule change, at one T."""
    rows = results.evidence.comparable(results.at_length)
    rows = _of_varied_rate(rows[rows["schedule"].isin(PAIR)])
    given = rows.groupby(["length", "train_size"])["rule_change_rate"].nunique()
    if given.empty or given.max() < 2:
        return rows.head(0)
    tried = given[given == given.max()].reset_index()
    tried = tried[tried["length"] == tried["length"].max()]
    return rows.merge(tried[["length", "train_size"]])


def _of_varied_rate(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows of the kind of task that was given the most rates of rule change."""
    rates = rows.groupby("task_kind")["rule_change_rate"].nunique()
    return rows if rates.empty else rows[rows["task_kind"] == rates.idxmax()]


def _sequences(rows: pd.DataFrame) -> "pd.Series[str]":
    return rows["train_size"].map("{:,} sequences".format)


def _differences(rows: pd.DataFrame) -> str:
    """Unshared minus shared at each rate, of one train size."""
    found = []
    for rate, part in rows.groupby("rule_change_rate"):
        each = unshared_minus_shared(part, ["unit"])
        if len(each):
            found.append(f"{wording.spoken(estimate(each['effect']))} at {rate:g}")
    return f"with {_sequences(rows).iloc[0]} {wording.listed(found)}"
