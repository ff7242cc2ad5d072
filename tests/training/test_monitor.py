"""The training monitor scores every member at each evaluation point and keeps the best weights."""

import dataclasses
import math

import numpy as np
import pytest
import torch

from timeshare.data.splits import Parts
from timeshare.experiment import Condition
from timeshare.recurrent.network import Network
from timeshare.tasks.base import Split
from timeshare.training.batches import Batches
from timeshare.training.history import Point
from timeshare.training.model_factory import network_of
from timeshare.training.monitor import Monitor, evaluation_updates

Splits = dict[Split, Parts]


@pytest.fixture
def network(condition: Condition) -> Network:
    return network_of(condition)


@pytest.fixture
def monitor(condition: Condition, splits: Splits, network: Network) -> Monitor:
    task = condition.build_task()
    return Monitor(condition, task, Batches(condition, task, splits[Split.TRAIN]), splits, network)


def test_points_are_evenly_spread_from_no_update_to_the_last() -> None:
    assert evaluation_updates(12, 3) == {0, 4, 8, 12}
    assert evaluation_updates(10, 3) == {0, 3, 7, 10}
    assert evaluation_updates(2, 5) == {0, 1, 2}


def test_points_are_due_after_the_updates_of_the_plan(monitor: Monitor) -> None:
    assert [update for update in range(14) if monitor.due(update)] == [0, 4, 8, 12]


def test_every_member_is_scored_on_every_split(monitor: Monitor, condition: Condition) -> None:
    monitor.record(0, [None] * len(condition.members))
    scored = {(point.member, point.split) for point in monitor.points}
    members = range(len(condition.members))
    assert scored == {(member, split) for member in members for split in Split}
    assert len(monitor.points) == len(scored)
    assert all(0 <= point.value <= 1 and point.loss > 0 for point in monitor.points)


def test_a_diverged_member_scores_chance_and_keeps_its_best_weights(
    monitor: Monitor, network: Network
) -> None:
    none_diverged: list[int | None] = [None] * network.members
    monitor.record(0, none_diverged)
    before = {name: tensor.clone() for name, tensor in monitor.weights().items()}
    network.load_state_dict(
        {name: torch.full_like(tensor, math.nan) for name, tensor in network.state_dict().items()}
    )
    monitor.record(4, [2, *none_diverged[1:]])
    failed = [point for point in monitor.points if point.update == 4 and point.member == 0]
    assert len(failed) == len(Split)
    assert all(point.value == point.chance for point in failed)
    assert all(math.isnan(point.loss) for point in failed)
    for name, tensor in monitor.weights().items():
        assert torch.equal(tensor[0], before[name][0])


def test_best_weights_change_only_with_a_higher_validation_score_or_a_lower_loss(
    monitor: Monitor, network: Network
) -> None:
    none_diverged: list[int | None] = [None] * network.members
    monitor.record(0, none_diverged)
    first = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    monitor.record(4, none_diverged)
    moved = {name: tensor + 0.3 for name, tensor in first.items()}
    network.load_state_dict(moved)
    monitor.record(8, none_diverged)
    for member in range(network.members):
        ranks = [
            (point.value, -point.loss)
            for point in monitor.points
            if point.member == member and point.split is Split.VALIDATION
        ]
        assert ranks[0] == ranks[1]
        expected = moved if ranks[2] > ranks[0] else first
        for name, tensor in monitor.weights().items():
            assert torch.equal(tensor[member], expected[name.removeprefix("best/")][member])


def test_a_restored_monitor_goes_on_as_the_first_one_would(
    condition: Condition, splits: Splits, monitor: Monitor, network: Network
) -> None:
    none_diverged: list[int | None] = [None] * network.members
    monitor.record(0, none_diverged)
    task = condition.build_task()
    batches = Batches(condition, task, splits[Split.TRAIN])
    other = Monitor(condition, task, batches, splits, network)
    fields = [dataclasses.asdict(point) | {"split": str(point.split)} for point in monitor.points]
    best = monitor.weights().items()
    other.restore(fields, {name.removeprefix("best/"): tensor.clone() for name, tensor in best})
    network.load_state_dict({name: tensor * 1.5 for name, tensor in network.state_dict().items()})
    for each in (monitor, other):
        each.record(4, none_diverged)
    assert other.points == monitor.points
    for name, tensor in monitor.weights().items():
        assert torch.equal(other.weights()[name], tensor)


def test_training_scores_count_each_members_own_sequences_alone(
    condition: Condition, splits: Splits
) -> None:
    def train_values(members: Condition) -> dict[tuple[int, int, float], float]:
        task, own = members.build_task(), network_of(members)
        batches = Batches(members, task, splits[Split.TRAIN])
        monitor = Monitor(members, task, batches, splits, own)
        monitor.record(0, [None] * own.members)
        points = [point for point in monitor.points if point.split is Split.TRAIN]
        return {key(members, point): point.value for point in points}

    def key(members: Condition, point: Point) -> tuple[int, int, float]:
        member = members.members[point.member]
        return member.seed, member.train_size, member.learning_rate

    together = train_values(condition)
    smallest = min(condition.members, key=lambda member: member.train_size)
    alone = train_values(condition.model_copy(update={"members": (smallest,)}))
    for member, value in alone.items():
        assert np.isclose(together[member], value, rtol=0, atol=1e-12)
