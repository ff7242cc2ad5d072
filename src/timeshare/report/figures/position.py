"""Position: what is learned at some positions, asked for at others."""

import pandas as pd

from timeshare.report import drawing, wording
from timeshare.report.estimates import difference, estimate, estimates
from timeshare.report.figures.dots import dots
from timeshare.report.findings import Finding, Section
from timeshare.report.tables import ALL, SELECTION, Tables, common_size
from timeshare.tasks.base import Split

HELD_OUT = "held-out"


def section(tables: Tables) -> Section:
    """Does what was learned at one position hold at another?"""
    rows = _held_out(tables)
    missing = () if len(rows) else (
        "No task kept positions out of training: add a sweep of the task `keyword` or `snow`.",
    )  # fmt: skip
    return Section(
        "position",
        "Position",
        "A rule learned at some positions of a sequence: does the network know it at positions "
        "that training never showed?",
        (_finding(rows),) if len(rows) else (),
        missing,
    )


def _held_out(tables: Tables) -> pd.DataFrame:
    scores = tables.plain(tables.scores)
    rows = scores[
        (scores["split"] == Split.TEST)
        & (scores["group"] != ALL)
        & (scores["selection"] == SELECTION)
        & (scores["truncation"] == scores["length"])
        & (scores["evaluated_length"] == scores["length"])
    ]
    return common_size(rows)


def _finding(rows: pd.DataFrame) -> Finding:
    by = ["task", "length", "train_size", "variant", "label", "schedule", "cell", "group"]
    table = estimates(rows, by)
    table = table.assign(
        panel=table["task"] + ", T=" + table["length"].astype(str),
        name=table["label"],
        series=table["group"].map(lambda group: f"{group} positions"),
        place=table["schedule"].map(drawing.order),
        held=table["group"] == HELD_OUT,
    ).sort_values(["held", "place", "name"]).drop(columns=["place", "held"])  # fmt: skip
    said = [_said(part) for _, part in rows.groupby(["task", "length"])]
    return Finding(
        "position",
        "Score at held-out positions",
        " ".join(said),
        "Test score at T of sequences whose informative symbol stands at positions that training "
        "showed (filled) and held out (hollow).",
        table,
        lambda columns: dots(table, columns, "test score (0 chance, 1 perfect)"),
    )


def _said(rows: pd.DataFrame) -> str:
    """Score at held-out positions minus that at trained ones, by schedule."""
    ordered = rows.sort_values("schedule", key=lambda names: names.map(drawing.order))
    found = {}
    for label in dict.fromkeys(ordered["label"]):
        mine = rows[rows["label"] == label]
        held = mine["group"] == HELD_OUT
        each = difference(mine[held], mine[~held], ["seed"])
        if len(each):
            found[str(label)] = estimate(each["difference"])
    shown, slight = wording.changes(found)
    task, length, size = (rows[name].iloc[0] for name in ("task", "length", "train_size"))
    where = f"On {task} (T={length}, {size:,} training sequences)"
    parts = []
    if shown:
        parts.append(
            f"the score at held-out positions differs from that at trained ones by "
            f"{wording.listed(shown)}"
        )
    if slight:
        parts.append(f"by less than {wording.SLIGHT:g} for {wording.listed(slight)}" if shown else
                     "the scores at held-out and at trained positions differ by less than "
                     f"{wording.SLIGHT:g} for {wording.listed(slight)}")  # fmt: skip
    return f"{where}, {', and '.join(parts)}." if parts else ""
