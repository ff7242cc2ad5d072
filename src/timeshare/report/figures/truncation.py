"""Truncated back-propagation through time: what is still learned with a window shorter than T."""

import pandas as pd
from typing_extensions import override

from timeshare.analysis.comparison import Side, side
from timeshare.analysis.estimates import estimate, estimates
from timeshare.analysis.pairs import paired
from timeshare.analysis.statistics import Estimate
from timeshare.analysis.tables import ALL, BEST
from timeshare.experiment.conditions import size_name
from timeshare.report import wording
from timeshare.report.figures.base import Figure
from timeshare.report.findings import Finding
from timeshare.report.lines import LINE, SCORE, lines
from timeshare.report.results import Results, common_size
from timeshare.tasks.base import Split

MOST_NAMED = 2
"""Networks that the headline names."""


class Truncation(Figure):
    """The test score against the truncation length K."""

    section = "truncation"
    place = 1
    needs = "No condition was trained with a truncation K below T: name `truncations` in a sweep."

    @override
    def finding(self, results: Results) -> Finding | None:
        rows = _by_truncation(results)
        if rows.empty:
            return None
        table = estimates(rows, [*LINE, "truncation"])
        names = ("truncation K (steps)", SCORE)
        return Finding(
            _headline(rows, results.margin),
            _sentence(rows, results.margin),
            "Test score at T by truncation K, at the largest train size that every K was given "
            f"({_sizes(rows)}); the last point of each line, K = T, is not truncated.",
            table,
            lambda canvas: lines(table, canvas, "truncation", names, mark=True),
            behind=rows,
        )


def _headline(rows: pd.DataFrame, margin: float) -> str:
    """Which networks lose by the shortest window, and on which tasks."""
    lost, known = [], 0
    for (task, _), part in rows.groupby(["task", "length"]):
        for label, found in _changes(part).items():
            known += 1
            if side(found, margin) is Side.SHARED:
                lost.append(f"{label} on {wording.quoted(task)}")
    if not known:
        return "No network was trained both with and without truncation"
    if not lost:
        return "No network clearly loses score with the shortest window"
    if len(lost) > MOST_NAMED:
        return f"With the shortest window, {len(lost)} of {known} networks score lower"
    return (
        f"With the shortest window, {len(lost)} of {known} networks "
        f"score{'s' if len(lost) == 1 else ''} lower: {wording.listed(lost)}"
    )


def _by_truncation(results: Results) -> pd.DataFrame:
    """Test scores at T of variants with several truncations, at one train size a task and T."""
    scores = results.evidence.comparable(results.scores)
    rows = scores[
        scores["learnable"]
        & (scores["split"] == Split.TEST)
        & (scores["group"] == ALL)
        & (scores["selection"] == BEST)
        & (scores["evaluated_length"] == scores["length"])
    ]
    several = rows.groupby(["task", "length", "variant"])["truncation"].transform("nunique") > 1
    return common_size(rows[several], ("variant", "truncation"))


def _sizes(rows: pd.DataFrame) -> str:
    """The train size of each task."""
    sizes = rows.drop_duplicates(["task", "length"])
    return wording.listed(
        [
            f"{size_name(int(row['train_size']))} on {wording.quoted(row['task'])}"
            for row in sizes.to_dict("records")
        ]
    )


def _sentence(rows: pd.DataFrame, margin: float) -> str:
    """What the shortest window changes, task by task; first where that is little."""
    little, much = [], []
    for _, part in rows.groupby(["task", "length"]):
        task, length = part["task"].iloc[0], part["length"].iloc[0]
        shortest = part["truncation"].min()
        shown, slight = wording.changes(_changes(part), margin)
        if slight:
            whom = "" if not shown else f" for {wording.listed(slight)}"
            little.append(f"on {wording.quoted(task)} with K={shortest} instead of {length}{whom}")
        if shown:
            much.append(
                f"On {wording.quoted(task)}, K={shortest} instead of {length} changes the score by "
                f"{wording.listed(shown)}."
            )
    if little:
        where = wording.listed(little)
        much.insert(0, f"Truncation changes the score by less than {margin:g} {where}.")
    return " ".join(much) or "No network was trained both with and without truncation."


def _changes(rows: pd.DataFrame) -> dict[str, Estimate]:
    """Score with the shortest window minus that without truncation, by schedule."""
    shortest = rows[rows["truncation"] == rows["truncation"].min()]
    whole = rows[rows["truncation"] == rows["length"]]
    found = {}
    for label, short in shortest.groupby("label"):
        each = paired(short, whole[whole["label"] == label], ["unit"])
        if len(each):
            found[str(label)] = estimate(each["effect"])
    return found
