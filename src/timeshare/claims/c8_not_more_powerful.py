"""C8. A shared network can do whatever the unshared one can, at some size."""

import pandas as pd

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.tables import as_trained
from timeshare.claims.base import Claim, Conclusions, UntestedError
from timeshare.claims.outcomes import Outcome


class NotMorePowerful(Claim):
    """C8. A shared network can do whatever the unshared one can, at some size."""

    title = "Not more powerful"
    argument = (
        "A shared network can do whatever the unshared one can, at some size: no problem is solved "
        "by one family and by no member of the other."
    )
    estimand = (
        "Share of the problems (task and T) solved by an unshared member that a shared member of "
        "any cell, width, time features, train size or learning rate solves, too. Solved is a test "
        "score of {solved} or more; one member is enough. The other direction needs no test: an "
        "unshared network whose steps have equal weights is a shared one."
    )
    rule = (
        "Supported if shared members solve every problem that unshared ones solve; contradicted if "
        "they fail at one that was tried by shared networks with as many parameters and by ones "
        "with time features; inconclusive where a failed problem was not tried by both."
    )
    section = "power"
    sampled = False
    needs = (
        "Add a sweep of an unshared variant, a shared one with `match` (equal parameters) and a "
        "shared one with `time_features` over a task whose rule changes with the step (drift), "
        "with enough training sequences that an unshared member solves it."
    )
    conclusions = Conclusions(
        supported="Every problem that unshared members solved, shared ones solved, too.",
        contradicted="There are problems that unshared members solved and no shared one, "
        "neither with as many parameters nor with time features.",
        inconclusive="A problem was solved by unshared members alone, but shared ones "
        "with as many parameters and with time features were not both tried on it.",
    )

    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """The share solved; open problems count as failures at the low end, not at the high one."""
        problems = self.problems(evidence)
        if not problems["rule_changes"].any():
            raise UntestedError(self.needs)
        solved, open_ = problems["solved"], ~problems["solved"] & ~problems["tried"]
        low, high = float(solved.mean()), float((solved | open_).mean())
        # A share of all is what the claim needs; the threshold lies just below it.
        just_below = 1 - 0.5 / len(problems)
        name = f"share of {len(problems)} problems solved by shared members, too"
        return [Outcome(name, low, low, high, just_below, "share")]

    @staticmethod
    def problems(evidence: Evidence) -> pd.DataFrame:
        """Problems that an unshared member solved, and whether a shared one solved them."""
        limits = evidence.thresholds
        table = evidence.members
        table = table[
            table["learnable"]
            & (table["split"] == "test")
            & as_trained(table)
            & (table["evaluated_length"] == table["length"])
        ]
        rows = []
        for (task, length), group in table.groupby(["task", "length"]):
            winners = group[(group["schedule"] == "unshared") & (group["score"] >= limits.solved)]
            if winners.empty:
                continue
            shared = group[(group["schedule"] == "shared") & (group["readout"] == "shared")]
            enough = winners["parameters"].max() / (1 + limits.equal_parameters)
            rows.append(
                {
                    "task": task,
                    "length": length,
                    "rule_changes": bool(group["rule_changes"].iloc[0]),
                    "solved": bool((shared["score"] >= limits.solved).any()),
                    "tried": bool(
                        (shared["parameters"] >= enough).any()
                        and (shared["time_features"] > 0).any()
                    ),
                }
            )
        return pd.DataFrame(
            rows, columns=["task", "length", "rule_changes", "solved", "tried"]
        ).astype({"solved": bool, "tried": bool})
