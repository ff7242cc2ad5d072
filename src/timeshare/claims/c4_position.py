"""C4. Sharing saves re-learning the rule at each position."""

from collections.abc import Sequence

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.pairs import Matching, largest, pairs
from timeshare.analysis.tables import HELD_OUT, TRAINED
from timeshare.claims.base import Claim, Conclusions, UntestedError
from timeshare.claims.outcomes import Outcome, Verdict, every, measured


class Position(Claim):
    """C4. Sharing saves re-learning the rule at each position."""

    title = "Position"
    argument = (
        "Sequences obey the same rule at every position, so sharing saves re-learning the rule at "
        "each position."
    )
    estimand = (
        "Shared minus unshared test score at T, equal width, largest train size, paired by seed "
        "and data set: on sequences whose informative words stand at held-out positions; and how "
        "much more the unshared network loses there than the shared one, against its own score at "
        "trained positions."
    )
    rule = "Supported if both intervals lie above {margin}; contradicted if one of them lies below."
    section = "position"
    buys = "rules that hold at positions never trained on"
    needs = (
        "Add a sweep of a shared and an unshared variant of one cell and width over a task that "
        "holds positions out (keyword, snow), with two seeds or more."
    )
    conclusions = Conclusions(
        supported="What shared networks learn at some positions serves them at others; "
        "unshared ones have to learn it again.",
        contradicted="Sharing did not carry the rule to positions that training never "
        "showed any better than separate weights did.",
        inconclusive="Whether sharing carries a rule to new positions stays open.",
    )

    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """The difference at held-out positions and the difference of the losses."""
        limits = evidence.thresholds
        table = evidence.tested
        table = table[
            (table["evaluated_length"] == table["length"])
            & (table["truncation"] == table["length"])
            & table["group"].isin([TRAINED, HELD_OUT])
        ]
        found: list[Outcome] = []
        for matching in Matching:
            both = pairs(table, matching, limits.equal_parameters, ("group",))
            both = largest(both.assign(gain=-both["effect"])).drop(columns="effect")
            keys = [name for name in both if name not in ("group", "shared", "unshared", "gain")]
            wide = both.pivot_table(index=keys, columns="group", values="gain").reset_index()
            if not {TRAINED, HELD_OUT} <= set(wide):
                continue
            wide = wide.dropna()
            primary = matching is Matching.WIDTH
            held = wide.assign(effect=wide[HELD_OUT])
            extra = wide.assign(effect=wide[HELD_OUT] - wide[TRAINED])
            names = ("held-out positions", "extra loss of unshared at held-out positions")
            for each, name in zip((held, extra), names, strict=True):
                found += measured(evidence, each, f"{name}, {matching}", limits.margin, 2, primary)
        if not any(outcome.primary for outcome in found):
            raise UntestedError(self.needs)
        return found

    def verdict(self, outcomes: Sequence[Outcome]) -> Verdict:
        """Both must hold."""
        return every(outcome.verdict for outcome in outcomes)
