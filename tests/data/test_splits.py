"""Each unit, one rule with one seed, has training, validation and test sequences of its own."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from timeshare.data import splits
from timeshare.data.splits import Parts, Unit, draw_tests, draw_training, held_out, training_of
from timeshare.tasks.adding import Adding
from timeshare.tasks.base import Sequences, Split, Task
from timeshare.tasks.drift import Drift
from timeshare.tasks.keyword import Keyword
from timeshare.tasks.labels import Labels
from timeshare.tasks.mnist1d import Mnist1d
from timeshare.tasks.parity import Parity
from timeshare.tasks.vowels import Vowels

TASKS: list[tuple[Task, int]] = [
    (Parity(), 20),
    (Drift(change=0.3), 16),
    (Keyword(), 9),
    (Adding(), 8),
    (Vowels(), 10),
    (Labels(of="vowels"), 10),
]

UNITS = (Unit(0, 0), Unit(0, 1), Unit(2, 0), Unit(2, 1))


def equal(one: Sequences, other: Sequences) -> bool:
    pairs = zip(vars(one).values(), vars(other).values(), strict=True)
    return all(a is b is None or np.array_equal(a, b) for a, b in pairs)


def rows(sequences: Sequences) -> set[bytes]:
    return {row.tobytes() for row in np.ascontiguousarray(sequences.inputs)}


def test_a_unit_names_its_parts() -> None:
    assert Unit(3, 1).part == "rule-3-seed-1"


@pytest.mark.parametrize(("task", "length"), TASKS)
def test_a_unit_has_the_same_sequences_whichever_others_are_drawn(task: Task, length: int) -> None:
    together = draw_training(task, length, UNITS, count=40, held=10)
    alone = draw_training(task, length, UNITS[2:3], count=30, held=10)
    unit = UNITS[2]
    assert list(alone[Split.TRAIN]) == [unit.part]
    assert equal(alone[Split.TRAIN][unit.part], together[Split.TRAIN][unit.part].first(30))
    for split in (Split.VALIDATION, Split.TEST):
        assert equal(held_out(alone[split], unit), held_out(together[split], unit))


@pytest.mark.parametrize(("task", "length"), TASKS)
@pytest.mark.parametrize("split", Split)
def test_units_read_different_training_sequences(task: Task, length: int, split: Split) -> None:
    drawn = draw_training(task, length, UNITS, count=40, held=40)[split]
    inputs = [held_out(drawn, unit).inputs.tobytes() for unit in UNITS]
    own = split is Split.TRAIN or not isinstance(task, Vowels)
    assert len(set(inputs)) == (len(UNITS) if own else 1)


@pytest.mark.parametrize(("task", "length"), TASKS)
def test_the_test_part_of_training_is_that_of_evaluation(task: Task, length: int) -> None:
    trained = draw_training(task, length, UNITS, count=10, held=40)[Split.TEST]
    evaluated = draw_tests(task, [length], UNITS, 40)
    for unit in UNITS:
        tests = splits.tests_of(evaluated, unit)
        assert list(tests) == [length]
        assert equal(held_out(trained, unit), tests[length])


@settings(max_examples=20)
@given(rule=st.integers(0, 50), seed=st.integers(0, 50))
def test_the_splits_of_a_unit_share_no_sequence(rule: int, seed: int) -> None:
    unit = Unit(rule, seed)
    drawn = draw_training(Drift(change=0.2), 12, [unit], count=60, held=60)
    train, validation, test = (rows(parts[unit.part]) for parts in drawn.values())
    assert not train & (validation | test)
    assert not validation & test


def test_each_unit_obeys_the_rule_of_its_number() -> None:
    task = Drift(change=0.2, rule_seed=5)
    for unit in UNITS:
        part = draw_training(task, 12, [unit], count=20, held=5)[Split.TRAIN][unit.part]
        own = task.of_rule(unit.rule)
        states = np.zeros(part.count, dtype=int)
        for step, table in enumerate(own.tables(12)):
            states = table[part.inputs[:, step], states]
            assert np.array_equal(states, part.targets[:, step])


@pytest.mark.parametrize(("task", "tests"), [(Vowels(), 370), (Mnist1d(), 1000)])
def test_a_real_set_is_tested_on_all_it_has_and_trains_on_no_more(task: Task, tests: int) -> None:
    size = task.size(Split.TRAIN)
    drawn = draw_training(task, 20, UNITS[:2], count=10_000, held=5)
    assert all(part.count == size for part in drawn[Split.TRAIN].values())
    assert list(drawn[Split.VALIDATION]) == list(drawn[Split.TEST]) == ["all"]
    assert drawn[Split.VALIDATION]["all"].count == task.size(Split.VALIDATION)
    evaluated = draw_tests(task, [10, 20], UNITS, 5)
    assert list(evaluated) == ["all/length-10", "all/length-20"]
    assert all(part.count == tests for part in evaluated.values())
    assert list(splits.tests_of(evaluated, UNITS[1])) == [10, 20]


def test_random_labels_of_real_data_are_each_rules_own() -> None:
    drawn = draw_training(Labels(of="vowels"), 10, [Unit(0, 0), Unit(1, 0)], 10, 10)
    assert list(drawn[Split.TEST]) == ["rule-0-seed-0", "rule-1-seed-0"]
    assert all(part.count == 370 for part in drawn[Split.TEST].values())


def lengths_up_to(task: Task, length: int, count: int) -> dict[int, Sequences]:
    unit = UNITS[1]
    parts: Parts = draw_training(task, length, [unit], count, held=5, up_to=True)[Split.TRAIN]
    assert all(name == f"{unit.part}/length-{part.length}" for name, part in parts.items())
    return training_of(parts, unit)


def test_a_final_task_has_training_sequences_of_each_length_it_can_make() -> None:
    drawn = lengths_up_to(Keyword(), 12, 100)
    assert list(drawn) == splits.training_lengths(Keyword(), 12) == list(range(2, 13))
    assert all(part.length == length for length, part in drawn.items())
    assert all(part.count == 10 for part in drawn.values())


def test_where_few_sequences_are_that_short_all_of_them_are_trained_on() -> None:
    drawn = lengths_up_to(Keyword(), 6, 1000)
    assert drawn[2].count == Keyword().space(2) == 16
    assert drawn[6].count == 200


def test_a_real_set_gives_its_own_sequences_at_each_length() -> None:
    drawn = lengths_up_to(Mnist1d(), 4, 30_000)
    assert {length: part.count for length, part in drawn.items()} == {2: 3600, 3: 3600, 4: 3600}


@pytest.mark.parametrize("task", [Parity(), Vowels()])
def test_a_task_that_may_be_cropped_has_one_training_part(task: Task) -> None:
    unit = Unit(0, 0)
    drawn = draw_training(task, 12, [unit], 50, held=5, up_to=True)[Split.TRAIN]
    assert list(drawn) == [unit.part]
    assert list(training_of(drawn, unit)) == [12]
