"""Claims on sequences of lengths that training never showed: C1, C3, C10."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

import numpy as np
import pandas as pd

from timeshare.claims.base import (
    Claim,
    Part,
    Section,
    UntestedError,
    Verdict,
    every,
    exact,
    some,
)
from timeshare.claims.evidence import Evidence
from timeshare.claims.growth import exponents
from timeshare.claims.pairs import Matching, difference, largest, pairs, plain

RANGES = {
    "shorter than T": (0.0, 1.0),
    "up to 2T": (1.0, 2.0),
    "up to 4T": (2.0, 4.0),
    "beyond 4T": (4.0, np.inf),
}
"""Ranges of evaluated length over T; the upper end belongs to each."""
UNSEEN = ("evaluated_length",)
"""What pairs at unseen lengths have in common besides."""


def by_range(rows: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    """The rows of each range of unseen lengths that has any."""
    ratio = rows["evaluated_length"] / rows["length"]
    for name, (above, upto) in RANGES.items():
        inside = rows[(ratio > above) & (ratio <= upto)]
        if len(inside):
            yield name, inside


def read_at_length(evidence: Evidence, kind: str) -> pd.DataFrame:
    """Scores at unseen lengths of networks with this schedule that can read their own length.

    Of each variant, task and T the largest train size counts, and only where its mean test score
    at T is high enough: a network that did not learn its task tells nothing about lengths.
    """
    return largest(plain(_learned(evidence), kind))


def _learned(evidence: Evidence) -> pd.DataFrame:
    """Scores at unseen lengths of the variants and sizes whose mean score at T is high enough."""
    keys = ["task", "variant", "length", "train_size"]
    table = evidence.at_length
    table = table[table["truncation"] == table["length"]]
    known = table.groupby(keys)["score"].mean().rename("at_length")
    rows = evidence.unseen.join(known, on=keys)
    return rows[rows["at_length"] >= evidence.thresholds.readable]


class VariableLength(Claim):
    """C1. Shared weights let one network read sequences of any length."""

    id: ClassVar[str] = "C1"
    title: ClassVar[str] = "Variable length"
    argument: ClassVar[str] = "Shared weights let one network read sequences of any length."
    estimand: ClassVar[str] = (
        "Test score (0 chance, 1 perfect) of shared networks at unseen lengths, with the largest "
        "train size, where the mean score at T is {readable} or more, by how the length compares "
        "with T; past T, at the steps past T alone."
    )
    rule: ClassVar[str] = (
        "Supported if the interval of the score lies above {readable} in every range of unseen "
        "lengths; contradicted if it lies below {readable} in one of them."
    )
    section: ClassVar[Section] = Section.LENGTHS
    needs: ClassVar[str] = (
        "Add a sweep of a shared variant over a task whose rule continues (parity) with two seeds "
        "or more, and to `evaluation.lengths` lengths beyond T: twice, four and eight "
        "times. The variant has to learn the task at T."
    )
    says: ClassVar[dict[Verdict, str]] = {
        Verdict.SUPPORTED: "Shared networks read every range of lengths they never saw.",
        Verdict.CONTRADICTED: "There are lengths that shared networks could not read.",
        Verdict.INCONCLUSIVE: "Whether shared networks read every range of lengths stays open.",
    }

    def parts(self, evidence: Evidence) -> list[Part]:
        """One part a range of lengths; those beyond T are needed."""
        rows = read_at_length(evidence, "shared")
        found = list(by_range(rows.assign(effect=rows["score"])))
        if not any(name != "shorter than T" for name, _ in found):
            raise UntestedError(self.needs)
        threshold = evidence.thresholds.readable
        parts: list[Part] = []
        for name, inside in found:
            words = f"score at lengths {name}"
            parts += difference(evidence, inside, words, threshold, len(found), most=1)
        return parts

    def verdict(self, parts: Sequence[Part]) -> Verdict:
        """Every range must be read."""
        return every(part.verdict for part in parts)


class UnseenLengths(Claim):
    """C3. Unshared weights do not generalise to lengths never trained on."""

    id: ClassVar[str] = "C3"
    title: ClassVar[str] = "Unseen lengths"
    argument: ClassVar[str] = (
        "A network with different parameters at each step does not generalise to lengths it never "
        "saw."
    )
    estimand: ClassVar[str] = (
        "Shared minus unshared test score at unseen lengths, paired by seed and data set, with the "
        "largest train size at which both have a mean score of {readable} or more at T; each "
        "unshared member has its best extension (hold, cycle or align right) at each length, "
        "chosen on the test score itself; past T, at the steps past T alone."
    )
    rule: ClassVar[str] = (
        "Supported if the interval lies above {margin}, contradicted if it lies below, at equal "
        "width and, where tested, at equal parameters alike."
    )
    section: ClassVar[Section] = Section.LENGTHS
    needs: ClassVar[str] = (
        "Add a sweep of a shared and an unshared variant of one cell and width over a task whose "
        "rule continues (parity) with two seeds or more, and lengths beyond T to "
        "`evaluation.lengths`."
    )
    says: ClassVar[dict[Verdict, str]] = {
        Verdict.SUPPORTED: "At unseen lengths unshared networks fall behind shared ones, even "
        "under their best extension.",
        Verdict.CONTRADICTED: "At unseen lengths unshared networks, under their best extension, "
        "keep up with shared ones.",
        Verdict.INCONCLUSIVE: "Whether unshared networks fall behind at unseen lengths stays open.",
    }

    def parts(self, evidence: Evidence) -> list[Part]:
        """Equal width is needed; equal parameters join where they were tried."""
        found: list[Part] = []
        limits = evidence.thresholds
        for matching in Matching:
            table = pairs(_learned(evidence), matching, limits.equal_parameters, UNSEEN)
            table = largest(table.assign(effect=table["shared"] - table["unshared"]))
            found += difference(
                evidence, table, f"shared minus unshared, {matching}", limits.margin
            )
            if not found:
                raise UntestedError(self.needs)
        return found


class FunctionOfTime(Claim):
    """C10. Weights that are a function of time could keep variable length."""

    id: ClassVar[str] = "C10"
    title: ClassVar[str] = "Weights as a function of time"
    argument: ClassVar[str] = (
        "A network whose weights are a function of time could keep variable length."
    )
    estimand: ClassVar[str] = (
        "For each schedule that computes its weights from the step (basis, mixture): the exponent "
        "of the parameter count against T, and the test score at unseen lengths beyond T, at the "
        "steps past T alone, with the largest train size, where the mean score at T is "
        "{readable} or more."
    )
    rule: ClassVar[str] = (
        "A schedule passes if its exponent is at most {exponent} and the interval of its score "
        "lies above {readable}; it fails if one of the two lies on the other side. Supported if "
        "one schedule passes, contradicted if all fail."
    )
    section: ClassVar[Section] = Section.SPECTRUM
    needs: ClassVar[str] = (
        "Add a sweep of a variant with `schedule: {kind: basis}` or `{kind: mixture}` over a task "
        "whose rule continues (parity) at two lengths T or more, with two seeds or more, and "
        "lengths beyond T to `evaluation.lengths`."
    )
    says: ClassVar[dict[Verdict, str]] = {
        Verdict.SUPPORTED: "Weights computed from the step keep variable length, with a parameter "
        "count that does not grow.",
        Verdict.CONTRADICTED: "No schedule that computes its weights from the step kept variable "
        "length.",
        Verdict.INCONCLUSIVE: "Whether weights computed from the step keep variable length stays "
        "open.",
    }
    schedules: ClassVar[tuple[str, ...]] = ("basis", "mixture")

    def parts(self, evidence: Evidence) -> list[Part]:
        """Two parts a schedule: score, then exponent."""
        limits, count = evidence.thresholds, len(self.schedules)
        found: list[Part] = []
        for kind in self.schedules:
            rows = read_at_length(evidence, kind)
            rows = rows[rows["evaluated_length"] > rows["length"]]
            slopes = exponents(evidence, kind)
            score = difference(
                evidence, rows.assign(effect=rows["score"]), f"{kind}: score beyond T",
                limits.readable, count, most=1,
            )  # fmt: skip
            if slopes and score:
                name = f"{kind}: exponent of parameters against T"
                found += [*score, exact(name, slopes, limits.exponent, "exponent", above=False)]
        return found

    def verdict(self, parts: Sequence[Part]) -> Verdict:
        """One schedule that passes both is enough."""
        names = dict.fromkeys(part.name.split(":")[0] for part in parts)
        return some(
            every(part.verdict for part in parts if part.name.startswith(f"{name}:"))
            for name in names
        )
