"""Truncated back-propagation through time: what is still learned with a window shorter than T."""

import pandas as pd

from timeshare.report import wording
from timeshare.report.estimates import Estimate, difference, estimate, estimates
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
    rows = common_size(rows[several], ("variant", "truncation"))
    if rows.empty:
        return None
    table = estimates(rows, [*LINE, "truncation"])
    return Finding(
        "truncation",
        "Test score against truncation",
        _sentence(rows),
        "Test score at T by truncation K, at the largest train size that every K was given "
        f"({_sizes(rows)}); the last point of each line, K = T, is not truncated.",
        table,
        lambda columns: lines(
            table, columns, "truncation", ("truncation K (steps)", SCORE), mark=True
        ),
    )


def _sizes(rows: pd.DataFrame) -> str:
    """The train size of each task."""
    sizes = rows.drop_duplicates(["task", "length"])
    return wording.listed(
        [f"{row['train_size']:,} on {row['task']}" for row in sizes.to_dict("records")]
    )


def _sentence(rows: pd.DataFrame) -> str:
    """What the shortest window changes, task by task; first where that is little."""
    little, much = [], []
    for _, part in rows.groupby(["task", "length"]):
        task, length = part["task"].iloc[0], part["length"].iloc[0]
        shortest = part["truncation"].min()
        found = _changes(part)
        shown, slight = wording.changes(found)
        if slight:
            whom = "" if not shown else f" for {wording.listed(slight)}"
            little.append(f"on {task} with K={shortest} instead of {length}{whom}")
        if shown:
            much.append(
                f"On {task}, K={shortest} instead of {length} changes the score by "
                f"{wording.listed(shown)}."
            )
    if little:
        much.insert(0, f"Truncation changes the score by less than {wording.SLIGHT:g} "
                       f"{wording.listed(little)}.")  # fmt: skip
    return " ".join(much) or "No network was trained both with and without truncation."


def _changes(rows: pd.DataFrame) -> dict[str, Estimate]:
    """Score with the shortest window minus that without truncation, by schedule."""
    shortest = rows[rows["truncation"] == rows["truncation"].min()]
    whole = rows[rows["truncation"] == rows["length"]]
    found = {}
    for label, short in shortest.groupby("label"):
        each = difference(short, whole[whole["label"] == label], ["seed"])
        if len(each):
            found[str(label)] = estimate(each["difference"])
    return found
