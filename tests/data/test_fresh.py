"""New training sequences: deterministic, and none that validation or test may hold."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tasks.examples import RULES
from timeshare.data.drawing import DataError, draw
from timeshare.data.fresh import fresh
from timeshare.data.splits import Unit
from timeshare.tasks.base import Sequences, Split, Task
from timeshare.tasks.drift import Drift
from timeshare.tasks.labels import Labels
from timeshare.tasks.parity import Parity
from timeshare.tasks.vowels import Vowels


def rows(sequences: Sequences) -> set[bytes]:
    return {row.tobytes() for row in np.ascontiguousarray(sequences.inputs)}


def equal(one: Sequences, other: Sequences) -> bool:
    pairs = zip(vars(one).values(), vars(other).values(), strict=True)
    return all(
        a is b is None or np.array_equal(a, b, equal_nan=a.dtype.kind == "f") for a, b in pairs
    )


@pytest.mark.parametrize("name", RULES)
def test_a_block_is_the_same_at_every_call_and_begins_a_larger_one(name: str) -> None:
    task, length = RULES[name]
    unit = Unit(1, 2)
    smaller, larger = (fresh(task, length, unit, 3, count) for count in (60, 700))
    assert smaller.count == 60
    assert equal(smaller, larger.first(60))


@pytest.mark.parametrize("name", RULES)
def test_no_block_holds_what_is_held_out(name: str) -> None:
    task, length = RULES[name]
    unit = Unit(1, 0)
    blocks = [rows(fresh(task, length, unit, block, 300)) for block in range(2)]
    for split in (Split.VALIDATION, Split.TEST):
        held = rows(draw(task.of_rule(1), 300, length, split, unit.part))
        assert not held & (blocks[0] | blocks[1])


def test_where_every_held_out_sequence_is_known_none_is_trained_on() -> None:
    validation, test = (
        rows(draw(Parity(), 4000, 10, split)) for split in (Split.VALIDATION, Split.TEST)
    )
    trained = rows(fresh(Parity(), 10, Unit(0, 0), 0, 8000))
    assert (
        trained
        == {
            np.array(list(map(int, f"{bits:010b}")), dtype=np.int64).tobytes()
            for bits in range(1024)
        }
        - validation
        - test
    )


@settings(max_examples=20)
@given(
    units=st.lists(
        st.tuples(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9)),
        min_size=2,
        max_size=2,
        unique=True,
    )
)
def test_rules_seeds_and_blocks_have_sequences_of_their_own(
    units: list[tuple[int, int, int]],
) -> None:
    one, other = (
        fresh(Drift(change=0.3), 32, Unit(rule, seed), block, 200) for rule, seed, block in units
    )
    assert len(rows(one) & rows(other)) < 3


def test_a_block_obeys_the_rule_of_its_unit() -> None:
    task = Drift(rule_seed=4)
    block = fresh(task, 12, Unit(3, 0), 0, 100)
    tables = Drift(rule_seed=7).tables(12)
    states = np.zeros(100, dtype=int)
    for step in range(12):
        states = tables[step][block.inputs[:, step], states]
        assert np.array_equal(states, block.targets[:, step])


@pytest.mark.parametrize("task", [Vowels(), Labels(), Labels(of="vowels")])
def test_a_data_set_and_random_labels_cannot_be_drawn_anew(task: Task) -> None:
    assert not task.makes_fresh
    with pytest.raises(DataError, match="no new training sequences can be drawn"):
        fresh(task, 10, Unit(0, 0), 0, 8)
