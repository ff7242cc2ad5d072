"""Windows and batches."""

import numpy as np
import torch
from hypothesis import given
from hypothesis import strategies as st

from timeshare.data.drawing import draw
from timeshare.tasks.base import Sequences, Split, Targets
from timeshare.tasks.metrics import Metric
from timeshare.tasks.parity import Parity
from timeshare.tasks.vowels import Vowels
from timeshare.training.layout import Store
from timeshare.training.windows import windows


@given(st.integers(1, 60), st.integers(1, 60), st.sampled_from(Targets))
def test_windows_cover_each_step_once_in_order(length: int, size: int, targets: Targets) -> None:
    visited = [step for window in windows(length, size, targets) for step in window]
    assert visited == list(range(length))
    assert max(len(window) for window in windows(length, size, targets)) == min(size, length)


def test_the_last_window_of_a_dense_task_and_the_first_of_a_final_one_may_be_shorter() -> None:
    assert windows(10, 4, Targets.DENSE) == [range(4), range(4, 8), range(8, 10)]
    assert windows(10, 4, Targets.FINAL) == [range(2), range(2, 6), range(6, 10)]


def test_symbols_become_one_hot_inputs_in_the_engines_layout() -> None:
    sequences = draw(Parity(), 5, 4, Split.TRAIN)
    inputs = Store(Parity(), sequences).gather(torch.arange(5)[None]).window(range(1, 3), members=2)
    assert inputs.shape == (2, 2, 2, 5)
    assert torch.equal(inputs.argmax(2)[:, 0], torch.from_numpy(sequences.inputs.T[1:3]))
    assert torch.equal(inputs[:, 0], inputs[:, 1])


def test_a_padded_sequence_has_its_target_at_its_last_true_step_alone() -> None:
    sequences = Sequences(
        inputs=np.zeros((3, 5, 12), dtype=np.float32),
        targets=np.array([4, 7, 1]),
        lengths=np.array([2, 5, 5]),
    )
    batch = Store(Vowels(), sequences).gather(torch.arange(3)[None])
    assert batch.ends(range(3)) == [1]
    assert batch.ends(range(3, 5)) == [4]
    assert batch.final_targets(1, Metric.ACCURACY).tolist() == [[[4, -1, -1]]]
    assert batch.final_targets(4, Metric.ACCURACY).tolist() == [[[-1, 7, 1]]]
