"""The score of a perfect solver without memory of anything before its window."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeshare.data.drawing import draw
from timeshare.tasks.adding import Adding
from timeshare.tasks.automaton import Automaton
from timeshare.tasks.base import Split, Task
from timeshare.tasks.latch import Latch
from timeshare.tasks.parity import Parity
from timeshare.tasks.recall import Recall
from timeshare.tasks.snow import Snow
from timeshare.tasks.store import Store

KNOWN: list[Task] = [Parity(), Automaton(), Latch(), Store(), Recall(), Adding()]


@pytest.mark.parametrize("task", KNOWN, ids=lambda task: type(task).__name__)
@given(length=st.integers(2, 40))
def test_a_window_as_long_as_the_sequence_needs_no_memory(task: Task, length: int) -> None:
    assert task.memoryless_score(length, length) == 1


@pytest.mark.parametrize("task", KNOWN, ids=lambda task: type(task).__name__)
@given(length=st.integers(2, 40), window=st.integers(1, 40))
def test_the_score_lies_between_chance_and_perfect(task: Task, length: int, window: int) -> None:
    score = task.memoryless_score(length, min(window, length))
    assert score is not None
    assert 0 <= score <= 1


def test_a_task_without_a_closed_form_says_that_it_has_none() -> None:
    assert Snow().memoryless_score(9, 3) is None


@pytest.mark.parametrize("window", [1, 3, 8])
def test_the_closed_form_of_latch_is_what_a_solver_scores_that_forgets_at_each_border(
    window: int,
) -> None:
    task, length = Latch(), 24
    drawn = draw(task, 20_000, length, Split.TEST)
    writes = drawn.inputs >= task.values
    steps = np.where(writes, np.arange(length), -1)
    last_write = np.maximum.accumulate(steps, axis=1)
    border = np.arange(length) // window * window
    known = last_write >= border
    # A value that is not known is guessed: its score is that of chance, 0.
    assert known.mean() == pytest.approx(task.memoryless_score(length, window), abs=0.01)


@pytest.mark.parametrize("window", [1, 3, 8])
def test_the_closed_form_of_store_is_the_share_of_targets_stored_in_their_own_window(
    window: int,
) -> None:
    task, length = Store(), 24
    drawn = draw(task, 20_000, length, Split.TEST)
    steps = np.where(drawn.inputs < task.values, np.arange(length), -1)
    last_store = np.maximum.accumulate(steps, axis=1)
    known = last_store >= np.arange(length) // window * window
    share = known[drawn.targets >= 0].mean()
    assert share == pytest.approx(task.memoryless_score(length, window), abs=0.01)


@pytest.mark.parametrize("window", [2, 5, 9])
def test_the_closed_form_of_adding_is_the_variance_that_the_last_window_explains(
    window: int,
) -> None:
    task, length = Adding(), 12
    drawn = draw(task, 20_000, length, Split.TEST)
    numbers, markers = drawn.inputs[..., 0].astype(float), drawn.inputs[..., 1]
    seen = markers.copy()
    seen[:, : length - window] = 0
    guess = (numbers * seen).sum(axis=1) + 0.5 * (2 - seen.sum(axis=1))
    error = ((guess - drawn.targets) ** 2).mean()
    chance = task.chance(drawn)
    assert 1 - error / chance == pytest.approx(task.memoryless_score(length, window), abs=0.02)
