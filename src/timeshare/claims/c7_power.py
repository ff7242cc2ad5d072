"""C7. With enough data unshared weights make a more powerful network."""

import pandas as pd

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.pairs import LINE, Matching, pairs
from timeshare.claims.base import Claim, Conclusions, Factor
from timeshare.claims.measuring import measured_by_task
from timeshare.claims.outcomes import Kind, Outcome
from timeshare.experiment.conditions import FRESH

LARGEST, NEW = "largest train size", "new sequences at every update"


class Power(Claim):
    """C7. With enough data unshared weights make a more powerful network."""

    title = "Power"
    argument = "With enough data and compute, unshared weights make a more powerful network."
    estimand = (
        "Unshared minus shared test score at T on generated tasks whose rule is a new one at every "
        "step, paired by rule, with the largest train size and with new sequences at every update, "
        "of conditions in which {trained_out} or more of the members stopped by themselves, where "
        "the mean score of some contestant is below {solved}. Secondary: the unshared network "
        "narrowed to the shared one's parameter count."
    )
    rule = (
        "For each cell, at equal width and at equal parameters (the shared network widened): "
        "supported if both intervals lie above {margin} on each task, contradicted if one "
        "lies below."
    )
    section = "power"
    needs = (
        "Add shared and unshared variants of two cells or more at equal width and a shared one of "
        "each that is widened (`match`) over a hard task whose rule changes at every step (drift "
        "with many states), with `train_sizes: [4096, fresh]`, many rules and enough updates that "
        "members are trained out."
    )
    conclusions = Conclusions(
        topic="unshared networks are more powerful where the rule is a new one at every step",
        supported="Where the rule is a new one at every step, unshared networks with all the data "
        "they can use score higher than shared ones, by {number} {interval} where this is "
        "smallest.",
        contradicted="Even where the rule is a new one at every step, unshared networks with all "
        "the data they can use are no better than shared ones: where they come nearest to "
        "it, the difference is {number} {interval}.",
    )
    factors = (
        Factor("what is held equal", (Matching.WIDTH, Matching.PARAMETERS), "at {level}"),
        Factor("the cell", ("lstm", "gru", "rnn"), "with {level}"),
    )
    required = (LARGEST, NEW)

    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """The difference with most data, at each level of the two factors."""
        limits = evidence.thresholds
        rows = self.hard(evidence)
        found: list[Outcome] = []
        for matching in Matching:
            kind = Kind.SECONDARY if matching is Matching.NARROWED else Kind.PRIMARY
            both = pairs(rows, matching, limits.equal_parameters)
            for (cell, part), inside in both.groupby(["cell", data_of(both)], sort=False):
                found += measured_by_task(
                    evidence,
                    inside,
                    f"unshared minus shared, {cell}, {matching}, {part}",
                    limits.margin,
                    kind=kind,
                    part=part,
                    level=(str(matching), str(cell)),
                )
        return found

    @staticmethod
    def hard(evidence: Evidence) -> pd.DataFrame:
        """Test scores with most data on changing rules that some trained-out contestant fails."""
        limits, table = evidence.thresholds, evidence.at_length
        rate = table["rule_change_rate"]
        table = table[
            ~table["real"]
            & table["random_rule"]
            & table["rule_changes"]
            & (rate.isna() | (rate == 1))
            & (table["truncation"] == table["length"])
            & (table["trained_out"] >= limits.trained_out)
        ]
        finite = table["train_size"].where(table["train_size"] != FRESH)
        most = finite.groupby([table[name] for name in LINE]).transform("max")
        table = table[(finite == most) | finite.isna()]
        keys = ["task", "length", "train_size"]
        means = table.groupby([*keys, "variant"])["score"].mean()
        worst = means.groupby(keys).min().rename("worst")
        return table.join(worst, on=keys).query("worst < @limits.solved")


def data_of(both: pd.DataFrame) -> pd.Series:
    """What the networks were trained on, in words."""
    return (both["train_size"] == FRESH).map({True: NEW, False: LARGEST}).rename("data")
