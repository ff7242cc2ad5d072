"""C8. A shared network can do whatever the unshared one can, at some size."""

import numpy as np
import pandas as pd

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.flags import flags_of
from timeshare.analysis.tables import RECURRENT, as_trained
from timeshare.claims.base import Claim, Conclusions, UntestedError
from timeshare.claims.measuring import exact
from timeshare.claims.outcomes import Outcome


class NotMorePowerful(Claim):
    """C8. A shared network can do whatever the unshared one can, at some size."""

    title = "Not more powerful"
    argument = (
        "A shared network can do whatever the unshared one can, at some size: no problem is solved "
        "by one family and by no member of the other."
    )
    estimand = (
        "For each problem (task and T) that an unshared member solves with a test score of "
        "{solved} or more: the best score of a shared member of any cell, width, time features, "
        "train size or setting. The other direction needs no test: an unshared network whose "
        "steps have equal weights is a shared one."
    )
    rule = (
        "Supported if a shared member reaches {solved} on every problem, since one member settles "
        "it; contradicted if none does on a problem that was tried by shared networks with as many "
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
        "the hardest the best one scores {number}.",
        contradicted="There is a problem that unshared networks solve and no shared one, neither "
        "with as many parameters nor with time features: the best one scores {number}.",
        inconclusive="A problem was solved by unshared networks alone, but shared ones with as "
        "many parameters and ones with time features were not both tried on it.",
    )

    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """The best shared member on each problem; one not tried in full may be solved yet."""
        problems = self.problems(evidence)
        if not problems["rule_changes"].any():
            raise UntestedError(self.needs)
        # A score that equals the level counts as solved; the threshold lies just below it.
        just_below = float(np.nextafter(evidence.thresholds.solved, 0))
        return [
            exact(
                f"best shared network, {row['title']}, T = {row['length']}",
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
        """Problems that an unshared member solved, and the best score of a shared one."""
        limits = evidence.thresholds
        table = evidence.members
        table = table[
            (table["family"] == RECURRENT)
            & table["learnable"]
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
            if shared.empty:
                continue
            enough = winners["parameters"].max() / (1 + limits.equal_parameters)
            rows.append(
                {
                    "task": task,
                    "length": length,
                    "rule_changes": bool(group["rule_changes"].iloc[0]),
                    "title": group["task_title"].iloc[0],
                    "best": float(shared["score"].max()),
                    "flags": flags_of(shared),
                    "tried": bool(
                        (shared["parameters"] >= enough).any()
                        and (shared["time_features"] > 0).any()
                    ),
                }
            )
        columns = ["task", "length", "rule_changes", "title", "best", "flags", "tried"]
        return pd.DataFrame(rows, columns=columns).astype({"rule_changes": bool, "tried": bool})
