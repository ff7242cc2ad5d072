"""The variance that shared test sequences bring to a score and to a difference of two scores."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pytest

from tests.analysis.synthetic import FAST, at, trained
from timeshare.analysis.evidence import Evidence
from timeshare.analysis.influence import Influence
from timeshare.analysis.pairs import Matching, item_variances, pairs, strata
from timeshare.analysis.statistics import Values, aggregate
from timeshare.analysis.tables import CONDITION, Tables
from timeshare.storage.streams import stream

LEVELS = {"shared": 0.6, "unshared": 0.7}


def with_sequences(values: Mapping[str, Values], targets: int = 1) -> Tables:
    """A real data set on which each test sequence has the given metric, by variant."""
    tables = trained(at(**LEVELS), ["vowels"], sequences=len(values["shared"]), spread=0.01)
    known = tables.scores.drop_duplicates([*CONDITION, "train_size", "selection"])
    rows = known[[*CONDITION, "train_size", "selection"]].assign(targets=targets)
    parts = [
        rows[rows["variant"] == variant].merge(
            pd.DataFrame({"sequence": range(len(each)), "value": each}), how="cross"
        )
        for variant, each in values.items()
    ]
    return Tables(
        tables.scores, tables.positions, tables.conditions, pd.concat(parts, ignore_index=True)
    )


def variance(tables: Tables) -> float:
    """The variance that test sequences bring to unshared minus shared."""
    rows = Evidence(tables, FAST).at_length
    return item_variances(pairs(rows, Matching.WIDTH, 0.25))["vowels"]


def test_what_a_sequence_does_to_both_networks_alike_does_nothing_to_their_difference() -> None:
    hard = stream("alike").random(50)
    assert variance(with_sequences({"shared": hard, "unshared": hard + 0.1})) == pytest.approx(0)


def test_the_variance_of_a_difference_is_that_of_the_differences_of_sequences() -> None:
    rng = stream("apart")
    one, other = rng.random(50), rng.random(50)
    # Scores are scaled by the distance from a chance of one half to one
    expected = np.var(other - one, ddof=1) / 50 / 0.5**2
    found = variance(with_sequences({"shared": one, "unshared": other}))
    assert found == pytest.approx(expected)


def test_sequences_count_by_their_targets() -> None:
    values = stream("targets").random(20)
    tables = with_sequences({"shared": values, "unshared": 1 - values}, targets=3)
    assert variance(tables) == pytest.approx(
        variance(with_sequences({"shared": values, "unshared": 1 - values}))
    )
    once = tables.test_sequences.assign(
        targets=np.where(tables.test_sequences["sequence"] == 0, 0, 3)
    )
    left_out = Tables(tables.scores, tables.positions, tables.conditions, once)
    expected = np.var(2 * values[1:], ddof=1) / 19 / 0.5**2
    assert variance(left_out) == pytest.approx(expected)


def test_without_the_sequences_the_largest_variances_of_both_are_added() -> None:
    tables = trained(at(**LEVELS), ["vowels"], sequences=100, spread=0.0)
    expected = (0.8 * 0.2 + 0.85 * 0.15) / 100 / 0.5**2
    assert variance(tables) == pytest.approx(expected)


def test_a_value_that_is_not_finite_leaves_the_largest_variance() -> None:
    values = stream("not finite").random(30)
    tables = with_sequences({"shared": values, "unshared": values})
    holed = tables.test_sequences.assign(
        value=tables.test_sequences["value"].where(tables.test_sequences["sequence"] > 0)
    )
    found = variance(Tables(tables.scores, tables.positions, tables.conditions, holed))
    assert found == pytest.approx(
        variance(trained(at(**LEVELS), ["vowels"], sequences=30)), rel=0.1
    )


def test_where_one_answer_is_always_right_nothing_is_known_of_the_sequences() -> None:
    tables = with_sequences({"shared": np.ones(20), "unshared": np.ones(20)})
    scores = tables.scores.assign(chance=1.0, value=1.0, score=np.nan)
    alike = Tables(scores, tables.positions, tables.conditions, tables.test_sequences)
    assert Evidence(alike, FAST).members["influence"].isna().all()


@pytest.mark.parametrize("n", [3, 10])
def test_a_difference_of_two_networks_is_covered(n: int) -> None:
    """Both read the same test sequences, of which some are hard for both."""
    items, gain = 60, 0.08
    rng, held, tables = stream("pairs of networks", n), 0, 400
    narrower: list[float] = []
    for _ in range(tables):
        # How easy each sequence is for the shared network; the other one gains on all of them
        easy = 0.9 * rng.beta(4, 1, items)
        drawn = rng.random((n, items))
        shared, unshared = (drawn < easy).astype(float), (drawn < easy + gain).astype(float)
        each = unshared - shared
        moved = Influence(each.mean(axis=0) - each.mean())
        found = aggregate({"real": each.mean(axis=1)}, 0.95, {"real": moved.variance})
        held += found.low <= gain <= found.high
        added = aggregate(
            {"real": each.mean(axis=1)},
            0.95,
            {"real": sum(each.mean() * (1 - each.mean()) / items for each in (shared, unshared))},
        )
        narrower.append((found.high - found.low) / (added.high - added.low))
    assert held / tables >= 0.92
    assert np.mean(narrower) < 0.8


def test_strata_are_the_same_with_and_without_sequences() -> None:
    values = stream("strata").random(40)
    with_them = Evidence(with_sequences({"shared": values, "unshared": values}), FAST).at_length
    without = Evidence(trained(at(**LEVELS), ["vowels"], sequences=40, spread=0.01), FAST).at_length
    one, other = (
        strata(pairs(rows, Matching.WIDTH, 0.25), "effect") for rows in (with_them, without)
    )
    assert one.keys() == other.keys()
    for task, units in one.items():
        np.testing.assert_array_equal(units, other[task])
