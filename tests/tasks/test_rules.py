"""A task whose rule is drawn at random has many rules, each with a number."""

import numpy as np
import pytest

from tests.tasks.examples import ALL
from timeshare.data.drawing import draw
from timeshare.tasks.base import Split
from timeshare.tasks.keyword import Keyword
from timeshare.tasks.modular import Modular

RANDOM = [name for name, (task, _) in ALL.items() if task.random_rule]
FIXED = [name for name in ALL if name not in RANDOM]


def test_the_tasks_with_a_random_rule() -> None:
    kinds = {type(ALL[name][0]).__name__ for name in RANDOM}
    assert kinds == {"Automaton", "Drift", "Keyword", "Labels", "Modular", "Shift"}


@pytest.mark.parametrize("name", RANDOM)
def test_rules_are_counted_from_the_tasks_own(name: str) -> None:
    task, _ = ALL[name]
    assert task.of_rule(0) == task
    assert task.of_rule(3) == task.of_rule(1).of_rule(2)
    assert task.of_rule(3).model_dump() == task.model_dump() | {"rule_seed": 3}


@pytest.mark.parametrize("name", RANDOM)
def test_another_rule_gives_the_same_stream_another_meaning(name: str) -> None:
    task, length = ALL[name]
    rules = [task.of_rule(rule) for rule in range(4)]
    drawn = [rule.sample(60, length, Split.TRAIN, np.random.default_rng(0)) for rule in rules]
    meanings = {sequences.inputs.tobytes() + sequences.targets.tobytes() for sequences in drawn}
    assert len(meanings) == 4


@pytest.mark.parametrize("name", FIXED)
def test_a_task_without_a_random_rule_has_one_rule(name: str) -> None:
    task, _ = ALL[name]
    assert task.of_rule(5) is task


def test_each_symbol_of_a_modular_sum_adds_another_amount() -> None:
    for rule in range(5):
        assert sorted(Modular(rule_seed=rule).amounts) == list(range(5))


def test_rules_of_keyword_inform_by_other_symbols() -> None:
    words = {tuple(Keyword(rule_seed=rule).symbols[:4]) for rule in range(30)}
    assert len(words) > 25
    assert {word for chosen in words for word in chosen} == set(range(8))


def test_a_keyword_has_the_name_of_its_class() -> None:
    task = Keyword(rule_seed=3)
    drawn = draw(task, 50, 9, Split.TRAIN)
    for symbols, target in zip(drawn.inputs, drawn.targets, strict=True):
        assert [task.input_names[x] for x in symbols].count(str(target)) == 1
