"""C5. Unshared weights are more flexible, hence overfit."""

from collections.abc import Sequence

import pandas as pd

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.gaps import gaps, memorised
from timeshare.analysis.pairs import Matching, by_rule, largest, pairs, smallest
from timeshare.analysis.tables import LAST
from timeshare.claims.base import Claim, Conclusions, UntestedError
from timeshare.claims.outcomes import Outcome, Verdict, agreed, every, measured


class Overfitting(Claim):
    """C5. Unshared weights are more flexible, hence overfit."""

    title = "Overfitting"
    argument = "Unshared weights are more flexible, hence overfit."
    estimand = (
        "Unshared minus shared, paired by seed and data set: the gap (train minus test score after "
        "the last update) with the smallest of several train sizes, where data limits most; and "
        "the train score on random labels with the largest one. Secondary: the gap over all sizes."
    )
    rule = (
        "Each of the two is supported if its interval lies above {margin} and contradicted if it "
        "lies below, at equal width and, where tested, at equal parameters alike; the gap on "
        "tasks whose rule stays and on tasks whose rule changes with the step alike. Supported "
        "if both are, contradicted if one is."
    )
    section = "overfitting"
    buys = "less overfitting"
    needs = (
        "Add a sweep of a shared and an unshared variant of one cell and width over several train "
        "sizes of a task with a rule (parity) and of random labels (labels), with two seeds or "
        "more each."
    )
    conclusions = Conclusions(
        supported="Unshared networks fit more random labels, and overfit more where "
        "there is a rule.",
        contradicted="Unshared networks are not both more flexible and more overfit.",
        inconclusive="Whether unshared networks are more flexible and overfit more stays "
        "open, or depends on the rule or on what is held equal.",
    )
    quantities = (
        "gap with the fewest sequences",
        "random labels fitted",
    )

    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """Gap and memorisation, under each matching; further gaps are secondary."""
        limits = evidence.thresholds
        found: list[Outcome] = []
        for name, rows in zip(self.quantities, (gaps(evidence), memorised(evidence)), strict=True):
            matched = self._matched(evidence, rows, name)
            if not any(str(Matching.WIDTH) in outcome.name for outcome in matched):
                raise UntestedError(self.needs)
            found += matched
        ended, stopped = (
            pairs(gaps(evidence, selection), Matching.WIDTH, limits.equal_parameters)
            for selection in (LAST, "best")
        )
        secondary = {"over all train sizes": ended, "with early stopping": smallest(stopped)}
        for name, table in secondary.items():
            for words, inside in by_rule(table):
                outcome = f"gap {name}, equal width, {words}"
                found += measured(evidence, inside, outcome, limits.margin, 2, primary=False)
        return found

    def _matched(self, evidence: Evidence, rows: pd.DataFrame, name: str) -> list[Outcome]:
        found: list[Outcome] = []
        limits = evidence.thresholds
        for matching in Matching:
            table = pairs(rows, matching, limits.equal_parameters)
            table = smallest(table) if name == self.quantities[0] else largest(table)
            for words, inside in by_rule(table):
                rule = "" if name == self.quantities[1] else f", {words}"
                found += measured(evidence, inside, f"{name}, {matching}{rule}", limits.margin, 2)
        return found

    def verdict(self, outcomes: Sequence[Outcome]) -> Verdict:
        """Both quantities, each the same under either matching."""
        return every(
            agreed(outcome.verdict for outcome in outcomes if outcome.name.startswith(quantity))
            for quantity in self.quantities
        )
