"""Other cells: shared and unshared weights in each cell."""

import pandas as pd
from typing_extensions import override

from timeshare.analysis.estimates import pooled
from timeshare.analysis.pairs import unshared_minus_shared
from timeshare.analysis.tables import OWN_WIDTH
from timeshare.report import wording
from timeshare.report.dots import dots
from timeshare.report.figures._two_sizes import MOST, score_rows, sizes_note, two_sizes
from timeshare.report.figures.base import Figure
from timeshare.report.findings import Finding
from timeshare.report.names import cell_name
from timeshare.report.results import PAIR, Results


class Cells(Figure):
    """The test score of shared and unshared weights in each cell."""

    section = "power"
    place = 3

    @override
    def finding(self, results: Results) -> Finding | None:
        rows = results.at_length[results.at_length["plain"]]
        rows = rows[rows["schedule"].isin(PAIR) & (rows["width"] == OWN_WIDTH)]
        many = rows.groupby(["task", "length", "train_size"])["cell"].transform("nunique")
        rows = two_sizes(rows[many > 1])
        if rows.empty:
            return None
        table = score_rows(rows, "variant").sort_values(["cell", "schedule"], kind="stable")
        names = table["cell"].map(cell_name) + " " + table["schedule"]
        # Without the parameters, `dots` leaves the rows in the order of cells.
        table = table.assign(name=names).drop(columns="parameters")
        most = rows[rows["train_size"] == rows.groupby("task")["train_size"].transform("max")]
        found = [
            f"{wording.spoken(pooled(each))} ({cell_name(cell)}) on {wording.quoted(task)}"
            for (task, cell), part in most.groupby(["task", "cell"])
            if len(each := unshared_minus_shared(part, ["task", "unit"]).dropna(subset="effect"))
        ]
        if not found:
            return None
        return Finding(
            _headline(table[table["series"] == MOST]),
            f"Given the most training sequences, unshared minus shared is {wording.listed(found)}.",
            "Test score at T of each cell, at equal width. " + sizes_note(table),
            table,
            lambda canvas: dots(table, canvas, "test score (0 chance, 1 perfect)", zero=False),
            columns=2,
            behind=rows,
        )


def _headline(most: pd.DataFrame) -> str:
    """Whether the difference points the same way in every cell."""
    wide = most.pivot_table(index=["panel", "cell"], columns="schedule", values="effect").dropna()
    if not set(PAIR) <= set(wide.columns) or wide.empty:
        return "No cell was trained both shared and unshared"
    ahead = int((wide["unshared"] > wide["shared"]).sum())
    return f"Unshared weights have the higher mean in {ahead} of {len(wide)} pairs of cell and task"
