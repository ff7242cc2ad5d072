"""The claim on structure beyond the truncation length: C13."""

from typing import ClassVar

import pandas as pd

from timeshare.claims.base import Claim, Part, Section, UntestedError, Verdict
from timeshare.claims.evidence import Evidence
from timeshare.claims.pairs import difference, plain
from timeshare.claims.tasks import within_reach


def beyond(evidence: Evidence) -> pd.DataFrame:
    """Test scores at T of members with K < T, and `effect`: what exceeds the reach of a window.

    The score of a perfect solver without memory of anything before its window is subtracted. Only
    tasks for which it is known, and for which it leaves the margin to be gained, are kept.
    """
    table = evidence.at_length
    table = table[table["truncation"] < table["length"]]
    keys = ["task_kind", "task_parameters", "length", "truncation"]
    levels = [within_reach(*key) for key in table[keys].itertuples(index=False, name=None)]
    table = table.assign(reach=pd.Series(levels, index=table.index, dtype=float))
    table = table[table["reach"] < 1 - evidence.thresholds.margin]
    return table.assign(effect=table["score"] - table["reach"])


class BeyondTruncation(Claim):
    """C13. Recurrent units learn structure beyond the truncation length."""

    id: ClassVar[str] = "C13"
    title: ClassVar[str] = "Beyond the truncation"
    argument: ClassVar[str] = (
        "Recurrent units still learn structure that reaches past the truncation length, since the "
        "state stores memory."
    )
    estimand: ClassVar[str] = (
        "Test score at T of shared networks trained with K < T, minus the score of a perfect "
        "solver that remembers nothing from before its window of K steps; mean over K, for each "
        "task by itself. Beside it, the same of unshared networks."
    )
    rule: ClassVar[str] = (
        "Supported if the interval lies above {margin} for every task, contradicted if it lies "
        "below for every task; inconclusive where tasks differ."
    )
    section: ClassVar[Section] = Section.TRUNCATION
    needs: ClassVar[str] = (
        "Add a sweep of a shared variant over a task with long dependencies (latch, recall, "
        "parity, adding) with `truncations` below T, such as [1, 4, full], with two seeds or more."
    )
    says: ClassVar[dict[Verdict, str]] = {
        Verdict.SUPPORTED: "Shared networks learn dependencies longer than the window that their "
        "gradients are cut to.",
        Verdict.CONTRADICTED: "Shared networks learn nothing that reaches past the window that "
        "their gradients are cut to.",
        Verdict.INCONCLUSIVE: "Whether shared networks learn what reaches past the window depends "
        "on the task, or stays open.",
    }

    def parts(self, evidence: Evidence) -> list[Part]:
        """One part a task for shared networks, which decide; and one for unshared ones."""
        table = beyond(evidence)
        margin = evidence.thresholds.margin
        found: list[Part] = []
        for kind, decides in (("shared", True), ("unshared", False)):
            for task, rows in plain(table, kind).groupby("task"):
                name = f"{task}, {kind}: score beyond the window's reach"
                found += difference(evidence, rows, name, margin, decides=decides)
        if not any(part.decides for part in found):
            raise UntestedError(self.needs)
        return found
