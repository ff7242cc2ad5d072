"""A small experiment, and what its training reads."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from timeshare.data.splits import Parts, draw_training
from timeshare.experiment import Condition, Experiment, Member, expand
from timeshare.tasks.base import Split


def small(**changes: Any) -> dict[str, Any]:
    """A configuration with two tasks and two variants; `changes` replace whole sections."""
    content: dict[str, Any] = {
        "tasks": {"parity": {}, "drift": {"parameters": {"states": 3}}},
        "variants": {
            "shared": {"cell": "lstm", "schedule": {"kind": "shared"}, "hidden_size": 6},
            "unshared": {"cell": "lstm", "schedule": {"kind": "unshared"}, "hidden_size": 6},
        },
        "members": {"rules": 2, "seeds": 2, "train_sizes": [16, 40]},
        "search": {
            "rules": 1,
            "settings": [{"learning_rate": 0.01}, {"learning_rate": 0.002, "weight_decay": 0.1}],
        },
        "training": {"updates": 12, "batch": 8, "evaluations": 3, "evaluation_sequences": 32},
        "evaluation": {"lengths": [8, 10, 20], "sequences": 48},
        "cost": {
            "lengths": [8, 16],
            "truncations": [2],
            "truncated_lengths": [16],
            "hidden_size": 4,
            "members": 1,
            "batch": 4,
            "rounds": 2,
        },
        "sweeps": {
            "main": {
                "tasks": ["parity", "drift"],
                "variants": ["shared", "unshared"],
                "lengths": [10],
                "truncations": [3, "full"],
            }
        },
    }
    return content | changes


@pytest.fixture
def experiment() -> Experiment:
    return Experiment.parse(small())


@pytest.fixture
def conditions(experiment: Experiment) -> dict[str, Condition]:
    return expand(experiment)


@pytest.fixture
def condition(conditions: Mapping[str, Condition]) -> Condition:
    return conditions["drift/unshared/length-10/truncation-3"]


def with_setting(condition: Condition, setting: int = 0) -> tuple[Member, ...]:
    """The reported members of a condition, all with the same setting."""
    return condition.with_settings(dict.fromkeys(condition.train_sizes, setting))


def planned(condition: Condition, **changes: Any) -> Condition:
    """The condition with another plan of training."""
    plan = condition.training.model_copy(update=changes)
    return condition.model_copy(update={"training": plan})


def read_by(condition: Condition) -> dict[Split, Parts]:
    """The data a condition's training reads."""
    task, units = condition.build_task(), [*condition.units, *condition.search_units]
    up_to = condition.training.lengths == "up-to"
    return draw_training(task, condition.length, units, condition.drawn, 48, up_to)


@pytest.fixture
def splits(condition: Condition) -> dict[Split, Parts]:
    return read_by(condition)


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return Path(__file__).resolve().parent.parent
