"""Train every member of one condition as one batch."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor
from tqdm import tqdm

from timeshare.data.splits import Parts
from timeshare.experiment import Condition
from timeshare.recurrent.subnormals import subnormals_flushed
from timeshare.tasks.base import Split
from timeshare.training.batches import Batches
from timeshare.training.model_factory import network_of
from timeshare.training.monitor import Monitor
from timeshare.training.resume import Saver, TrainingState, named, owner_of
from timeshare.training.update import Divergence, UpdateStep, optimiser_of


@dataclass
class Trained:
    """The result of training a condition.

    Arguments:
        condition: what was trained.
        tensors: `last/...` and `best/...` weights, member axis first.
        monitor: the learning curves.
        diverged: for each member the update at which it diverged, or None.
        seconds: seconds of training.
        resumed_at: number of updates made at each time training was taken up again.
    """

    condition: Condition
    tensors: dict[str, Tensor]
    monitor: Monitor
    diverged: list[int | None]
    seconds: float
    resumed_at: list[int] = field(default_factory=list)


@subnormals_flushed()
def train(
    condition: Condition,
    splits: Mapping[Split, Parts],
    checkpoint: Path | None = None,
    device: str = "cpu",
) -> Trained:
    """Train all members of a condition.

    Arguments:
        condition: task, variant, T, K, members and training plan.
        splits: training parts by seed, validation and test parts.
        checkpoint: where to save at intervals; an existing one is restored first.
        device: any torch device.

    Returns:
        last and best weights, learning curves and divergences. The best weights of a member are
        those of its evaluation point with the highest validation score, the first of equals.
    """
    torch.set_num_threads(1)
    plan, task = condition.training, condition.build_task()
    network = network_of(condition, device)
    optimiser = optimiser_of(condition, network)
    step = UpdateStep(condition, network, optimiser, task)
    batches = Batches(condition, task, splits[Split.TRAIN], device)
    divergence = Divergence([None] * network.members)
    monitor = Monitor(condition, task, batches, splits, network)
    state = TrainingState(network, optimiser, divergence, monitor)
    saver = Saver(checkpoint, owner_of(condition, splits), state)
    start = saver.resume()
    if start.done == 0:
        monitor.record(0, divergence.updates)
    for update in _progress(start.done, plan.updates, condition.id):
        step(batches.at(update), update, divergence)
        if monitor.due(update + 1):
            monitor.record(update + 1, divergence.updates)
        saver.save_if_due(update + 1, plan.checkpoint_seconds)
    tensors = monitor.weights() | named("last", network.state_dict())
    return Trained(condition, tensors, monitor, divergence.updates, saver.seconds, start.resumed_at)


def _progress(start: int, updates: int, name: str) -> Iterator[int]:
    """The numbers of the updates to make, with a progress bar on a terminal."""
    bar = tqdm(range(start, updates), desc=name, initial=start, total=updates, disable=None)
    yield from bar
