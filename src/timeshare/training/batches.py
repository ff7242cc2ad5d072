"""The training batches of every member, from named random streams, so that they are repeatable."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray

from timeshare.data.fresh import fresh
from timeshare.data.splits import Unit, length_part, training_lengths
from timeshare.experiment import Condition, Member
from timeshare.experiment.conditions import FRESH
from timeshare.storage.streams import stream
from timeshare.tasks.base import Sequences, Task
from timeshare.training.layout import Batch
from timeshare.training.sets import Rows, UnitSets

BLOCK = 2048
"""Places of an order that are drawn from one random stream, at least; it holds whole epochs."""
RENEWED = 64
"""Updates for which new sequences are drawn at once."""
SCORED = 10**9
"""Number of the block of new sequences that are never trained on and score the training."""


class Batches:
    """The batches of a condition's members.

    Each member reads its own training set, the first n sequences of its unit's, in epochs with an
    order of their own, or new sequences at each update. Both depend on the unit and n alone, so
    that two variants with equal members read equal batches, whoever else trains with them.

    Arguments:
        condition: its batch size and lengths.
        members: those that read.
        task: the condition's task.
        training: the training sets, by part name.
        device: where batches live.
    """

    def __init__(
        self,
        condition: Condition,
        members: Sequence[Member],
        task: Task,
        training: Mapping[str, Sequences],
        device: torch.device | str = "cpu",
    ) -> None:
        plan = condition.training
        self._task, self._training, self._device = task, training, device
        self._length, self._batch = condition.length, plan.batch
        self._members = list(members)
        self._own_lengths = plan.lengths == "up-to" and not task.prefixes
        self._lengths = np.full(plan.most, condition.length)
        if plan.lengths == "up-to":
            known = training_lengths(task, condition.length)
            rng = stream("lengths", condition.task, condition.length)
            self._lengths = rng.choice(np.array(known), plan.most)
        self._sets: dict[tuple[int, int], UnitSets] = {}

    def keep(self, places: Sequence[int]) -> None:
        """Let only the members at these places read on."""
        self._members = [self._members[place] for place in places]

    def at(self, update: int) -> Batch:
        """The batch of an update, the same at every call."""
        length = int(self._lengths[update])
        number = update
        if self._own_lengths:
            number = int((self._lengths[:update] == length).sum())
        drawn, offset = divmod(number, RENEWED)
        sets = self._drawn(length if self._own_lengths else self._length, drawn)
        places = np.arange(offset * self._batch, (offset + 1) * self._batch)
        rows = []
        for member in self._members:
            own = places
            if member.train_size != FRESH:
                own = self._order(member, sets, number, length)
            rows.append(sets.rows(_stored(member), own))
        return sets.gather(np.stack(rows), None if self._own_lengths else length)

    def sample(self, most: int) -> Batch:
        """Up to `most` training sequences of length T of each member; see `UnitSets.padded`."""
        sets = self._made(self._length, SCORED, most)
        keys = [_stored(member) for member in self._members]
        return sets.padded(keys, [np.arange(size) for size in self._sizes(sets, most)])

    def sampled(self, most: int) -> list[int]:
        """The number of sequences of each member in `sample`."""
        return self._sizes(self._made(self._length, SCORED, most), most)

    def chances(self, most: int) -> list[float]:
        """The score of chance of each member on the sequences of `sample`."""
        sets = self._made(self._length, SCORED, most)
        return [
            self._task.chance(sets.sets[_stored(member)].first(self._scored(member, sets, most)))
            for member in self._members
        ]

    def _sizes(self, sets: UnitSets, most: int) -> list[int]:
        return [self._scored(member, sets, most) for member in self._members]

    def _scored(self, member: Member, sets: UnitSets, most: int) -> int:
        """How many of its training sequences a member is scored on."""
        known = sets.sets[_stored(member)].count
        return min(most, known, self._size(member, sets, self._length))

    def _order(self, member: Member, sets: UnitSets, number: int, length: int) -> Rows:
        size = self._size(member, sets, length)
        names = ("length", length) if self._own_lengths else ()
        return order(member.unit, size, number * self._batch, self._batch, *names)

    def _size(self, member: Member, sets: UnitSets, length: int) -> int:
        """Distinct training sequences of a member; of this length, where each has its own."""
        if member.train_size == FRESH:
            return FRESH
        if not self._own_lengths:
            return member.train_size
        share = -(-member.train_size // len(training_lengths(self._task, self._length)))
        return min(share, sets.sets[member.unit].count)

    def _drawn(self, length: int, block: int) -> UnitSets:
        """The sets of all units, with the block of new sequences that some read."""
        renews = any(member.train_size == FRESH for member in self._members)
        key = (length, block if renews else 0)
        if key not in self._sets:
            if renews:
                self._sets = {at: sets for at, sets in self._sets.items() if at[0] != length}
            self._sets[key] = self._made(length, block, RENEWED * self._batch)
        return self._sets[key]

    def _made(self, length: int, block: int, count: int) -> UnitSets:
        sets: dict[Unit, Sequences] = {}
        for member in self._members:
            key = _stored(member)
            if key in sets:
                continue
            if member.train_size == FRESH:
                sets[key] = fresh(self._task, length, member.unit, block, count)
            else:
                part = member.unit.part
                sets[key] = self._training[length_part(part, length) if self._own_lengths else part]
        return UnitSets(self._task, sets, self._device)


def _stored(member: Member) -> Unit:
    """Under which unit a member's sequences are stored: one of its own for new sequences."""
    unit = member.unit
    return Unit(-1 - unit.rule, unit.seed) if member.train_size == FRESH else unit


def order(unit: Unit, size: int, first: int, count: int, *names: object) -> NDArray[np.int64]:
    """Some places of the endless order in which a member reads its training sequences.

    Arguments:
        unit: the member's rule and seed.
        size: its distinct training sequences n.
        first: first place of the order.
        count: places, from there on.
        names: of the stream, where the unit has several orders.

    Returns:
        which of the n sequences are read, `[count]`; each epoch of n reads every one once.
    """
    held = max(1, BLOCK // size) * size
    blocks = range(first // held, -(-(first + count) // held))
    drawn = [_epochs(unit, size, block, names) for block in blocks]
    start = first - blocks.start * held
    return np.concatenate(drawn)[start : start + count]


@lru_cache(maxsize=4096)
def _epochs(unit: Unit, size: int, block: int, names: tuple[object, ...]) -> NDArray[np.int64]:
    rng = stream("order", *unit, size, *names, block)
    epochs = np.broadcast_to(np.arange(size), (max(1, BLOCK // size), size))
    return rng.permuted(epochs, axis=1).reshape(-1)
