"""Claims on flexibility, overfitting and data: C5, C6."""

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
import pandas as pd

from timeshare.claims.base import (
    Claim,
    Part,
    Section,
    UntestedError,
    Verdict,
    agreed,
    every,
)
from timeshare.claims.evidence import ALL, CONDITION, Evidence
from timeshare.claims.pairs import (
    SETTING,
    Matching,
    by_rule,
    difference,
    largest,
    pairs,
    plain,
    smallest,
)

LAST = "last"
"""Weights the gap is read from: those training ends with, without early stopping."""


def gaps(evidence: Evidence, selection: str = LAST) -> pd.DataFrame:
    """Train minus test score of the chosen members, K = T, as the column `score`.

    Tasks that hold positions out are left to the claim on positions: there, test sequences are of
    another kind than training sequences, whatever the network.
    """
    table = evidence.members
    table = table[
        table["chosen"]
        & table["learnable"]
        & ~table["grouped"]
        & (table["group"] == ALL)
        & (table["selection"] == selection)
        & (table["evaluated_length"] == table["length"])
        & (table["truncation"] == table["length"])
    ]
    keys = [*CONDITION, "train_size", "learning_rate", "seed"]
    train, test = (
        table[table["split"] == split].set_index(keys).sort_index() for split in ("train", "test")
    )
    train = train.assign(test=test["score"])
    return train.assign(score=train["score"] - train["test"]).reset_index()


def memorised(evidence: Evidence) -> pd.DataFrame:
    """Train scores on random labels at the end of training, with the best rate of each size.

    No other data can choose the learning rate here; each condition and train size has the one
    that fits most, mean over seeds.
    """
    table = evidence.members
    table = table[
        ~table["learnable"]
        & (table["split"] == "train")
        & (table["selection"] == LAST)
        & (table["truncation"] == table["length"])
    ]
    return table.merge(fitting_rates(table))


def fitting_rates(fitted: pd.DataFrame) -> pd.DataFrame:
    """The learning rate of each condition and train size that fits most, mean over seeds.

    Arguments:
        fitted: train scores at the end of training.
    """
    keys = [*CONDITION, "train_size"]
    means = fitted.groupby([*keys, "learning_rate"])["score"].mean().reset_index()
    best = means.sort_values("score", kind="stable").drop_duplicates(keys, keep="last")
    return best[[*keys, "learning_rate"]]


def _effects(both: pd.DataFrame) -> pd.DataFrame:
    return both.assign(effect=both["unshared"] - both["shared"])


class Overfitting(Claim):
    """C5. Unshared weights are more flexible, hence overfit."""

    id: ClassVar[str] = "C5"
    title: ClassVar[str] = "Overfitting"
    argument: ClassVar[str] = "Unshared weights are more flexible, hence overfit."
    estimand: ClassVar[str] = (
        "Unshared minus shared, paired by seed and data set: the gap (train minus test score after "
        "the last update) with the smallest of several train sizes, where data limits most; and "
        "the train score on random labels with the largest one. Beside it, the gap over all sizes."
    )
    rule: ClassVar[str] = (
        "Each of the two is supported if its interval lies above {margin} and contradicted if it "
        "lies below, at equal width and, where tested, at equal parameters alike; the gap on "
        "tasks whose rule stays and on tasks whose rule changes with the step alike. Supported "
        "if both are, contradicted if one is."
    )
    section: ClassVar[Section] = Section.OVERFITTING
    needs: ClassVar[str] = (
        "Add a sweep of a shared and an unshared variant of one cell and width over several train "
        "sizes of a task with a rule (parity) and of random labels (labels), with two seeds or "
        "more each."
    )
    says: ClassVar[dict[Verdict, str]] = {
        Verdict.SUPPORTED: "Unshared networks fit more random labels, and overfit more where "
        "there is a rule.",
        Verdict.CONTRADICTED: "Unshared networks are not both more flexible and more overfit.",
        Verdict.INCONCLUSIVE: "Whether unshared networks are more flexible and overfit more stays "
        "open, or depends on the rule or on what is held equal.",
    }
    quantities: ClassVar[tuple[str, ...]] = (
        "gap with the fewest sequences",
        "random labels fitted",
    )

    def parts(self, evidence: Evidence) -> list[Part]:
        """Gap and memorisation, at equal width and at equal parameters; and the gap as stopped."""
        limits = evidence.thresholds
        found: list[Part] = []
        for name, rows in zip(self.quantities, (gaps(evidence), memorised(evidence)), strict=True):
            matched = self._matched(evidence, rows, name)
            if not any(str(Matching.WIDTH) in part.name for part in matched):
                raise UntestedError(self.needs)
            found += matched
        ended, stopped = (
            _effects(pairs(gaps(evidence, selection), Matching.WIDTH, limits.equal_parameters))
            for selection in (LAST, "best")
        )
        beside = {"over all train sizes": ended, "with early stopping": smallest(stopped)}
        for name, table in beside.items():
            for words, inside in by_rule(table):
                told = f"gap {name}, equal width, {words}"
                found += difference(evidence, inside, told, limits.margin, 2, decides=False)
        return found

    def _matched(self, evidence: Evidence, rows: pd.DataFrame, name: str) -> list[Part]:
        found: list[Part] = []
        limits = evidence.thresholds
        for matching in Matching:
            table = pairs(rows, matching, limits.equal_parameters)
            table = _effects(smallest(table) if name == self.quantities[0] else largest(table))
            for words, inside in by_rule(table):
                rule = "" if name == self.quantities[1] else f", {words}"
                found += difference(evidence, inside, f"{name}, {matching}{rule}", limits.margin, 2)
        return found

    def verdict(self, parts: Sequence[Part]) -> Verdict:
        """Both quantities, each the same under either matching."""
        return every(
            agreed(part.verdict for part in parts if part.name.startswith(quantity))
            for quantity in self.quantities
        )


