"""A register that is written now and then and read at every step."""

import numpy as np
from numpy.random import Generator
from pydantic import Field

from timeshare.tasks.base import Sequences, Split, Targets, Task


class Latch(Task):
    """Read a register at every step: the target is the value that was last written to it.

    Each step shows a value, either as a *write* or as noise to be ignored; `rate` of the steps
    are writes, and the first one always is. A value is the target until the next write, so the
    dependency may be of any length: 1/rate steps on average.

    Remember: log2(values) bits, from one write to the next, while other values pass by.

    Chance: the share of the commonest value, near 1/values.

    Unseen length: fewer or more steps; the rule goes on unchanged.

    Source: the flip-flop language of Liu et al. (2023), "Exposing attention glitches with
    flip-flop language modeling"; latching as such, Bengio, Simard & Frasconi (1994), "Learning
    long-term dependencies with gradient descent is difficult".
    """

    targets = Targets.DENSE

    values: int = Field(default=4, ge=2, le=64, description="values of the register")
    rate: float = Field(default=0.1, ge=0, le=1, description="share of the steps that write")

    @property
    def input_size(self) -> int:
        """Two features for each value: one ignores it, one writes it."""
        return 2 * self.values

    @property
    def output_size(self) -> int:
        """One class for each value."""
        return self.values

    @property
    def input_names(self) -> tuple[str, ...]:
        """Ignored values stand in brackets, written ones do not."""
        numbers = [str(value) for value in range(self.values)]
        return (*(f"({number})" for number in numbers), *numbers)

    def space(self, length: int) -> float:
        """The first step always writes; others may write or not, unless `rate` is 0 or 1."""
        choices = self.input_size if 0 < self.rate < 1 else self.values
        return self.values * float(choices) ** (length - 1)

    def memoryless_score(self, length: int, window: int) -> float:
        """The register is known in the first window, and later from its first write on."""
        offsets = np.arange(length) % window
        written = 1 - (1 - self.rate) ** (offsets + 1)
        return float(np.where(np.arange(length) < window, 1.0, written).mean())

    def sample(self, count: int, length: int, split: Split, rng: Generator) -> Sequences:
        """Draw uniform values and independent writes, and give the value last written."""
        values = rng.integers(0, self.values, (count, length))
        writes = rng.random((count, length)) < self.rate
        writes[:, 0] = True
        steps = np.where(writes, np.arange(length), 0)
        written = np.maximum.accumulate(steps, axis=1)
        return Sequences(
            inputs=values + self.values * writes,
            targets=np.take_along_axis(values, written, axis=1),
        )
