"""What is drawn for a task is what its conditions at that T need, and no more."""

from typing import Any

from tests.conftest import small
from timeshare.experiment import Condition, Experiment, expand
from timeshare.experiment.benchmarks import benchmark_files
from timeshare.experiment.lookups import (
    evaluated,
    evaluation_files,
    evaluation_request,
    of_task,
    run_files,
    sweeps_of,
    training_request,
)
from timeshare.experiment.paths import RUN, Paths


def requested(content: dict[str, Any], task: str, length: int) -> dict[str, Any]:
    experiment = Experiment.parse(content)
    return training_request(experiment, expand(experiment).values(), task, length)


def test_training_draws_the_seeds_of_its_conditions() -> None:
    content = small()
    content["members"]["first_seed"] = 7
    what = requested(content, "drift", 10)
    assert what["seeds"] == [7, 8]
    assert (what["kind"], what["count"], what["held"]) == ("drift", 40, 48)
    assert what["parameters"]["states"] == 3


def test_another_length_draws_nothing_again() -> None:
    more = small()
    more["sweeps"]["long"] = {
        "tasks": ["parity", "drift"],
        "variants": ["shared"],
        "lengths": [20],
        "train_sizes": [640],
        "seeds": 9,
    }
    for task in ("parity", "drift"):
        assert requested(more, task, 10) == requested(small(), task, 10)
        assert requested(more, task, 20)["count"] == 640


def test_test_sets_depend_on_no_member() -> None:
    more = small()
    more["members"] |= {"first_seed": 3, "seeds": 4, "train_sizes": [80]}
    one, other = (evaluation_request(Experiment.parse(each), "parity") for each in (more, small()))
    assert one == other


def test_conditions_of_a_task_are_found_by_a_wildcard_too(conditions: dict[str, Condition]) -> None:
    found = of_task(conditions.values(), "drift", "10")
    assert found == of_task(conditions.values(), "drift")
    assert len(found) == 4
    assert of_task(conditions.values(), "drift", 20) == []
    assert evaluated(conditions.values()) == [("drift", 10), ("parity", 10)]
    assert set(map(tuple, sweeps_of(conditions).values())) == {("main",)}


def test_the_files_of_runs_and_evaluations_are_those_of_their_conditions(
    conditions: dict[str, Condition],
) -> None:
    paths = Paths("mine")
    files = run_files(paths, conditions.values(), RUN)
    assert files == [f"results/mine/runs/{name}/run.json" for name in conditions]
    assert evaluation_files(paths, conditions.values(), "scores") == [
        f"results/mine/evaluations/{task}/length-10/scores.parquet" for task in ("drift", "parity")
    ]


def test_every_step_has_its_benchmark_files(conditions: dict[str, Condition]) -> None:
    files = benchmark_files(Paths("mine"), conditions.values())
    assert files["evaluate"] == [
        f"results/mine/benchmarks/evaluate/{task}/length-10.tsv" for task in ("drift", "parity")
    ]
    assert len(files["generate"]) == len(files["train"]) // 2 == 4
