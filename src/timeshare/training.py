"""Train every member of one condition as one batch."""

import logging
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from tqdm import tqdm

from timeshare.batches import Batches
from timeshare.checkpoint import load_checkpoint, save_checkpoint
from timeshare.curves import Curves
from timeshare.data import Parts, digest
from timeshare.experiment import Condition
from timeshare.forward import window_losses
from timeshare.members import network_of
from timeshare.provenance import source_digest, versions
from timeshare.recurrent.optimiser import MemberAdamW
from timeshare.tasks.base import Split

log = logging.getLogger(__name__)


@dataclass
class Divergence:
    """Which members met a loss or gradient that is not finite, and at which update."""

    updates: list[int | None]

    @property
    def active(self) -> list[bool]:
        """Members that still train."""
        return [update is None for update in self.updates]

    def note(self, update: int, finite: Tensor) -> None:
        """Freeze the members whose loss or gradient is not finite."""
        for member, good in enumerate(finite.tolist()):
            if not good and self.updates[member] is None:
                self.updates[member] = update
                log.warning("member %d diverged at update %d and is frozen", member, update)


@dataclass
class Trained:
    """What training a condition gives."""

    condition: Condition
    tensors: dict[str, Tensor]
    curves: Curves
    diverged: list[int | None]
    seconds: float
    resumed_at: list[int] = field(default_factory=list)


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
        checkpoint: where to save now and then, and to go on from when it is there.
        device: any torch device.

    Returns:
        last and best weights (`last/...`, `best/...`, member axis first), learning curves and
        divergences. Best is the evaluation point with the highest validation score, the first of
        equals.
    """
    torch.set_num_threads(1)
    plan, task = condition.training, condition.build_task()
    network = network_of(condition, device)
    rates = [member.learning_rate for member in condition.members]
    optimiser = MemberAdamW(network, rates, plan.weight_decay)
    batches = Batches(condition, task, splits[Split.TRAIN], device)
    divergence = Divergence([None] * network.members)
    curves = Curves(condition, task, batches, splits, network)
    saver = _Saver(checkpoint, owner_of(condition, splits))
    start, spent, resumed = saver.resume(network, optimiser, divergence, curves)
    began = saver.saved = time.monotonic()
    for update in _progress(start, plan.updates, condition.id):
        if update == start == 0:
            curves.record(0, divergence.updates)
        batch = batches.at(update)
        network.zero_grad()
        finite = torch.ones(network.members, dtype=torch.bool)
        for losses in window_losses(network, task, batch, condition.truncation, plan.update):
            if losses is None:
                continue
            losses.sum().backward()  # type: ignore[no-untyped-call]
            finite &= losses.detach().isfinite().cpu()
            if plan.update == "window":
                _update(network, optimiser, plan.clip, finite, divergence, update)
                network.zero_grad()
        if plan.update == "sequence":
            _update(network, optimiser, plan.clip, finite, divergence, update)
        done = update + 1
        if curves.due(done):
            curves.record(done, divergence.updates)
        if saver.due(plan.checkpoint_seconds):
            elapsed = spent + time.monotonic() - began
            saver.save(done, elapsed, resumed, network, optimiser, divergence, curves)
    tensors = curves.weights() | _named("last", network.state_dict())
    seconds = spent + time.monotonic() - began
    return Trained(condition, tensors, curves, divergence.updates, seconds, resumed)


def _update(
    network: Any,
    optimiser: MemberAdamW,
    clip: float,
    finite: Tensor,
    divergence: Divergence,
    update: int,
) -> None:
    """Clip each member's gradient and step, with the schedule's penalty; after `backward`."""
    penalty = network.penalty()
    if penalty.requires_grad:
        penalty.sum().backward()
    norms = optimiser.clip(clip)
    divergence.note(update, finite & norms.isfinite().cpu())
    optimiser.step(divergence.active)


def owner_of(condition: Condition, splits: Mapping[Split, Parts]) -> str:
    """What a checkpoint belongs to: the condition, its data, the code and its libraries."""
    data = [digest(parts) for _, parts in sorted(splits.items())]
    return " ".join([condition.digest(), *data, source_digest(), str(versions("torch", "numpy"))])


class _Saver:
    """Saves the training of one condition now and then, and goes on from what was saved."""

    def __init__(self, path: Path | None, owner: str) -> None:
        self._path = path
        self._owner = owner
        self.saved = time.monotonic()

    def due(self, every: float) -> bool:
        return self._path is not None and time.monotonic() - self.saved >= every

    def save(
        self,
        done: int,
        seconds: float,
        resumed: list[int],
        network: Any,
        optimiser: MemberAdamW,
        divergence: Divergence,
        curves: Curves,
    ) -> None:
        assert self._path is not None
        tensors = (
            _named("network", network.state_dict())
            | _named("optimiser", optimiser.state_dict())
            | curves.weights()
        )
        facts = {
            "done": done,
            "seconds": seconds,
            "resumed": resumed,
            "diverged": divergence.updates,
            "points": [asdict(point) for point in curves.points],
        }
        save_checkpoint(self._path, self._owner, tensors, facts)
        self.saved = time.monotonic()

    def resume(
        self, network: Any, optimiser: MemberAdamW, divergence: Divergence, curves: Curves
    ) -> tuple[int, float, list[int]]:
        """Updates done, seconds spent and updates at which training was taken up again."""
        found = load_checkpoint(self._path, self._owner) if self._path else None
        if found is None:
            return 0, 0.0, []
        tensors, facts = found
        network.load_state_dict(_below("network", tensors))
        optimiser.load_state_dict(_below("optimiser", tensors))
        divergence.updates[:] = facts["diverged"]
        curves.restore(facts["points"], _below("best", tensors))
        log.warning("training goes on after update %d of %s", facts["done"], self._path)
        return facts["done"], facts["seconds"], [*facts["resumed"], facts["done"]]


def _named(kind: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {f"{kind}/{name}": tensor for name, tensor in tensors.items()}


def _below(kind: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {
        name.removeprefix(f"{kind}/"): tensor
        for name, tensor in tensors.items()
        if name.startswith(f"{kind}/")
    }


def _progress(start: int, updates: int, name: str) -> Iterator[int]:
    """Updates to do, with a bar on a terminal."""
    bar = tqdm(range(start, updates), desc=name, initial=start, total=updates, disable=None)
    yield from bar
