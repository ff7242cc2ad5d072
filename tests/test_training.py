"""Training: fair, reproducible, undisturbed by a member that fails."""

from pathlib import Path

import pytest
import torch

from tests.conftest import read_by
from timeshare.checkpoint import load_checkpoint, save_checkpoint
from timeshare.data import Parts
from timeshare.experiment import Condition
from timeshare.history import history_table
from timeshare.members import architecture_of, network_of
from timeshare.metrics import Metric
from timeshare.recurrent.architecture import parameter_count
from timeshare.tasks.base import Split
from timeshare.training import Trained, train

Splits = dict[Split, Parts]


def same(one: Trained, other: Trained) -> bool:
    return one.tensors.keys() == other.tensors.keys() and all(
        torch.equal(tensor, other.tensors[name]) for name, tensor in one.tensors.items()
    )


def test_training_lowers_the_loss_on_what_is_trained(condition: Condition, splits: Splits) -> None:
    plan = condition.training.model_copy(update={"updates": 200})
    trained = train(condition.model_copy(update={"training": plan}), splits)
    table = history_table(condition, Metric.ACCURACY, trained.curves.points)
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


def test_a_member_that_diverges_is_frozen_recorded_and_disturbs_nobody(
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
    table = history_table(condition, Metric.ACCURACY, mixed.curves.points)
    last = table[(table["update"] == 12) & (table["learning_rate"] > 1)]
    assert (last["value"] == last["chance"]).all()
    assert (last["score"] == 0).all()


def test_best_weights_are_those_of_the_highest_validation_score(
    condition: Condition, splits: Splits
) -> None:
    trained = train(condition, splits)
    table = history_table(condition, Metric.ACCURACY, trained.curves.points)
    validation = table[table["split"] == "validation"]
    keys = ["train_size", "learning_rate", "seed"]
    peak = validation.groupby(keys)["score"].transform("max")
    first_best = validation[validation["score"] == peak].groupby(keys)["update"].max()
    for place, member in enumerate(condition.members):
        ended_best = first_best[(member.train_size, member.learning_rate, member.seed)] == 12
        equal = torch.equal(
            trained.tensors["best/weights"][place], trained.tensors["last/weights"][place]
        )
        assert equal <= ended_best


def test_the_update_of_each_window_differs_from_the_update_of_the_sequence(
    condition: Condition, splits: Splits
) -> None:
    plan = condition.training.model_copy(update={"update": "window"})
    by_window = train(condition.model_copy(update={"training": plan}), splits)
    assert not same(by_window, train(condition, splits))


def test_training_at_lengths_up_to_t_draws_shorter_batches(
    condition: Condition, splits: Splits
) -> None:
    plan = condition.training.model_copy(update={"lengths": "up-to"})
    trained = train(condition.model_copy(update={"training": plan}), splits)
    assert not same(trained, train(condition, splits))


def test_training_goes_on_from_a_checkpoint_to_the_same_bits(
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

    monkeypatch.setattr("timeshare.training.save_checkpoint", interrupt)
    with pytest.raises(KeyboardInterrupt):
        train(often, splits, path)
    resumed = train(often, splits, path)
    assert resumed.resumed_at == [5]
    assert same(resumed, undisturbed)
    assert resumed.curves.points == undisturbed.curves.points


def test_a_checkpoint_of_another_owner_is_refused(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "checkpoint"
    save_checkpoint(path, "one", {"a": torch.ones(3)}, {"done": 1})
    assert load_checkpoint(path, "other") is None
    assert "belongs to another condition" in caplog.text
    found = load_checkpoint(path, "one")
    assert found is not None
    assert found[1] == {"done": 1}


@pytest.mark.parametrize("damage", ["cut", "flip"])
def test_a_damaged_checkpoint_is_refused(
    damage: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "checkpoint"
    save_checkpoint(path, "one", {"a": torch.ones(3)}, {})
    content = bytearray(path.read_bytes())
    if damage == "cut":
        content = content[:-5]
    else:
        content[-3] ^= 1
    path.write_bytes(bytes(content))
    assert load_checkpoint(path, "one") is None
    assert "truncated or corrupted" in caplog.text


def test_members_of_a_seed_start_alike_whatever_their_size_and_rate(condition: Condition) -> None:
    weights = network_of(condition).state_dict()["weights"]
    starts: dict[int, torch.Tensor] = {}
    for member, start in zip(condition.members, weights, strict=True):
        assert torch.equal(starts.setdefault(member.seed, start), start)
    assert len(starts) == 2
    assert not torch.equal(starts[0], starts[1])


def test_a_variant_that_matches_another_has_the_nearest_parameter_count(
    condition: Condition,
) -> None:
    target = parameter_count(architecture_of(condition)).total
    shared = condition.network.model_copy(
        update={"schedule": {"kind": "shared"}, "hidden": None, "match": "unshared"}
    )
    wide = condition.model_copy(update={"network": shared, "matched": condition.network})
    hidden = architecture_of(wide).hidden

    def distance(size: int) -> int:
        fixed = shared.model_copy(update={"hidden": size, "match": None})
        one = condition.model_copy(update={"network": fixed})
        return abs(parameter_count(architecture_of(one)).total - target)

    assert hidden > 6
    assert distance(hidden) <= min(distance(hidden - 1), distance(hidden + 1))
