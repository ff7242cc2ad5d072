"""A study small enough for tests."""

from collections.abc import Iterator

import pytest
import torch

from tests.conftest import small
from timeshare.experiment import Experiment
from timeshare.experiment.cost import Cost
from timeshare.recurrent.kernels import build


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
        hidden_size=5,
        rounds=2,
    )


@pytest.fixture
def whole() -> Experiment:
    """An experiment with a variant that matches another and one with time features."""
    return Experiment.parse(
        small(
            variants={
                "shared": {"cell": "lstm", "schedule": {"kind": "shared"}, "hidden_size": 6},
                "unshared": {"cell": "lstm", "schedule": {"kind": "unshared"}, "hidden_size": 6},
                "wide": {"cell": "lstm", "schedule": {"kind": "shared"}, "match": "unshared"},
                "time_features": {
                    "cell": "gru",
                    "schedule": {"kind": "shared"},
                    "hidden_size": 6,
                    "time_features": 4,
                },
                "basis": {
                    "cell": "rnn",
                    "schedule": {"kind": "basis", "functions": 3},
                    "hidden_size": 6,
                },
            }
        )
    )


@pytest.fixture
def eager(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Unroll eagerly, so that PyTorch sees every product."""
    monkeypatch.setenv(build.CHOICE, "eager")
    build.library.cache_clear()
    yield
    monkeypatch.undo()
    build.library.cache_clear()
