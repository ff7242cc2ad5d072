"""C13. Recurrent units learn structure beyond the truncation length."""

import pandas as pd

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.pairs import plain
from timeshare.claims.base import Claim, Conclusions, UntestedError
from timeshare.claims.outcomes import Outcome, measured


def beyond(evidence: Evidence) -> pd.DataFrame:
    """Test scores at T of members with K < T, and how much of them needs memory.

    The column `effect` is the score minus that of a perfect solver without memory of anything
    before its window. Only tasks for which the latter is known, and for which it leaves the margin
    to be gained, are kept.
    """
    table = evidence.at_length
    table = table[table["truncation"] < table["length"]]
    table = table[table["memoryless_score"] < 1 - evidence.thresholds.margin]
    return table.assign(effect=table["score"] - table["memoryless_score"])


class BeyondTruncation(Claim):
    """C13. Recurrent units learn structure beyond the truncation length."""

    title = "Beyond the truncation"
    argument = (
        "Recurrent units still learn structure that reaches past the truncation length, since the "
        "state stores memory."
    )
    estimand = (
        "Test score at T of shared networks trained with K < T, minus the score of a perfect "
        "solver that remembers nothing from before its window of K steps; mean over K, for each "
        "task by itself. Secondary: the same of unshared networks."
    )
    rule = (
        "Supported if the interval lies above {margin} for every task, contradicted if it lies "
        "below for every task; inconclusive where tasks differ."
    )
    section = "truncation"
    needs = (
        "Add a sweep of a shared variant over a task with long dependencies (latch, recall, "
        "parity, adding) with `truncations` below T, such as [1, 4, full], with two seeds or more."
    )
    conclusions = Conclusions(
        supported="Shared networks learn dependencies longer than the window that their "
        "gradients are cut to.",
        contradicted="Shared networks learn nothing that reaches past the window that "
        "their gradients are cut to.",
        inconclusive="Whether shared networks learn what reaches past the window depends "
        "on the task, or stays open.",
    )

    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """One outcome a task for shared networks, which are primary; and one for unshared ones."""
        table = beyond(evidence)
        margin = evidence.thresholds.margin
        found: list[Outcome] = []
        for kind, primary in (("shared", True), ("unshared", False)):
            for task, rows in plain(table, kind).groupby("task"):
                name = f"{task}, {kind}: score beyond the window's reach"
                found += measured(evidence, rows, name, margin, primary=primary)
        if not any(outcome.primary for outcome in found):
            raise UntestedError(self.needs)
        return found
