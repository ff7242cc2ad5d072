"""The training monitor: learning curves while members train, and each member's best weights."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from timeshare.data.splits import Parts, length_part
from timeshare.experiment import Condition
from timeshare.recurrent.network import Network
from timeshare.tasks.base import Split, Task
from timeshare.tasks.metrics import normalised
from timeshare.training.batches import Batches
from timeshare.training.history import Point
from timeshare.training.layout import Batch, Store
from timeshare.training.windows import score_targets

log = logging.getLogger(__name__)


class Monitor:
    """Scores every member on train, validation and test at each evaluation point.

    Arguments:
        condition: its training plan has the number of evaluation points and of sequences.
        task: the condition's task.
        batches: give the training sequences.
        splits: validation and test parts.
        network: the members, whose weights change between the points.
    """

    def __init__(
        self,
        condition: Condition,
        task: Task,
        batches: Batches,
        splits: Mapping[Split, Parts],
        network: Network,
    ) -> None:
        plan = condition.training
        most = plan.evaluation_sequences
        self._condition, self._task, self._network = condition, task, network
        at_length = splits[Split.TEST][length_part(condition.length)]
        held = {Split.VALIDATION: splits[Split.VALIDATION]["all"], Split.TEST: at_length}
        self._batches: dict[Split, Batch] = {Split.TRAIN: batches.sample(most)}
        self._chances = {Split.TRAIN: np.array(batches.chances(task, most))}
        for split, sequences in held.items():
            self._batches[split] = Store(task, sequences, network.device).everything(stop=most)
            self._chances[split] = np.full(network.members, task.chance(sequences.first(most)))
        self.updates = evaluation_updates(plan.updates, plan.evaluations)
        self.points: list[Point] = []
        self._best: dict[str, Tensor] = {}
        self._best_key = [(-np.inf, -np.inf)] * network.members

    def due(self, done: int) -> bool:
        """Whether an evaluation point follows this many updates."""
        return done in self.updates

    def record(self, update: int, diverged: Sequence[int | None]) -> None:
        """Score all members; a diverged member scores chance, and its best weights stay.

        Arguments:
            update: updates made so far.
            diverged: for each member the update at which it diverged, or None.
        """
        for split, batch in self._batches.items():
            scored, lost, where = score_targets(self._network, self._task, batch, None)
            count = where.sum(dim=(0, 2))
            values = (scored.sum(dim=(0, 2)) / count).tolist()
            losses = (lost.double().sum(dim=(0, 2)) / count).tolist()
            for member, (value, loss) in enumerate(zip(values, losses, strict=True)):
                chance = float(self._chances[split][member])
                failed = diverged[member] is not None
                point = Point(
                    update,
                    member,
                    split,
                    chance if failed else value,
                    float("nan") if failed else loss,
                    chance,
                )
                self.points.append(point)
        self._update_best([p for p in self.points[-3 * self._network.members :] if _selects(p)])
        self._report(update)

    def _update_best(self, points: Sequence[Point]) -> None:
        """Best is the highest validation score, then the lowest loss; the first of equals."""
        now = self._network.state_dict()
        self._best = self._best or now
        for point in points:
            key = self._key(point)
            if key > self._best_key[point.member]:
                self._best_key[point.member] = key
                for name, tensor in now.items():
                    self._best[name][point.member] = tensor[point.member]

    def _key(self, point: Point) -> tuple[float, float]:
        score = float(normalised(point.value, point.chance, self._task.metric))
        return score, -point.loss if np.isfinite(point.loss) else -np.inf

    def _report(self, update: int) -> None:
        last = [p for p in self.points[-3 * self._network.members :] if p.update == update]
        means = {
            split: float(np.mean([p.value for p in last if p.split is split])) for split in Split
        }
        log.info(
            "%s: update %d of %d, %s: train %.3f validation %.3f",
            self._condition.id,
            update,
            self._condition.training.updates,
            self._task.metric,
            means[Split.TRAIN],
            means[Split.VALIDATION],
        )

    def weights(self) -> dict[str, Tensor]:
        """Each member's best weights so far, `best/...`."""
        return {f"best/{name}": tensor for name, tensor in self._best.items()}

    def restore(self, points: list[dict[str, Any]], best: dict[str, Tensor]) -> None:
        """Restore what an interrupted training had recorded."""
        self._best = best
        for fields in points:
            point = Point(**(fields | {"split": Split(fields["split"])}))
            self.points.append(point)
            if _selects(point):
                self._best_key[point.member] = max(self._best_key[point.member], self._key(point))


def _selects(point: Point) -> bool:
    """Whether the point belongs to the split that selects the best weights."""
    return point.split is Split.VALIDATION


def evaluation_updates(updates: int, evaluations: int) -> set[int]:
    """Update 0 and `evaluations` further ones, evenly spread; the last update is among them."""
    steps = torch.linspace(0, updates, evaluations + 1, dtype=torch.float64)
    return set(steps.round().long().tolist())
