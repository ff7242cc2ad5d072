"""The update step: its parts in order, and one code for training and the cost study."""

import pytest
import torch

from tests.conftest import read_by
from timeshare.cost.clock import WallClock
from timeshare.cost.measurement import BenchmarkCase
from timeshare.experiment import Condition
from timeshare.tasks.base import Split
from timeshare.training.batches import Batches
from timeshare.training.model_factory import network_of
from timeshare.training.parts import Part
from timeshare.training.update import Divergence, UpdateStep, optimiser_of

WINDOW = [Part.FORWARD, Part.BACKWARD]
APPLIED = [Part.BACKWARD, Part.OPTIMISER]


def planned(condition: Condition, update: str) -> Condition:
    plan = condition.training.model_copy(update={"update": update})
    return condition.model_copy(update={"training": plan})


@pytest.mark.parametrize(
    ("update", "parts"),
    [("sequence", 4 * WINDOW + APPLIED), ("window", 4 * (WINDOW + APPLIED))],
)
def test_the_parts_of_an_update_come_in_order(
    condition: Condition, update: str, parts: list[Part]
) -> None:
    condition = planned(condition, update)
    network, task = network_of(condition), condition.build_task()
    step = UpdateStep(condition, network, optimiser_of(condition, network), task)
    batch = Batches(condition, task, read_by(condition)[Split.TRAIN]).at(0)
    seen: list[Part] = []
    step(batch, 0, Divergence([None] * network.members), seen.append)
    assert seen == parts


@pytest.mark.parametrize("update", ["sequence", "window"])
def test_the_cost_study_measures_the_update_that_training_makes(
    condition: Condition, update: str
) -> None:
    condition = planned(condition, update)
    batch = Batches(condition, condition.build_task(), read_by(condition)[Split.TRAIN]).at(0)
    trained, timed = network_of(condition), network_of(condition)
    optimiser = optimiser_of(condition, trained)
    step = UpdateStep(condition, trained, optimiser, condition.build_task())
    case = BenchmarkCase(condition, timed, optimiser_of(condition, timed), batch)
    for number in range(3):
        step(batch, number, Divergence([None] * trained.members))
        case.update(WallClock())
    for one, other in zip(trained.parameters(), timed.parameters(), strict=True):
        assert torch.equal(one, other)
