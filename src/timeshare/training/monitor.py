"""The training monitor: learning curves while members train, and each member's best weights."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from timeshare.data.splits import Parts, held_out
from timeshare.experiment import Condition, Member
from timeshare.tasks.base import Split, Task
from timeshare.training.batches import Batches
from timeshare.training.history import Point
from timeshare.training.layout import Batch
from timeshare.training.scoring import scores
from timeshare.training.sets import UnitSets
from timeshare.training.stopping import Plateau
from timeshare.training.windows import AnyNetwork, score_targets

log = logging.getLogger(__name__)

Key = tuple[float, float]
NOTHING_YET: Key = (-np.inf, -np.inf)


class Monitor:
    """Scores the members that still train, at each evaluation point.

    Arguments:
        condition: its training plan has the number of evaluation points and of sequences.
        members: all members of the cohort; a place in this list identifies one.
        task: the condition's task.
        batches: give the training sequences.
        splits: validation and test parts; the test part may be absent.
        network: the members, whose weights change between the points.
    """

    def __init__(
        self,
        condition: Condition,
        members: Sequence[Member],
        task: Task,
        batches: Batches,
        splits: Mapping[Split, Parts],
        network: AnyNetwork,
    ) -> None:
        plan = condition.training
        most = plan.evaluation_sequences
        self._condition, self._task, self._network = condition, task, network
        self._units = [member.unit for member in members]
        self._train = batches.sample(most)
        self._chances = {Split.TRAIN: np.array(batches.chances(most))}
        self._held: dict[Split, tuple[UnitSets, int]] = {}
        for split in (Split.VALIDATION, Split.TEST):
            if split in splits:
                self._hold(split, splits[split], most)
        self.updates = evaluation_updates(plan.most, plan.evaluations)
        self.points: list[Point] = []
        self.plateau = Plateau(plan.plateau, task.learnable)
        self._best: dict[str, Tensor] = {}
        self._best_key = [NOTHING_YET] * len(members)

    def _hold(self, split: Split, parts: Parts, most: int) -> None:
        sets = {unit: held_out(parts, unit) for unit in self._units}
        first = {id(each): each.first(most) for each in sets.values()}
        cut = {unit: first[id(each)] for unit, each in sets.items()}
        chances = {id(each): self._task.chance(each) for each in first.values()}
        self._held[split] = UnitSets(self._task, cut, self._network.device), most
        self._chances[split] = np.array([chances[id(cut[unit])] for unit in self._units])

    def due(self, done: int) -> bool:
        """Whether an evaluation point follows this many updates."""
        return done in self.updates

    def record(
        self, update: int, active: Sequence[int], diverged: Sequence[int | None]
    ) -> list[int]:
        """Score the members that still train.

        Arguments:
            update: updates made so far.
            active: places of these members, in the order of the network's members.
            diverged: for each member the update at which it diverged, or None; such a member
                scores chance, and its best weights stay.

        Returns:
            places of the members that have reached a plateau.
        """
        now = [
            point
            for split, batch in self._batches(active)
            for point in self._scored(update, split, batch, active, diverged)
        ]
        self.points += now
        self._take_in(now)
        self._update_best([point for point in now if self._selects(point)], active)
        self._report(update, now)
        return [place for place in active if self.plateau.reached(place, update)]

    def _batches(self, active: Sequence[int]) -> list[tuple[Split, Batch]]:
        units = [self._units[place] for place in active]
        found = [(Split.TRAIN, self._train.of_members(active))]
        for split, (sets, most) in self._held.items():
            places = np.arange(min(most, sets.count(units)))
            found.append((split, sets.padded(units, [places[: sets.sets[u].count] for u in units])))
        return found

    def _scored(
        self,
        update: int,
        split: Split,
        batch: Batch,
        active: Sequence[int],
        diverged: Sequence[int | None],
    ) -> list[Point]:
        scored, lost, where = score_targets(self._network, self._task, batch, None)
        count = where.sum(dim=(0, 2))
        values = (scored.sum(dim=(0, 2)) / count).tolist()
        losses = (lost.double().sum(dim=(0, 2)) / count).tolist()
        points = []
        for place, value, loss in zip(active, values, losses, strict=True):
            chance, failed = float(self._chances[split][place]), diverged[place] is not None
            points.append(
                Point(
                    update,
                    place,
                    split,
                    chance if failed else value,
                    float("nan") if failed else loss,
                    chance,
                )
            )
        return points

    def _take_in(self, points: Sequence[Point]) -> None:
        reached = {(point.member, point.split): self._score(point) for point in points}
        self.plateau.note(points, reached)

    def _update_best(self, points: Sequence[Point], active: Sequence[int]) -> None:
        """Best is the highest score that selects, then the lowest loss; the first of equals."""
        now = self._network.state_dict()
        self._best = self._best or {name: tensor.clone() for name, tensor in now.items()}
        keys = {point.member: self._key(point) for point in points}
        for row, place in enumerate(active):
            key = keys[place]
            if key > self._best_key[place]:
                self._best_key[place] = key
                for name, tensor in now.items():
                    self._best[name][place] = tensor[row]

    def _score(self, point: Point) -> float:
        value, chance = np.array([point.value]), np.array([point.chance])
        return float(scores(value, chance, self._task.metric)[0])

    def _key(self, point: Point) -> Key:
        """What decides: where the score has no meaning, as of one class alone, the loss does."""
        score, loss = self._score(point), point.loss
        return (
            -np.inf if np.isnan(score) else score,
            -loss if np.isfinite(loss) else -np.inf,
        )

    def _selects(self, point: Point) -> bool:
        """Whether the point belongs to the split that selects the best weights.

        Where the labels are random, only the training score means anything.
        """
        return point.split is (Split.VALIDATION if self._task.learnable else Split.TRAIN)

    def _report(self, update: int, points: Sequence[Point]) -> None:
        means = {
            split: float(np.mean([p.value for p in points if p.split is split]))
            for split in (Split.TRAIN, Split.VALIDATION)
        }
        log.info(
            "%s: update %d of at most %d, %d members, %s: train %.3f validation %.3f",
            self._condition.id,
            update,
            self._condition.training.most,
            self._network.members,
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
            self._take_in([point])
            if self._selects(point):
                self._best_key[point.member] = max(self._best_key[point.member], self._key(point))


def evaluation_updates(updates: int, evaluations: int) -> set[int]:
    """Update 0 and `evaluations` further ones, evenly spread; the last update is among them."""
    steps = torch.linspace(0, updates, evaluations + 1, dtype=torch.float64)
    return set(steps.round().long().tolist())
