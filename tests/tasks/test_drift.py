"""The rate of rule change of drift: from one machine for all steps to another one at each."""

import hashlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeshare.data.drawing import draw
from timeshare.tasks.automaton import Automaton
from timeshare.tasks.base import Split
from timeshare.tasks.drift import Drift
from timeshare.tasks.labels import Labels
from timeshare.tasks.shift import Shift


def redrawn(change: float, length: int = 64, **parameters: Any) -> np.ndarray:
    tables = Drift(change=change, states=32, **parameters).tables(length)
    changed: np.ndarray = (tables[1:] != tables[:-1]).any(axis=2)
    return changed


def test_without_change_one_table_holds_at_every_step() -> None:
    assert not redrawn(0).any()


@pytest.mark.parametrize("rule_seed", range(8))
def test_the_step_alone_does_not_tell_the_state(rule_seed: int) -> None:
    task = Drift(change=0, rule_seed=rule_seed)
    targets = task.sample(4000, 64, Split.TEST, np.random.default_rng(0)).targets[:, 48:]
    commonest = [np.bincount(column).max() / len(column) for column in targets.T]
    assert max(commonest) < 0.3


def test_with_full_change_no_table_stays() -> None:
    assert redrawn(1).all()


@given(change=st.floats(0, 1), symbols=st.integers(2, 5), rule_seed=st.integers(0, 99))
def test_the_share_of_redrawn_tables_is_near_the_change(
    change: float, symbols: int, rule_seed: int
) -> None:
    share = redrawn(change, symbols=symbols, rule_seed=rule_seed).mean()
    assert share == pytest.approx(change, abs=0.2)


@given(change=st.floats(0, 1), length=st.integers(2, 40), rule_seed=st.integers(0, 99))
def test_the_share_that_is_reported_is_the_share_that_was_redrawn(
    change: float, length: int, rule_seed: int
) -> None:
    task = Drift(change=change, states=32, rule_seed=rule_seed)
    assert task.share_changed(length) == redrawn(change, length, rule_seed=rule_seed).mean()


def test_over_many_rules_the_share_redrawn_is_the_change() -> None:
    shares = [Drift(change=0.06, rule_seed=seed).share_changed(16) for seed in range(400)]
    assert np.mean(shares) == pytest.approx(0.06, abs=0.01)


def test_rules_change_at_places_of_their_own() -> None:
    places = {redrawn(0.1, 16, rule_seed=seed).tobytes() for seed in range(20)}
    assert len(places) > 15


def test_one_step_changes_nothing() -> None:
    assert Drift().share_changed(1) == 0


def test_the_share_is_known_of_rules_that_stay_and_of_drift_alone() -> None:
    assert Automaton().share_changed(16) == Shift(walk=0).share_changed(16) == 0
    assert Labels().share_changed(16) == 0
    assert Shift().share_changed(16) is None


@given(less=st.floats(0, 1), more=st.floats(0, 1))
def test_a_larger_change_redraws_all_that_a_smaller_one_does(less: float, more: float) -> None:
    less, more = sorted((less, more))
    assert not (redrawn(less) & ~redrawn(more)).any()


@pytest.mark.parametrize("change", [0, 0.3, 1])
def test_a_longer_rule_begins_with_the_shorter_one(change: float) -> None:
    task = Drift(change=change)
    assert np.array_equal(task.tables(9), task.tables(30)[:9])


def test_nobody_can_change_the_tables_that_all_share() -> None:
    with pytest.raises(ValueError, match="read-only"):
        Drift().tables(9)[0, 0, 0] = 1


def test_only_a_rule_that_stands_still_continues_beyond_the_length() -> None:
    assert Drift(change=0).continues
    assert not Drift(change=0.1).continues
    assert Shift(walk=0).continues
    assert not Shift().continues


def test_the_default_draws_the_same_bytes_for_ever() -> None:
    drawn = draw(Drift(), 64, 16, Split.TRAIN, "seed-0")
    digest = hashlib.sha256(drawn.inputs.tobytes() + drawn.targets.tobytes()).hexdigest()
    assert digest == "41e35bd9435d52481bec70e5679232583239ac89c38b0389d8c023a0d99d5d7d"


def test_weights_of_shift_walk_no_farther_than_they_may() -> None:
    still, slow, fast = (Shift(walk=walk).weights(40)[0][10:] for walk in (0, 0.01, 0.2))
    moves = [float(np.abs(np.diff(weights, axis=0)).mean()) for weights in (still, slow, fast)]
    assert moves[0] == pytest.approx(0, abs=1e-12)
    assert moves[0] < moves[1] < moves[2]
