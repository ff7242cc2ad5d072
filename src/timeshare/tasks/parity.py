"""Running parity of random bits."""

from numpy.random import Generator

from timeshare.tasks._memoryless import share_of_first_window
from timeshare.tasks.base import Sequences, Split, Targets, Task


class Parity(Task):
    """Running parity of random bits: the target at step t is the sum of inputs 0..t modulo 2.

    The rule is the same at every step.

    Remember: one bit, carried without error through every step.

    Chance: the share of the commoner parity, near 1/2.

    Unseen length: fewer or more bits; the rule goes on unchanged.

    Source: Minsky & Papert (1969), Perceptrons; as a length-generalisation task, Deletang et
    al. (2023), "Neural networks and the Chomsky hierarchy".
    """

    targets = Targets.DENSE

    @property
    def input_size(self) -> int:
        """Two symbols, 0 and 1."""
        return 2

    @property
    def output_size(self) -> int:
        """Two classes: even and odd."""
        return 2

    @property
    def output_names(self) -> tuple[str, ...]:
        """Names of the two parities."""
        return ("even", "odd")

    def memoryless_score(self, length: int, window: int) -> float:
        """Every later state depends on the one at the border of the windows."""
        return share_of_first_window(length, window)

    def sample(self, count: int, length: int, split: Split, rng: Generator) -> Sequences:
        """Draw independent fair bits, and give their running parity."""
        bits = rng.integers(0, 2, (count, length))
        return Sequences(inputs=bits, targets=bits.cumsum(axis=1) % 2)
