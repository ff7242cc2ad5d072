"""Metrics, their chance and the score between chance and perfection."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeshare.tasks.metrics import Metric, constant_score, normalised
from timeshare.training.scoring import scores


@pytest.mark.parametrize("metric", Metric)
@given(chance=st.floats(0.1, 0.9))
def test_the_score_is_0_at_chance_and_1_when_perfect(metric: Metric, chance: float) -> None:
    assert normalised(chance, chance, metric) == 0
    assert normalised(metric.perfect, chance, metric) == pytest.approx(1)


@pytest.mark.parametrize(("metric", "worse"), [("accuracy", 0.1), ("bits", 3.0), ("error", 3.0)])
def test_worse_than_chance_is_below_0(metric: str, worse: float) -> None:
    assert normalised(worse, 0.5, Metric(metric)) < 0


def test_the_score_of_many_members_is_taken_one_by_one() -> None:
    scores = normalised(np.array([0.5, 0.75, 1.0]), np.full(3, 0.5), Metric.ACCURACY)
    assert np.allclose(scores, [0, 0.5, 1])


def test_chance_of_accuracy_is_the_commonest_class() -> None:
    assert constant_score(Metric.ACCURACY, np.array([0, 0, 2, 1]), 3) == 0.5


def test_chance_of_bits_is_the_entropy_of_the_classes() -> None:
    assert constant_score(Metric.BITS, np.array([0, 1, 2, 3]), 4) == pytest.approx(2)
    assert constant_score(Metric.BITS, np.array([0, 0, 0, 1]), 2) == pytest.approx(
        -0.75 * math.log2(0.75) + 0.25 * 2
    )


def test_a_class_that_never_occurs_adds_nothing() -> None:
    assert constant_score(Metric.BITS, np.array([0, 1]), 9) == pytest.approx(1)


def test_chance_of_error_is_the_variance() -> None:
    assert constant_score(Metric.ERROR, np.array([1.0, 3.0], np.float32), 1) == 1


def test_targets_that_ask_nothing_do_not_count() -> None:
    assert constant_score(Metric.ACCURACY, np.array([[-1, 0], [-1, 1]]), 2) == 0.5
    assert constant_score(Metric.ERROR, np.array([[np.nan, 1.0], [3.0, np.nan]]), 1) == 1


@given(values=st.lists(st.integers(0, 4), min_size=1, max_size=40), other=st.integers(0, 4))
def test_no_constant_class_beats_chance(values: list[int], other: int) -> None:
    targets = np.array(values)
    assert (targets == other).mean() <= constant_score(Metric.ACCURACY, targets, 5)


@pytest.mark.parametrize("metric", Metric)
def test_equal_targets_leave_no_room_between_chance_and_perfect(metric: Metric) -> None:
    targets = np.full(7, 1, np.int64) if metric.classifies else np.full(7, 0.1, np.float32)
    chance = constant_score(metric, targets, 3)
    assert chance == metric.perfect
    assert np.isnan(scores(np.array([0.5]), np.array([chance]), metric)).all()


@pytest.mark.parametrize("metric", Metric)
def test_without_a_target_there_is_no_chance(metric: Metric) -> None:
    targets = np.full(3, -1, np.int64) if metric.classifies else np.full(3, np.nan)
    assert np.isnan(constant_score(metric, targets, 3))
