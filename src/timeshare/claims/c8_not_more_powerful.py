"""C8. A shared network can do whatever the unshared one can, at some size."""

import numpy as np
import pandas as pd

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.flags import MEMBER, flags_of
from timeshare.analysis.tables import ALL, BEST, RECURRENT, as_trained
from timeshare.claims.base import Claim, Conclusions, UntestedError
from timeshare.claims.measuring import exact
from timeshare.claims.outcomes import Outcome
from timeshare.tasks.base import Split


class NotMorePowerful(Claim):
    """C8. A shared network can do whatever the unshared one can, at some size."""

    title = "Not more powerful"
    argument = (
        "A shared network can do whatever the unshared one can, at some size: no problem is solved "
        "by one family and by no member of the other."
    )
    estimand = (
        "For each problem (task and T) that some unshared member solves with a test score of "
        "{solved} or more: the test score of the shared member of any cell, width, time features "
        "and train size that has the highest validation score, the mean where several have. So no "
        "member is chosen on what it is judged by. The other direction needs no test: an unshared "
        "network whose steps have equal weights is a shared one."
    )
    rule = (
        "Supported if that shared member reaches {solved} on every problem, since one settles it; "
        "contradicted if it does not on a problem that was tried by shared networks with as many "
        "parameters and by ones with time features; inconclusive where it was not tried by both."
    )
    section = "power"
    needs = (
        "Add a sweep of an unshared variant, a shared one with `match` (equal parameters) and a "
        "shared one with `time_features` over a task whose rule changes with the step (drift), "
        "with enough training sequences that an unshared member solves it."
    )
    conclusions = Conclusions(
        topic="some shared network solves every problem that an unshared one solves",
        supported="Every problem that unshared networks solve, some shared network solves, too: on "
        "the hardest the one that validation data prefer scores {number}.",
        contradicted="On a problem that unshared networks solve, the shared network that "
        "validation data prefer does not, though ones with as many parameters and with time "
        "features were tried: it scores {number}.",
        inconclusive="A problem was solved by unshared networks alone, but shared ones with as "
        "many parameters and ones with time features were not both tried on it.",
    )

    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """The preferred shared member on each problem; one not tried in full may be solved yet."""
        problems = self.problems(evidence)
        if not problems["rule_changes"].any():
            raise UntestedError(self.needs)
        # A score that equals the level counts as solved; the threshold lies just below it.
        just_below = float(np.nextafter(evidence.thresholds.solved, 0))
        return [
            exact(
                f"shared network preferred on validation data, {row['title']}, "
                f"T = {row['length']} ({row['solving']:,} of {row['members']:,} solve it)",
                row["best"],
                just_below,
                "score",
                ends=[] if row["tried"] or row["best"] > just_below else [1.0],
                flags=row["flags"],
            )
            for row in problems.to_dict("records")
        ]

    @staticmethod
    def problems(evidence: Evidence) -> pd.DataFrame:
        """Problems that an unshared member solved, and the score of the preferred shared one."""
        limits = evidence.thresholds
        table = evidence.members
        table = table[
            (table["family"] == RECURRENT)
            & table["learnable"]
            & (table["selection"] == BEST)
            & (table["evaluated_length"] == table["length"])
        ]
        validated = table[(table["split"] == Split.VALIDATION) & (table["group"] == ALL)]
        preferred = validated.groupby(MEMBER)["score"].mean().rename("validation")
        table = table[(table["split"] == Split.TEST) & as_trained(table)]
        table = table.join(preferred, on=MEMBER)
        rows = []
        for (task, length), group in table.groupby(["task", "length"]):
            winners = group[(group["schedule"] == "unshared") & (group["score"] >= limits.solved)]
            if winners.empty:
                continue
            shared = group[(group["schedule"] == "shared") & (group["readout"] == "shared")]
            if shared.empty:
                continue
            enough = winners["parameters"].max() / (1 + limits.equal_parameters)
            rows.append(
                {
                    "task": task,
                    "length": length,
                    "rule_changes": bool(group["rule_changes"].iloc[0]),
                    "title": group["task_title"].iloc[0],
                    "best": preferred_score(shared),
                    "solving": int((shared["score"] >= limits.solved).sum()),
                    "members": len(shared),
                    "flags": flags_of(shared),
                    "tried": bool(
                        (shared["parameters"] >= enough).any()
                        and (shared["time_features"] > 0).any()
                    ),
                }
            )
        columns = ["rule_changes", "title", "best", "solving", "members", "flags", "tried"]
        table = pd.DataFrame(rows, columns=["task", "length", *columns])
        return table.astype({"rule_changes": bool, "tried": bool})


def preferred_score(members: pd.DataFrame) -> float:
    """The test score of the member with the highest validation score; the mean of several.

    Arguments:
        members: one row a member, with the scores `validation` and, on test sequences, `score`.
    """
    best = members["validation"] == members["validation"].max()
    return float(members.loc[best, "score"].mean())
