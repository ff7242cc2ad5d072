"""Other cells: shared and unshared weights in each cell."""

import pandas as pd
from typing_extensions import override

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
        rows = rows[rows["schedule"].isin(PAIR)]
        many = rows.groupby(["task", "length", "train_size"])["cell"].transform("nunique")
        rows = two_sizes(rows[many > 1])
        if rows.empty:
            return None
        table = score_rows(rows, "variant").sort_values(["cell", "schedule"], kind="stable")
        names = table["cell"].map(cell_name) + " " + table["schedule"]
        # Without the parameters, `dots` leaves the rows in the order of cells.
        table = table.assign(name=names).drop(columns="parameters")
        found = []
        for panel, part in table[table["series"] == MOST].groupby("panel"):
            middle = part.pivot_table(index="cell", columns="schedule", values="effect").dropna()
            if set(PAIR) <= set(middle.columns):
                gains = (middle["unshared"] - middle["shared"]).items()
                each = [f"{wording.decimal(gain)} ({cell_name(cell)})" for cell, gain in gains]
                found.append(f"{wording.listed(each)} on {wording.quoted(panel)}")
        if not found:
            return None
        return Finding(
            _headline(table[table["series"] == MOST]),
            f"Unshared minus shared test score is {wording.listed(found)}.",
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
