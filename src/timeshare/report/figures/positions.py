"""Accuracy along an unseen length: at which steps a network fails."""

import pandas as pd
from typing_extensions import override

from timeshare.analysis.estimates import estimates
from timeshare.analysis.tables import ALL, BEST
from timeshare.report import wording
from timeshare.report.figures._extensions import best_extension
from timeshare.report.figures.base import Figure
from timeshare.report.findings import Finding
from timeshare.report.lines import LINE, lines, one_each, several_tasks
from timeshare.report.palette import order
from timeshare.report.results import Results, common_size

NEGLIGIBLE = 0.01
"""Accuracy whose loss does not count."""
REACH = 4
"""Longest sequences shown step by step, in multiples of T."""


class Positions(Figure):
    """The test accuracy at each step of sequences that are longer than those trained on."""

    section = "lengths"
    place = 2

    @override
    def finding(self, results: Results) -> Finding | None:
        rows = common_size(one_each(results.evidence.comparable(_past_length(results))))
        if rows.empty:
            return None
        rows = several_tasks(rows, "variant")
        longest = rows.groupby("task")["evaluated_length"].transform("max")
        rows = best_extension(rows[rows["evaluated_length"] == longest], "value")
        by = [*LINE, "evaluated_length", "extension", "position"]
        table = estimates(rows, by, "value")
        return Finding(
            _headline(table),
            _by_schedule(table),
            "Test accuracy (not scaled: guessing is right at times, too) at each step of sequences "
            "longer than T, extended in the way that serves each schedule best; the dashed line "
            "marks T. Diverged members have no accuracy by step and are left out here.",
            table,
            lambda canvas: lines(
                table.assign(position=table["position"] + 1),
                canvas,
                "position",
                ("step", "test accuracy"),
                mark=True,
                logarithmic=False,
                limits=(-0.03, 1.06),
            ),
            behind=rows,
        )


def _headline(table: pd.DataFrame) -> str:
    """Which schedules keep all of their accuracy past T, or the most of it."""
    past = table["position"] >= table["length"]
    kept = table[past].groupby("label")["effect"].mean()
    lost = (table[~past].groupby("label")["effect"].mean() - kept).sort_values(kind="stable")
    level = [str(label) for label in lost.index[lost < NEGLIGIBLE]]
    tasks = [wording.quoted(task) for task in dict.fromkeys(table["task"])]
    where = tasks[0] if len(tasks) == 1 else f"{len(tasks)} generated tasks"
    past_t = f"On {where}, past the length trained at,"
    if len(level) == len(lost):
        return f"{past_t} all stay as accurate"
    if not level:
        return f"{past_t} all lose accuracy, {lost.index[0]} the least"
    return f"{past_t} these alone stay as accurate: {wording.listed(level)}"


def _past_length(results: Results) -> pd.DataFrame:
    """Values by step of sequences longer than T, of networks trained with K = T."""
    rows = results.evidence.positions
    return rows[
        (rows["selection"] == BEST)
        & (rows["truncation"] == rows["length"])
        & (rows["evaluated_length"] > rows["length"])
        & (rows["evaluated_length"] <= REACH * rows["length"])
        & (rows["group"] == ALL)
        & rows["continues"].astype(bool)
    ]


def _by_schedule(table: pd.DataFrame) -> str:
    """Mean accuracy up to T and past it, of each schedule."""
    past = table["position"] >= table["length"]
    ordered = table.sort_values("schedule", key=lambda names: names.map(order))
    means = []
    for label in dict.fromkeys(ordered["label"]):
        mine = table["label"] == label
        inside, outside = (table.loc[mine & part, "effect"].mean() for part in (~past, past))
        means.append(f"{label} {wording.decimal(inside)} and {wording.decimal(outside)}")
    tasks = wording.listed([wording.quoted(task) for task in sorted(table["task"].unique())])
    return f"Mean accuracy on {tasks} up to step T and past it: {'; '.join(means)}."
