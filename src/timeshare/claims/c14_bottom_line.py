"""C14. Would it do much better?"""

import pandas as pd

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.pairs import Matching, by_rule, pairs, settings
from timeshare.analysis.statistics import FEWEST, probability_of_improvement
from timeshare.claims.base import Claim, Conclusions, UntestedError
from timeshare.claims.outcomes import Outcome, measured, outcome_of


class BottomLine(Claim):
    """C14. Would it do much better?"""

    title = "The bottom line"
    argument = (
        "Without variable length and with compute to spare, a network with its own weights at "
        "every step would do much better."
    )
    estimand = (
        "Unshared minus shared test score at T, with K = T, over all tasks with a rule: each task "
        "and seed counts once, with its mean over T, cell and train size; their interquartile "
        "mean. Where a task holds positions out, the score at trained positions. Secondary: the "
        "probability that an unshared member beats a shared one, and the difference with K < T."
    )
    rule = (
        "Supported if the interval of the difference lies above {much_better}, contradicted if it "
        "lies below, at equal width and, where tested, at equal parameters alike."
    )
    section = "bottom-line"
    needs = (
        "Add a sweep of a shared and an unshared variant of one cell and width over two tasks or "
        "more, with two seeds or more."
    )
    conclusions = Conclusions(
        supported="Over all tasks, unshared networks do much better than shared ones.",
        contradicted="Over all tasks, unshared networks do not do much better than shared ones.",
        inconclusive="Whether unshared networks do much better over all tasks stays open, "
        "or depends on whether widths or parameter counts are equal.",
    )

    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """Difference and probability, at equal width and at equal parameters."""
        limits = evidence.thresholds
        main: list[Outcome] = []
        secondary: list[Outcome] = []
        for matching in Matching:
            every = pairs(evidence.at_length, matching, limits.equal_parameters)
            table = every[every["truncation"] == every["length"]]
            if matching is Matching.WIDTH and table["task"].nunique() < 2:
                raise UntestedError(self.needs)
            name = f"unshared minus shared, {matching}"
            main += measured(evidence, table, name, limits.much_better)
            secondary += self._probability(evidence, table, matching)
            if matching is Matching.WIDTH:
                for words, rows in by_rule(table):
                    name = f"{matching}, {words}"
                    secondary += measured(evidence, rows, name, limits.much_better, primary=False)
                short = every[every["truncation"] < every["length"]]
                name = f"{matching}, truncated"
                secondary += measured(evidence, short, name, limits.much_better, primary=False)
        return main + secondary

    @staticmethod
    def _probability(evidence: Evidence, both: pd.DataFrame, matching: Matching) -> list[Outcome]:
        unshared, shared = settings(both, "unshared"), settings(both, "shared")
        units = {
            task: (unshared[task], shared[task])
            for task in unshared
            if unshared[task].shape[1] >= FEWEST
        }
        if not units:
            return []
        found = probability_of_improvement(
            units, evidence.confidence(), evidence.thresholds.resamples
        )
        name = f"probability that unshared beats shared, {matching}"
        return [outcome_of(name, found, 0.5, evidence.comparisons(), "probability", primary=False)]
