"""Aggregates, and how often their intervals hold the truth."""

from collections.abc import Callable

import numpy as np
import pytest
from numpy.random import Generator
from scipy import stats

from timeshare.analysis.statistics import SMALLEST_P, Values, aggregate
from timeshare.storage.streams import stream

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


def failing(strata: int) -> Draw:
    """Differences that are nearly nothing, but for three units of ten, which failed."""

    def draw(rng: Generator, n: int) -> dict[str, Values]:
        return {
            str(k): (rng.random(n) < 0.3) * rng.uniform(0.5, 1, n) + rng.normal(0, 0.005, n)
            for k in range(strata)
        }

    return draw


def coverage(draw: Draw, n: int, confidence: float = 0.95, tables: int = 400) -> float:
    """How often the interval holds the mean over tasks of a very large sample."""
    truth = np.mean([units.mean() for units in draw(stream("truth"), 100_000).values()])
    rng, held = stream("tables", n), 0
    for _ in range(tables):
        found = aggregate(draw(rng, n), confidence)
        held += found.low <= truth <= found.high
    return held / tables


@pytest.mark.parametrize("n", [3, 5, 12])
@pytest.mark.parametrize("strata", [1, 5])
@pytest.mark.parametrize("family", [normal, scores])
def test_the_interval_covers_nearly_as_often_as_it_says(
    family: Callable[[int], Draw], strata: int, n: int
) -> None:
    assert 0.91 <= coverage(family(strata), n) <= 0.98


@pytest.mark.parametrize("strata", [1, 5])
def test_the_interval_covers_where_some_units_fail(strata: int) -> None:
    assert 0.92 <= coverage(failing(strata), 12) <= 0.98


@pytest.mark.parametrize("family", [normal, scores, failing])
def test_the_simultaneous_interval_covers_nearly_as_often_as_it_says(
    family: Callable[[int], Draw],
) -> None:
    assert coverage(family(1), 12, confidence=1 - 0.05 / 9) >= 0.975


def test_units_that_are_never_below_zero_have_no_interval_below_it() -> None:
    units = np.array([0.0] * 11 + [0.9])
    found = aggregate({"one": units}, 0.95)
    assert found.low == pytest.approx(0, abs=1e-6)
    assert 0.2 < found.high < 0.4
    wider = found.at(0.9999)
    assert wider.low == pytest.approx(0, abs=1e-6)
    assert found.high < wider.high <= 0.9


def test_failed_units_count_in_the_effect() -> None:
    assert aggregate({"one": np.array([0.0] * 9 + [0.8] * 3)}, 0.95).effect == pytest.approx(0.2)


def test_far_out_the_interval_ends_where_the_bootstrap_does() -> None:
    units = stream("bootstrap").exponential(size=20)
    found = aggregate({"one": units}, 0.95)
    assert found.tilting
    means = stream("draws").choice(units, (200_000, 20)).mean(axis=1) - units.mean()
    for probability in (0.9, 0.99, 0.999):
        root = stats.norm.ppf(probability)
        for side, share in ((1, probability), (-1, 1 - probability)):
            # The signed root is nearly normal; a twentieth of the standard error is what is left.
            assert found.tilting.distance(root, side) == pytest.approx(
                np.quantile(means, share), abs=0.15 * found.standard_error
            )


def test_few_units_have_students_interval() -> None:
    values = stream("student").normal(size=6)
    found = aggregate({"one": values}, 0.95)
    expected = stats.t.interval(0.95, 5, values.mean(), stats.sem(values))
    assert found.degrees_of_freedom == pytest.approx(5)
    assert (found.low, found.high) == pytest.approx(expected)
    assert found.p_value(0) == pytest.approx(stats.ttest_1samp(values, 0).pvalue, rel=0.001)


def test_many_symmetric_units_have_nearly_students_interval() -> None:
    values = stream("student").normal(size=40)
    found = aggregate({"one": values}, 0.95)
    expected = stats.t.interval(0.95, 39, values.mean(), stats.sem(values))
    assert (found.low, found.high) == pytest.approx(expected, abs=0.1 * stats.sem(values))


def test_seeds_that_agree_leave_no_width_but_a_bounded_p_value() -> None:
    found = aggregate({"one": np.full(5, 0.1)}, 0.95)
    assert (found.low, found.effect, found.high) == (found.effect,) * 3
    assert found.identical
    assert found.p_value(0.0) == SMALLEST_P
    assert found.p_value(found.effect) == 1
    assert not aggregate({"one": np.array([0.1, 0.2])}, 0.95).identical


def test_the_amount_without_its_sign_has_the_mirrored_interval() -> None:
    units = stream("mirror").exponential(size=10)
    less, more = aggregate({"one": -units}, 0.95), aggregate({"one": units}, 0.95)
    assert less.positive.at(0.99).high == pytest.approx(more.at(0.99).high)


def test_the_same_values_give_the_same_bits() -> None:
    strata = scores(3)(stream("bits"), 4)
    assert aggregate(strata, 0.95) == aggregate(strata, 0.95)


def test_tasks_that_differ_are_not_trimmed_against_each_other() -> None:
    low, high = np.full(4, -0.4), np.full(4, 0.1)
    found = aggregate({"a": low, "b": high, "c": high}, 0.95)
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
        found = aggregate({"real": values}, 0.95, known)
        without = aggregate({"real": values}, 0.95)
        held += found.low <= skill <= found.high
        alone += without.low <= skill <= without.high
    assert 0.92 <= held / tables <= 0.99
    assert alone / tables < 0.6


def test_the_number_of_units_that_would_decide_does() -> None:
    rng = stream("needed")
    values = rng.normal(0.08, 0.1, 8)
    found = aggregate({"one": values}, 0.99)
    assert found.low < 0.05
    needed = found.units_to_decide(0.05, 0.99, 1000)
    assert 8 < needed <= 1000
    for units, enough in ((needed, True), (needed - 1, False)):
        assert (found.end(0.99, -1, factor=units / 8) > 0.05) == enough
    assert found.units_to_decide(found.effect, 0.99, 1000) == 1001


def test_the_smallest_effect_is_decided_in_four_of_five_repetitions() -> None:
    rng, n, confidence, decided, tables = stream("power"), 12, 0.99, 0, 400
    distances = [
        aggregate({"one": rng.normal(0, 0.1, n)}, confidence).smallest_decided(confidence)
        for _ in range(200)
    ]
    for _ in range(tables):
        values = rng.normal(np.mean(distances), 0.1, n)
        decided += aggregate({"one": values}, confidence).low > 0
    assert 0.7 <= decided / tables <= 0.9


def test_one_seed_has_no_interval() -> None:
    with pytest.raises(ValueError, match="at least 2 units"):
        aggregate({"one": np.array([1.0])}, 0.95)
