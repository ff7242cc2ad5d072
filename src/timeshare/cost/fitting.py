"""What the cost study measures where the configuration leaves it open. Imports no torch."""

from timeshare.experiment import Experiment
from timeshare.experiment.build import build_task
from timeshare.experiment.cost import Cost
from timeshare.tasks.base import Task

LENGTHS = [16, 32, 64, 128, 256, 512, 1024]
"""Lengths measured where the configuration names none and the task can make any."""
TRUNCATED = [32, 128, 512]
"""Those of them at which shorter truncations are measured, too."""


def timed_name(experiment: Experiment, cost: Cost) -> str:
    """The task whose sequences are timed: an entry of the configuration, or a registered task."""
    return cost.task or next(iter(experiment.tasks))


def timed_kind(experiment: Experiment, cost: Cost) -> str:
    """The registered name or import path of the task that is timed."""
    name = timed_name(experiment, cost)
    return experiment.task_kind(name) if name in experiment.tasks else name


def timed_task(experiment: Experiment, cost: Cost) -> Task:
    """The task that is timed."""
    name = timed_name(experiment, cost)
    return experiment.task(name) if name in experiment.tasks else build_task(name, {})


def fitted(experiment: Experiment, cost: Cost) -> Cost:
    """The section `cost`, with lengths that fit the experiment where it names none.

    A task that can make sequences of every usual length is measured at these. Of any other, such as
    a table, the lengths are parts and multiples of the longest one of the experiment.
    """
    lengths, truncated = LENGTHS, TRUNCATED
    if cost.lengths is not None and cost.truncated_lengths is not None:
        return cost
    if timed_task(experiment, cost).length_fault(max(LENGTHS)) is not None:
        longest = max(length for sweep in experiment.sweeps.values() for length in sweep.lengths)
        parts = {max(1, longest // 4), max(1, longest // 2)}
        lengths, truncated = sorted(parts | {longest, 2 * longest, 4 * longest}), [4 * longest]
    if cost.lengths is not None:
        truncated = [length for length in truncated if length <= max(cost.lengths)]
    return cost.model_copy(
        update={
            "lengths": lengths if cost.lengths is None else cost.lengths,
            "truncated_lengths": (
                truncated if cost.truncated_lengths is None else cost.truncated_lengths
            ),
        }
    )
