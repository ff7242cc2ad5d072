"""An experiment on real data alone: its first screen asks and answers for these data."""

from collections.abc import Sequence
from dataclasses import replace
from math import sqrt

from timeshare.analysis.comparison import Side, side, together
from timeshare.analysis.own_data import OwnAnswer, own_answers
from timeshare.report import wording
from timeshare.report.cards import Card, price
from timeshare.report.names import cell_name
from timeshare.report.results import Results
from timeshare.report.sides import BETTER
from timeshare.tasks.metrics import Metric

KINDS = {Side.SHARED: "shared", Side.UNSHARED: "unshared"}
"""The style of a card by the side that is better."""
DIFFERENCE, METRIC = "Unshared minus shared", "On test sequences"
"""Titles of cards."""


def on_real_data_alone(results: Results) -> bool:
    """Whether no task of the experiment is generated."""
    real = results.conditions["real"].astype(bool)
    return bool(len(real) and real.all())


def joint_answers(results: Results) -> list[OwnAnswer]:
    """What each real data set answers, with the one interval that a difference has on the page."""
    confidence = results.evidence.thresholds.confidence
    return [
        each
        if each.profit is None
        else replace(each, profit=together(each.profit, confidence, results.family))
        for each in own_answers(results.evidence)
    ]


def heading(answers: Sequence[OwnAnswer]) -> str:
    """The title of the page."""
    names = list(dict.fromkeys(wording.quoted(each.task) for each in answers))
    return f"{wording.listed(names)}: one set of weights for all steps, or one for each step?"


def lines(answers: Sequence[OwnAnswer], margin: float) -> tuple[str, ...]:
    """The answer without numbers: who is better, and which network validation data prefer."""
    found = []
    for each in answers:
        if each.profit is None:
            said = "shared and unshared weights of one size were not compared"
        else:
            said = BETTER[side(each.profit, margin)]
        found.append(f"On {wording.quoted(each.task)}{of_cell(each)} {said}.")
    for task in dict.fromkeys(each.task for each in answers):
        best = next(each.validation for each in answers if each.task == task)
        if len(best):
            where = "" if len({each.task for each in answers}) == 1 else f" of {task}"
            name = wording.quoted(best["variant"].iloc[0])
            found.append(f"On validation data{where} {name} scores highest.")
    return tuple(found)


def of_cell(found: OwnAnswer) -> str:
    """Which networks an answer is about, where the data set was given to several cells."""
    return f" with {cell_name(found.cell)} networks" if found.cells > 1 else ""


def cards(results: Results, answers: Sequence[OwnAnswer]) -> tuple[Card, ...]:
    """The difference on the first data set, the metric of both sides, and the price."""
    first = answers[0]
    if first.profit is None:
        return Card(DIFFERENCE, "", "not measured", "open"), price(results)
    verdict, (low, high) = side(first.profit, results.margin), (first.profit.low, first.profit.high)
    ends = f"[{wording.decimal(low)}, {wording.decimal(high)}]"
    text = f"{ends} in score (0 chance, 1 perfect)"
    named = f"{text}{of_cell(first)}: {verdict}"
    number, others = in_metric(first, results.deviations.get(first.task))
    return (
        Card(DIFFERENCE, wording.decimal(first.profit.effect), named, KINDS.get(verdict, "open")),
        Card(METRIC, number, others, "open"),
        price(results),
    )


def in_metric(found: OwnAnswer, deviation: float | None) -> tuple[str, str]:
    """What unshared networks reach in the metric of the task, and the rest of the sentence.

    Arguments:
        found: has the mean metric of both sides.
        deviation: the standard deviation of the training targets in the units of the user's table;
            None where that is not known.
    """
    if found.metric is Metric.ACCURACY:
        unshared, shared, chance = (
            f"{100 * each:.0f} %"
            for each in (found.levels["unshared"], found.levels["shared"], found.chance)
        )
        what, by = "right", "guessing"
    elif found.metric is Metric.ERROR:
        unshared, shared, chance = (
            f"{(deviation or 1.0) * sqrt(each):.3g}"
            for each in (found.levels["unshared"], found.levels["shared"], found.chance)
        )
        units = "in the units of the target" if deviation else "in its standard deviations"
        what, by = f"root mean squared error {units}", "a constant"
    else:
        unshared, shared, chance = (
            f"{each:.2f}"
            for each in (found.levels["unshared"], found.levels["shared"], found.chance)
        )
        what, by = "bits a target", "a constant"
    return unshared, f"{what} with unshared weights, {shared} with shared ones, {chance} by {by}"
