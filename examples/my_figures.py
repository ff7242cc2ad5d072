"""A figure: the score by training length. `timeshare check my_figures:TrainingLengths`"""

from timeshare.analysis.estimates import best, estimate_of, estimates, worst
from timeshare.report import wording
from timeshare.report.dots import dots
from timeshare.report.figures.base import Figure
from timeshare.report.findings import Finding
from timeshare.report.lines import LINE
from timeshare.report.results import Results, common_size


class TrainingLengths(Figure):
    """The test score of each schedule at each training length T."""

    section = "lengths"
    needs = "No task was trained at two lengths T or more: name several `lengths` in a sweep."

    def finding(self, results: Results) -> Finding | None:
        """Scores at T, of tasks that were trained at several T."""
        rows = results.evidence.comparable(results.at_length)
        rows = common_size(rows[rows.groupby("task")["length"].transform("nunique") > 1])
        if rows.empty:
            return None
        table = estimates(rows, LINE)
        table = table.assign(
            panel=table["task"],
            name=table["label"] + ", T=" + table["length"].astype(str),
            series="test score at T",
        )
        high, low = best(table), worst(table)
        return Finding(
            title=f"The score is highest at T={high['length']}",
            sentence=(
                f"The highest score is {wording.spoken(estimate_of(high))} ({high['name']} on "
                f"{high['task']}), the lowest {wording.spoken(estimate_of(low))} ({low['name']} on "
                f"{low['task']})."
            ),
            note="Test score at T, at equal width, with the largest train size of each T.",
            table=table,
            draw=lambda canvas: dots(table, canvas, "test score (0 chance, 1 perfect)"),
        )
