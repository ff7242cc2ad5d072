"""What a job of the workflow asks of a cluster: memory and time, by the formulas and its members.

Each is what the formulas give with a margin, added to what Python and torch take alone, and grows
with each attempt. Imports no torch for cells of this package.
"""

import math
from collections.abc import Iterable, Sequence

from timeshare.cost.activations import bytes_activations
from timeshare.cost.formulas import MOMENTS, REAL
from timeshare.cost.operations import flops_of_condition
from timeshare.cost.plan import update_of
from timeshare.experiment.conditions import Condition
from timeshare.recurrent.architecture import Architecture, parameter_count
from timeshare.training.model_factory import any_architecture_of

ALONE_MB = 1200
"""Megabytes of a job beyond its tensors: torch, and Snakemake twice beside it. 750 were seen."""
MEMORY_MARGIN = 2.0
"""By how much tensors are asked more memory for than the formulas give."""
COPIES = 2 + MOMENTS + 2
"""Of the weights: themselves, gradients, moments, the best ones, and those of a checkpoint."""
START_MINUTES = 10
"""Minutes that every job gets for its start and for files that arrive late."""
RATE = 3e9
"""Floating-point operations a second that one thread does at least."""
UPDATE_SECONDS = 0.005
"""Seconds that an update takes beyond its operations; of small networks, nearly all."""
EXTENSIONS = 4
"""How often the test sequences of a length are evaluated at most, under different extensions."""


def training_mb(condition: Condition, attempt: int = 1) -> int:
    """Megabytes that training a condition asks for.

    The order in which members read their sequences is drawn for all updates at once.

    Arguments:
        condition: with all members that train at once.
        attempt: 1 the first time; the request grows with each.
    """
    together = max(len(condition.members), len(condition.search_members))
    tensors = COPIES * _weights(condition, together) + _activations(condition, together)
    return attempt * _megabytes(tensors + _data(condition))


def training_minutes(condition: Condition, attempt: int = 1) -> int:
    """Minutes that training a condition asks for, as `training_mb` does."""
    plan = condition.training
    members = len(condition.members) + len(condition.search_members)
    seconds = members * flops_of_condition(condition) / RATE + 2 * UPDATE_SECONDS
    return attempt * _minutes(plan.most * seconds)


def evaluation_mb(
    conditions: Iterable[Condition], lengths: Sequence[int], sequences: int, attempt: int = 1
) -> int:
    """Megabytes that evaluating conditions asks for, one after the other.

    Arguments:
        conditions: of one task at one training length.
        lengths: evaluated lengths, in steps.
        sequences: of each test set.
        attempt: 1 the first time; the request grows with each.
    """
    largest = 0
    for condition in conditions:
        members = len(condition.members)
        architecture = any_architecture_of(condition)
        step = architecture.input_size + 3 * architecture.hidden_size + architecture.output_size
        outputs = REAL * members * sequences * max(lengths) * step
        largest = max(largest, 2 * _weights(condition, members) + outputs + _data(condition))
    return attempt * _megabytes(largest)


def evaluation_minutes(
    conditions: Iterable[Condition], lengths: Sequence[int], sequences: int, attempt: int = 1
) -> int:
    """Minutes that evaluating conditions asks for, as `evaluation_mb` does."""
    operations = 0.0
    for condition in conditions:
        each = flops_of_condition(condition) / (condition.training.batch * condition.length)
        steps = EXTENSIONS * sum(lengths) * sequences
        operations += len(condition.members) * steps * each
    return attempt * _minutes(operations / RATE)


def gpus(device: str) -> int:
    """GPUs that a job on a torch device needs."""
    return int(device.startswith("cuda"))


def _weights(condition: Condition, members: int) -> int:
    """Bytes of the weights of some members."""
    return REAL * members * parameter_count(any_architecture_of(condition)).total


def _activations(condition: Condition, members: int) -> int:
    """Bytes of what the backward pass of an update reads; of a reference, what its inputs take."""
    architecture = any_architecture_of(condition)
    if isinstance(architecture, Architecture):
        return bytes_activations(update_of(condition, members))
    width = architecture.input_size + architecture.hidden_size
    return REAL * members * condition.training.batch * condition.length * width


def _data(condition: Condition) -> int:
    """Bytes of the training sequences of all units, as numbers of the network's input."""
    units = len(condition.units) + len(condition.search_units)
    width = any_architecture_of(condition).input_size
    return REAL * units * condition.drawn * condition.length * width


def _megabytes(tensors: int) -> int:
    return ALONE_MB + round(MEMORY_MARGIN * tensors / 1e6)


def _minutes(seconds: float) -> int:
    return START_MINUTES + math.ceil(seconds / 60)
