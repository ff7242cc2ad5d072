"""C15. Softly tied weights are at least as good as the better of shared and unshared ones."""

import pandas as pd

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.pairs import Matching, joined, plain
from timeshare.analysis.rate_map import (
    CELL,
    by_cell,
    main_length,
    of_the_map,
    with_measured_rates,
)
from timeshare.analysis.tables import BEST
from timeshare.claims.base import Claim, Conclusions, UntestedError
from timeshare.claims.measuring import measured
from timeshare.claims.outcomes import Kind, Outcome
from timeshare.claims.rate_map import level_of
from timeshare.tasks.base import Split

ENDS = ("shared", "unshared")


class InBetween(Claim):
    """C15. Softly tied weights are at least as good as the better of shared and unshared ones."""

    title = "In between"
    argument = (
        "Weights of each step, softly tied to those of their neighbours, are at least as good as "
        "the better of shared and unshared ones, whatever the rule does. (They contain both as "
        "limits; this is about what training finds.)"
    )
    estimand = (
        "Test score at T, with K = T, of softly tied networks, whose strength is chosen on other "
        "rules like every setting, minus that of shared or of unshared ones, whichever has the "
        "higher mean validation score in that cell, paired by rule at equal width, in each cell "
        "of the map of rates of rule change and train sizes. Secondary: superiority at rates "
        "between 0 and 1 with the fewest training sequences."
    )
    rule = (
        "Supported if the interval lies above minus {margin} in every cell, each at the level of "
        "one comparison (an intersection-union test); contradicted if it lies below in one cell."
    )
    section = "spectrum"
    needs = (
        "Add a variant with `schedule: {kind: soft}` of the same cell and width to each cell of "
        "the map of rates of rule change and train sizes, with two rules or more."
    )
    conclusions = Conclusions(
        topic="softly tied weights are as good as the better of shared and unshared ones "
        "everywhere",
        supported="Softly tied weights are as good as the better of shared and unshared ones at "
        "every rate of rule change and number of training sequences: at worst the difference "
        "is {number} {interval}.",
        contradicted="Softly tied weights are not always as good as the better of shared and "
        "unshared ones: in some cell the difference is {number} {interval}.",
    )

    one_hypothesis = True

    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """The difference in each cell of the map."""
        rows = of_the_map(evidence)
        if rows.empty:
            raise UntestedError(self.needs)
        rows = rows[rows["length"] == main_length(rows)]
        table = self.against_the_better(evidence, rows)
        cells = set.intersection(*({cell for cell, _ in by_cell(plain(rows, end))} for end in ENDS))
        lacking = sorted(cells - {cell for cell, _ in by_cell(table)})
        if lacking or len(cells) < 2:
            where = "; ".join(", ".join(level_of(cell)) for cell in lacking)
            raise UntestedError(f"{self.needs} It lacks: {where}." if lacking else self.needs)
        limits, found = evidence.thresholds, list[Outcome]()
        fewest = min(size for _, size in cells)
        for cell, inside in by_cell(table):
            level = ", ".join(level_of(cell))
            name = f"softly tied minus {inside['better'].iloc[0]}, {level}"
            found += measured(evidence, inside, name, -limits.margin, part=level)
            if 0 < cell[0] < 1 and cell[1] == fewest:
                secondary = f"superiority: {name}"
                found += measured(evidence, inside, secondary, 0.0, kind=Kind.SECONDARY)
        return found

    @staticmethod
    def against_the_better(evidence: Evidence, rows: pd.DataFrame) -> pd.DataFrame:
        """Softly tied minus the one of shared and unshared that validation data prefer."""
        tolerance, soft = evidence.thresholds.equal_parameters, plain(rows, "soft")
        extra = ("rule_change_rate",)
        sides = [
            joined(plain(rows, end), soft, Matching.WIDTH, tolerance, extra).assign(better=end)
            for end in ENDS
        ]
        both = pd.concat(sides)
        preferred = preference(evidence, rows)
        return both.merge(preferred, on=[*CELL, "better"])


def preference(evidence: Evidence, rows: pd.DataFrame) -> pd.DataFrame:
    """Which of shared and unshared has the higher mean validation score in each cell.

    Arguments:
        evidence: has the validation scores.
        rows: test scores of the map at one T, whose conditions are meant.
    """
    table = evidence.members
    table = table[
        (table["split"] == Split.VALIDATION)
        & (table["selection"] == BEST)
        & (table["evaluated_length"] == table["length"])
    ]
    wanted = rows.loc[rows["width"] == "own", ["task", "variant", "length", "truncation"]]
    table = with_measured_rates(table.merge(wanted.drop_duplicates()))
    table = pd.concat([plain(table, end) for end in ENDS])
    means = table.groupby([*CELL, "schedule"], as_index=False).agg(score=("score", "mean"))
    best = means.sort_values("score", kind="stable").drop_duplicates(CELL, keep="last")
    return best.rename(columns={"schedule": "better"})[[*CELL, "better"]]
