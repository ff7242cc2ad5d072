"""The networks of a condition: their architecture and their initial weights."""

import subprocess
import sys

import pytest
import torch

from timeshare.experiment import Condition
from timeshare.recurrent.architecture import parameter_count
from timeshare.recurrent.schedules.blocks import Blocks
from timeshare.training.model_factory import architecture_of, build_schedule, network_of


def test_a_network_has_the_sizes_of_its_task_and_variant(condition: Condition) -> None:
    architecture, task = architecture_of(condition), condition.build_task()
    assert architecture.hidden_size == condition.network.hidden_size
    assert (architecture.input_size, architecture.output_size) == (
        task.input_size,
        task.output_size,
    )
    assert architecture.length == condition.length
    assert network_of(condition).members == len(condition.members)


def test_a_schedule_has_the_parameters_of_its_variant(condition: Condition) -> None:
    schedule = {"kind": "blocks", "size": 4}
    variant = condition.network.model_copy(update={"schedule": schedule})
    assert build_schedule(variant) == Blocks(size=4)


def test_members_of_a_seed_have_the_same_initial_weights_at_every_size_and_rate(
    condition: Condition,
) -> None:
    weights = network_of(condition).state_dict()["weights"]
    initial: dict[int, torch.Tensor] = {}
    for member, own in zip(condition.members, weights, strict=True):
        assert torch.equal(initial.setdefault(member.seed, own), own)
    assert len(initial) == 2
    assert not torch.equal(initial[0], initial[1])


def test_a_seed_has_the_same_initial_weights_whichever_others_there_are(
    condition: Condition,
) -> None:
    together = network_of(condition).state_dict()
    last = condition.members[-1:]
    alone = network_of(condition.model_copy(update={"members": last})).state_dict()
    for name, tensor in alone.items():
        assert torch.equal(tensor[0], together[name][-1])


@pytest.mark.parametrize("schedule", ["unshared", "shared"])
def test_a_variant_that_matches_another_has_the_nearest_parameter_count(
    condition: Condition, schedule: str
) -> None:
    other = condition.network.model_copy(update={"schedule": {"kind": schedule}})
    target = parameter_count(architecture_of(condition.model_copy(update={"network": other}))).total
    shared = condition.network.model_copy(
        update={"schedule": {"kind": "shared"}, "hidden_size": None, "match": "other"}
    )
    wide = condition.model_copy(update={"network": shared, "matched": other})
    hidden_size = architecture_of(wide).hidden_size

    def distance(size: int) -> int:
        fixed = shared.model_copy(update={"hidden_size": size, "match": None})
        one = condition.model_copy(update={"network": fixed})
        return abs(parameter_count(architecture_of(one)).total - target)

    assert hidden_size > 6 if schedule == "unshared" else hidden_size == 6
    assert distance(hidden_size) <= min(distance(hidden_size - 1), distance(hidden_size + 1))


def test_an_architecture_is_known_without_torch() -> None:
    code = "import sys, timeshare.training.model_factory\nassert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True)
