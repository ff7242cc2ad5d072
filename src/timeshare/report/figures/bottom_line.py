"""The bottom line: unshared minus shared weights, task by task."""

import pandas as pd
from typing_extensions import override

from timeshare.analysis.estimates import best, estimate_of, worst
from timeshare.report import wording
from timeshare.report.differences import FEWEST, MOST, differences, tally
from timeshare.report.dots import dots
from timeshare.report.figures.base import Figure
from timeshare.report.findings import Finding
from timeshare.report.results import Results


class BottomLine(Figure):
    """Unshared minus shared test score of each task, with the most and the fewest sequences."""

    section = "bottom-line"
    place = 1
    needs = (
        "No task was trained with both shared and unshared weights of one cell and width: name "
        "both variants in one sweep."
    )

    @override
    def finding(self, results: Results) -> Finding | None:
        table = differences(results)
        if table.empty:
            return None
        sentence = f"Given the most training sequences, {tally(table, MOST)}"
        if (table["series"] == FEWEST).any():
            sentence += f"; given the fewest, {tally(table, FEWEST, brief=True)} that vary them"
        return Finding(
            "Unshared minus shared, task by task",
            f"{sentence}. {extremes(table)}",
            "Difference of test scores at T, paired by seed, at equal width; right of zero "
            "unshared weights are better. Where positions are held out, the score at trained ones.",
            table,
            lambda canvas: dots(table, canvas, "difference of test scores at T"),
            columns=2,
        )


def extremes(table: pd.DataFrame) -> str:
    """Where unshared weights do best and worst, given the most sequences."""
    most = table[table["series"] == MOST]
    high, low = best(most), worst(most)
    if len(most) == 1:
        return f"The one task is {high['name']}: {wording.spoken(estimate_of(high))}."
    return (
        f"Unshared minus shared is largest on {high['name']}, "
        f"{wording.spoken(estimate_of(high))}, and smallest on {low['name']}, "
        f"{wording.spoken(estimate_of(low))}."
    )
