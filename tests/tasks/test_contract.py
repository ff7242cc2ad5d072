"""What every task keeps, whatever its rule."""

import random

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tasks.examples import ALL, RANDOM, REAL, RULES, mean_metric, score
from timeshare import registry
from timeshare.data.drawing import draw
from timeshare.tasks.base import Sequences, Split, Task
from timeshare.tasks.metrics import Metric
from timeshare.training.scoring import target_tensor

COUNT = 120


def drawn(name: str, split: Split, part: str = "", count: int = COUNT) -> Sequences:
    task, length = ALL[name]
    return draw(task, count, length, split, part)


def rows(sequences: Sequences) -> set[bytes]:
    return {row.tobytes() for row in np.ascontiguousarray(sequences.inputs)}


def alike(one: np.ndarray | None, other: np.ndarray | None) -> bool:
    if one is None or other is None:
        return one is other
    return one.dtype == other.dtype and np.array_equal(one, other, equal_nan=one.dtype.kind == "f")


def same(one: Sequences, other: Sequences) -> bool:
    return all(map(alike, vars(one).values(), vars(other).values()))


@pytest.mark.parametrize("name", ALL)
def test_inputs_have_the_shape_and_range_the_task_declares(name: str) -> None:
    task, length = ALL[name]
    sequences = drawn(name, Split.TRAIN)
    assert (sequences.count, sequences.length) == (COUNT, length)
    assert len(task.input_names) == task.input_size
    assert len(task.output_names) == task.output_size
    if task.symbolic:
        assert sequences.inputs.shape == (COUNT, length)
        assert sequences.inputs.dtype == np.int64
        assert 0 <= sequences.inputs.min() <= sequences.inputs.max() < task.input_size
    else:
        assert sequences.inputs.shape == (COUNT, length, task.input_size)
        assert sequences.inputs.dtype == np.float32
        assert np.isfinite(sequences.inputs).all()


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("split", Split)
def test_drawing_again_gives_the_same(name: str, split: Split) -> None:
    assert same(drawn(name, split), drawn(name, split))


@pytest.mark.parametrize("name", ALL)
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
@given(few=st.integers(1, COUNT), more=st.integers(0, COUNT), split=st.sampled_from(Split))
def test_the_first_n_of_a_larger_set_are_the_smaller_set(
    name: str, few: int, more: int, split: Split
) -> None:
    smaller, larger = drawn(name, split, count=few), drawn(name, split, count=few + more)
    assert same(smaller, larger.first(smaller.count))


@pytest.mark.parametrize("name", ALL)
def test_splits_share_no_sequence(name: str) -> None:
    train, validation, test = (rows(drawn(name, split)) for split in Split)
    assert not train & validation
    assert not train & test
    assert not validation & test


@pytest.mark.parametrize("name", ALL)
def test_training_sequences_are_distinct(name: str) -> None:
    assert len(rows(drawn(name, Split.TRAIN))) == COUNT


@pytest.mark.parametrize("name", ALL)
def test_seeds_read_different_sequences(name: str) -> None:
    one, other = (drawn(name, Split.TRAIN, part) for part in ("seed-0", "seed-1"))
    assert not np.array_equal(one.inputs, other.inputs)


@pytest.mark.parametrize("name", RULES | RANDOM)
def test_streams_of_seeds_and_splits_are_uncorrelated(name: str) -> None:
    streams = [drawn(name, Split.TRAIN, "seed-0"), drawn(name, Split.TRAIN, "seed-1")]
    streams += [drawn(name, Split.VALIDATION), drawn(name, Split.TEST)]
    columns = [stream.inputs.reshape(COUNT, -1).astype(np.float64) for stream in streams]
    # Positions whose distribution is not uniform would correlate by their means alone.
    centred = [(column - column.mean(axis=0)).ravel() for column in columns]
    correlation = np.corrcoef(centred) - np.eye(len(streams))
    assert np.abs(correlation).max() < 0.15


