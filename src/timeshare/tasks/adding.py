"""Add two marked numbers."""

import math
from typing import ClassVar

import numpy as np
from numpy.random import Generator

from timeshare.metrics import Metric
from timeshare.tasks.base import Sequences, Split, Targets, Task


class Adding(Task):
    """Give at the end the sum of the two numbers that were marked.

    Each step shows a number, uniform in 0..1, and a marker, 1 at one step of the first half of
    the sequence and at one of the second half, else 0.

    Remember: one real number, from its marker to the end, and then a second.

    Chance: mean squared error of the mean sum, the variance of the sums, near 1/6.

    Unseen length: fewer or more unmarked numbers.

    Source: Hochreiter & Schmidhuber (1997), "Long short-term memory"; in this form at T = 100
    and more, Le, Jaitly & Hinton (2015), "A simple way to initialize recurrent networks of
    rectified linear units".
    """

    targets: ClassVar[Targets] = Targets.FINAL
    metric: ClassVar[Metric] = Metric.ERROR

    @property
    def inputs(self) -> int:
        """The number and the marker."""
        return 2

    @property
    def outputs(self) -> int:
        """One value."""
        return 1

    @property
    def symbolic(self) -> bool:
        """Inputs are features."""
        return False

    @property
    def input_names(self) -> tuple[str, ...]:
        """The two channels."""
        return ("number", "marker")

    @property
    def output_names(self) -> tuple[str, ...]:
        """The one value."""
        return ("sum",)

    def space(self, length: int) -> float:
        """Numbers are real."""
        return math.inf

    def length_fault(self, length: int) -> str | None:
        """Two steps are marked."""
        return None if length >= 2 else f"two numbers need at least 2 steps, not {length}"

    def sample(self, count: int, length: int, split: Split, rng: Generator) -> Sequences:
        """Uniform numbers, one uniform marker in each half."""
        numbers = rng.random((count, length), dtype=np.float32)
        half = length // 2
        rows = np.arange(count)
        markers = np.zeros((count, length), dtype=np.float32)
        markers[rows, rng.integers(0, half, count)] = 1
        markers[rows, rng.integers(half, length, count)] = 1
        return Sequences(
            inputs=np.stack([numbers, markers], axis=2),
            targets=(numbers * markers).sum(axis=1, dtype=np.float32),
        )
