"""Claims on what the networks can do, and the bottom line: C7, C8, C14."""

from typing import ClassVar

import pandas as pd

from timeshare.claims.base import Claim, Part, Section, UntestedError, Verdict, part_of
from timeshare.claims.evidence import Evidence, as_trained
from timeshare.claims.pairs import Matching, by_rule, difference, largest, pairs, settings
from timeshare.statistics import FEWEST, improvement


class Power(Claim):
    """C7. With enough data unshared weights make a more powerful network."""

    id: ClassVar[str] = "C7"
    title: ClassVar[str] = "Power"
    argument: ClassVar[str] = (
        "With enough data and compute, unshared weights make a more powerful network."
    )
    estimand: ClassVar[str] = (
        "Unshared minus shared test score at T on tasks whose rule is a new one at every step, at "
        "equal width, with the largest train size, paired by seed and data set."
    )
    rule: ClassVar[str] = "Supported if the interval lies above {margin}, contradicted if below."
    section: ClassVar[Section] = Section.POWER
    needs: ClassVar[str] = (
        "Add a sweep of a shared and an unshared variant of one cell and width over a task whose "
        "rule changes at every step (drift with `change: 1.0`), with two seeds or more."
    )
    says: ClassVar[dict[Verdict, str]] = {
        Verdict.SUPPORTED: "Where the rule changes at every step, unshared networks do better than "
        "shared ones of the same width.",
        Verdict.CONTRADICTED: "Even where the rule changes at every step, unshared networks do not "
        "do better than shared ones of the same width by more than the margin.",
        Verdict.INCONCLUSIVE: "Whether unshared networks do better where the rule changes at every "
        "step stays open.",
    }

    def parts(self, evidence: Evidence) -> list[Part]:
        """The difference where every step has a rule of its own; and beside it, at all sizes."""
        limits = evidence.thresholds
        table = evidence.at_length
        table = table[(table["change"] == 1) & (table["truncation"] == table["length"])]
        both = pairs(table, Matching.WIDTH, limits.equal_parameters)
        both = both.assign(effect=both["unshared"] - both["shared"])
        main = difference(
            evidence, largest(both), "unshared minus shared, largest train size", limits.margin
        )
        name = "mean over all train sizes"
        beside = difference(evidence, both, name, limits.margin, decides=False)
        for cell, rows in largest(both).groupby("cell"):
            beside += difference(evidence, rows, f"{cell} alone", limits.margin, decides=False)
        return main + beside


class NotMorePowerful(Claim):
    """C8. A shared network can do whatever the unshared one can, at some size."""

    id: ClassVar[str] = "C8"
    title: ClassVar[str] = "Not more powerful"
    argument: ClassVar[str] = (
        "A shared network can do whatever the unshared one can, at some size: no problem is solved "
        "by one family and by no member of the other."
    )
    estimand: ClassVar[str] = (
        "Share of the problems (task and T) solved by an unshared member that a shared member of "
        "any cell, width, clock, train size or learning rate solves, too. Solved is a test score "
        "of {solved} or more; one member is enough. The other direction needs no test: an unshared "
        "network whose steps have equal weights is a shared one."
    )
    rule: ClassVar[str] = (
        "Supported if shared members solve every problem that unshared ones solve; contradicted if "
        "they fail at one that was tried by shared networks with as many parameters and by ones "
        "that read a clock; inconclusive where a failed problem was not tried by both."
    )
    section: ClassVar[Section] = Section.POWER
    sampled: ClassVar[bool] = False
    needs: ClassVar[str] = (
        "Add a sweep of an unshared variant, a shared one with `match` (equal parameters) and a "
        "shared one with `clock` over a task whose rule changes with the step (drift), with enough "
        "training sequences that an unshared member solves it."
    )
    says: ClassVar[dict[Verdict, str]] = {
        Verdict.SUPPORTED: "Every problem that unshared members solved, shared ones solved, too.",
        Verdict.CONTRADICTED: "There are problems that unshared members solved and no shared one, "
        "neither with as many parameters nor with a clock.",
        Verdict.INCONCLUSIVE: "A problem was solved by unshared members alone, but shared ones "
        "with as many parameters and with a clock were not both tried on it.",
    }

    def parts(self, evidence: Evidence) -> list[Part]:
        """The share solved; open problems count as failures at the low end, not at the high one."""
        problems = self.problems(evidence)
        if not (problems["change"] != 0).any():
            raise UntestedError(self.needs)
        solved, open_ = problems["solved"], ~problems["solved"] & ~problems["tried"]
        low, high = float(solved.mean()), float((solved | open_).mean())
        # A share of all is what the claim needs; the threshold lies just below it.
        just_below = 1 - 0.5 / len(problems)
        name = f"share of {len(problems)} problems solved by shared members, too"
        return [Part(name, low, low, high, just_below, "share")]

    @staticmethod
    def problems(evidence: Evidence) -> pd.DataFrame:
        """Problems that an unshared member solved: their `change`, and whether a shared one did."""
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
                    "change": group["change"].iloc[0],
                    "solved": bool((shared["score"] >= limits.solved).any()),
                    "tried": bool(
                        (shared["parameters"] >= enough).any() and (shared["clock"] > 0).any()
                    ),
                }
            )
        return pd.DataFrame(rows, columns=["task", "length", "change", "solved", "tried"]).astype(
            {"solved": bool, "tried": bool}
        )


