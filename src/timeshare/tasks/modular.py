"""Running sum of random digits, modulo m."""

from numpy.random import Generator
from pydantic import Field

from timeshare.tasks._memoryless import share_of_first_window
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

    targets = Targets.DENSE

    modulus: int = Field(default=5, ge=2, le=64, description="m; digits are 0 to m-1")

    @property
    def input_size(self) -> int:
        """One symbol for each digit."""
        return self.modulus

    @property
    def output_size(self) -> int:
        """One class for each sum."""
        return self.modulus

    def memoryless_score(self, length: int, window: int) -> float:
        """Every later state depends on the one at the border of the windows."""
        return share_of_first_window(length, window)

    def sample(self, count: int, length: int, split: Split, rng: Generator) -> Sequences:
        """Draw independent uniform digits, and give their running sum."""
        digits = rng.integers(0, self.modulus, (count, length))
        return Sequences(inputs=digits, targets=digits.cumsum(axis=1) % self.modulus)
