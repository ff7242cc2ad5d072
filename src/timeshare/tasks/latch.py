"""A register that is written now and then and read at every step."""

from typing import ClassVar

import numpy as np
from numpy.random import Generator
from pydantic import Field

from timeshare.tasks.base import Sequences, Split, Targets, Task


class Latch(Task):
    """Read a register at every step: the target is the value that was last written to it.

    Each step shows a value, either as a *write* or as noise to be ignored; `rate` of the steps
    are writes, and the first one always is. A value is asked for until the next write, so the
    dependency may be of any length: 1/rate steps on average.

    Remember: log2(values) bits, from one write to the next, while other values pass by.

    Chance: the share of the commonest value, near 1/values.

    Unseen length: fewer or more steps; the rule goes on unchanged.

    Source: the flip-flop language of Liu et al. (2023), "Exposing attention glitches with
    flip-flop language modeling"; latching as such, Bengio, Simard & Frasconi (1994), "Learning
    long-term dependencies with gradient descent is difficult".
    """

    targets: ClassVar[Targets] = Targets.DENSE

    values: int = Field(default=4, ge=2, le=64, description="values of the register")
    rate: float = Field(default=0.1, ge=0, le=1, description="share of the steps that write")

    @property
    def inputs(self) -> int:
        """Each value twice: ignored, and written."""
        return 2 * self.values

    @property
    def outputs(self) -> int:
        """One class a value."""
        return self.values

    @property
    def input_names(self) -> tuple[str, ...]:
        """A number in brackets where it is ignored, a plain one where it is written."""
        numbers = [str(value) for value in range(self.values)]
        return (*(f"({number})" for number in numbers), *numbers)

    def space(self, length: int) -> float:
        """The first step writes; others do either, unless all or none do."""
        choices = self.inputs if 0 < self.rate < 1 else self.values
        return self.values * float(choices) ** (length - 1)

    def sample(self, count: int, length: int, split: Split, rng: Generator) -> Sequences:
        """Uniform values, independent writes, and the value last written."""
        values = rng.integers(0, self.values, (count, length))
        writes = rng.random((count, length)) < self.rate
        writes[:, 0] = True
        steps = np.where(writes, np.arange(length), 0)
        written = np.maximum.accumulate(steps, axis=1)
        return Sequences(
            inputs=values + self.values * writes,
            targets=np.take_along_axis(values, written, axis=1),
        )
