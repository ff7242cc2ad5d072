"""What a task is: the base every task derives from, and the sequences it gives."""

import math
from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict

from timeshare.metrics import Metric, constant_score

NO_TARGET = -1
"""The class target of a step at which nothing is asked."""


class Targets(StrEnum):
    """Where a task asks for an answer."""

    DENSE = "dense"
    """A target at each step."""
    FINAL = "final"
    """One target, after the last step."""


class Split(StrEnum):
    """The three disjoint parts of a task's data."""

    TRAIN = "train"
    VALIDATION = "validation"
    TEST = "test"


@dataclass(frozen=True)
class Sequences:
    """N labelled sequences of one length T.

    Arguments:
        inputs: symbols, integers `[N, T]`, or features, float32 `[N, T, D]`.
        targets: classes (integers) or values (float32); `[N, T]` when dense, `[N]` when final.
            `NO_TARGET` or NaN where nothing is asked.
        lengths: true lengths `[N]` of sequences padded to T, or None when none is padded.
    """

    inputs: NDArray[np.integer] | NDArray[np.float32]
    targets: NDArray[np.integer] | NDArray[np.float32]
    lengths: NDArray[np.int64] | None = None

    @property
    def count(self) -> int:
        """Number of sequences N."""
        return len(self.inputs)

    @property
    def length(self) -> int:
        """Number of steps T."""
        return int(self.inputs.shape[1])

    def first(self, count: int) -> "Sequences":
        """The first `count` sequences."""
        lengths = None if self.lengths is None else self.lengths[:count]
        return Sequences(self.inputs[:count], self.targets[:count], lengths)


class Task(BaseModel, ABC):
    """A rule that generates labelled sequences, or a real data set of sequences.

    Its fields are its parameters; two tasks with equal parameters are the same task.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    targets: ClassVar[Targets]
    metric: ClassVar[Metric] = Metric.ACCURACY
    learnable: ClassVar[bool] = True
    """False where the labels are random: only scores on training sequences mean anything."""

    @property
    @abstractmethod
    def inputs(self) -> int:
        """Input features D of a network: the number of symbols, or of channels."""

    @property
    @abstractmethod
    def outputs(self) -> int:
        """Outputs of a network: the number of classes, or of predicted values."""

    @property
    def symbolic(self) -> bool:
        """Whether inputs are symbols, which a network reads one-hot, or features."""
        return True

    def size(self, split: Split) -> int | None:
        """Sequences a real data set has in the split; None where a rule can always make more."""
        return None

    def space(self, length: int) -> float:
        """How many different inputs of this length the rule can make; infinite for features."""
        return float(self.inputs) ** length if self.symbolic else math.inf

    def length_fault(self, length: int) -> str | None:
        """Why no sequence of this length can be had, in one sentence; None where it can."""
        return None if length >= 1 else f"a length is at least 1, not {length}"

    @abstractmethod
    def sample(self, count: int, length: int, split: Split, rng: Generator) -> Sequences:
        """Draw sequences.

        Arguments:
            count: how many; a real data set gives at most what it has in that split, in an
                order that does not depend on `count`.
            length: steps T in each.
            split: the part of the data; a rule needs it only where splits differ in kind
                (held-out positions), since each split has a stream of its own.
            rng: the only source of randomness.
        """

    def chance(self, sequences: Sequences) -> float:
        """Score of the best predictor that never looks at the inputs, on these sequences."""
        return constant_score(self.metric, sequences.targets, self.outputs)
