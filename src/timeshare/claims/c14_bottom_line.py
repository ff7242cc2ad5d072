"""C14. Would it do much better?"""

from collections.abc import Iterator

import pandas as pd

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.pairs import Matching, joined, largest, pairs, plain
from timeshare.analysis.rate_map import CELL, Cell, by_cell, main_length, of_the_map
from timeshare.analysis.tables import RECURRENT
from timeshare.claims.base import Claim, Conclusions, UntestedError
from timeshare.claims.measuring import measured
from timeshare.claims.outcomes import Kind, Outcome
from timeshare.claims.rate_map import FACTORS, level_of
from timeshare.experiment.conditions import FRESH


class BottomLine(Claim):
    """C14. Would it do much better?"""

    title = "The bottom line"
    argument = (
        "Without variable length and with compute to spare, a network with its own weights at "
        "every step would do much better."
    )
    estimand = (
        "Unshared minus shared test score at T, with K = T, paired by rule, in each cell of a map: "
        "rate of rule change by number of training sequences, on one kind of task whose rule is "
        "random, at equal width and at equal parameters (the shared network widened). Secondary: "
        "the unshared network narrowed, shared networks with time features and softly tied ones "
        "in the shared one's place, other T at the corners of the map, and real data."
    )
    rule = (
        "In each cell: supported if both intervals lie above {much_better}, contradicted if one "
        "lies below. Supported or contradicted as a whole where all cells agree."
    )
    section = "bottom-line"
    needs = (
        "Add a sweep of a shared and an unshared variant of one cell and width, and of a shared "
        "one that is widened (`match`), over drift with two rates of `change` or more and two "
        "train sizes or more, with two rules or more."
    )
    conclusions = Conclusions(
        topic="unshared networks do much better than shared ones",
        supported="Whatever the rate of rule change and the number of training sequences, unshared "
        "networks do much better than shared ones: by {number} {interval} where this is smallest.",
        contradicted="At no rate of rule change and no number of training sequences do unshared "
        "networks do much better than shared ones: where they come nearest to it, the "
        "difference is {number} {interval}.",
    )
    factors = FACTORS
    required = (Matching.WIDTH, Matching.PARAMETERS)

    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """Difference in each cell of the map at equal width and parameters; others beside it."""
        rows = of_the_map(evidence)
        if rows.empty:
            raise UntestedError(self.needs)
        base = main_length(rows)
        main = rows[rows["length"] == base]
        tables = {each: self._pairs(evidence, main, each) for each in Matching}
        both = _common(tables[Matching.WIDTH], tables[Matching.PARAMETERS])
        found: list[Outcome] = []
        for matching, table in tables.items():
            for cell, inside in by_cell(table):
                primary = cell in both and matching is not Matching.NARROWED
                kind = Kind.PRIMARY if primary else Kind.SECONDARY
                found += self._cell(evidence, cell, inside, str(matching), kind, str(matching))
        if not any(outcome.primary for outcome in found):
            raise UntestedError(self.needs)
        for name, table in _others(evidence, main):
            for cell, inside in by_cell(table):
                found += self._cell(evidence, cell, inside, name)
        return found + self._corners(evidence, rows, base) + self._real(evidence)

    @staticmethod
    def _pairs(evidence: Evidence, rows: pd.DataFrame, matching: Matching) -> pd.DataFrame:
        tolerance = evidence.thresholds.equal_parameters
        return pairs(rows, matching, tolerance, ("rule_change_rate",))

    @staticmethod
    def _cell(
        evidence: Evidence,
        cell: Cell,
        inside: pd.DataFrame,
        how: str,
        kind: Kind = Kind.SECONDARY,
        part: str = "",
    ) -> list[Outcome]:
        """The outcome of one cell of the map."""
        level = level_of(cell)
        return measured(
            evidence,
            inside,
            f"unshared minus shared, {', '.join(level)}, {how}",
            evidence.thresholds.much_better,
            kind=kind,
            part=part,
            level=level,
        )

    def _corners(self, evidence: Evidence, rows: pd.DataFrame, base: int) -> list[Outcome]:
        """The corners of the map at the other lengths T."""
        found: list[Outcome] = []
        for length, inside in rows[rows["length"] != base].groupby("length"):
            table = self._pairs(evidence, inside, Matching.WIDTH)
            for name in CELL:
                ends = (table[name].min(), table[name].max())
                table = table[table[name].isin(ends)]
            for cell, corner in by_cell(table):
                how = f"{Matching.WIDTH}, T = {length}"
                found += self._cell(evidence, cell, corner, how)
        return found

    @staticmethod
    def _real(evidence: Evidence) -> list[Outcome]:
        """Each real data set by itself, with the largest train size."""
        limits, table = evidence.thresholds, evidence.at_length
        table = table[
            table["real"]
            & (table["truncation"] == table["length"])
            & (table["train_size"] != FRESH)
        ]
        found: list[Outcome] = []
        for matching in Matching:
            both = largest(pairs(table, matching, limits.equal_parameters))
            for title, rows in both.groupby("task_title"):
                name = f"unshared minus shared, {title}, {matching}"
                kind = Kind.SECONDARY
                found += measured(evidence, rows, name, limits.much_better, kind=kind)
        return found


def _common(one: pd.DataFrame, other: pd.DataFrame) -> set[Cell]:
    """The cells of the map that both tables have."""
    return {cell for cell, _ in by_cell(one)} & {cell for cell, _ in by_cell(other)}


def _others(evidence: Evidence, rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """The unshared network against others that stand in for the shared one, at equal width."""
    tolerance = evidence.thresholds.equal_parameters
    featured = rows[
        (rows["family"] == RECURRENT)
        & (rows["schedule"] == "shared")
        & (rows["time_features"] > 0)
        & (rows["readout"] == "shared")
    ]
    contestants = {
        "against a shared network with time features": featured,
        "against a softly tied network": plain(rows, "soft"),
    }
    unshared = plain(rows, "unshared")
    for name, others in contestants.items():
        yield name, joined(others, unshared, Matching.WIDTH, tolerance, ("rule_change_rate",))
