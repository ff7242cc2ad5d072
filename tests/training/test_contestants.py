"""Embeddings, dropout and references in the training loop, as a configuration names them."""

from typing import Any

import pytest
import torch
from torch import Tensor

from tests.conftest import read_by, small, with_setting
from timeshare.cost.operations import flops_of
from timeshare.data.splits import held_out
from timeshare.experiment import Condition, ConfigurationError, Experiment, expand
from timeshare.recurrent.architecture import parameter_count
from timeshare.references.network import ReferenceNetwork
from timeshare.tasks.base import Split
from timeshare.training.batches import Batches
from timeshare.training.facts import condition_facts, variant_facts
from timeshare.training.layout import Store
from timeshare.training.model_factory import (
    any_architecture_of,
    any_network_of,
    architecture_of,
    network_of,
)
from timeshare.training.update import Divergence, UpdateStep, optimiser_of
from timeshare.training.windows import score_targets, window_losses

VARIANTS: dict[str, Any] = {
    "unshared": {"cell": "lstm", "schedule": {"kind": "unshared"}, "hidden_size": 6},
    "same": {"cell": "lstm", "schedule": {"kind": "unshared", "init": "same"}, "hidden_size": 6},
    "embedded": {
        "cell": "gru",
        "schedule": {"kind": "soft"},
        "hidden_size": 6,
        "embedding": 3,
        "settings": [{"learning_rate": 0.01, "dropout": 0.2}],
    },
    "mlp": {"reference": {"kind": "mlp", "layers": 1}, "match": "unshared"},
    "cnn": {
        "reference": "cnn",
        "hidden_size": 5,
        "settings": [{"learning_rate": 0.01, "dropout": 0.1}],
    },
    "logistic": {"reference": "logistic"},
}
TASKS: dict[str, Any] = {"keyword": {}, "parity": {}, "adding": {}}
UPDATES = 40
FINAL = ["unshared", "same", "embedded", "mlp", "cnn", "logistic"]


def conditions_of(task: str, variants: list[str]) -> dict[str, Condition]:
    sweep = {"tasks": [task], "variants": variants, "lengths": [10]}
    changes = {
        "training": small()["training"] | {"updates": UPDATES},
        "search": {"settings": [{"learning_rate": 0.01, "weight_decay": 0.01}]},
    }
    experiment = Experiment.parse(
        small(tasks=TASKS, variants=VARIANTS, sweeps={"main": sweep}, **changes)
    )
    return {condition.variant: condition for condition in expand(experiment).values()}


def losses_of(condition: Condition) -> list[Tensor]:
    """The training losses `[E]` of all updates."""
    members, task = with_setting(condition), condition.build_task()
    network = any_network_of(condition, members)
    step = UpdateStep(condition, network, optimiser_of(condition, members, network), task)
    batches = Batches(condition, members, task, read_by(condition)[Split.TRAIN])
    divergence = Divergence(network.members)
    losses = []
    for number in range(UPDATES):
        losses.append(torch.stack(list(step.backward_windows(batches.at(number), number))).sum(0))
        step(batches.at(number), number, divergence)
    assert divergence.updates == [None] * network.members
    return losses


@pytest.mark.parametrize("variant", FINAL)
def test_every_contestant_learns_a_final_task(variant: str) -> None:
    losses = losses_of(conditions_of("keyword", FINAL)[variant])
    assert (torch.stack(losses[-5:]).mean(0) < torch.stack(losses[:5]).mean(0)).all()


@pytest.mark.parametrize("variant", ["embedded", "cnn"])
def test_a_contestant_that_answers_at_every_step_learns_a_dense_task(variant: str) -> None:
    losses = losses_of(conditions_of("parity", ["embedded", "cnn"])[variant])
    assert (torch.stack(losses[-5:]).mean(0) < torch.stack(losses[:5]).mean(0)).all()


