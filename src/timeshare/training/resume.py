"""Checkpoints of a training in progress, and how training is resumed from one."""

import hashlib
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from torch import Tensor

from timeshare.data.files import digest
from timeshare.data.splits import Parts
from timeshare.experiment import Condition, Member
from timeshare.storage.checkpoints import load_checkpoint, save_checkpoint
from timeshare.storage.provenance import source_digest, versions
from timeshare.tasks.base import Split
from timeshare.training.cohort import Cohort, named

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


class Saver:
    """Saves the training of one cohort at intervals, and restores what was saved.

    Arguments:
        path: the checkpoint; None saves nothing.
        owner: what the checkpoint belongs to; one of another owner is not restored.
        cohort: what is saved and restored.
    """

    def __init__(self, path: Path | None, owner: str, cohort: Cohort) -> None:
        self._path, self._owner, self._cohort = path, owner, cohort
        self._began = self._saved = time.monotonic()
        self._before = Progress(0, 0.0, [])

    def resume(self) -> Progress:
        """Restore the checkpoint, if there is one, and start to count seconds."""
        found = load_checkpoint(self._path, self._owner) if self._path else None
        if found is not None:
            self._restore(*found)
        self._began = self._saved = time.monotonic()
        return self._before

    def _restore(self, tensors: Mapping[str, Tensor], facts: Mapping[str, Any]) -> None:
        cohort, before = self._cohort, _below("last", tensors)
        cohort.restore(facts["active"], facts["stopped"], facts["trained_out"], before)
        if cohort.active:
            cohort.network.load_state_dict(_below("network", tensors))
            cohort.optimiser.load_state_dict(_below("optimiser", tensors))
        cohort.divergence.updates[:] = facts["diverged"]
        cohort.monitor.restore(facts["points"], _below("best", tensors))
        log.warning("training is resumed after update %d from %s", facts["done"], self._path)
        resumed = [*facts["resumed"], facts["done"]]
        self._before = Progress(facts["done"], facts["seconds"], resumed)

    @property
    def seconds(self) -> float:
        """Seconds of training so far, those before a restored checkpoint included."""
        return self._before.seconds + time.monotonic() - self._began

    def save_if_due(self, done: int, every: float) -> None:
        """Save after `done` updates if the last save is `every` seconds ago or longer."""
        if time.monotonic() - self._saved >= every:
            self.save(done)

    def save(self, done: int) -> None:
        """Save after `done` updates."""
        if self._path is None:
            return
        cohort = self._cohort
        tensors = cohort.weights()
        if cohort.active:
            tensors |= named("network", cohort.network.state_dict())
            tensors |= named("optimiser", cohort.optimiser.state_dict())
        facts = {
            "done": done,
            "seconds": self.seconds,
            "resumed": self._before.resumed_at,
            "active": cohort.active,
            "stopped": cohort.stopped,
            "trained_out": cohort.trained_out,
            "diverged": cohort.divergence.updates,
            "points": [asdict(point) for point in cohort.monitor.points],
        }
        save_checkpoint(self._path, self._owner, tensors, facts)
        self._saved = time.monotonic()


def owner_of(condition: Condition, members: Sequence[Member], splits: Mapping[Split, Parts]) -> str:
    """What a checkpoint belongs to: condition, members, their data, the code and its libraries."""
    data = [digest(parts) for _, parts in sorted(splits.items())]
    listed = hashlib.sha256(repr(members).encode()).hexdigest()
    code = [source_digest(), str(versions("torch", "numpy"))]
    return " ".join([condition.digest(), listed, *data, *code])


def _below(prefix: str, tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    return {
        name.removeprefix(f"{prefix}/"): tensor
        for name, tensor in tensors.items()
        if name.startswith(f"{prefix}/")
    }