@pytest.mark.parametrize("name", ALL)
def test_chance_is_what_the_best_constant_predictor_scores(name: str) -> None:
    task, _ = ALL[name]
    sequences = drawn(name, Split.TEST)
    targets = target_tensor(task.metric, sequences.targets)[:, None]
    if task.metric is Metric.ERROR:
        constant = targets[~targets.isnan()].double().mean()[None]
    else:
        shares = torch.bincount(targets[targets >= 0], minlength=task.output_size).double()
        constant = (shares / shares.sum()).log().clamp(min=-1e6)
    steps, _, count = targets.shape
    logits = constant[None, None, :, None].expand(steps, 1, -1, count)
    value = mean_metric(task, logits, targets)
    assert task.chance(sequences) == pytest.approx(value, rel=1e-6)


BOUNDS = {
    "drift": 1.35,
    "drift-slow": 1.35,
    "drift-still": 1.35,
    "automaton": 1.35,
    "automaton-of-5": 1.5,
    "snow-spanish": 1.5,
    "digits": 1.1,
    "digits-permuted": 1.1,
}
"""How much commoner than its share the commonest class may be; 1.2 where nothing is said.

Machines start in state 0, so the first steps of a sequence see it more often."""


@pytest.mark.parametrize("name", [n for n in ALL if ALL[n][0].metric is Metric.ACCURACY])
def test_classes_are_balanced(name: str) -> None:
    task, _ = ALL[name]
    size = task.size(Split.TRAIN)
    sequences = drawn(name, Split.TRAIN, count=1024 if size is None else size)
    assert task.chance(sequences) < BOUNDS.get(name, 1.2) / task.output_size


@pytest.mark.parametrize("name", ALL)
def test_drawing_leaves_the_global_random_state_alone(name: str) -> None:
    task, length = ALL[name]
    before = random.getstate(), str(np.random.get_state(legacy=False)), torch.get_rng_state()  # noqa: NPY002
    task.sample(4, length, Split.TEST, np.random.default_rng(0))
    after = random.getstate(), str(np.random.get_state(legacy=False)), torch.get_rng_state()  # noqa: NPY002
    assert before[:2] == after[:2]
    assert torch.equal(before[2], after[2])


@pytest.mark.parametrize("name", ALL)
def test_the_configuration_gives_the_task_back(name: str) -> None:
    task, _ = ALL[name]
    assert type(task).model_validate(task.model_dump(mode="json")) == task


@pytest.mark.parametrize("name", ALL)
def test_a_sequence_has_at_least_one_step(name: str) -> None:
    task, length = ALL[name]
    assert task.length_fault(length) is None
    assert task.length_fault(0) is not None


@pytest.mark.parametrize("name", REAL)
def test_a_real_split_gives_what_it_has(name: str) -> None:
    task, length = ALL[name]
    for split in Split:
        assert draw(task, 10**6, length, split).count == task.size(split)


@pytest.mark.parametrize("kind", registry.names("tasks"))
def test_every_kind_documents_itself(kind: str) -> None:
    task = registry.find("tasks", kind)
    assert issubclass(task, Task)
    for heading in ("Remember: ", "Chance: ", "Unseen length: ", "Source: "):
        assert heading in (task.__doc__ or "")
    assert all(field.description for field in task.model_fields.values())


def test_every_kind_is_tried_here() -> None:
    tried = {type(task).__name__.lower() for task, _ in ALL.values()}
    assert set(registry.names("tasks")) - tried == {"csv"}


@pytest.mark.parametrize("name", RANDOM)
def test_random_labels_can_be_memorised_and_not_learned(name: str) -> None:
    task, _ = ALL[name]
    assert not task.learnable
    training = drawn(name, Split.TRAIN)
    store = dict(zip(map(bytes, training.inputs), training.targets.tolist(), strict=True))
    said = np.array([store[bytes(row)] for row in training.inputs])
    assert score(task, training, said) == 1
