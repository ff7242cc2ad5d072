"""The training batches of every member, from named random streams, so that they are repeatable."""

from collections.abc import Mapping

import numpy as np
import torch
from numpy.typing import NDArray

from timeshare.data.drawing import join
from timeshare.data.splits import seed_part
from timeshare.experiment import Condition, Member
from timeshare.storage.streams import stream
from timeshare.tasks.base import Sequences, Task
from timeshare.training.layout import Batch, Store


class Batches:
    """The batches of a condition's members.

    Each member reads its own training set, the first n sequences of its seed's, in epochs with an
    order of their own. The order depends on the seed and n alone, so that two variants with equal
    members read equal batches.

    Arguments:
        condition: its members, batch size and lengths.
        task: the condition's task.
        training: the training set of each seed, by part name.
        device: where batches live.
    """

    def __init__(
        self,
        condition: Condition,
        task: Task,
        training: Mapping[str, Sequences],
        device: torch.device | str = "cpu",
    ) -> None:
        plan = condition.training
        sets = {seed: training[seed_part(seed)] for seed in condition.seeds}
        starts = np.cumsum([0, *(sequences.count for sequences in sets.values())])
        self._sets = sets
        self._start = dict(zip(sets, starts.tolist(), strict=False))
        self._members = condition.members
        self._store = Store(task, join(list(sets.values())), device)
        self._orders = np.stack(
            [
                self._start[member.seed] + order(member, plan.updates, plan.batch)
                for member in condition.members
            ],
            axis=1,
        )
        self._lengths = np.full(plan.updates, condition.length)
        if plan.lengths == "up-to":
            rng = stream("lengths", condition.task, condition.length)
            self._lengths = rng.integers(1, condition.length + 1, plan.updates)

    def at(self, update: int) -> Batch:
        """The batch of an update, the same at every call."""
        rows = torch.from_numpy(self._orders[update])
        return self._store.gather(rows, int(self._lengths[update]))

    def sample(self, most: int) -> Batch:
        """Up to `most` training sequences of each member.

        A member with fewer is padded with sequences whose targets are masked.
        """
        largest = min(most, max(member.train_size for member in self._members))
        places = np.arange(largest)
        rows = np.stack(
            [
                self._start[member.seed] + np.minimum(places, member.train_size - 1)
                for member in self._members
            ]
        )
        batch = self._store.gather(torch.from_numpy(rows))
        sizes = torch.tensor([member.train_size for member in self._members])
        padding = torch.from_numpy(places)[None] >= sizes[:, None]
        batch.targets.masked_fill_(
            padding, float("nan") if batch.targets.is_floating_point() else -1
        )
        return batch

    def chances(self, task: Task, most: int) -> list[float]:
        """The score of chance of each member on the sequences of `sample`."""
        return [
            task.chance(self._sets[member.seed].first(min(most, member.train_size)))
            for member in self._members
        ]


def order(member: Member, updates: int, batch: int) -> NDArray[np.int64]:
    """Which of its training sequences a member reads at each update, `[updates, batch]`."""
    rng = stream("order", member.seed, member.train_size)
    epochs = -(-updates * batch // member.train_size)
    rows = rng.permuted(
        np.broadcast_to(np.arange(member.train_size), (epochs, member.train_size)), axis=1
    )
    return rows.reshape(-1)[: updates * batch].reshape(updates, batch)
