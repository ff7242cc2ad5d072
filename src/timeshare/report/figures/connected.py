"""Fully connected networks on the whole sequence, beside recurrent ones."""

import pandas as pd
from typing_extensions import override

from timeshare.analysis.comparison import Side, side
from timeshare.analysis.estimates import pooled
from timeshare.analysis.pairs import paired
from timeshare.analysis.tables import OWN_WIDTH, RECURRENT
from timeshare.report import wording
from timeshare.report.dots import dots
from timeshare.report.figures._two_sizes import score_rows, sizes_note, two_sizes
from timeshare.report.figures.base import Figure
from timeshare.report.findings import Finding
from timeshare.report.results import PAIR, Results

KEYS = ["task", "length", "train_size", "unit"]


class Connected(Figure):
    """The test score of networks outside the recurrent family, of shared and unshared ones."""

    section = "equivalence"
    place = 1
    needs = (
        "No network outside the recurrent family was trained: add a variant with reference: mlp "
        "beside an unshared one, over tasks that are asked at the end."
    )

    @override
    def finding(self, results: Results) -> Finding | None:
        rows = _beside(results)
        rows = two_sizes(rows) if len(rows) else rows
        table = score_rows(rows, "label") if len(rows) else rows
        if table.empty:
            return None
        other, unshared = _families(rows)
        each = paired(other, unshared, KEYS).dropna(subset="effect")
        if each.empty:
            return None
        found = pooled(each)
        return Finding(
            HEADLINES[side(found, results.margin)],
            "Fully connected minus unshared recurrent is "
            f"{wording.spoken(found)} over {wording.counted(each['task'].nunique(), 'task')}.",
            "Test score at T; the fully connected network reads the whole sequence at once. "
            + sizes_note(table),
            table,
            lambda canvas: dots(table, canvas, "test score (0 chance, 1 perfect)", zero=False),
            columns=2,
            behind=rows,
        )


HEADLINES = {
    Side.UNSHARED: "A fully connected network scores higher than an unshared recurrent one",
    Side.SHARED: "A fully connected network scores lower than an unshared recurrent one",
    Side.SAME: "A fully connected network scores about the same as an unshared recurrent one",
    Side.OPEN: "These runs cannot tell a fully connected network from an unshared recurrent one",
}
"""What came out, by the side of fully connected minus unshared."""


def _beside(results: Results) -> pd.DataFrame:
    """Scores of references, and of the recurrent pair where one stands beside them."""
    scores = results.at_length[results.at_length["embedding"] == 0]
    outside = scores["family"] != RECURRENT
    pair = scores["plain"] & scores["schedule"].isin(PAIR) & (scores["width"] == OWN_WIDTH)
    usual = scores["cell"] == scores["task"].map(results.evidence.cells)
    tried = scores[outside][["task", "length", "train_size"]].drop_duplicates()
    rows = scores[outside | (pair & usual)].merge(tried)
    both = rows[rows["schedule"] == "unshared"][["task", "length", "train_size"]]
    return rows.merge(both.drop_duplicates())


def _families(rows: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The networks outside the recurrent family, and the unshared ones."""
    return rows[rows["family"] != RECURRENT], rows[rows["schedule"] == "unshared"]
