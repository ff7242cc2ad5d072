"""Running parity of random bits."""

from typing import ClassVar

from numpy.random import Generator

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

    targets: ClassVar[Targets] = Targets.DENSE

    @property
    def inputs(self) -> int:
        """Two symbols: the bits."""
        return 2

    @property
    def outputs(self) -> int:
        """Two classes: even and odd."""
        return 2

    @property
    def output_names(self) -> tuple[str, ...]:
        """What the sum is."""
        return ("even", "odd")

    def sample(self, count: int, length: int, split: Split, rng: Generator) -> Sequences:
        """Independent fair bits and their running parity."""
        bits = rng.integers(0, 2, (count, length))
        return Sequences(inputs=bits, targets=bits.cumsum(axis=1) % 2)
