"""Position: what is learned at some positions, asked for at others."""

import pandas as pd

from timeshare.report import drawing, wording
from timeshare.report.estimates import Estimate, estimates
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
    said = [_said(part) for _, part in table.groupby("panel")]
    return Finding(
        "position",
        "Score at held-out positions",
        " ".join(said),
        "Test score at T of sequences whose informative symbol stands at positions that training "
        "showed (filled) and held out (hollow).",
        table,
        lambda columns: dots(table, columns, "test score (0 chance, 1 perfect)"),
    )


def _said(part: pd.DataFrame) -> str:
    parts = []
    for label in dict.fromkeys(part["label"]):
        row = part[part["label"] == label].set_index("group")
        known, held = (
            wording.spoken(Estimate.of(row.loc[group].to_dict())) if group in row.index else "–"
            for group in ("trained", HELD_OUT)
        )
        parts.append(f"{label} scores {known} at trained and {held} at held-out positions")
    size = part["train_size"].iloc[0]
    return f"On {part['panel'].iloc[0]}, with {size:,} sequences, {wording.listed(parts)}."
