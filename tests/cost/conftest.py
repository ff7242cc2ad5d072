"""A study small enough for tests."""

import pytest
import torch

from tests.conftest import small
from timeshare.experiment import Experiment
from timeshare.experiment.cost import Cost


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture
def study() -> Cost:
    return Cost(
        variants=["shared", "unshared"],
        lengths=[4, 8, 16],
        truncations=[1, 3],
        truncated_lengths=[16],
        members=2,
        batch=16,
        hidden=5,
        rounds=2,
    )


@pytest.fixture
def whole() -> Experiment:
    """An experiment with a variant of every schedule, one that matches and one with a clock."""
    return Experiment.parse(
        small(
            variants={
                "shared": {"cell": "lstm", "schedule": {"kind": "shared"}, "hidden": 6},
                "unshared": {"cell": "lstm", "schedule": {"kind": "unshared"}, "hidden": 6},
                "wide": {"cell": "lstm", "schedule": {"kind": "shared"}, "match": "unshared"},
                "clock": {"cell": "gru", "schedule": {"kind": "shared"}, "hidden": 6, "clock": 4},
                "basis": {
                    "cell": "rnn",
                    "schedule": {"kind": "basis", "functions": 3},
                    "hidden": 6,
                },
            }
        )
    )
