"""Truncated back-propagation through time: what is still learned with a window shorter than T."""

import pandas as pd

from timeshare.report import wording
from timeshare.report.estimates import difference, estimate, estimates
from timeshare.report.figures.cost import by_truncation
from timeshare.report.figures.lines import LINE, SCORE, lines
from timeshare.report.findings import Finding, Section
from timeshare.report.tables import ALL, SELECTION, Tables, common_size
from timeshare.tasks.base import Split


def section(tables: Tables) -> Section:
    """What a short window of back-propagation takes away."""
    finding, cost = _truncation(tables), by_truncation(tables)
    missing = () if finding else (
        "No condition was trained with a truncation K below T: name `truncations` in a sweep.",
    )  # fmt: skip
    return Section(
        "truncation",
        "Truncation",
        "What is still learned when gradients reach back K steps only, and what does it save?",
        tuple(each for each in (finding, cost) if each),
        missing,
    )


def _truncation(tables: Tables) -> Finding | None:
    scores = tables.plain(tables.scores)
    rows = scores[
        scores["learnable"]
        & (scores["split"] == Split.TEST)
        & (scores["group"] == ALL)
        & (scores["selection"] == SELECTION)
        & (scores["evaluated_length"] == scores["length"])
    ]
    several = rows.groupby(["task", "length", "variant"])["truncation"].transform("nunique") > 1
    rows = common_size(rows[several])
    if rows.empty:
        return None
    table = estimates(rows, [*LINE, "truncation"])
    said = [_said(part) for _, part in rows.groupby(["task", "length"])]
    return Finding(
        "truncation",
        "Test score against truncation",
        " ".join(said),
        "Test score at T by truncation K; the last point of each line, K = T, is not truncated.",
        table,
        lambda columns: lines(
            table, columns, "truncation", ("truncation K (steps)", SCORE), mark=True
        ),
    )


def _said(rows: pd.DataFrame) -> str:
    task, length = rows["task"].iloc[0], rows["length"].iloc[0]
    shortest = rows[rows["truncation"] == rows["truncation"].min()]
    whole = rows[rows["truncation"] == length]
    parts = []
    for label, short in shortest.groupby("label"):
        full = whole[whole["label"] == label]
        each = difference(short, full, ["seed"])
        if len(each):
            parts.append(
                f"{label} scores {wording.spoken(estimate(short['score']))} against "
                f"{wording.spoken(estimate(full['score']))} in full"
            )
    return (
        f"On {task} (T={length}) with K={shortest['truncation'].iloc[0]}, {wording.listed(parts)}."
    )
