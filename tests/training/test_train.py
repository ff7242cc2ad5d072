"""Training: reproducible, and independent of members that diverge."""

from pathlib import Path

import pytest
import torch

from tests.conftest import read_by, small
from timeshare.data.splits import Parts
from timeshare.experiment import Condition, Experiment, expand
from timeshare.storage.checkpoints import save_checkpoint
from timeshare.tasks.base import Split
from timeshare.tasks.metrics import Metric
from timeshare.training.batches import Batches
from timeshare.training.evaluate import measure
from timeshare.training.history import history_table
from timeshare.training.layout import Store
from timeshare.training.model_factory import network_of
from timeshare.training.train import Trained, train

Splits = dict[Split, Parts]


def same(one: Trained, other: Trained) -> bool:
    return one.tensors.keys() == other.tensors.keys() and all(
        torch.equal(tensor, other.tensors[name]) for name, tensor in one.tensors.items()
    )


def test_training_lowers_the_loss_on_what_is_trained(condition: Condition, splits: Splits) -> None:
    plan = condition.training.model_copy(update={"updates": 200})
    trained = train(condition.model_copy(update={"training": plan}), splits)
    table = history_table(condition, Metric.ACCURACY, trained.monitor.points)
    losses = table[table["split"] == "train"].groupby("update")["loss"].mean()
    assert losses.iloc[-1] < 0.8 * losses.iloc[0]


def test_the_same_condition_gives_the_same_bits(condition: Condition, splits: Splits) -> None:
    assert same(train(condition, splits), train(condition, splits))


@pytest.mark.parametrize("name", ["parity/shared", "drift/unshared"])
def test_a_member_does_not_depend_on_which_others_share_its_job(
    name: str, conditions: dict[str, Condition]
) -> None:
    condition = conditions[f"{name}/length-10/truncation-3"]
    splits = read_by(condition)
    together = train(condition, splits)
    for place, member in list(enumerate(condition.members))[1::3]:
        alone = train(condition.model_copy(update={"members": (member,)}), splits)
        for key, tensor in alone.tensors.items():
            assert torch.equal(tensor[0], together.tensors[key][place])


def test_a_member_that_diverges_is_frozen_recorded_and_changes_no_other(
    condition: Condition, splits: Splits
) -> None:
    good = condition.members[0]
    wild = good.model_copy(update={"learning_rate": 1e38})
    mixed = train(condition.model_copy(update={"members": (good, wild)}), splits)
    alone = train(condition.model_copy(update={"members": (good,)}), splits)
    assert mixed.diverged[0] is None
    assert mixed.diverged[1] is not None
    for key, tensor in alone.tensors.items():
        assert torch.equal(tensor[0], mixed.tensors[key][0])
    table = history_table(condition, Metric.ACCURACY, mixed.monitor.points)
    last = table[(table["update"] == 12) & (table["learning_rate"] > 1)]
    assert (last["value"] == last["chance"]).all()
    assert (last["score"] == 0).all()


def test_best_weights_are_those_of_the_highest_validation_score(
    condition: Condition, splits: Splits
) -> None:
    trained = train(condition, splits)
    table = history_table(condition, Metric.ACCURACY, trained.monitor.points)
    validation = table[table["split"] == "validation"]
    keys = ["train_size", "learning_rate", "seed"]
    peaks = validation.groupby(keys)["value"].max()
    network, task = network_of(condition), condition.build_task()
    best = {k.removeprefix("best/"): v for k, v in trained.tensors.items() if "best/" in k}
    network.load_state_dict(best)
    held = Store(task, splits[Split.VALIDATION]["all"])
    most = condition.training.evaluation_sequences
    values = measure(network, task, held, None, most).values
    wanted = [peaks[tuple(getattr(member, key) for key in keys)] for member in condition.members]
    assert values == pytest.approx(wanted)


def test_an_unshared_network_never_moves_the_steps_before_the_window_of_a_final_target() -> None:
    content = small(tasks={"recall": {}})
    content["sweeps"]["main"] |= {"tasks": ["recall"], "variants": ["unshared"]}
    content["training"] |= {"weight_decay": 0.0}
    condition = expand(Experiment.parse(content))["recall/unshared/length-10/truncation-3"]
    weights = train(condition, read_by(condition)).tensors["last/weights"]
    start = network_of(condition).state_dict()["weights"]
    moved = (weights != start).any(dim=3).any(dim=2).any(dim=0)
    assert moved.tolist() == [False] * 7 + [True] * 3


def test_each_window_updates_once(condition: Condition, splits: Splits) -> None:
    plan = condition.training.model_copy(update={"update": "window"})
    by_window = condition.model_copy(update={"training": plan})
    assert not same(train(by_window, splits), train(condition, splits))
    whole = {"truncation": condition.length}
    one_window = train(by_window.model_copy(update=whole), splits)
    assert same(one_window, train(condition.model_copy(update=whole), splits))


def test_training_at_lengths_up_to_t_draws_every_length(
    condition: Condition, splits: Splits
) -> None:
    plan = condition.training.model_copy(update={"lengths": "up-to", "updates": 200})
    varied = condition.model_copy(update={"training": plan})
    batches = Batches(varied, condition.build_task(), splits[Split.TRAIN])
    drawn = {batches.at(update).length for update in range(plan.updates)}
    assert drawn == set(range(1, condition.length + 1))


def test_training_resumed_from_a_checkpoint_gives_the_same_bits(
    condition: Condition, splits: Splits, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    undisturbed = train(condition, splits)
    plan = condition.training.model_copy(update={"checkpoint_seconds": 1e-9})
    often = condition.model_copy(update={"training": plan})
    path = tmp_path / "checkpoint"
    saves = 0

    def interrupt(*arguments: object) -> None:
        nonlocal saves
        save_checkpoint(*arguments)  # type: ignore[arg-type]
        saves += 1
        if saves == 5:
            raise KeyboardInterrupt

    monkeypatch.setattr("timeshare.training.resume.save_checkpoint", interrupt)
    with pytest.raises(KeyboardInterrupt):
        train(often, splits, path)
    resumed = train(often, splits, path)
    assert resumed.resumed_at == [5]
    assert same(resumed, undisturbed)
    assert resumed.monitor.points == undisturbed.monitor.points
