"""The sequences of several units, each a rule and a seed, ready to be gathered into batches."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from timeshare.data.drawing import join
from timeshare.data.splits import Unit
from timeshare.tasks.base import Sequences, Task
from timeshare.training.layout import Batch, Store

Rows = NDArray[np.int64]


class UnitSets:
    """The sequences of several units in one store; a set that units share is stored once.

    Arguments:
        task: what the sequences are of; the rules of the units may differ.
        sets: the sequences of each unit.
        device: where batches live.
    """

    def __init__(
        self, task: Task, sets: Mapping[Unit, Sequences], device: torch.device | str = "cpu"
    ) -> None:
        distinct = {id(each): each for each in sets.values()}
        counts = [each.count for each in distinct.values()]
        starts = dict(zip(distinct, np.cumsum([0, *counts]).tolist(), strict=False))
        self.sets = dict(sets)
        self._start = {unit: starts[id(each)] for unit, each in sets.items()}
        self._store = Store(task, join(list(distinct.values())), device)

    def count(self, units: Sequence[Unit]) -> int:
        """The most sequences that one of the units has."""
        return max(self.sets[unit].count for unit in units)

    def counts(self, units: Sequence[Unit]) -> list[int]:
        """The number of sequences of each member's unit."""
        return [self.sets[unit].count for unit in units]

    def rows(self, unit: Unit, places: Rows) -> Rows:
        """Rows in the store of a unit's sequences at `places`."""
        return np.asarray(self._start[unit] + places, np.int64)

    def gather(self, rows: Rows, length: int | None = None) -> Batch:
        """The sequences at `rows` `[E, B]` of the store, cropped to `length` steps where given."""
        return self._store.gather(torch.from_numpy(rows), length)

    def padded(
        self, units: Sequence[Unit], places: Sequence[Rows], length: int | None = None
    ) -> Batch:
        """The sequences of E members, who need not have equally many.

        Arguments:
            units: the unit of each member.
            places: which of its unit's sequences each member reads.
            length: steps to which sequences are cropped, where given.

        Returns:
            a batch as wide as the longest of `places`, where a member with fewer repeats one of its
            sequences, or another's, without targets.
        """
        width = max(map(len, places))
        rows = np.zeros((len(units), width), np.int64)
        missing = np.ones((len(units), width), bool)
        for member, (unit, own) in enumerate(zip(units, places, strict=True)):
            rows[member, : len(own)] = self.rows(unit, own)
            missing[member, : len(own)] = False
        batch = self.gather(rows, length)
        if missing.any():
            nothing = float("nan") if batch.targets.is_floating_point() else -1
            batch.targets.masked_fill_(torch.from_numpy(missing).to(batch.targets.device), nothing)
        return batch

    def chunks(self, units: Sequence[Unit], size: int, unpadded: bool = False) -> Iterator[Batch]:
        """All sequences of each member's unit, some at once.

        Arguments:
            units: the unit of each member.
            size: most sequences of a member in a batch.
            unpadded: whether each batch holds sequences of one true length, without their padding.
        """
        for length, chosen in self._by_length(units, unpadded):
            for first in range(0, max(map(len, chosen)), size):
                yield self.padded(units, [own[first : first + size] for own in chosen], length)

    def _by_length(
        self, units: Sequence[Unit], unpadded: bool
    ) -> Iterator[tuple[int | None, list[Rows]]]:
        """The places of each member's sequences, together or by their true length."""
        every = {unit: np.arange(self.sets[unit].count) for unit in set(units)}
        lengths = {unit: self.sets[unit].lengths for unit in every}
        if not unpadded or any(each is None for each in lengths.values()):
            yield None, [every[unit] for unit in units]
            return
        known = {unit: own for unit, own in lengths.items() if own is not None}
        for length in sorted({int(each) for own in known.values() for each in own}):
            yield length, [every[unit][known[unit] == length] for unit in units]
