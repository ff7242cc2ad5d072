"""A small experiment, and what its training reads."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from timeshare.data.splits import Parts, draw_training
from timeshare.experiment import Condition, Experiment, expand
from timeshare.tasks.base import Split


def small(**changes: Any) -> dict[str, Any]:
    """A configuration with two tasks and two variants; `changes` replace whole sections."""
    content: dict[str, Any] = {
        "tasks": {"parity": {}, "drift": {"parameters": {"states": 3}}},
        "variants": {
            "shared": {"cell": "lstm", "schedule": {"kind": "shared"}, "hidden_size": 6},
            "unshared": {"cell": "lstm", "schedule": {"kind": "unshared"}, "hidden_size": 6},
        },
        "members": {"seeds": 2, "train_sizes": [16, 40], "learning_rates": [0.01, 0.002]},
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


def read_by(condition: Condition) -> dict[Split, Parts]:
    """The data a condition's training reads."""
    task = condition.build_task()
    return draw_training(task, condition.length, condition.seeds, max(condition.train_sizes), 48)


@pytest.fixture
def splits(condition: Condition) -> dict[Split, Parts]:
    return read_by(condition)


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return Path(__file__).resolve().parent.parent
