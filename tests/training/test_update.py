"""The update step: its parts in order, and one code for training and the cost study."""

import pytest
import torch

from tests.conftest import planned, read_by, with_setting
from timeshare.cost.clock import WallClock
from timeshare.cost.measurement import BenchmarkCase
from timeshare.experiment import Condition
from timeshare.tasks.base import Split
from timeshare.training.batches import Batches
from timeshare.training.layout import Batch
from timeshare.training.model_factory import network_of
from timeshare.training.parts import Part
from timeshare.training.update import Divergence, UpdateStep, optimiser_of

WINDOW = [Part.FORWARD, Part.BACKWARD]
APPLIED = [Part.BACKWARD, Part.OPTIMISER]


def batch_of(condition: Condition) -> Batch:
    task, training = condition.build_task(), read_by(condition)[Split.TRAIN]
    return Batches(condition, condition.members, task, training).at(0)


@pytest.mark.parametrize(
    ("update", "parts"),
    [("sequence", 4 * WINDOW + APPLIED), ("window", 4 * (WINDOW + APPLIED))],
)
def test_the_parts_of_an_update_come_in_order(
    condition: Condition, update: str, parts: list[Part]
) -> None:
    condition = planned(condition, update=update)
    members = with_setting(condition)
    network = network_of(condition, members)
    optimiser = optimiser_of(condition, members, network)
    step = UpdateStep(condition, network, optimiser, condition.build_task())
    seen: list[Part] = []
    step(batch_of(condition), 0, Divergence(network.members), seen.append)
    assert seen == parts


@pytest.mark.parametrize("update", ["sequence", "window"])
def test_the_cost_study_measures_the_update_that_training_makes(
    condition: Condition, update: str
) -> None:
    condition = planned(condition, update=update)
    members, batch = with_setting(condition), batch_of(condition)
    trained, timed = network_of(condition, members), network_of(condition, members)
    optimiser = optimiser_of(condition, members, trained)
    step = UpdateStep(condition, trained, optimiser, condition.build_task())
    case = BenchmarkCase(condition, timed, optimiser_of(condition, members, timed), batch)
    for number in range(3):
        step(batch, number, Divergence(trained.members))
        case.update(WallClock())
    for one, other in zip(trained.parameters(), timed.parameters(), strict=True):
        assert torch.equal(one, other)


def test_each_member_has_the_learning_rate_and_the_weight_decay_of_its_setting(
    condition: Condition,
) -> None:
    members = [with_setting(condition, setting)[0] for setting in (0, 1)]
    network = network_of(condition, members)
    before = network.state_dict()["weights"]
    optimiser = optimiser_of(condition, members, network)
    for parameter in network.parameters():
        parameter.grad = torch.ones_like(parameter)
    optimiser.step()
    moved = before - network.state_dict()["weights"]
    first, second = condition.settings
    torch.testing.assert_close(moved[0], torch.full_like(moved[0], first.learning_rate))
    decayed = second.learning_rate * (1 + second.weight_decay * before[1])
    torch.testing.assert_close(moved[1], decayed)


def test_a_divergence_is_noted_once_for_the_member_at_its_place() -> None:
    divergence = Divergence(4)
    divergence.places = [1, 3]
    divergence.note(5, torch.tensor([True, False]))
    divergence.note(6, torch.tensor([False, False]))
    assert divergence.updates == [None, 6, None, 5]
    assert divergence.active == [False, False]
