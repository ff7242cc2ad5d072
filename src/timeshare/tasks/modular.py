"""Running sum of random amounts, modulo m."""

from functools import cache

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from pydantic import Field

from timeshare.storage.streams import stream
from timeshare.tasks._bounds import LARGEST_RULE
from timeshare.tasks._memoryless import share_of_first_window
from timeshare.tasks.base import Sequences, Split, Targets, Task


class Modular(Task):
    """Running sum modulo m: the target at step t is the sum of the amounts 0..t modulo `modulus`.

    Each of m symbols adds another of the amounts 0 to m-1, and the task's own seed draws which one
    adds which. The rule is the same at every step; modulus 2 is parity.

    Remember: one of m values, carried without error through every step.

    Chance: the share of the commonest sum, near 1/m.

    Unseen length: fewer or more symbols; the rule goes on unchanged.

    Source: modular arithmetic as a regular language, Deletang et al. (2023), "Neural networks
    and the Chomsky hierarchy".
    """

    targets = Targets.DENSE

    modulus: int = Field(default=5, ge=2, le=64, description="m; amounts are 0 to m-1")
    rule_seed: int = Field(
        default=0, ge=0, le=LARGEST_RULE, description="seed of what each symbol adds"
    )

    @property
    def input_size(self) -> int:
        """One symbol for each amount."""
        return self.modulus

    @property
    def output_size(self) -> int:
        """One class for each sum."""
        return self.modulus

    @property
    def input_names(self) -> tuple[str, ...]:
        """Symbols are called by what they add."""
        return tuple(str(amount) for amount in self.amounts)

    @property
    def amounts(self) -> NDArray[np.int64]:
        """What each symbol adds, `[m]`."""
        return _amounts(self.rule_seed, self.modulus)

    def memoryless_score(self, length: int, window: int) -> float:
        """Every later state depends on the one at the border of the windows."""
        return share_of_first_window(length, window)

    def sample(self, count: int, length: int, split: Split, rng: Generator) -> Sequences:
        """Draw independent uniform symbols, and give the running sum of their amounts."""
        symbols = rng.integers(0, self.modulus, (count, length))
        sums = self.amounts[symbols].cumsum(axis=1)
        return Sequences(inputs=symbols, targets=sums % self.modulus)


@cache
def _amounts(rule_seed: int, modulus: int) -> NDArray[np.int64]:
    """A permutation of the amounts `[m]`, read-only."""
    amounts = stream("modular", rule_seed, modulus).permutation(modulus)
    amounts.flags.writeable = False
    return amounts
