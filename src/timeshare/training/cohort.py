"""Members that train as one batch, of which those that have stopped have left it."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from timeshare.data.splits import Parts
from timeshare.experiment import Condition, Member
from timeshare.tasks.base import Split
from timeshare.training.batches import Batches
from timeshare.training.model_factory import any_network_of
from timeshare.training.monitor import Monitor
from timeshare.training.update import Divergence, UpdateStep, optimiser_of
from timeshare.training.windows import AnyNetwork


class Cohort:
    """Members of one condition, with everything that changes while they train.

    What a member becomes depends on nothing in the rest of its batch.

    Arguments:
        condition: what they are members of.
        members: with their settings.
        splits: training, validation and, where it is to be scored while training, test parts.
        device: any torch device.
    """

    def __init__(
        self,
        condition: Condition,
        members: Sequence[Member],
        splits: Mapping[Split, Parts],
        device: torch.device | str = "cpu",
    ) -> None:
        task = condition.build_task()
        self.members = tuple(members)
        self.network: AnyNetwork = any_network_of(condition, members, device)
        self.optimiser = optimiser_of(condition, members, self.network)
        self.step = UpdateStep(condition, self.network, self.optimiser, task)
        self.batches = Batches(condition, members, task, splits[Split.TRAIN], device)
        self.divergence = Divergence(len(members))
        self.monitor = Monitor(condition, members, task, self.batches, splits, self.network)
        self.stopped: list[int | None] = [None] * len(members)
        """For each member the number of updates after which it stopped, or None."""
        self.trained_out = [False] * len(members)
        """Whether each member stopped by itself."""
        self._last: dict[str, Tensor] = {}

    @property
    def active(self) -> list[int]:
        """Places of the members that still train, in the order of the network's members."""
        return self.divergence.places

    def update(self, number: int) -> None:
        """Make one update of all members that still train."""
        self.step(self.batches.at(number), number, self.divergence)

    def record(self, done: int) -> None:
        """Score the members after `done` updates; those that are at a plateau or diverged leave."""
        ready = self.monitor.record(done, self.active, self.divergence.updates)
        for place in ready:
            self.trained_out[place] = self.divergence.updates[place] is None
        gone = {place for place in self.active if self.divergence.updates[place] is not None}
        self.leave(gone.union(ready), done)

    def leave(self, places: set[int], done: int) -> None:
        """Take members out of the batch, after `done` updates; their last weights are kept."""
        if not places:
            return
        self._keep_last(places)
        for place in places:
            self.stopped[place] = done
        rows = [row for row, place in enumerate(self.active) if place not in places]
        self.divergence.places = [self.active[row] for row in rows]
        if rows:
            self.network.keep(rows)
            self.optimiser.keep(rows)
            self.batches.keep(rows)

    def finish(self, done: int) -> None:
        """Take out whoever still trains, after the last update."""
        self.leave(set(self.active), done)

    def _keep_last(self, places: set[int]) -> None:
        now = self.network.state_dict()
        if not self._last:
            count = len(self.members)
            self._last = {
                name: tensor.new_zeros((count, *tensor.shape[1:])) for name, tensor in now.items()
            }
        for row, place in enumerate(self.active):
            if place in places:
                for name, tensor in now.items():
                    self._last[name][place] = tensor[row]

    def weights(self) -> dict[str, Tensor]:
        """Last weights `last/...` of the members that left, and best ones `best/...` of all."""
        return named("last", self._last) | self.monitor.weights()

    def restore(
        self,
        places: Sequence[int],
        stopped: Sequence[int | None],
        trained_out: Sequence[bool],
        last: dict[str, Tensor],
    ) -> None:
        """Restore who had left, and their last weights, when training was interrupted."""
        self.stopped[:], self.trained_out[:], self._last = stopped, trained_out, last
        if list(places) != self.active and places:
            self.network.keep(list(places))
            self.optimiser.keep(list(places))
            self.batches.keep(list(places))
        self.divergence.places = list(places)


def named(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The tensors under names that begin with `prefix/`."""
    return {f"{prefix}/{name}": tensor for name, tensor in tensors.items()}
