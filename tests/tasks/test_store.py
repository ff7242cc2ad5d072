"""What is stored is asked for at distances that the groups tell apart."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from timeshare.data.drawing import draw, join
from timeshare.tasks.adding import Adding
from timeshare.tasks.base import Sequences, Split
from timeshare.tasks.keyword import Keyword
from timeshare.tasks.shift import Shift
from timeshare.tasks.store import Store


def distances(task: Store, sequences: Sequences) -> np.ndarray:
    """Steps since the last store `[N, T]`, by looking back; 0 where nothing is asked of it."""
    said = np.zeros(sequences.inputs.shape, dtype=int)
    for row, symbols in enumerate(sequences.inputs.tolist()):
        for step, symbol in enumerate(symbols):
            stored = [s for s in range(step) if symbols[s] < task.values]
            if symbol == task.values and stored:
                said[row, step] = step - stored[-1]
    return said


@given(stores=st.floats(0.02, 0.5), asks=st.floats(0.05, 0.5), length=st.integers(2, 70))
def test_each_target_is_in_the_group_of_its_distance(
    stores: float, asks: float, length: int
) -> None:
    task = Store(stores=stores, asks=asks)
    drawn = task.sample(20, length, Split.TRAIN, np.random.default_rng(0))
    looked = distances(task, drawn)
    assert np.array_equal(drawn.targets >= 0, looked > 0)
    assert drawn.groups is not None
    assert np.array_equal(drawn.groups >= 0, looked > 0)
    for number, name in enumerate(task.group_names):
        found = looked[drawn.groups == number]
        if found.size:
            assert task.group_distance(name) <= found.min()
            assert found.max() < 2 * task.group_distance(name)


def test_groups_are_called_by_their_distances() -> None:
    names = Store().group_names
    assert names[:5] == (
        "distance 1",
        "distance 2-3",
        "distance 4-7",
        "distance 8-15",
        "distance 16-31",
    )
    assert names[-1] == "distance 1024 or more"
    assert [Store().group_distance(name) for name in names[-2:]] == [512, 1024]


def test_the_last_group_has_no_end() -> None:
    task = Store(stores=0.0005, asks=0.9)
    drawn = task.sample(8, 4000, Split.TEST, np.random.default_rng(1))
    assert drawn.groups is not None
    assert drawn.groups.max() == len(task.group_names) - 1


@pytest.mark.parametrize(("length", "far", "share"), [(32, 16, 0.1), (64, 16, 0.2), (64, 32, 0.03)])
def test_enough_targets_lie_far_from_their_store(length: int, far: int, share: float) -> None:
    task = Store()
    drawn = draw(task, 2048, length, Split.TRAIN)
    assert drawn.groups is not None
    groups = drawn.groups[drawn.groups >= 0]
    assert (2**groups >= far).mean() == pytest.approx(share, rel=0.15)


def test_what_asks_before_anything_is_stored_has_no_target() -> None:
    drawn = draw(Store(), 200, 16, Split.TRAIN)
    assert (drawn.targets[:, 0] == -1).all()


def test_shares_of_more_than_all_steps_are_refused() -> None:
    with pytest.raises(ValidationError, match=r"0\.7 and 0\.4 are more than 1 together"):
        Store(stores=0.7, asks=0.4)


def test_sequences_of_a_group_of_targets_are_all_with_the_other_targets_masked() -> None:
    task = Store()
    drawn = draw(task, 60, 32, Split.TEST)
    looked = distances(task, drawn)
    for number in range(5):
        first = 2**number
        group = drawn.of_group(number)
        inside = (looked >= first) & (looked < 2 * first)
        assert np.array_equal(group.inputs, drawn.inputs)
        assert np.array_equal(group.targets, np.where(inside, drawn.targets, -1))
        assert group.targets.dtype == drawn.targets.dtype


def test_other_targets_that_are_values_are_masked_by_nan() -> None:
    drawn = draw(Shift(window=4), 5, 10, Split.TEST)
    groups = np.broadcast_to(np.arange(10) % 2, (5, 10))
    group = Sequences(drawn.inputs, drawn.targets, groups=groups).of_group(1)
    assert np.isnan(group.targets[:, ::2]).all()
    assert np.array_equal(group.targets[:, 5::2], drawn.targets[:, 5::2])
    assert group.targets.dtype == np.float32


def test_sequences_of_a_group_of_sequences_are_its_rows() -> None:
    drawn = draw(Keyword(), 60, 9, Split.TEST)
    assert drawn.groups is not None
    parts = [drawn.of_group(number) for number in range(2)]
    assert [part.count for part in parts] == np.bincount(drawn.groups).tolist()
    assert all(set(part.groups) == {n} for n, part in enumerate(parts) if part.groups is not None)


def test_sequences_of_one_kind_have_no_groups() -> None:
    with pytest.raises(ValueError, match="of one kind"):
        draw(Adding(), 5, 8, Split.TEST).of_group(0)


def test_only_some_tasks_hold_groups_out_of_training() -> None:
    assert Keyword().holds_out
    assert not Keyword(held_out="none").holds_out
    assert not Store().holds_out
    assert not Adding().holds_out
    assert Keyword().group_distance("held-out") is None


def test_groups_of_targets_are_selected_and_joined_with_their_sequences() -> None:
    drawn = draw(Store(), 40, 16, Split.TEST)
    joined = join([drawn.first(10), drawn.select(np.arange(10, 40))])
    assert drawn.groups is not None
    assert np.array_equal(joined.groups, drawn.groups)
