"""A part of the grid is what the whole grid has there."""

from typing import Any

import pytest

from tests.conftest import small
from timeshare.experiment import Experiment, expand
from timeshare.experiment.selection import Grid


def overlapping() -> dict[str, Any]:
    """Two sweeps that share a condition and give it members of both."""
    content = small()
    content["sweeps"]["more"] = {
        "tasks": ["drift"],
        "variants": ["shared"],
        "lengths": [10, 12],
        "train_sizes": [80],
    }
    return content


@pytest.fixture
def experiment() -> Experiment:
    return Experiment.parse(overlapping())


@pytest.mark.parametrize("whole", [True, False])
def test_each_condition_is_the_one_of_the_whole_grid(experiment: Experiment, whole: bool) -> None:
    for name, condition in expand(experiment).items():
        assert Grid(experiment, whole)[name] == condition


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("length", [None, 10, "12", 99])
def test_the_conditions_of_a_task_are_those_of_the_whole_grid(
    experiment: Experiment, whole: bool, length: int | str | None
) -> None:
    wanted = [
        each
        for each in expand(experiment).values()
        if each.task == "drift" and length in (None, each.length, str(each.length))
    ]
    assert Grid(experiment, whole).of_task("drift", length) == wanted


def test_it_lists_all_conditions_in_the_order_of_the_grid(experiment: Experiment) -> None:
    for whole in (True, False):
        assert list(Grid(experiment, whole).items()) == list(expand(experiment).items())


@pytest.mark.parametrize("whole", [True, False])
def test_a_condition_outside_the_grid_is_not_found(experiment: Experiment, whole: bool) -> None:
    with pytest.raises(KeyError):
        Grid(experiment, whole)["drift/shared/length-11/truncation-full"]


def test_one_condition_expands_no_other(
    experiment: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = []

    def counting(part: Experiment) -> Any:
        found = expand(part)
        sizes.append(len(found))
        return found

    monkeypatch.setattr("timeshare.experiment.selection.expand", counting)
    grid = Grid(experiment, whole=False)
    for _ in range(2):
        assert grid["drift/shared/length-12/truncation-full"].train_sizes == [80]
    assert sizes == [1]
