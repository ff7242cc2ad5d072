"""Aggregates, and how often their intervals hold the truth."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.random import Generator
from scipy import stats

from timeshare.analysis.statistics import (
    Values,
    aggregate,
    interquartile_mean,
    interval,
    mean_of_middles,
)
from timeshare.storage.streams import stream

RESAMPLES = 2000
Draw = Callable[[Generator, int], dict[str, Values]]


def normal(strata: int) -> Draw:
    """Tasks with different means and spreads."""
    rng = stream("coverage", "normal", strata)
    means, spreads = rng.normal(0, 0.3, strata), rng.uniform(0.02, 0.15, strata)

    def draw(rng: Generator, n: int) -> dict[str, Values]:
        return {
            str(k): rng.normal(mean, spread, n)
            for k, (mean, spread) in enumerate(zip(means, spreads, strict=True))
        }

    return draw


def scores(strata: int) -> Draw:
    """Differences of accuracies on 512 sequences, many of them at the ceiling."""
    rng = stream("coverage", "scores", strata)
    skills = rng.uniform(1, 30, (strata, 2)), rng.uniform(1, 6, (strata, 2))

    def accuracy(rng: Generator, a: float, b: float, n: int) -> Values:
        skill = np.minimum(1, 1.1 * rng.beta(a, b, n))
        shares: Values = rng.binomial(512, skill) / 512
        return shares

    def draw(rng: Generator, n: int) -> dict[str, Values]:
        return {
            str(k): accuracy(rng, a[0], b[0], n) - accuracy(rng, a[1], b[1], n)
            for k, (a, b) in enumerate(zip(*skills, strict=True))
        }

    return draw


def coverage(draw: Draw, n: int, confidence: float = 0.95, tables: int = 400) -> float:
    """How often the interval holds the mean of interquartile means of a very large sample."""
    truth = mean_of_middles(draw(stream("truth"), 100_000).values())
    rng, held = stream("tables", n), 0
    for _ in range(tables):
        found = aggregate(draw(rng, n), confidence, RESAMPLES)
        held += found.low <= truth <= found.high
    return held / tables


@pytest.mark.parametrize("n", [3, 5, 10])
@pytest.mark.parametrize("strata", [1, 5, 10])
@pytest.mark.parametrize("family", [normal, scores])
def test_the_interval_covers_as_often_as_it_says(
    family: Callable[[int], Draw], strata: int, n: int
) -> None:
    # With few units of several tasks the error is taken too large: the bootstrap's error of an
    # interquartile mean of three values is, and the mean over tasks is nearly normal.
    most = 0.98 if strata == 1 or n > 5 else 0.995
    assert 0.92 <= coverage(family(strata), n) <= most


def test_the_simultaneous_interval_covers_as_often_as_it_says() -> None:
    assert coverage(scores(5), 5, confidence=1 - 0.05 / 9) >= 0.985


@pytest.mark.parametrize("count", [4, 8, 40])
def test_whole_quarters_are_trimmed_as_scipy_trims_them(count: int) -> None:
    values = stream("trim", count).normal(size=count)
    assert interquartile_mean(values) == pytest.approx(stats.trim_mean(values, 0.25))


def test_a_value_cut_by_a_quartile_counts_in_part() -> None:
    assert interquartile_mean(np.array([0.0, 1.0, 2.0, 3.0, 100.0])) == pytest.approx(
        (0.75 * 1 + 2 + 0.75 * 3) / 2.5
    )


def test_the_mean_of_one_stratum_has_students_interval() -> None:
    values = stream("student").normal(size=6)

    def mean(counts: list[Values]) -> Values:
        means: Values = counts[0] @ values / 6
        return means

    found = interval(mean, [6], 0.95, 50_000)
    error = stats.sem(values)
    expected = stats.t.interval(0.95, 5, values.mean(), error)
    assert found.degrees_of_freedom == pytest.approx(5)
    assert (found.low, found.high) == pytest.approx(expected, abs=0.02 * error)
    assert found.p_value(0) == pytest.approx(stats.ttest_1samp(values, 0).pvalue, rel=0.05)


def test_seeds_that_agree_leave_no_width_but_a_bounded_p_value() -> None:
    found = aggregate({"one": np.full(5, 0.25)}, 0.95, RESAMPLES)
    assert (found.low, found.effect, found.high) == (0.25, 0.25, 0.25)
    assert found.p_value(0.0) == 1 / RESAMPLES
    assert found.p_value(0.25) == 1


def test_the_same_values_give_the_same_bits() -> None:
    strata = scores(3)(stream("bits"), 4)
    assert aggregate(strata, 0.95, RESAMPLES) == aggregate(strata, 0.95, RESAMPLES)


def test_tasks_that_differ_are_not_trimmed_against_each_other() -> None:
    low, high = np.full(4, -0.4), np.full(4, 0.1)
    found = aggregate({"a": low, "b": high, "c": high}, 0.95, RESAMPLES)
    assert found.effect == pytest.approx((-0.4 + 0.1 + 0.1) / 3)


@pytest.mark.parametrize("n", [3, 10])
def test_test_sequences_that_all_seeds_share_are_covered(n: int) -> None:
    """A real data set has one test set: seeds agree on its luck, the next test set may not."""
    items, skill = 200, 0.9
    rng, held, alone, tables = stream("items", n), 0, 0, 400
    for _ in range(tables):
        # Which items are hard is common to all seeds; a seed adds a little of its own.
        accuracy = rng.binomial(items, skill) / items
        values = accuracy + rng.normal(0, 0.005, n)
        known = {"real": accuracy * (1 - accuracy) / items}
        found = aggregate({"real": values}, 0.95, RESAMPLES, known)
        without = aggregate({"real": values}, 0.95, RESAMPLES)
        held += found.low <= skill <= found.high
        alone += without.low <= skill <= without.high
    assert 0.92 <= held / tables <= 0.99
    assert alone / tables < 0.6


def test_the_number_of_units_that_would_decide_does() -> None:
    rng = stream("needed")
    values = rng.normal(0.08, 0.1, 8)
    found = aggregate({"one": values}, 0.99, RESAMPLES)
    assert found.low < 0.05
    needed = found.units_to_decide(0.05, 0.99, 1000)
    assert 8 < needed <= 1000
    error = found.standard_error
    for units, enough in ((needed, True), (needed - 1, False)):
        half = stats.t.ppf(0.995, found.degrees_of_freedom * units / 8) * error * np.sqrt(8 / units)
        assert (half < abs(found.effect - 0.05)) == enough
    assert found.units_to_decide(found.effect, 0.99, 1000) == 1001


def test_the_smallest_effect_is_decided_in_four_of_five_repetitions() -> None:
    rng, n, confidence, decided, tables = stream("power"), 12, 0.99, 0, 400
    distances = [
        aggregate({"one": rng.normal(0, 0.1, n)}, confidence, RESAMPLES).smallest_decided(
            confidence
        )
        for _ in range(200)
    ]
    for _ in range(tables):
        values = rng.normal(np.mean(distances), 0.1, n)
        decided += aggregate({"one": values}, confidence, RESAMPLES).low > 0
    assert 0.7 <= decided / tables <= 0.9


def test_one_seed_has_no_interval() -> None:
    with pytest.raises(ValueError, match="at least 2 units"):
        aggregate({"one": np.array([1.0])}, 0.95, RESAMPLES)
