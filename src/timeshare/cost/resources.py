"""What a job of the workflow asks of a cluster: memory and time, by the formulas and its members.

Each is what the formulas give with a margin, added to what Python and torch take alone, and grows
with each attempt. The formulas of a condition are computed once: Snakemake asks several times for
each of thousands of conditions. Imports no torch for cells of this package.
"""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from timeshare.cost.activations import bytes_activations
from timeshare.cost.formulas import MOMENTS, REAL, flops_reference, flops_update
from timeshare.cost.plan import update_of
from timeshare.experiment.conditions import Condition
from timeshare.experiment.models import SEQUENCES_AT_ONCE
from timeshare.recurrent.architecture import parameter_count
from timeshare.references.architecture import ReferenceArchitecture
from timeshare.training.model_factory import AnyArchitecture, any_architecture_of

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


class Formulas(NamedTuple):
    """What the formulas give for a condition.

    Arguments:
        operations: floating-point operations of an update of one member.
        weights: bytes of the weights of one member.
        activations: bytes of what the backward pass of an update of one member reads.
        data: bytes of the training sequences of all units, as numbers of the network's input.
        step: bytes of what evaluation holds for one step of a sequence of one member.
    """

    operations: int
    weights: int
    activations: int
    data: int
    step: int


class Requests:
    """What the jobs of an experiment ask for."""

    def __init__(self) -> None:
        self._known: dict[str, Formulas] = {}

    def training_mb(self, condition: Condition, attempt: int = 1) -> int:
        """Megabytes that training a condition asks for.

        Arguments:
            condition: with all members that train at once.
            attempt: 1 the first time; the request grows with each.
        """
        of = self._formulas(condition)
        together = max(len(condition.members), _searching(condition))
        return attempt * _megabytes(together * (COPIES * of.weights + of.activations) + of.data)

    def training_minutes(self, condition: Condition, attempt: int = 1) -> int:
        """Minutes that training a condition asks for, as `training_mb` does."""
        members = len(condition.members) + _searching(condition)
        operations = members * self._formulas(condition).operations
        seconds = operations / RATE + 2 * UPDATE_SECONDS
        return attempt * _minutes(condition.training.most * seconds)

    def evaluation_mb(
        self,
        conditions: Iterable[Condition],
        lengths: Sequence[int],
        sequences: int,
        attempt: int = 1,
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
            of = self._formulas(condition)
            together = min(sequences, SEQUENCES_AT_ONCE)
            member = 2 * of.weights + together * max(lengths) * of.step
            largest = max(largest, len(condition.members) * member + of.data)
        return attempt * _megabytes(largest)

    def evaluation_minutes(
        self,
        conditions: Iterable[Condition],
        lengths: Sequence[int],
        sequences: int,
        attempt: int = 1,
    ) -> int:
        """Minutes that evaluating conditions asks for, as `evaluation_mb` does."""
        steps = EXTENSIONS * sum(lengths) * sequences
        operations = 0.0
        for condition in conditions:
            trained = condition.training.batch * condition.length
            each = self._formulas(condition).operations / trained
            operations += len(condition.members) * steps * each
        return attempt * _minutes(operations / RATE)

    def _formulas(self, condition: Condition) -> Formulas:
        name = condition.id
        if name not in self._known:
            self._known[name] = formulas(condition)
        return self._known[name]


def gpus(device: str) -> int:
    """GPUs that a job on a torch device needs."""
    return int(device.startswith("cuda"))


def formulas(condition: Condition) -> Formulas:
    """What the formulas give for a condition; of a reference, activations are its inputs."""
    architecture: AnyArchitecture
    batch, length = condition.training.batch, condition.length
    if condition.network.reference is None:
        update = update_of(condition, members=1)
        architecture = update.architecture
        operations, activations = flops_update(update), bytes_activations(update)
    else:
        architecture = any_architecture_of(condition)
        assert isinstance(architecture, ReferenceArchitecture)
        operations = flops_reference(architecture, batch)
        width = architecture.input_size + architecture.hidden_size
        activations = REAL * batch * length * width
    wide, hidden = architecture.input_size, architecture.hidden_size
    units = len(condition.units) + len(condition.search_units)
    return Formulas(
        operations=operations,
        weights=REAL * parameter_count(architecture).total,
        activations=activations,
        data=REAL * units * condition.drawn * length * wide,
        step=REAL * (wide + 3 * hidden + architecture.output_size),
    )


def _searching(condition: Condition) -> int:
    """How many members a condition tries its settings on."""
    return len(condition.train_sizes) * len(condition.settings) * len(condition.search_units)


def _megabytes(tensors: int) -> int:
    return ALONE_MB + round(MEMORY_MARGIN * tensors / 1e6)


def _minutes(seconds: float) -> int:
    return START_MINUTES + math.ceil(seconds / 60)
