"""What a job of the workflow asks of a cluster: memory and time, by the formulas and its members.

Each is what the formulas give with a margin, added to what Python and torch take alone, and grows
with each attempt. Imports no torch for cells of this package.
"""

import math
from collections.abc import Iterable, Sequence

from timeshare.cost.activations import bytes_activations
from timeshare.cost.formulas import MOMENTS, REAL, Update, bytes_weights, flops_update
from timeshare.cost.plan import update_of
from timeshare.experiment.conditions import Condition

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
    update = update_of(condition)
    order = 2 * REAL * update.members * condition.training.updates * update.batch
    tensors = COPIES * bytes_weights(update) + bytes_activations(update) + order
    return attempt * _megabytes(tensors + _data(condition, update))


def training_minutes(condition: Condition, attempt: int = 1) -> int:
    """Minutes that training a condition asks for, as `training_mb` does."""
    seconds = flops_update(update_of(condition)) / RATE + UPDATE_SECONDS
    return attempt * _minutes(condition.training.updates * seconds)


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
        update = update_of(condition)
        architecture = update.architecture
        step = architecture.columns + 2 * architecture.hidden_size + 2 * architecture.output_size
        outputs = update.members * sequences * max(lengths) * step
        largest = max(
            largest, 2 * bytes_weights(update) + REAL * outputs + _data(condition, update)
        )
    return attempt * _megabytes(largest)


def evaluation_minutes(
    conditions: Iterable[Condition], lengths: Sequence[int], sequences: int, attempt: int = 1
) -> int:
    """Minutes that evaluating conditions asks for, as `evaluation_mb` does."""
    operations = 0
    for condition in conditions:
        update = update_of(condition)
        steps = EXTENSIONS * sum(lengths) * sequences
        operations += update.members * steps * 2 * update.matrix
    return attempt * _minutes(operations / RATE)


def gpus(device: str) -> int:
    """GPUs that a job on a torch device needs."""
    return int(device.startswith("cuda"))


def _data(condition: Condition, update: Update) -> int:
    """Bytes of the training sequences of all seeds, as numbers of the network's input."""
    sequences = len(condition.seeds) * max(condition.train_sizes)
    return REAL * sequences * condition.length * update.architecture.input_size


def _megabytes(tensors: int) -> int:
    return ALONE_MB + round(MEMORY_MARGIN * tensors / 1e6)


def _minutes(seconds: float) -> int:
    return START_MINUTES + math.ceil(seconds / 60)
