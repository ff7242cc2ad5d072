"""Evaluation: every member, every length, every extension, in one tidy table."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from tests.conftest import read_by
from timeshare.data.drawing import draw
from timeshare.data.splits import draw_tests
from timeshare.experiment import Condition
from timeshare.recurrent.architecture import Architecture
from timeshare.recurrent.network import Network
from timeshare.recurrent.schedules.base import Extension
from timeshare.recurrent.schedules.unshared import Unshared
from timeshare.tasks.base import Split
from timeshare.tasks.metrics import Metric
from timeshare.tasks.vowels import Vowels
from timeshare.training.evaluate import Evaluation, evaluate, measure
from timeshare.training.history import history_table
from timeshare.training.layout import Store
from timeshare.training.model_selection import chosen_members
from timeshare.training.train import train

LENGTHS = [8, 10, 20]


def evaluated(condition: Condition, diverged: list[int | None] | None = None) -> Evaluation:
    splits = read_by(condition)
    trained = train(condition, splits)
    history = history_table(condition, Metric.ACCURACY, trained.monitor.points)
    tests = draw_tests(condition.build_task(), LENGTHS, 40)
    return evaluate(
        condition, trained.tensors, history, diverged or trained.diverged, splits, tests, 32
    )


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


def test_shared_weights_need_no_extension(conditions: dict[str, Condition]) -> None:
    scores = evaluated(conditions["parity/shared/length-10/truncation-full"]).scores
    assert set(scores["extension"]) == {"none"}


def test_the_score_is_zero_at_chance_and_one_when_perfect(condition: Condition) -> None:
    scores = evaluated(condition).scores
    expected = (scores["value"] - scores["chance"]) / (1 - scores["chance"])
    np.testing.assert_allclose(scores["score"], expected)


def test_a_diverged_member_scores_chance(condition: Condition) -> None:
    diverged = [3, *[None] * (len(condition.members) - 1)]
    scores = evaluated(condition, diverged).scores
    failed = scores[scores["diverged"]]
    assert len(failed) == len(scores) // len(condition.members)
    assert (failed["value"] == failed["chance"]).all()


def test_values_by_position_average_to_the_value_of_the_sequence(condition: Condition) -> None:
    evaluation = evaluated(condition)
    keys = ["seed", "train_size", "learning_rate", "evaluated_length", "extension", "selection"]
    means = evaluation.positions.groupby(keys)["value"].mean()
    tests = evaluation.scores[evaluation.scores["split"] == "test"].set_index(keys)["value"]
    np.testing.assert_allclose(means, tests.loc[means.index])


def test_one_learning_rate_is_chosen_for_each_train_size(condition: Condition) -> None:
    scores = evaluated(condition).scores
    chosen = scores[scores["chosen"]].groupby(["selection", "train_size"])["learning_rate"]
    assert (chosen.agg(lambda rates: len(set(rates))) == 1).all()
    assert len(chosen) == 4


def curves(condition: Condition, validation: dict[float, float], test: float) -> pd.DataFrame:
    rows = [
        {
            "update": 1,
            "split": split,
            "seed": member.seed,
            "train_size": member.train_size,
            "learning_rate": member.learning_rate,
            "loss": 1.0,
            "score": validation[member.learning_rate] if split == "validation" else test,
        }
        for member in condition.members
        for split in ("validation", "test")
    ]
    return pd.DataFrame(rows)


def none(condition: Condition) -> NDArray[np.bool_]:
    return np.zeros(len(condition.members), dtype=bool)


def test_a_rate_that_diverged_counts_with_chance(condition: Condition) -> None:
    table = curves(condition, {0.01: 1.0, 0.002: 0.5}, test=1.0)
    diverged = np.array([member.learning_rate == 0.01 for member in condition.members])
    for selection in ("last", "best"):
        chosen = chosen_members(condition, table, selection, diverged)
        rates = {m.learning_rate for m, c in zip(condition.members, chosen, strict=True) if c}
        assert rates == {0.002}


@pytest.mark.parametrize("better", [0.01, 0.002])
def test_validation_alone_chooses(condition: Condition, better: float) -> None:
    scores = {0.01: 0.3, 0.002: 0.3} | {better: 0.6}
    table = curves(condition, scores, test=1.0)
    for selection in ("last", "best"):
        chosen = chosen_members(condition, table, selection, none(condition))
        rates = {m.learning_rate for m, c in zip(condition.members, chosen, strict=True) if c}
        assert rates == {better}


def test_a_tie_goes_to_the_lower_rate(condition: Condition) -> None:
    table = curves(condition, {0.01: 0.3, 0.002: 0.3}, test=1.0)
    chosen = chosen_members(condition, table, "last", none(condition))
    rates = {m.learning_rate for m, c in zip(condition.members, chosen, strict=True) if c}
    assert rates == {0.002}


def test_aligned_right_a_padded_sequence_ends_at_its_true_end() -> None:
    task = Vowels()
    tests = draw(task, 24, 20, Split.TEST)
    assert tests.lengths is not None and len(set(tests.lengths)) > 2
    network = Network(
        Architecture("lstm", Unshared(), 8, task.input_size, task.output_size, 10), [0, 1]
    )
    right = Extension.ALIGN_RIGHT
    padded = measure(network, task, Store(task, tests), right, tests.count)
    alone = []
    for row, length in enumerate(tests.lengths):
        one = tests.select(np.array([row]))
        cropped = replace(one, inputs=one.inputs[:, :length])
        alone.append(measure(network, task, Store(task, cropped), right, 1).losses)
    assert padded.losses == pytest.approx(np.mean(alone, axis=0), rel=1e-5)
