"""C5. Unshared weights are more flexible, hence overfit."""

from dataclasses import replace

import pandas as pd

from timeshare.analysis.evidence import Evidence
from timeshare.analysis.gaps import gaps, memorised
from timeshare.analysis.pairs import Matching, by_rule, largest, pairs, plain, smallest
from timeshare.analysis.tables import BEST
from timeshare.claims.base import Claim, Conclusions, Factor
from timeshare.claims.measuring import measured, measured_by_task
from timeshare.claims.outcomes import Kind, Outcome

PUBLISHED_CAPACITY = 5.0
"""Bits that recurrent networks store per parameter (Collins, Sohl-Dickstein & Sussillo 2017)."""


class Overfitting(Claim):
    """C5. Unshared weights are more flexible, hence overfit."""

    title = "Overfitting"
    argument = "Unshared weights are more flexible, hence overfit."
    estimand = (
        "Unshared minus shared gap (train minus test score after the last update), paired by rule "
        "or seed, with the smallest of several train sizes, where data limits most, at equal width "
        "and, where tested, at equal parameters. Secondary: the unshared network narrowed; the gap "
        "over all sizes and with early stopping; real data; bits of random labels that networks "
        "store, and per parameter."
    )
    rule = (
        "Where the rule stays, and where it changes with the step: supported if the interval lies "
        "above {margin} in each comparison, on each task, contradicted if it lies below in one."
    )
    section = "overfitting"
    buys = "less overfitting"
    needs = (
        "Add a sweep of a shared and an unshared variant of one cell and width over several train "
        "sizes of a task whose rule stays (parity, drift with `change: 0`) and of one whose rule "
        "changes (drift), with two rules or seeds or more."
    )
    conclusions = Conclusions(
        topic="unshared networks overfit more than shared ones",
        supported="Given few training sequences, unshared networks overfit more: from training to "
        "test they lose more than shared ones, by {number} {interval} where this is smallest.",
        contradicted="Given few training sequences, unshared networks do not always overfit "
        "more: on some task what they lose from training to test beyond what shared ones lose "
        "is {number} {interval}.",
        quantity="more lost from training to test",
    )
    factors = (
        Factor(
            "whether the rule changes with the step",
            ("rule stays", "rule changes"),
            "where the {level}",
        ),
    )
    required = (Matching.WIDTH,)

    def outcomes(self, evidence: Evidence) -> list[Outcome]:
        """The gap under each matching; further gaps and memorisation are secondary."""
        limits = evidence.thresholds
        found: list[Outcome] = []
        for matching in Matching:
            table = smallest(pairs(gaps(evidence), matching, limits.equal_parameters))
            kind = Kind.SECONDARY if matching is Matching.NARROWED else Kind.PRIMARY
            name = f"gap with the fewest sequences, {matching}"
            for words, rows in by_rule(table):
                found += measured_by_task(
                    evidence,
                    rows,
                    f"{name}, {words}",
                    limits.margin,
                    kind=kind,
                    part=str(matching),
                    level=(words,),
                )
            real = table[table["real"].astype(bool)]
            found += measured(
                evidence, real, f"{name}, real data", limits.margin, kind=Kind.SECONDARY
            )
        return found + self._further(evidence) + self._memory(evidence)

    @staticmethod
    def _further(evidence: Evidence) -> list[Outcome]:
        """The gap over all train sizes, and with early stopping."""
        limits, found = evidence.thresholds, []
        ended = pairs(gaps(evidence), Matching.WIDTH, limits.equal_parameters)
        stopped = pairs(gaps(evidence, BEST), Matching.WIDTH, limits.equal_parameters)
        secondary = {"over all train sizes": ended, "with early stopping": smallest(stopped)}
        for name, table in secondary.items():
            for words, inside in by_rule(table):
                outcome = f"gap {name}, equal width, {words}"
                found += measured_by_task(
                    evidence, inside, outcome, limits.margin, kind=Kind.SECONDARY
                )
        return found

    @staticmethod
    def _memory(evidence: Evidence) -> list[Outcome]:
        """Random labels fitted, unshared minus shared, and the bits stored per parameter."""
        limits, table, found = evidence.thresholds, memorised(evidence), []
        for matching in Matching:
            both = largest(pairs(table, matching, limits.equal_parameters))
            name = f"random labels fitted, unshared minus shared, {matching}"
            found += _within_updates(
                measured(evidence, both, name, limits.margin, kind=Kind.SECONDARY),
                limits.trained_out,
            )
        for kind in ("shared", "unshared"):
            rows = _fullest(plain(table, kind))
            stored = measured(
                evidence,
                rows,
                f"random labels stored by {kind} networks, per parameter",
                PUBLISHED_CAPACITY,
                units="bits",
                kind=Kind.SECONDARY,
            )
            found += _within_updates(stored, limits.trained_out)
        return found


def _within_updates(outcomes: list[Outcome], trained_out: float) -> list[Outcome]:
    """The outcomes; where too few networks were trained out, their names say so.

    What a network fitted within its updates is then no capacity.
    """
    found = []
    for each in outcomes:
        flags = each.flags
        short = flags.unfinished > (1 - trained_out) * flags.networks
        words = f" within the updates given ({flags.unfinished} of {flags.networks} cut off)"
        found.append(replace(each, name=each.name + words) if short else each)
    return found


def _fullest(rows: pd.DataFrame) -> pd.DataFrame:
    """Of each variant, the bits per parameter at the train size at which it stored most."""
    by = ["task", "variant", "length", "train_size"]
    means = rows.groupby(by)["bits"].mean().reset_index()
    most = means.sort_values("bits", kind="stable").drop_duplicates(by[:-1], keep="last")
    kept = rows.merge(most[by], on=by)
    # Variants differ in their best size; as settings of a task they are told apart by width.
    return kept.assign(
        effect=kept["per_parameter"], train_size=kept["hidden_size"], item_variance=0.0
    )
