"""The training monitor scores every member at each evaluation point and keeps the best weights."""

import dataclasses
import math

import pytest
import torch

from tests.conftest import planned, with_setting
from timeshare.data.splits import Parts, held_out
from timeshare.experiment import Condition, Member
from timeshare.experiment.plan import Updates
from timeshare.recurrent.network import Network
from timeshare.tasks.base import Split
from timeshare.training.batches import Batches
from timeshare.training.model_factory import network_of
from timeshare.training.monitor import Monitor, evaluation_updates
from timeshare.training.stopping import AT_CHANCE

Splits = dict[Split, Parts]


@pytest.fixture
def network(condition: Condition) -> Network:
    return network_of(condition, with_setting(condition))


def monitor_of(
    condition: Condition, splits: Splits, network: Network, members: tuple[Member, ...] = ()
) -> Monitor:
    task, chosen = condition.build_task(), members or with_setting(condition)
    batches = Batches(condition, chosen, task, splits[Split.TRAIN])
    return Monitor(condition, chosen, task, batches, splits, network)


@pytest.fixture
def monitor(condition: Condition, splits: Splits, network: Network) -> Monitor:
    return monitor_of(condition, splits, network)


def record(
    monitor: Monitor, update: int, network: Network, diverged: dict[int, int] | None = None
) -> list[int]:
    """Score all members."""
    known = [(diverged or {}).get(place) for place in range(network.members)]
    return monitor.record(update, range(network.members), known)


def test_points_are_evenly_spread_from_no_update_to_the_last() -> None:
    assert evaluation_updates(12, 3) == {0, 4, 8, 12}
    assert evaluation_updates(10, 3) == {0, 3, 7, 10}
    assert evaluation_updates(2, 5) == {0, 1, 2}


def test_points_are_due_after_the_updates_of_the_plan(monitor: Monitor) -> None:
    assert [update for update in range(14) if monitor.due(update)] == [0, 4, 8, 12]


def test_every_member_is_scored_on_every_split(
    monitor: Monitor, condition: Condition, network: Network
) -> None:
    record(monitor, 0, network)
    scored = {(point.member, point.split) for point in monitor.points}
    members = range(len(condition.members))
    assert scored == {(member, split) for member in members for split in Split}
    assert len(monitor.points) == len(scored)
    assert all(0 <= point.value <= 1 and point.loss > 0 for point in monitor.points)


def test_a_diverged_member_scores_chance_and_keeps_its_best_weights(
    monitor: Monitor, network: Network
) -> None:
    record(monitor, 0, network)
    before = {name: tensor.clone() for name, tensor in monitor.weights().items()}
    network.load_state_dict(
        {name: torch.full_like(tensor, math.nan) for name, tensor in network.state_dict().items()}
    )
    record(monitor, 4, network, {0: 2})
    failed = [point for point in monitor.points if point.update == 4 and point.member == 0]
    assert len(failed) == len(Split)
    assert all(point.value == point.chance for point in failed)
    assert all(math.isnan(point.loss) for point in failed)
    for name, tensor in monitor.weights().items():
        assert torch.equal(tensor[0], before[name][0])


def test_best_weights_change_only_with_a_higher_validation_score_or_a_lower_loss(
    monitor: Monitor, network: Network
) -> None:
    record(monitor, 0, network)
    first = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    record(monitor, 4, network)
    moved = {name: tensor + 0.3 for name, tensor in first.items()}
    network.load_state_dict(moved)
    record(monitor, 8, network)
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
    record(monitor, 0, network)
    other = monitor_of(condition, splits, network)
    fields = [dataclasses.asdict(point) | {"split": str(point.split)} for point in monitor.points]
    best = monitor.weights().items()
    other.restore(fields, {name.removeprefix("best/"): tensor.clone() for name, tensor in best})
    network.load_state_dict({name: tensor * 1.5 for name, tensor in network.state_dict().items()})
    for each in (monitor, other):
        record(each, 4, network)
    assert other.points == monitor.points
    for name, tensor in monitor.weights().items():
        assert torch.equal(other.weights()[name], tensor)


def test_scores_count_each_members_own_sequences_alone(
    condition: Condition, splits: Splits
) -> None:
    def values(members: tuple[Member, ...]) -> dict[tuple[Member, Split], tuple[float, float]]:
        own = network_of(condition, members)
        monitor = monitor_of(condition, splits, own, members)
        record(monitor, 0, own)
        return {
            (members[point.member], point.split): (point.value, point.chance)
            for point in monitor.points
        }

    members = with_setting(condition)
    together = values(members)
    assert len(together) == 3 * len(members)
    for member in members:
        for key, value in values((member,)).items():
            assert together[key] == pytest.approx(value, abs=1e-12)


def test_each_unit_is_scored_on_sequences_and_chance_of_its_own(
    monitor: Monitor, condition: Condition, splits: Splits, network: Network
) -> None:
    record(monitor, 0, network)
    task, most = condition.build_task(), condition.training.evaluation_sequences
    for point in monitor.points:
        if point.split is not Split.TRAIN:
            unit = condition.members[point.member].unit
            own = held_out(splits[point.split], unit).first(most)
            assert point.chance == task.chance(own)


def test_members_that_left_are_scored_no_more_and_keep_their_best_weights(
    monitor: Monitor, network: Network
) -> None:
    record(monitor, 0, network)
    before = {name: tensor.clone() for name, tensor in monitor.weights().items()}
    network.keep([3, 1])
    network.load_state_dict({k: tensor + 0.3 for k, tensor in network.state_dict().items()})
    now = network.state_dict()
    monitor.record(4, [3, 1], [None] * 4)
    assert {point.member for point in monitor.points if point.update == 4} == {1, 3}
    for place in range(4):
        validation = [
            (point.value, -point.loss)
            for point in monitor.points
            if point.member == place and point.split is Split.VALIDATION
        ]
        rose = len(validation) == 2 and validation[1] > validation[0]
        for name, tensor in monitor.weights().items():
            wanted = now[name.removeprefix("best/")][[3, 1].index(place)] if rose else None
            assert torch.equal(tensor[place], before[name][place] if wanted is None else wanted)


def test_members_at_a_plateau_are_told(
    condition: Condition, splits: Splits, network: Network
) -> None:
    rule = Updates(least=4, most=12, patience=4)
    monitor = monitor_of(planned(condition, updates=rule), splits, network)
    assert record(monitor, 0, network) == []
    ready = record(monitor, 4, network)
    learned = {
        point.member
        for point in monitor.points
        if point.split is Split.TRAIN
        and (point.value - point.chance) / (1 - point.chance) > AT_CHANCE
    }
    assert set(ready) == learned


def test_without_test_sequences_none_are_scored(
    condition: Condition, splits: Splits, network: Network
) -> None:
    held = dict(splits)
    del held[Split.TEST]
    monitor = monitor_of(condition, held, network)
    record(monitor, 0, network)
    assert {point.split for point in monitor.points} == {Split.TRAIN, Split.VALIDATION}
