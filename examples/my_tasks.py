"""A task: which of two symbols came more often? `timeshare check my_tasks:Majority`"""

from typing import ClassVar

from numpy.random import Generator
from pydantic import Field

from timeshare.tasks.base import Sequences, Split, Targets, Task


class Majority(Task):
    """Say whether ones outnumber zeros.

    Remember: a count, up to the length of the sequence.

    Chance: the share of the commoner answer.

    Unseen length: fewer or more bits; the rule goes on unchanged.

    Source: the documentation of timeshare.
    """

    targets: ClassVar[Targets] = Targets.FINAL

    share: float = Field(default=0.5, gt=0, lt=1, description="probability of a one")

    @property
    def input_size(self) -> int:
        """Two symbols."""
        return 2

    @property
    def output_size(self) -> int:
        """No and yes."""
        return 2

    def sample(self, count: int, length: int, split: Split, rng: Generator) -> Sequences:
        """Independent bits."""
        bits = (rng.random((count, length)) < self.share).astype(int)
        return Sequences(inputs=bits, targets=(2 * bits.sum(axis=1) > length).astype(int))
