"""Remember the first symbol until the end."""

from typing import ClassVar

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

    targets: ClassVar[Targets] = Targets.FINAL

    values: int = Field(default=4, ge=2, le=64, description="symbols that may come first")
    distractors: int = Field(default=4, ge=1, le=64, description="symbols that may follow")

    @property
    def inputs(self) -> int:
        """Values, then distractors."""
        return self.values + self.distractors

    @property
    def prefixes(self) -> bool:
        """A crop is a sequence with the same target."""
        return True

    @property
    def outputs(self) -> int:
        """One class a value."""
        return self.values

    @property
    def input_names(self) -> tuple[str, ...]:
        """Numbers for the values, letters for the distractors."""
        return numbers_and_letters(self.values, self.distractors)

    def space(self, length: int) -> float:
        """One value and T-1 distractors."""
        return self.values * float(self.distractors) ** (length - 1)

    def sample(self, count: int, length: int, split: Split, rng: Generator) -> Sequences:
        """A uniform value and independent uniform distractors."""
        inputs = rng.integers(self.values, self.inputs, (count, length))
        inputs[:, 0] = rng.integers(0, self.values, count)
        return Sequences(inputs=inputs, targets=np.ascontiguousarray(inputs[:, 0]))
