"""Learning curves while members train, and each member's best weights so far."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from timeshare.batches import Batches
from timeshare.data import Parts, length_part
from timeshare.experiment import Condition
from timeshare.forward import evaluated_points
from timeshare.history import Point
from timeshare.metrics import normalised
from timeshare.recurrent.network import Network
from timeshare.tasks.base import Split, Task
from timeshare.walk import Batch, Store

log = logging.getLogger(__name__)


class Curves:
    """Scores every member on train, validation and test at each evaluation point.

    Arguments:
        condition: its training plan says when and on how many sequences.
        task: the condition's task.
        batches: where training sequences come from.
        splits: validation and test parts.
        network: the members, as they are at each point.
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
        """Score all members; a diverged member scores chance, and keeps its earlier best."""
        for split, batch in self._batches.items():
            scored, lost, where = evaluated_points(self._network, self._task, batch, None)
            asked = where.sum(dim=(0, 2))
            values = (scored.sum(dim=(0, 2)) / asked).tolist()
            losses = (lost.double().sum(dim=(0, 2)) / asked).tolist()
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
        self._keep_best([p for p in self.points[-3 * self._network.members :] if _judges(p)])
        self._report(update)

    def _keep_best(self, points: Sequence[Point]) -> None:
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
        """Take over what an interrupted training had recorded."""
        self._best = best
        for fields in points:
            point = Point(**(fields | {"split": Split(fields["split"])}))
            self.points.append(point)
            if _judges(point):
                self._best_key[point.member] = max(self._best_key[point.member], self._key(point))


def _judges(point: Point) -> bool:
    return point.split is Split.VALIDATION


def evaluation_updates(updates: int, evaluations: int) -> set[int]:
    """Update 0 and `evaluations` further ones, evenly spread; the last update is among them."""
    steps = torch.linspace(0, updates, evaluations + 1, dtype=torch.float64)
    return set(steps.round().long().tolist())
