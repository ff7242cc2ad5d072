"""The claim on positions that training never showed: C4."""

from collections.abc import Sequence
from typing import ClassVar

from timeshare.claims.base import Claim, Part, Section, UntestedError, Verdict, every
from timeshare.claims.evidence import HELD_OUT, TRAINED, Evidence
from timeshare.claims.pairs import Matching, difference, largest, pairs


class Position(Claim):
    """C4. Sharing saves re-learning the rule at each position."""

    id: ClassVar[str] = "C4"
    title: ClassVar[str] = "Position"
    argument: ClassVar[str] = (
        "Sequences obey the same rule at every position, so sharing saves re-learning the rule at "
        "each position."
    )
    estimand: ClassVar[str] = (
        "Shared minus unshared test score at T, equal width, largest train size, paired by seed "
        "and data set: on sequences whose informative words stand at held-out positions; and how "
        "much more the unshared network loses there than the shared one, against its own score at "
        "trained positions."
    )
    rule: ClassVar[str] = (
        "Supported if both intervals lie above {margin}; contradicted if one of them lies below."
    )
    section: ClassVar[Section] = Section.POSITION
    needs: ClassVar[str] = (
        "Add a sweep of a shared and an unshared variant of one cell and width over a task that "
        "holds positions out (keyword, snow), with two seeds or more."
    )
    says: ClassVar[dict[Verdict, str]] = {
        Verdict.SUPPORTED: "What shared networks learn at some positions serves them at others; "
        "unshared ones have to learn it again.",
        Verdict.CONTRADICTED: "Sharing did not carry the rule to positions that training never "
        "showed any better than separate weights did.",
        Verdict.INCONCLUSIVE: "Whether sharing carries a rule to new positions stays open.",
    }

    def parts(self, evidence: Evidence) -> list[Part]:
        """The difference at held-out positions and the difference of the losses."""
        limits = evidence.thresholds
        table = evidence.tested
        table = table[
            (table["evaluated_length"] == table["length"])
            & (table["truncation"] == table["length"])
            & table["group"].isin([TRAINED, HELD_OUT])
        ]
        found: list[Part] = []
        for matching in Matching:
            both = pairs(table, matching, limits.equal_parameters, ("group",))
            both = largest(both.assign(gain=both["shared"] - both["unshared"]))
            keys = [name for name in both if name not in ("group", "shared", "unshared", "gain")]
            wide = both.pivot_table(index=keys, columns="group", values="gain").reset_index()
            if not {TRAINED, HELD_OUT} <= set(wide):
                continue
            wide = wide.dropna()
            decides = matching is Matching.WIDTH
            held = wide.assign(effect=wide[HELD_OUT])
            extra = wide.assign(effect=wide[HELD_OUT] - wide[TRAINED])
            names = ("held-out positions", "extra loss of unshared at held-out positions")
            for each, name in zip((held, extra), names, strict=True):
                found += difference(
                    evidence, each, f"{name}, {matching}", limits.margin, 2, decides
                )
        if not any(part.decides for part in found):
            raise UntestedError(self.needs)
        return found

    def verdict(self, parts: Sequence[Part]) -> Verdict:
        """Both must hold."""
        return every(part.verdict for part in parts)
