"""C4. Sharing saves re-learning the rule at each position."""

import pandas as pd

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.pairs import Matching, largest, pairs
from timeshare.analysis.tables import ALL, first_group
from timeshare.claims.base import Claim, Conclusions
from timeshare.claims.measuring import measured_by_task
from timeshare.claims.outcomes import Kind, Outcome

HELD, SEEN = "held", "seen"


class Position(Claim):
    """C4. Sharing saves re-learning the rule at each position."""

    title = "Position"
    argument = (
        "Sequences obey the same rule at every position, so sharing saves re-learning the rule at "
        "each position."
    )
    estimand = (
        "Shared minus unshared test score at T, equal width, largest train size, paired by rule or "
        "seed, with symbols read through an embedding that all steps share: on sequences whose "
        "informative words stand at held-out positions; and how much more the unshared network "
        "loses there than the shared one, against its own score at trained positions. Secondary: "
        "the same at equal parameters, and with one-hot inputs, where a step never gets a gradient "
        "for a word that it never saw."
    )
    rule = (
        "On each task, supported if both intervals lie above {margin}; contradicted if one of them "
        "lies below on some task."
    )
    section = "position"
    buys = "rules that hold at positions never trained on"
    needs = (
        "Add a sweep of a shared and an unshared variant of one cell and width, both with an "
        "`embedding`, over a task that holds positions out (keyword, snow), with two seeds or more."
    )
    conclusions = Conclusions(
        topic="sharing carries a rule to positions that training never showed",
        supported="Sharing carries a rule to positions that training never showed: there unshared "
        "networks score lower and lose more, by {number} {interval} where this is smallest "
        "({name}).",
        contradicted="Sharing does not carry a rule to positions that training never showed: on "
        "some task the lead of the shared network there is {number} {interval}.",
    )
    required = ("at held-out positions", "extra loss")

    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """The difference at held-out positions and the difference of the losses."""
        limits = evidence.thresholds
        found: list[Outcome] = []
        for matching in Matching:
            both = pairs(_places(evidence), matching, limits.equal_parameters, ("place",))
            both = largest(both)
            seen, held = (both[both["place"] == place] for place in (SEEN, HELD))
            on = ["task", "length", "truncation", "cell", "train_size", "embedding", "unit"]
            wide = held.merge(seen[[*on, "effect"]], on=on, suffixes=("", "_seen"))
            for learned, rows in wide.groupby(wide["embedding"] > 0):
                effects = {
                    self.required[0]: -rows["effect"],
                    self.required[1]: rows["effect_seen"] - rows["effect"],
                }
                primary = learned and matching is Matching.WIDTH
                inputs = "shared embedding" if learned else "one-hot inputs"
                for part, effect in effects.items():
                    found += measured_by_task(
                        evidence,
                        rows.assign(effect=effect),
                        f"shared minus unshared, {part}, {matching}, {inputs}"
                        if part == self.required[0]
                        else f"{part} of unshared, {matching}, {inputs}",
                        limits.margin,
                        kind=Kind.PRIMARY if primary else Kind.SECONDARY,
                        part=part,
                    )
        return found


def _places(evidence: Evidence) -> pd.DataFrame:
    """Test scores at T on sequences of held-out and of trained groups, K = T."""
    table = evidence.tested
    table = table[
        table["holds_out"]
        & (table["group"] != ALL)
        & (table["evaluated_length"] == table["length"])
        & (table["truncation"] == table["length"])
    ]
    trained = table["group"] == first_group(table)
    return table.assign(place=trained.map({True: SEEN, False: HELD}))