class Data(Claim):
    """C6. Enough data would constrain the flexible network."""

    id: ClassVar[str] = "C6"
    title: ClassVar[str] = "Data"
    argument: ClassVar[str] = "Enough data would constrain the flexible network."
    estimand: ClassVar[str] = (
        "Gap (train minus test score after the last update) of unshared networks with the "
        "largest train size, and how much smaller it is than with the smallest one, over sweeps "
        "that span {octaves} octaves or more."
    )
    rule: ClassVar[str] = (
        "Supported if the interval of the gap at the largest size lies below {margin} and that of "
        "its decrease above {margin}; contradicted if one lies on the other side."
    )
    section: ClassVar[Section] = Section.OVERFITTING
    needs: ClassVar[str] = (
        "Add a sweep of an unshared variant over train sizes of which the largest is 16 times the "
        "smallest or more (32 to 2048), on a task with a rule (parity, drift), with two seeds or "
        "more."
    )
    says: ClassVar[dict[Verdict, str]] = {
        Verdict.SUPPORTED: "More data closes the unshared networks' gap.",
        Verdict.CONTRADICTED: "The data tried did not close the unshared networks' gap, or there "
        "was none to close.",
        Verdict.INCONCLUSIVE: "Whether the data tried close the unshared networks' gap stays open.",
    }

    def parts(self, evidence: Evidence) -> list[Part]:
        """The gap at the largest size, its decrease, and how the test score compares there."""
        limits = evidence.thresholds
        rows = plain(gaps(evidence), "unshared")
        keys = ["task", *SETTING, "hidden", "parameters", "seed"]
        rows = rows.groupby(keys)["score"].mean().reset_index()
        line = [name for name in keys if name not in ("train_size", "seed")]
        sizes = rows.groupby(line)["train_size"]
        low, high = sizes.transform("min"), sizes.transform("max")
        wide = np.log2(high / low) >= limits.octaves
        first = rows[wide & (rows["train_size"] == low)]
        last = rows[wide & (rows["train_size"] == high)]
        on = [name for name in keys if name != "train_size"]
        both = first.merge(last[[*on, "score"]], on=on, suffixes=("", "_last"))
        both = both.assign(effect=both["score"] - both["score_last"])
        short = rows[~wide & (high > low) & (rows["train_size"] == high)]
        short = short.assign(effect=short["score"])
        last = last.assign(effect=last["score"])
        name, margin = "gap with the largest train size", limits.margin
        return [
            *difference(evidence, last, name, margin, 2, above=False),
            *difference(evidence, both, "decrease from the smallest", margin, 2),
            *difference(
                evidence, short, f"{name}, shorter sweeps", margin, 2, decides=False, above=False
            ),
        ]

    def verdict(self, parts: Sequence[Part]) -> Verdict:
        """There was a gap, and it closed."""
        return every(part.verdict for part in parts)
