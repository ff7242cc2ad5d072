"""Training: reproducible, and what a member becomes depends on nothing in the rest of its batch."""

from collections.abc import Sequence

import numpy as np
import pytest
import torch

from tests.conftest import planned, read_by, small, with_setting
from timeshare.data.splits import Parts, held_out
from timeshare.experiment import Condition, Experiment, Member, Setting, expand
from timeshare.experiment.plan import Updates
from timeshare.recurrent.kernels import build
from timeshare.tasks.base import Split
from timeshare.training.evaluate import measure
from timeshare.training.history import history_table
from timeshare.training.model_factory import network_of
from timeshare.training.sets import UnitSets
from timeshare.training.train import TrainedMembers, train, train_members

Splits = dict[Split, Parts]
PLATEAU = Updates(least=4, most=60, patience=4)


def same(one: TrainedMembers, other: TrainedMembers) -> bool:
    return one.tensors.keys() == other.tensors.keys() and all(
        torch.equal(bits(tensor), bits(other.tensors[name])) for name, tensor in one.tensors.items()
    )


def bits(tensor: torch.Tensor) -> torch.Tensor:
    """The bits of float32 numbers, which are equal where both are the same NaN."""
    return tensor.view(torch.int32)


def until_plateau(name: str, task: str | None = None, **training: object) -> Condition:
    """A condition whose members stop at different times, of two train sizes and `fresh`."""
    task = task or name.partition("/")[0]
    content = small(tasks={task: {}})
    content["members"]["train_sizes"] = [16, 40, "fresh"]
    content["sweeps"]["main"]["tasks"] = [task]
    content["search"]["settings"] = [{"learning_rate": 0.05}, {"learning_rate": 0.002}]
    content["training"] |= {"updates": PLATEAU.model_dump(), "evaluations": 15} | training
    return expand(Experiment.parse(content))[f"{name}/length-10/truncation-3"]


def is_alone_what_it_is_among(
    condition: Condition, members: Sequence[Member], together: TrainedMembers, place: int
) -> bool:
    """Whether a member trained alone has the same bits, points and end."""
    splits = read_by(condition)
    alone = train_members(condition, members[place : place + 1], splits)
    points = [point for point in together.points if point.member == place]
    return (
        all(torch.equal(t[0], together.tensors[key][place]) for key, t in alone.tensors.items())
        and [p.value for p in alone.points] == [p.value for p in points]
        and np.allclose([p.loss for p in alone.points], [p.loss for p in points], rtol=1e-6)
        and (alone.stopped[0], alone.trained_out[0], alone.diverged[0])
        == (together.stopped[place], together.trained_out[place], together.diverged[place])
    )


def test_training_lowers_the_loss_on_what_is_trained(condition: Condition, splits: Splits) -> None:
    longer = planned(condition, updates=200)
    trained = train_members(longer, with_setting(longer), splits)
    table = history_table(longer, trained.members, trained.points, trained.diverged)
    losses = table[table["split"] == "train"].groupby("update")["loss"].mean()
    assert losses.iloc[-1] < 0.8 * losses.iloc[0]


def test_the_same_condition_gives_the_same_bits(condition: Condition, splits: Splits) -> None:
    one, other = train(condition, splits), train(condition, splits)
    assert same(one.reported, other.reported)
    assert one.search is not None and other.search is not None
    assert same(one.search, other.search)


@pytest.mark.parametrize("name", ["parity/shared", "drift/unshared", "keyword/unshared"])
@pytest.mark.parametrize("lengths", ["fixed", "up-to"])
def test_a_member_does_not_depend_on_the_rest_of_its_batch_nor_on_when_others_stop(
    name: str, lengths: str
) -> None:
    assert build.library("float") is not None, "the compiled kernels are what is tested here"
    condition = until_plateau(name, lengths=lengths)
    members = (*with_setting(condition, 0), *with_setting(condition, 1))
    together = train_members(condition, members, read_by(condition))
    assert len(set(together.stopped)) > 1
    for place in range(0, len(members), 3):
        assert is_alone_what_it_is_among(condition, members, together, place)


def test_a_member_that_diverges_leaves_is_recorded_and_changes_no_other(
    condition: Condition, splits: Splits
) -> None:
    settings = (condition.settings[0], Setting(learning_rate=1e38))
    condition = condition.model_copy(update={"settings": settings})
    good, wild = with_setting(condition, 0)[0], with_setting(condition, 1)[0]
    mixed = train_members(condition, (wild, good), splits)
    alone = train_members(condition, (good,), splits)
    assert mixed.diverged[1] is None
    assert mixed.diverged[0] is not None
    assert mixed.diverged[0] < mixed.stopped[0] < mixed.stopped[1] == 12
    assert mixed.trained_out == [False, False]
    for key, tensor in alone.tensors.items():
        assert torch.equal(tensor[0], mixed.tensors[key][1])
    table = history_table(condition, mixed.members, mixed.points, mixed.diverged)
    failed = table[table["setting"] == 1]
    assert failed["diverged"].all()
    assert not table[table["setting"] == 0]["diverged"].any()
    last = failed[failed["update"] == failed["update"].max()]
    assert last["update"].max() == mixed.stopped[0]
    assert (last["value"] == last["chance"]).all()
    assert (last["score"] == 0).all()
    assert last["loss"].isna().all()


def test_where_all_members_diverge_training_ends(condition: Condition, splits: Splits) -> None:
    wild = condition.model_copy(update={"settings": (Setting(learning_rate=1e38),)})
    trained = train_members(wild, with_setting(wild), splits)
    assert all(update is not None for update in trained.diverged)
    assert set(trained.stopped) == {4}