class BottomLine(Claim):
    """C14. Would it do much better?"""

    id: ClassVar[str] = "C14"
    title: ClassVar[str] = "The bottom line"
    argument: ClassVar[str] = (
        "Without variable length and with compute to spare, a network with its own weights at "
        "every step would do much better."
    )
    estimand: ClassVar[str] = (
        "Unshared minus shared test score at T, with K = T, over all tasks with a rule: each task "
        "and seed counts once, with its mean over T, cell and train size; their interquartile "
        "mean. Where a task holds positions out, the score at trained positions. Beside it, the "
        "probability that an unshared member beats a shared one, and the difference with K < T."
    )
    rule: ClassVar[str] = (
        "Supported if the interval of the difference lies above {much_better}, contradicted if it "
        "lies below, at equal width and, where tested, at equal parameters alike."
    )
    section: ClassVar[Section] = Section.BOTTOM_LINE
    needs: ClassVar[str] = (
        "Add a sweep of a shared and an unshared variant of one cell and width over two tasks or "
        "more, with two seeds or more."
    )
    says: ClassVar[dict[Verdict, str]] = {
        Verdict.SUPPORTED: "Over all tasks, unshared networks do much better than shared ones.",
        Verdict.CONTRADICTED: "Over all tasks, unshared networks do not do much better than shared "
        "ones.",
        Verdict.INCONCLUSIVE: "Whether unshared networks do much better over all tasks stays open, "
        "or depends on whether widths or parameter counts are equal.",
    }

    def parts(self, evidence: Evidence) -> list[Part]:
        """Difference and probability, at equal width and at equal parameters."""
        limits = evidence.thresholds
        main: list[Part] = []
        beside: list[Part] = []
        for matching in Matching:
            every = pairs(evidence.at_length, matching, limits.equal_parameters)
            both = every[every["truncation"] == every["length"]]
            table = both.assign(effect=both["unshared"] - both["shared"])
            if matching is Matching.WIDTH and table["task"].nunique() < 2:
                raise UntestedError(self.needs)
            name = f"unshared minus shared, {matching}"
            main += difference(evidence, table, name, limits.much_better)
            beside += self._probability(evidence, both, matching)
            if matching is Matching.WIDTH:
                for words, rows in by_rule(table):
                    name = f"{matching}, {words}"
                    beside += difference(evidence, rows, name, limits.much_better, decides=False)
                short = every[every["truncation"] < every["length"]]
                short = short.assign(effect=short["unshared"] - short["shared"])
                name = f"{matching}, truncated"
                beside += difference(evidence, short, name, limits.much_better, decides=False)
        return main + beside

    @staticmethod
    def _probability(evidence: Evidence, both: pd.DataFrame, matching: Matching) -> list[Part]:
        unshared, shared = settings(both, "unshared"), settings(both, "shared")
        units = {
            task: (unshared[task], shared[task])
            for task in unshared
            if unshared[task].shape[1] >= FEWEST
        }
        if not units:
            return []
        found = improvement(units, evidence.confidence(), evidence.thresholds.resamples)
        name = f"probability that unshared beats shared, {matching}"
        return [part_of(name, found, 0.5, evidence.comparisons(), "probability", decides=False)]
