"""A value is stored, and asked for some steps later."""

from typing import Self

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray
from pydantic import Field, model_validator

from timeshare.tasks.base import NO_TARGET, Sequences, Split, Targets, Task

OCTAVES = 11
"""Groups of distances: 1, 2-3, 4-7, ... and the last one without an end."""

FARTHEST = 2 ** (OCTAVES - 1)
"""Fewest steps between store and query in the last group."""


class Store(Task):
    """Give back, when asked, the value that was last stored.

    Each symbol stores a value, asks for it, or says nothing. At a step that asks, the target is the
    value that was last stored; other steps have no target, nor do those that ask before anything
    was stored. The rule is the same at every step.

    Targets are grouped by their *distance*, the number of steps from the store to the query. No
    window of K steps holds both the store and the query of a target at distance K or more. Few
    steps store and many ask, so that distances are long. At the default shares one target in ten is
    at distance 16 or more at T = 32, and one in five at T = 64.

    Remember: log2(values) bits, from the last store to the next one.

    Chance: the share of the commonest value, near 1/values.

    Unseen length: fewer or more steps; the rule goes on unchanged.

    Source: ours; latching as such, Bengio, Simard & Frasconi (1994), "Learning long-term
    dependencies with gradient descent is difficult".
    """

    targets = Targets.DENSE

    values: int = Field(default=4, ge=2, le=64, description="values that may be stored")
    stores: float = Field(default=0.08, gt=0, lt=1, description="share of the steps that store")
    asks: float = Field(default=0.4, gt=0, lt=1, description="share of the steps that ask")

    @model_validator(mode="after")
    def _shares_fit(self) -> Self:
        if self.stores + self.asks > 1:
            raise ValueError(
                f"`stores` and `asks` are shares of the steps, and {self.stores:g} and "
                f"{self.asks:g} are more than 1 together."
            )
        return self

    @property
    def input_size(self) -> int:
        """One feature for each value, one that asks, and one that says nothing."""
        return self.values + 2

    @property
    def output_size(self) -> int:
        """One class for each value."""
        return self.values

    @property
    def input_names(self) -> tuple[str, ...]:
        """Values are called by numbers."""
        return (*self.output_names, "?", "\N{EN DASH}")

    @property
    def group_names(self) -> tuple[str, ...]:
        """Targets are grouped by octaves of their distance."""
        starts = [2**octave for octave in range(1, OCTAVES - 1)]
        return (
            "distance 1",
            *(f"distance {first}-{2 * first - 1}" for first in starts),
            f"distance {FARTHEST} or more",
        )

    @property
    def holds_out(self) -> bool:
        """False: all distances occur in training."""
        return False

    def group_distance(self, name: str) -> int:
        """The shortest distance in the group."""
        return int(2 ** self.group_names.index(name))

    def length_fault(self, length: int) -> str | None:
        """A sequence has room for a store and a query."""
        if length >= 2:
            return None
        return f"a sequence that stores and asks has at least 2 steps, not {length}"

    def memoryless_score(self, length: int, window: int) -> float:
        """The share of the targets whose value was stored in the window that asks for it."""
        steps = np.arange(length)
        stored, known = (1 - (1 - self.stores) ** before for before in (steps, steps % window))
        return float(known.sum() / stored.sum())

    def sample(self, count: int, length: int, split: Split, rng: Generator) -> Sequences:
        """Draw independent symbols, and give the value last stored to each that asks."""
        kinds = rng.random((count, length))
        stores, asks = kinds < self.stores, kinds >= 1 - self.asks
        inputs = np.where(asks, self.values, self.values + 1)
        inputs[stores] = rng.integers(0, self.values, int(stores.sum()))
        steps = np.arange(length)
        stored = np.maximum.accumulate(np.where(stores, steps, -1), axis=1)
        rows, queries = np.nonzero(asks & (stored >= 0))
        origins = stored[rows, queries]
        targets = np.full(inputs.shape, NO_TARGET)
        targets[rows, queries] = inputs[rows, origins]
        groups = np.full(inputs.shape, -1)
        groups[rows, queries] = _octaves(queries - origins)
        return Sequences(inputs, targets, groups=groups)


def _octaves(distances: NDArray[np.int64]) -> NDArray[np.int64]:
    """The group of each distance."""
    octaves: NDArray[np.int64] = np.log2(np.minimum(distances, FARTHEST)).astype(np.int64)
    return octaves
