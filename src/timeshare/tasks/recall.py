"""Remember the first symbol until the end."""

import numpy as np
from numpy.random import Generator
from pydantic import Field

from timeshare.tasks._names import numbers_and_letters
from timeshare.tasks.base import Sequences, Split, Targets, Task


class Recall(Task):
    """Say at the end which symbol came first, after T-1 distractors.

    The dependency is exactly as long as the sequence, so a truncation K shorter than T cuts
    every gradient that could teach it.

    Remember: log2(values) bits from the first step to the last.

    Chance: the share of the commonest value, near 1/values.

    Unseen length: fewer or more distractors.

    Source: the long time lag problems of Hochreiter & Schmidhuber (1997), "Long short-term
    memory"; Bengio, Simard & Frasconi (1994), "Learning long-term dependencies with gradient
    descent is difficult".
    """

    targets = Targets.FINAL

    values: int = Field(default=4, ge=2, le=64, description="symbols that may come first")
    distractors: int = Field(default=4, ge=1, le=64, description="symbols that may follow")

    @property
    def input_size(self) -> int:
        """One feature for each value, then one for each distractor."""
        return self.values + self.distractors

    @property
    def prefixes(self) -> bool:
        """The first steps of a sequence, with its target, are a sequence of the task."""
        return True

    @property
    def output_size(self) -> int:
        """One class for each value."""
        return self.values

    @property
    def input_names(self) -> tuple[str, ...]:
        """Values are called by numbers, distractors by letters."""
        return numbers_and_letters(self.values, self.distractors)

    def space(self, length: int) -> float:
        """The choices of one value and of T-1 distractors."""
        return self.values * float(self.distractors) ** (length - 1)

    def memoryless_score(self, length: int, window: int) -> float:
        """Only a window that holds the first step sees the value."""
        return float(window >= length)

    def sample(self, count: int, length: int, split: Split, rng: Generator) -> Sequences:
        """Draw a uniform value and independent uniform distractors."""
        inputs = rng.integers(self.values, self.input_size, (count, length))
        inputs[:, 0] = rng.integers(0, self.values, count)
        return Sequences(inputs=inputs, targets=np.ascontiguousarray(inputs[:, 0]))
