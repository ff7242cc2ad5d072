"""C16. A fully connected network does as well as an unshared recurrent one."""

import pandas as pd

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.pairs import Matching, joined, largest, plain
from timeshare.claims.base import Claim, Conclusions, Factor
from timeshare.claims.measuring import measured
from timeshare.claims.outcomes import Outcome

FULLY_CONNECTED = "mlp"
"""The family of fully connected networks on the flattened sequence."""


class FullyConnected(Claim):
    """C16. A fully connected network does as well as an unshared recurrent one."""

    title = "Just feed-forward"
    argument = (
        "A fully connected network on the whole sequence does as well as an unshared recurrent one."
    )
    estimand = (
        "Test score at T of a fully connected network on the flattened sequence minus that of an "
        "unshared recurrent one with as many parameters, K = T, largest train size, paired by rule "
        "or seed, for each task that is asked at the end and on which one of the two has a mean "
        "score of {readable} or more; tasks that hold positions out, at trained positions."
    )
    rule = (
        "On generated tasks and on real data: supported if the interval lies above minus {margin} "
        "on every task, contradicted if it lies below on one."
    )
    section = "equivalence"
    needs = (
        "Add a variant with `family: mlp` and `match` (the unshared variant) beside an unshared "
        "one over tasks that are asked at the end, generated (recall) and real (vowels), with two "
        "seeds or more."
    )
    conclusions = Conclusions(
        topic="a fully connected network does as well as an unshared recurrent one",
        supported="A fully connected network does as well as an unshared recurrent one with as "
        "many parameters: where it does worst, the difference is {number} {interval}.",
        contradicted="A fully connected network does worse than an unshared recurrent one with as "
        "many parameters: on some task the difference is {number} {interval}.",
    )
    factors = (Factor("whether the data are real", ("generated tasks", "real data")),)

    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """The difference on each task."""
        found: list[Outcome] = []
        table, facts = compared(evidence), evidence.conditions
        held = set(facts.loc[facts["holds_out"], "task"])
        for title, rows in table.groupby("task_title"):
            level = self.factors[0].levels[int(rows["real"].iloc[0])]
            where = ", at trained positions" if rows["task"].iloc[0] in held else ""
            found += measured(
                evidence,
                rows,
                f"fully connected minus unshared, {title}{where}",
                -evidence.thresholds.margin,
                level=(level,),
                task=str(title),
            )
        return found


def compared(evidence: Evidence) -> pd.DataFrame:
    """Fully connected minus unshared networks of as many parameters, as the column `effect`."""
    limits, table = evidence.thresholds, evidence.at_length
    table = table[~table["dense"] & (table["truncation"] == table["length"])]
    unshared = evidence.of_compared_cell(plain(table, "unshared"))
    full = table[table["family"] == FULLY_CONNECTED]
    # A fully connected network has no cell: it is compared with that of its task.
    full = full.assign(cell=full["task"].map(evidence.cells).astype(full["cell"].dtype))
    both = joined(full, unshared, Matching.PARAMETERS, limits.equal_parameters)
    both = largest(both.assign(effect=-both["effect"]))
    learned = both.groupby(["task", "length"])[["one", "other"]].transform("mean").max(axis=1)
    return both[learned >= limits.readable]
