"""A solver that knows the rule is perfect under the evaluation's own scoring."""

import numpy as np
import pytest

from tests.tasks.examples import RULES, score
from tests.tasks.oracles import solve
from timeshare.data.drawing import draw
from timeshare.tasks.base import Split, Targets
from timeshare.tasks.metrics import Metric


@pytest.mark.parametrize("name", RULES)
@pytest.mark.parametrize("longer", [1, 4])
def test_the_oracle_is_perfect_at_every_length(name: str, longer: int) -> None:
    task, length = RULES[name]
    sequences = draw(task, 64, longer * length, Split.TEST)
    value = score(task, sequences, solve(task, sequences.inputs))
    assert value == pytest.approx(task.metric.perfect, abs=1e-9)


@pytest.mark.parametrize("name", RULES)
def test_the_oracle_loses_its_score_when_its_answers_are_given_to_other_sequences(
    name: str,
) -> None:
    task, length = RULES[name]
    sequences = draw(task, 256, length, Split.TEST)
    said = solve(task, np.roll(sequences.inputs, 1, axis=0))
    value, chance = score(task, sequences, said), task.chance(sequences)
    if task.metric is Metric.ACCURACY:
        assert value < (1 + chance) / 2
    else:
        assert value > chance / 2


@pytest.mark.parametrize("name", RULES)
def test_targets_have_the_shape_and_range_the_task_declares(name: str) -> None:
    task, length = RULES[name]
    sequences = draw(task, 64, length, Split.TRAIN)
    dense = task.targets is Targets.DENSE
    assert sequences.targets.shape == ((64, length) if dense else (64,))
    if task.metric.classifies:
        assert sequences.targets.dtype == np.int64
        assert -1 <= sequences.targets.min() <= sequences.targets.max() < task.output_size
    else:
        assert sequences.targets.dtype == np.float32
