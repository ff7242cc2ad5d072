"""Position: what is learned at some positions, tested at others."""

import pandas as pd
from typing_extensions import override

from timeshare.analysis.comparison import Side
from timeshare.analysis.estimates import estimate, estimates
from timeshare.analysis.pairs import paired, unshared_minus_shared
from timeshare.analysis.tables import ALL, BEST, HELD_OUT
from timeshare.experiment.conditions import size_name
from timeshare.report import wording
from timeshare.report.dots import dots
from timeshare.report.figures.base import Figure
from timeshare.report.findings import Finding
from timeshare.report.palette import order
from timeshare.report.results import Results, common_size
from timeshare.report.sides import on_tasks
from timeshare.tasks.base import Split


class Position(Figure):
    """The test score at positions that training showed and at positions that it never showed."""

    section = "position"
    place = 1
    needs = "No task kept positions out of training: add a sweep of the task `keyword` or `snow`."

    @override
    def finding(self, results: Results) -> Finding | None:
        rows = _by_position(results)
        if rows.empty:
            return None
        table = _table(rows)
        sentences = [
            _sentence(part, results.margin) for _, part in rows.groupby(["task", "length"])
        ]
        return Finding(
            _headline(rows, results),
            " ".join(sentences),
            "Test score at T of sequences whose informative symbol stands at positions that "
            "training showed (filled) and held out (hollow).",
            table,
            lambda canvas: dots(table, canvas, "test score (0 chance, 1 perfect)"),
            behind=rows,
        )


def _headline(rows: pd.DataFrame, results: Results) -> str:
    """Who scores higher at positions that training never showed."""
    held = rows[rows["group"] == HELD_OUT]
    each = unshared_minus_shared(held, ["task", "length", "embedding", "unit"])
    if each.empty:
        return "Shared and unshared weights were not both tested at held-out positions"
    words = {
        Side.UNSHARED: "unshared weights score higher",
        Side.SHARED: "shared weights score higher",
        Side.SAME: "the two score about the same",
        Side.OPEN: "these runs cannot tell",
    }
    return f"At positions never trained on, {on_tasks(results, each, words)}"


def _by_position(results: Results) -> pd.DataFrame:
    """Test scores at T by group of positions, of networks trained with K = T."""
    scores = results.evidence.comparable(results.scores)
    rows = scores[
        (scores["split"] == Split.TEST)
        & (scores["group"] != ALL)
        & scores["holds_out"]
        & (scores["selection"] == BEST)
        & (scores["truncation"] == scores["length"])
        & (scores["evaluated_length"] == scores["length"])
    ]
    return common_size(rows)


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    """Estimates with the columns of `dots`, trained positions first."""
    by = ["task", "length", "train_size", "variant", "label", "schedule", "cell", "group"]
    table = estimates(rows, by)
    shown = table.assign(
        panel=table["task"] + ", T=" + table["length"].astype(str),
        name=table["label"],
        series=table["group"] + " positions",
        place=table["schedule"].map(order),
        held=table["group"] == HELD_OUT,
    )
    return shown.sort_values(["held", "place", "name"]).drop(columns=["place", "held"])


def _sentence(rows: pd.DataFrame, margin: float) -> str:
    """Score at held-out positions minus that at trained ones, by schedule."""
    ordered = rows.sort_values("schedule", key=lambda names: names.map(order))
    found = {}
    for label in dict.fromkeys(ordered["label"]):
        mine = rows[rows["label"] == label]
        held = mine["group"] == HELD_OUT
        each = paired(mine[held], mine[~held], ["unit"])
        if len(each):
            found[str(label)] = estimate(each["effect"])
    shown, slight = wording.changes(found, margin)
    task, length, size = (rows[name].iloc[0] for name in ("task", "length", "train_size"))
    parts = []
    if shown:
        parts.append(
            "the score at held-out positions differs from that at trained ones by "
            f"{wording.listed(shown)}"
        )
    if slight:
        within = f"by less than {margin:g} for {wording.listed(slight)}"
        whole = f"the scores at held-out and at trained positions differ {within}"
        parts.append(within if shown else whole)
    where = f"On {wording.quoted(task)} (T={length}, {size_name(int(size))} training sequences)"
    return f"{where}, {', and '.join(parts)}." if parts else ""
