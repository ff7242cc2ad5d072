"""Add two marked numbers."""

import math

import numpy as np
from numpy.random import Generator

from timeshare.tasks.base import Sequences, Split, Targets, Task
from timeshare.tasks.metrics import Metric


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

    targets = Targets.FINAL
    metric = Metric.ERROR

    @property
    def input_size(self) -> int:
        """Two features: the number and the marker."""
        return 2

    @property
    def output_size(self) -> int:
        """One predicted value."""
        return 1

    @property
    def symbolic(self) -> bool:
        """The inputs are features, not symbols."""
        return False

    @property
    def input_names(self) -> tuple[str, ...]:
        """Names of the two features."""
        return ("number", "marker")

    @property
    def output_names(self) -> tuple[str, ...]:
        """Name of the predicted value."""
        return ("sum",)

    def space(self, length: int) -> float:
        """Infinite, since the numbers are real."""
        return math.inf

    def length_fault(self, length: int) -> str | None:
        """A sequence holds two marked steps."""
        return None if length >= 2 else f"two numbers need at least 2 steps, not {length}"

    def memoryless_score(self, length: int, window: int) -> float:
        """Each of the two numbers explains half of the variance, if the window holds it."""
        half = length // 2
        late = min(1.0, window / (length - half))
        early = max(0.0, window - (length - half)) / half
        return (late + early) / 2

    def sample(self, count: int, length: int, split: Split, rng: Generator) -> Sequences:
        """Draw uniform numbers, and one uniform marker in each half."""
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
