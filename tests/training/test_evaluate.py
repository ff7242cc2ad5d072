"""Evaluation: every reported member, every length, every extension, in one tidy table."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch

from tests.conftest import read_by, small, with_setting
from timeshare.analysis.contracts import checked
from timeshare.data import splits
from timeshare.data.drawing import draw
from timeshare.data.splits import Parts, Unit, draw_tests
from timeshare.experiment import Condition, Experiment, Member, expand
from timeshare.experiment.conditions import FRESH
from timeshare.recurrent.architecture import Architecture
from timeshare.recurrent.network import Network
from timeshare.recurrent.schedules.base import Extension
from timeshare.recurrent.schedules.unshared import Unshared
from timeshare.tasks.base import Split
from timeshare.tasks.vowels import Vowels
from timeshare.training.evaluate import Evaluation, beyond_window, evaluate, grouped, measure
from timeshare.training.model_factory import network_of
from timeshare.training.sets import UnitSets

LENGTHS = [8, 10, 20]
SEQUENCES = 32
SHARED = "parity/shared/length-10/truncation-full"
KEYS = ["unit", "train_size", "evaluated_length", "extension", "selection"]


def weights_of(condition: Condition, members: tuple[Member, ...]) -> dict[str, torch.Tensor]:
    """Last weights are the initial ones, best weights others: evaluation asks nothing more."""
    state = network_of(condition, members).state_dict()
    best = {f"best/{name}": tensor * 2 for name, tensor in state.items()}
    return {f"last/{name}": tensor for name, tensor in state.items()} | best


def evaluated(
    condition: Condition,
    members: tuple[Member, ...] = (),
    diverged: list[int | None] | None = None,
    lengths: list[int] = LENGTHS,
    held: int = 40,
) -> Evaluation:
    members = members or with_setting(condition)
    tests = draw_tests(condition.build_task(), lengths, condition.units, held)
    ends = diverged or [None] * len(members)
    weights = weights_of(condition, members)
    return evaluate(condition, members, weights, ends, read_by(condition), tests, SEQUENCES)


def of_task(name: str, variant: str = "shared", **members: Any) -> Condition:
    content = small(tasks={name: {"evaluation_lengths": [10]}})
    content["sweeps"]["main"]["tasks"] = [name]
    content["members"] |= members
    return expand(Experiment.parse(content))[f"{name}/{variant}/length-10/truncation-full"]


def test_every_member_is_scored_at_every_length_under_every_extension(
    condition: Condition,
) -> None:
    scores = evaluated(condition).scores
    tests = scores[(scores["split"] == "test") & (scores["selection"] == "last")]
    cells = tests.groupby(["evaluated_length", "extension"]).size()
    assert (cells == len(condition.members)).all()
    assert set(cells.index) == {(10, "none")} | {
        (length, extension) for length in (8, 20) for extension in ("hold", "cycle", "align-right")
    }
    assert set(scores["selection"]) == {"last", "best"}
    assert set(scores["split"]) == {"train", "validation", "test"}


def test_the_tables_have_the_columns_of_their_definitions(condition: Condition) -> None:
    found = evaluated(condition)
    checked("scores", found.scores)
    checked("positions", found.positions)


def test_each_row_has_the_setting_of_its_member(condition: Condition) -> None:
    chosen = condition.with_settings({16: 1, 40: 0})
    scores = evaluated(condition, chosen).scores
    rates = scores.groupby("train_size")["learning_rate"].unique()
    assert {size: rate.tolist() for size, rate in rates.items()} == {16: [0.002], 40: [0.01]}


def test_shared_weights_need_no_extension(conditions: dict[str, Condition]) -> None:
    assert set(evaluated(conditions[SHARED]).scores["extension"]) == {"none"}


def test_the_score_is_zero_at_chance_and_one_when_perfect(condition: Condition) -> None:
    scores = evaluated(condition).scores
    expected = (scores["value"] - scores["chance"]) / (1 - scores["chance"])
    np.testing.assert_allclose(scores["score"], expected)


def test_a_member_is_scored_on_the_sequences_of_its_unit_whoever_else_is(
    condition: Condition,
) -> None:
    members = with_setting(condition)
    together = evaluated(condition).scores.set_index([*KEYS, "split"])
    for member in members:
        alone = evaluated(condition, (member,)).scores.set_index([*KEYS, "split"])
        same = together.loc[alone.index]
        for column in ("value", "chance", "score", "sequences"):
            np.testing.assert_array_equal(alone[column], same[column])


def test_test_scores_are_those_of_the_units_own_rule_and_sequences(condition: Condition) -> None:
    members, task = with_setting(condition), condition.build_task()
    scores = evaluated(condition).scores
    tests = draw_tests(task, LENGTHS, condition.units, 40)
    network = network_of(condition, members)
    rows = scores[(scores["selection"] == "last") & (scores["split"] == "test")]
    rows = rows[rows["evaluated_length"] == 10]
    for place, member in enumerate(members):
        own = splits.tests_of(tests, member.unit)[10]
        sets = UnitSets(task, {member.unit: own})
        alone = measure(network, task, sets, [member.unit] * len(members))
        row = rows[(rows["rule"] == member.rule) & (rows["train_size"] == member.train_size)]
        assert row["value"].tolist() == [list(alone.values)[place]]
        assert row["chance"].tolist() == [task.chance(own)]
    assert rows.groupby("rule")["chance"].nunique().eq(1).all()
    assert rows["chance"].nunique() == 2


def test_all_units_of_a_real_data_set_are_tested_on_all_it_has() -> None:
    condition = of_task("vowels", seeds=3)
    scores = evaluated(condition, lengths=[10]).scores
    tests = scores[scores["split"] == "test"]
    assert set(tests["unit"]) == {0, 1, 2}
    assert (tests["sequences"] == 370).all()
    assert set(tests["chance"]) == {
        condition.build_task().chance(draw(Vowels(), 370, 10, Split.TEST))
    }
    held = scores[scores["split"] == "validation"]
    assert (held["sequences"] == Vowels().size(Split.VALIDATION)).all()


def test_the_sequences_scored_are_counted_for_each_member() -> None:
    condition = of_task("drift", train_sizes=[16, 40, "fresh"])
    scores = evaluated(condition).scores
    train = scores[scores["split"] == "train"].set_index("train_size")["sequences"]
    assert set(train[16]) == {16}
    assert set(train[40]) == {SEQUENCES}
    assert set(train[FRESH]) == {SEQUENCES}
    assert set(scores.loc[scores["split"] == "validation", "sequences"]) == {48}
    assert set(scores.loc[scores["split"] == "test", "sequences"]) == {40}


def test_a_diverged_member_scores_chance_and_has_no_positions(condition: Condition) -> None:
    diverged = [3, *[None] * (len(condition.members) - 1)]
    found = evaluated(condition, diverged=diverged)
    failed = found.scores[found.scores["diverged"]]
    assert len(failed) == len(found.scores) // len(condition.members)
    assert (failed["value"] == failed["chance"]).all()
    assert (failed["score"] == 0).all()
    assert failed["loss"].isna().all()
    identity = ["unit", "train_size"]
    gone = set(map(tuple, failed[identity].to_numpy()))
    listed = set(map(tuple, found.positions[identity].to_numpy()))
    assert gone == {(0, 16)}
    assert listed == {(0, 40), (1, 16), (1, 40)}


def test_where_all_members_diverged_there_are_no_positions(condition: Condition) -> None:
    found = evaluated(condition, diverged=[3] * len(condition.members))
    assert found.positions.empty
    assert (found.scores["score"] == 0).all()


def test_values_by_position_average_to_the_value_of_the_sequence(condition: Condition) -> None:
    evaluation = evaluated(condition)
    means = evaluation.positions.groupby(KEYS)["value"].mean()
    tests = evaluation.scores[evaluation.scores["split"] == "test"].set_index(KEYS)["value"]
    np.testing.assert_allclose(means, tests.loc[means.index])


def test_a_final_task_has_no_positions(conditions: dict[str, Condition]) -> None:
    assert evaluated(of_task("recall"), lengths=[10]).positions.empty


def test_targets_grouped_by_distance_are_scored_apart_and_together_are_all() -> None:
    condition = of_task("store", "unshared", seeds=2)
    found = evaluated(condition, lengths=[10, 20], held=300)
    scores = found.scores[found.scores["selection"] == "last"]
    tests = scores[scores["split"] == "test"]
    assert set(tests["group"]) >= {"all", "distance 1", "distance 2-3", "distance 4-7"}
    assert set(tests.loc[tests["group"] == "distance 4-7", "distance"]) == {4}
    assert tests.loc[tests["group"] == "all", "distance"].isna().all()
    assert not tests["beyond_window"].any(), "K = T has no windows that end"

    tests = tests[tests["evaluated_length"] == 10]
    assert set(scores.loc[scores["split"] != "test", "group"]) == {"all"}
    units = condition.units
    drawn = draw_tests(condition.build_task(), [10], units, 300)
    for unit in units:
        own = tests[(tests["unit"] == unit.seed) & (tests["train_size"] == 16)]
        values = own.set_index("group")["value"]
        groups = splits.tests_of(drawn, unit)[10].groups
        assert groups is not None
        names = condition.build_task().group_names
        counts = {name: int((groups == number).sum()) for number, name in enumerate(names)}
        parts = values.drop("all")
        weights = np.array([counts[name] for name in parts.index])
        assert weights.sum() == (groups >= 0).sum()
        assert values["all"] == pytest.approx(float(np.average(parts, weights=weights)))
    checked("scores", found.scores)
    checked("positions", found.positions)


def test_a_group_that_a_unit_lacks_is_left_out_for_all() -> None:
    task = of_task("store").build_task()
    parts: Parts = draw_tests(task, [10], [Unit(0, 0), Unit(0, 1)], 40)
    one, other = (splits.tests_of(parts, Unit(0, seed))[10] for seed in (0, 1))
    assert one.groups is not None
    assert other.groups is not None
    without = replace(
        other,
        groups=np.where(other.groups == 1, -1, other.groups),
        targets=np.where(other.groups == 1, -1, other.targets),
    )
    both = grouped(task, {Unit(0, 0): one, Unit(0, 1): other})
    fewer = grouped(task, {Unit(0, 0): one, Unit(0, 1): without})
    assert set(both) - set(fewer) == {"distance 2-3"}
    assert fewer["all"][Unit(0, 1)] is without


def test_aligned_right_a_padded_sequence_ends_at_its_true_end() -> None:
    task = Vowels()
    tests = draw(task, 24, 20, Split.TEST)
    assert tests.lengths is not None
    assert len(set(tests.lengths)) > 2
    network = Network(
        Architecture("lstm", Unshared(), 8, task.input_size, task.output_size, 10), [0, 1]
    )
    units = [Unit(0, 0), Unit(0, 1)]
    right = Extension.ALIGN_RIGHT
    padded = measure(network, task, UnitSets(task, dict.fromkeys(units, tests)), units, right)
    alone = []
    for row, length in enumerate(tests.lengths):
        one = tests.select(np.array([row]))
        cropped = replace(one, inputs=one.inputs[:, :length])
        sets = UnitSets(task, dict.fromkeys(units, cropped))
        alone.append(measure(network, task, sets, units, right).losses)
    assert padded.losses == pytest.approx(np.mean(alone, axis=0), rel=1e-5)


def test_units_with_different_numbers_of_sequences_are_scored_on_their_own() -> None:
    task = of_task("parity").build_task()
    units = [Unit(0, 0), Unit(0, 1)]
    few, many = (draw(task, count, 10, Split.TEST, str(count)) for count in (7, 300))
    network = Network(
        Architecture("lstm", Unshared(), 8, task.input_size, task.output_size, 10), [0, 1]
    )
    both = measure(network, task, UnitSets(task, dict(zip(units, (few, many), strict=True))), units)
    for place, own in enumerate((few, many)):
        alone = measure(network, task, UnitSets(task, dict.fromkeys(units, own)), units)
        assert list(both.values)[place] == list(alone.values)[place]
        assert both.losses[place] == pytest.approx(alone.losses[place])
        assert both.positions is not None
        assert alone.positions is not None
        np.testing.assert_array_equal(both.positions[:, place], alone.positions[:, place])


def test_a_fresh_member_is_scored_on_training_sequences_it_never_read() -> None:
    condition = of_task("drift", train_sizes=["fresh"])
    scores = evaluated(condition).scores
    train = scores[scores["split"] == "train"]
    assert (train["train_size"] == FRESH).all()
    assert train["value"].between(0, 1).all()
    assert isinstance(scores["distance"].dtype, pd.Int64Dtype)


def test_distances_of_k_or_more_are_beyond_every_window() -> None:
    assert [beyond_window(distance, 24, 4) for distance in (None, 1, 2, 4, 8)] == [
        *[False] * 3,
        True,
        True,
    ]
    assert not beyond_window(32, 24, 24), "with K = T one window holds the whole sequence"
