"""Running sum of random digits, modulo m."""

from typing import ClassVar

from numpy.random import Generator
from pydantic import Field

from timeshare.tasks.base import Sequences, Split, Targets, Task


class Modular(Task):
    """Running sum modulo m: the target at step t is the sum of digits 0..t modulo `modulus`.

    The rule is the same at every step; modulus 2 is parity.

    Remember: one of m values, carried without error through every step.

    Chance: the share of the commonest sum, near 1/m.

    Unseen length: fewer or more digits; the rule goes on unchanged.

    Source: modular arithmetic as a regular language, Deletang et al. (2023), "Neural networks
    and the Chomsky hierarchy".
    """

    targets: ClassVar[Targets] = Targets.DENSE

    modulus: int = Field(default=5, ge=2, le=64, description="m; digits are 0 to m-1")

    @property
    def inputs(self) -> int:
        """One symbol a digit."""
        return self.modulus

    @property
    def outputs(self) -> int:
        """One class a sum."""
        return self.modulus

    def sample(self, count: int, length: int, split: Split, rng: Generator) -> Sequences:
        """Independent uniform digits and their running sum."""
        digits = rng.integers(0, self.modulus, (count, length))
        return Sequences(inputs=digits, targets=digits.cumsum(axis=1) % self.modulus)
