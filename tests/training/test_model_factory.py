"""The networks of a condition: their architecture and their initial weights."""

import subprocess
import sys

import pytest
import torch

from tests.conftest import with_setting
from timeshare.data.splits import Unit
from timeshare.experiment import Condition, Setting
from timeshare.recurrent.architecture import parameter_count
from timeshare.recurrent.schedules.blocks import Blocks
from timeshare.recurrent.schedules.soft import Soft
from timeshare.recurrent.schedules.unshared import Unshared
from timeshare.training.model_factory import (
    architecture_of,
    build_schedule,
    network_of,
    strengths_of,
)


def test_a_network_has_the_sizes_of_its_task_and_variant(condition: Condition) -> None:
    architecture, task = architecture_of(condition), condition.build_task()
    assert architecture.hidden_size == condition.network.hidden_size
    assert (architecture.input_size, architecture.output_size) == (
        task.input_size,
        task.output_size,
    )
    assert architecture.length == condition.length
    assert network_of(condition, with_setting(condition)).members == len(condition.members)


def test_a_schedule_has_the_parameters_of_its_variant(condition: Condition) -> None:
    schedule = {"kind": "blocks", "size": 4}
    variant = condition.network.model_copy(update={"schedule": schedule})
    assert build_schedule(variant) == Blocks(size=4)


def test_members_of_a_unit_have_the_same_initial_weights_at_every_size_and_setting(
    condition: Condition,
) -> None:
    members = (*with_setting(condition, 0), *with_setting(condition, 1))
    weights = network_of(condition, members).state_dict()["weights"]
    initial: dict[Unit, torch.Tensor] = {}
    for member, own in zip(members, weights, strict=True):
        assert torch.equal(initial.setdefault(member.unit, own), own)
    assert len(initial) == 2
    assert not torch.equal(*initial.values())


@pytest.mark.parametrize("changes", [{"rule": 7}, {"seed": 7}])
def test_rule_and_seed_give_initial_weights_of_their_own(
    condition: Condition, changes: dict[str, int]
) -> None:
    member = with_setting(condition)[0]
    other = member.model_copy(update=changes)
    one, another = network_of(condition, (member, other)).state_dict()["weights"]
    assert not torch.equal(one, another)


def test_a_member_has_the_same_initial_weights_whichever_others_there_are(
    condition: Condition,
) -> None:
    members = with_setting(condition)
    together = network_of(condition, members).state_dict()
    alone = network_of(condition, members[-1:]).state_dict()
    for name, tensor in alone.items():
        assert torch.equal(tensor[0], together[name][-1])


def test_a_member_without_a_setting_has_no_network_yet(condition: Condition) -> None:
    with pytest.raises(ValueError, match="no setting was chosen yet"):
        network_of(condition, condition.members)


def test_the_tie_of_a_member_has_the_strength_of_its_setting() -> None:
    settings = [Setting(learning_rate=0.1), Setting(learning_rate=0.1, strength=0.5)]
    assert strengths_of(Soft(strength=2.0), settings) == [2.0, 0.5]
    assert strengths_of(Soft(strength=2.0), settings[:1]) is None
    assert strengths_of(Unshared(), settings) is None


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