def test_members_that_stop_by_themselves_stop_at_an_evaluation_point_and_are_scored_no_more() -> (
    None
):
    condition = until_plateau("keyword/shared")
    trained = train(condition, read_by(condition)).reported
    assert any(trained.trained_out)
    for place, (stopped, out) in enumerate(zip(trained.stopped, trained.trained_out, strict=True)):
        updates = [point.update for point in trained.points if point.member == place]
        assert max(updates) == stopped <= 60
        assert stopped % 4 == 0
        assert out or stopped == 60


def test_where_the_number_of_updates_is_fixed_all_members_make_it(
    condition: Condition, splits: Splits
) -> None:
    trained = train(condition, splits).reported
    assert set(trained.stopped) == {12}
    assert not any(trained.trained_out)


def test_the_last_weights_of_a_member_are_those_after_its_last_update() -> None:
    condition = until_plateau("keyword/shared")
    splits, members = read_by(condition), with_setting(condition)
    trained = train_members(condition, members, splits)
    place = min(range(len(members)), key=trained.stopped.__getitem__)
    assert trained.stopped[place] < 60
    fixed = planned(condition, updates=trained.stopped[place])
    again = train_members(fixed, members[place : place + 1], splits)
    for name, tensor in again.tensors.items():
        if name.startswith("last/"):
            assert torch.equal(tensor[0], trained.tensors[name][place])


def test_reported_members_have_the_setting_chosen_on_the_units_of_the_search(
    condition: Condition, splits: Splits
) -> None:
    useless = (Setting(learning_rate=1e-9), Setting(learning_rate=0.02))
    condition = planned(condition, updates=150).model_copy(update={"settings": useless})
    trained = train(condition, splits)
    assert trained.search is not None
    assert {member.setting for member in trained.reported.members} == {1}
    assert trained.search.members == condition.search_members
    searched = {member.unit for member in trained.search.members}
    assert not searched & {member.unit for member in trained.reported.members}


def test_the_search_never_reads_test_sequences_nor_units_that_are_reported(
    condition: Condition, splits: Splits
) -> None:
    whole = train(condition, splits)
    kept = {unit.part for unit in condition.search_units}
    without: Splits = {}
    for split in (Split.TRAIN, Split.VALIDATION):
        without[split] = {name: part for name, part in splits[split].items() if name in kept}
    alone = train_members(condition, condition.search_members, without)
    assert whole.search is not None
    assert same(alone, whole.search)
    assert {point.split for point in whole.search.points} == {Split.TRAIN, Split.VALIDATION}


def test_a_condition_with_one_setting_trains_with_it_without_a_search(
    condition: Condition, splits: Splits
) -> None:
    one = condition.model_copy(update={"settings": condition.settings[1:]})
    trained = train(one, splits)
    assert trained.search is None
    assert same(trained.reported, train_members(condition, with_setting(condition, 1), splits))


def test_best_weights_are_those_of_the_highest_validation_score(
    condition: Condition, splits: Splits
) -> None:
    trained = train(condition, splits).reported
    peaks = [
        max(
            point.value
            for point in trained.points
            if point.member == place and point.split is Split.VALIDATION
        )
        for place in range(len(trained.members))
    ]
    network, task = network_of(condition, trained.members), condition.build_task()
    best = {k.removeprefix("best/"): v for k, v in trained.tensors.items() if "best/" in k}
    network.load_state_dict(best)
    most = condition.training.evaluation_sequences
    units = [member.unit for member in trained.members]
    held = {unit: held_out(splits[Split.VALIDATION], unit).first(most) for unit in units}
    values = measure(network, task, UnitSets(task, held), units).values
    assert values == pytest.approx(peaks)


def test_an_unshared_network_never_moves_the_steps_before_the_window_of_a_final_target() -> None:
    content = small(tasks={"recall": {}})
    content["sweeps"]["main"] |= {"tasks": ["recall"], "variants": ["unshared"]}
    content["search"] = {"settings": [{"learning_rate": 0.01}]}
    condition = expand(Experiment.parse(content))["recall/unshared/length-10/truncation-3"]
    trained = train(condition, read_by(condition)).reported
    start = network_of(condition, trained.members).state_dict()["weights"]
    moved = (trained.tensors["last/weights"] != start).any(dim=3).any(dim=2).any(dim=0)
    assert moved.tolist() == [False] * 7 + [True] * 3


def test_each_window_updates_once(condition: Condition, splits: Splits) -> None:
    members = with_setting(condition)

    def trained(each: Condition) -> TrainedMembers:
        return train_members(each, members, splits)

    by_window = planned(condition, update="window")
    assert not same(trained(by_window), trained(condition))
    whole = {"truncation": condition.length}
    assert same(
        trained(by_window.model_copy(update=whole)), trained(condition.model_copy(update=whole))
    )


def test_the_best_weights_on_random_labels_are_those_of_the_highest_training_score() -> None:
    content = small(tasks={"labels": {}})
    content["sweeps"]["main"]["tasks"] = ["labels"]
    content["training"] |= {"updates": 60, "evaluations": 15}
    condition = expand(Experiment.parse(content))["labels/shared/length-10/truncation-full"]
    splits, members = read_by(condition), with_setting(condition)
    trained = train_members(condition, members, splits)
    network, task = network_of(condition, members), condition.build_task()
    best = {k.removeprefix("best/"): v for k, v in trained.tensors.items() if "best/" in k}
    network.load_state_dict(best)
    for place, member in enumerate(members):
        points = [point for point in trained.points if point.member == place]
        peak = max(point.value for point in points if point.split is Split.TRAIN)
        scored = splits[Split.TRAIN][member.unit.part].first(min(32, member.train_size))
        own = UnitSets(task, {one.unit: scored for one in members})
        values = measure(network, task, own, [one.unit for one in members]).values
        assert values[place] == pytest.approx(peak)