@pytest.mark.parametrize("variant", FINAL)
def test_scores_are_those_of_the_training_windows_without_dropout(variant: str) -> None:
    condition = conditions_of("keyword", FINAL)[variant]
    task, members = condition.build_task(), with_setting(condition)
    network = any_network_of(condition, members)
    held = held_out(read_by(condition)[Split.VALIDATION], members[0].unit)
    batch = Store(task, held).gather(torch.arange(20)[None])
    scored, lost, where = score_targets(network, task, batch, None)
    assert scored.shape == lost.shape == where.shape == (1, network.members, 20)
    (losses,) = window_losses(network, task, batch, 10)
    assert losses is not None
    torch.testing.assert_close(lost.mean(dim=(0, 2)), losses)
    if condition.settings[0].dropout:
        (dropping,) = window_losses(network, task, batch, 10, number=0)
        assert dropping is not None and not torch.allclose(dropping, losses)


@pytest.mark.parametrize("variant", ["embedded", "cnn"])
def test_masks_depend_on_a_members_seed_and_train_size_alone(variant: str) -> None:
    condition = conditions_of("keyword", FINAL)[variant]
    members = with_setting(condition)
    together = any_network_of(condition, members).masks(4, 7)
    own = any_network_of(condition, members[-1:]).masks(4, 7)
    assert together is not None and own is not None
    assert torch.equal(together.inputs[-1:], own.inputs)
    different = {tuple(each.flatten().tolist()) for each in together.inputs}
    assert len(different) == len({(each.unit, each.train_size) for each in condition.members})


def test_members_that_start_alike_differ_in_their_draws_alone() -> None:
    conditions = conditions_of("keyword", FINAL)
    same, independent = (
        network_of(conditions[name], with_setting(conditions[name])).state_dict()["weights"]
        for name in ("same", "unshared")
    )
    assert torch.equal(same, independent[:, :1].expand_as(same))


def test_a_reference_matches_a_recurrent_variant() -> None:
    conditions = conditions_of("keyword", FINAL)
    target = parameter_count(architecture_of(conditions["unshared"])).total
    matched = any_architecture_of(conditions["mlp"])
    step = matched.input_size * 10 + 1 + matched.output_size
    assert abs(parameter_count(matched).total - target) <= step / 2


def test_what_needs_a_recurrent_network_says_so() -> None:
    condition = conditions_of("keyword", ["mlp", "unshared"])["mlp"]
    members = with_setting(condition)
    assert isinstance(any_network_of(condition, members), ReferenceNetwork)
    with pytest.raises(ValueError, match="is no recurrent network"):
        architecture_of(condition)
    with pytest.raises(ValueError, match="is no recurrent network"):
        network_of(condition, members)


def test_an_embedding_of_measured_values_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="measured values and no symbols"):
        conditions_of("adding", ["embedded"])


@pytest.mark.parametrize("variant", FINAL)
def test_the_facts_of_every_contestant_give_its_operations(variant: str) -> None:
    condition = conditions_of("keyword", FINAL)[variant]
    architecture = any_architecture_of(condition)
    facts = condition_facts(condition, architecture)
    count = parameter_count(architecture)
    assert facts["parameters"] == count.total
    assert facts["parameters"] == sum(
        facts[f"parameters_{part}"] for part in ("cell", "readout", "embedding")
    )
    operations = flops_of(facts)
    assert operations >= 4 * count.readout * condition.training.batch / 2


@pytest.mark.parametrize(
    ("variant", "expected"),
    [
        ("unshared", ("recurrent", "lstm", "unshared", "{}", 6, 0, "independent", True)),
        ("same", ("recurrent", "lstm", "unshared", '{"init": "same"}', 6, 0, "same", True)),
        ("embedded", ("recurrent", "gru", "soft", "{}", 6, 3, "independent", True)),
        ("cnn", ("cnn", "none", "none", "{}", 5, 0, "none", False)),
        ("logistic", ("logistic", "none", "none", "{}", 0, 0, "none", False)),
    ],
)
def test_the_facts_say_what_a_contestant_is(variant: str, expected: tuple[object, ...]) -> None:
    condition = conditions_of("keyword", FINAL)[variant]
    facts = variant_facts(condition.network, any_architecture_of(condition))
    columns = ("family", "cell", "schedule", "schedule_parameters", "hidden_size")
    assert tuple(facts[name] for name in (*columns, "embedding", "init", "plain")) == expected
