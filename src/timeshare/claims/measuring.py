"""Outcomes from tables, and the intervals that decide once the number of comparisons is known."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pandas as pd

from timeshare.analysis.comparison import confidence_of
from timeshare.analysis.evidence import Evidence
from timeshare.analysis.flags import flags_of
from timeshare.analysis.pairs import item_variances, strata
from timeshare.claims.outcomes import Outcome, Verdict

MOST_UNITS = 1_000
"""The largest number of rules or seeds that an undecided outcome asks for."""


def measured(
    evidence: Evidence, table: pd.DataFrame, name: str, threshold: float, **others: Any
) -> list[Outcome]:
    """The outcome of the column `effect`; none where no task has two rules or seeds.

    Its interval is the single one; `decided` gives the one that decides.

    Arguments:
        evidence: for thresholds.
        table: one row a pair or member, with `effect`.
        name: what it is, in words.
        threshold: what it is held against.
        others: further fields of `Outcome`, such as `kind`, `part`, `level`, `above` and `most`.
    """
    units = strata(table, "effect")
    if not units:
        return []
    known = item_variances(table)
    found = evidence.aggregate(units, {task: known.get(task, 0.0) for task in units})
    settings = {"units": "score"} | others
    outcome = Outcome(
        name=name,
        effect=found.effect,
        low=found.low,
        high=found.high,
        threshold=threshold,
        n=found.units,
        estimate=found,
        flags=flags_of(table),
        **settings,
    )
    return [replace(outcome, high=min(found.high, outcome.most))]


def measured_by_task(
    evidence: Evidence, table: pd.DataFrame, name: str, threshold: float, **others: Any
) -> list[Outcome]:
    """An outcome of the column `effect` for each task; see `measured`.

    Tasks are never averaged, since an average of effects of opposite sign says nothing of either.
    The outcomes of a level combine as the claim declares, whether they are of one task or several.
    """
    found: list[Outcome] = []
    for (_, title), rows in table.groupby(["task", "task_title"]):
        words = f"{name}, {title}"
        found += measured(evidence, rows, words, threshold, task=str(title), **others)
    return found


def exact(
    name: str, value: float, threshold: float, units: str, ends: Iterable[float] = (), **others: Any
) -> Outcome:
    """An outcome without sampling.

    Arguments:
        name: what was measured, in words.
        value: the effect.
        threshold: what it is held against.
        units: of the effect.
        ends: values between which it is known to lie; the value itself where there are none.
        others: further fields of `Outcome`.
    """
    around = [value, *ends]
    return Outcome(name, value, min(around), max(around), threshold, units, **others)


def decided(outcome: Outcome, confidence: float, family: int, low: int, high: int) -> Outcome:
    """A sampled outcome with the interval that decides.

    Arguments:
        outcome: as `measured` gives it.
        confidence: of all intervals of a family together.
        family: comparisons that share the error rate.
        low: further comparisons that the lower end shares the error rate with.
        high: the same of the upper end.
    """
    found = outcome.estimate
    if found is None:
        return outcome
    ends = {
        -1: confidence_of(confidence, family * low),
        1: confidence_of(confidence, family * high),
    }
    toward = 1 if found.effect < outcome.threshold else -1
    comparisons = family * (high if toward == 1 else low)
    settled = replace(
        outcome,
        low=outcome.low if found.identical else found.end(ends[-1], -1),
        high=outcome.high if found.identical else min(found.end(ends[1], 1), outcome.most),
        p_adjusted=min(1.0, found.p_value(outcome.threshold) * comparisons),
        smallest_effect=found.smallest_decided(max(ends.values())),
    )
    if settled.verdict is not Verdict.INCONCLUSIVE:
        return settled
    needed = found.units_to_decide(outcome.threshold, ends[toward], MOST_UNITS)
    return replace(settled, needed_units=needed)
