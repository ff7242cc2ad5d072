"""Checkpoints of a training in progress, and how training is resumed from one."""

import logging
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from torch import Tensor

from timeshare.data.files import digest
from timeshare.data.splits import Parts
from timeshare.experiment import Condition
from timeshare.recurrent.network import Network
from timeshare.recurrent.optimiser import MemberAdamW
from timeshare.storage.checkpoints import load_checkpoint, save_checkpoint
from timeshare.storage.provenance import source_digest, versions
from timeshare.tasks.base import Split
from timeshare.training.monitor import Monitor
from timeshare.training.update import Divergence

log = logging.getLogger(__name__)


@dataclass
class Progress:
    """How far training is.

    Arguments:
        done: updates made.
        seconds: seconds spent before this process began.
        resumed_at: number of updates made at each time training was taken up again.
    """

    done: int
    seconds: float
    resumed_at: list[int]


@dataclass(frozen=True)
class TrainingState:
    """Everything that changes while members train."""

    network: Network
    optimiser: MemberAdamW
    divergence: Divergence
    monitor: Monitor


class Saver:
    """Saves the training of one condition at intervals, and restores what was saved.

    Arguments:
        path: the checkpoint; None saves nothing.
        owner: what the checkpoint belongs to; one of another owner is not restored.
        state: what is saved and restored.
    """

    def __init__(self, path: Path | None, owner: str, state: TrainingState) -> None:
        self._path, self._owner, self._state = path, owner, state
        self._began = self._saved = time.monotonic()
        self._before = Progress(0, 0.0, [])

    def resume(self) -> Progress:
        """Restore the checkpoint, if there is one, and start to count seconds."""
        found = load_checkpoint(self._path, self._owner) if self._path else None
        if found is not None:
            tensors, facts = found
            self._state.network.load_state_dict(_below("network", tensors))
            self._state.optimiser.load_state_dict(_below("optimiser", tensors))
            self._state.divergence.updates[:] = facts["diverged"]
            self._state.monitor.restore(facts["points"], _below("best", tensors))
            log.warning("training is resumed after update %d from %s", facts["done"], self._path)
            resumed = [*facts["resumed"], facts["done"]]
            self._before = Progress(facts["done"], facts["seconds"], resumed)
        self._began = self._saved = time.monotonic()
        return self._before

    @property
    def seconds(self) -> float:
        """Seconds of training so far, those before a restored checkpoint included."""
        return self._before.seconds + time.monotonic() - self._began

    def save_if_due(self, done: int, every: float) -> None:
        """Save after `done` updates if the last save is `every` seconds ago or longer."""
        if self._path is None or time.monotonic() - self._saved < every:
            return
        state = self._state
        tensors = (
            named("network", state.network.state_dict())
            | named("optimiser", state.optimiser.state_dict())
            | state.monitor.weights()
        )
        facts = {
            "done": done,
            "seconds": self.seconds,
            "resumed": self._before.resumed_at,
            "diverged": state.divergence.updates,
            "points": [asdict(point) for point in state.monitor.points],
        }
        save_checkpoint(self._path, self._owner, tensors, facts)
        self._saved = time.monotonic()


def owner_of(condition: Condition, splits: Mapping[Split, Parts]) -> str:
    """What a checkpoint belongs to: the condition, its data, the code and its libraries."""
    data = [digest(parts) for _, parts in sorted(splits.items())]
    return " ".join([condition.digest(), *data, source_digest(), str(versions("torch", "numpy"))])


def named(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The tensors under names that begin with `prefix/`."""
    return {f"{prefix}/{name}": tensor for name, tensor in tensors.items()}


def _below(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {
        name.removeprefix(f"{prefix}/"): tensor
        for name, tensor in tensors.items()
        if name.startswith(f"{prefix}/")
    }
