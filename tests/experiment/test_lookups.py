"""What is drawn for a task is what its conditions at that T need, and no more."""

from types import SimpleNamespace
from typing import Any

from tests.conftest import small
from timeshare.experiment import Condition, Experiment, expand
from timeshare.experiment.benchmarks import benchmark_files
from timeshare.experiment.conditions import SEARCH
from timeshare.experiment.lookups import (
    by_task,
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


def test_training_draws_the_units_of_its_conditions_and_of_their_searches() -> None:
    content = small()
    content["members"]["first_rule"] = 7
    what = requested(content, "drift", 10)
    assert what["units"] == [[7, 0], [8, 0], [SEARCH, 0]]
    assert (what["kind"], what["count"], what["held"], what["up_to"]) == ("drift", 40, 48, False)
    assert what["parameters"]["states"] == 3
    assert requested(content, "parity", 10)["units"] == [[0, 0], [0, 1], [0, SEARCH]]


def test_units_are_drawn_once_that_several_conditions_read() -> None:
    more = small()
    more["sweeps"]["more"] = more["sweeps"]["main"] | {"rules": 4, "variants": ["shared"]}
    what = requested(more, "drift", 10)
    assert what["units"] == [[rule, 0] for rule in (0, 1, 2, 3, SEARCH)]


def test_new_sequences_are_not_drawn_beforehand() -> None:
    content = small()
    content["members"]["train_sizes"] = ["fresh", 16]
    assert requested(content, "drift", 10)["count"] == 16


def test_sequences_of_every_length_are_drawn_where_a_task_trains_on_them() -> None:
    content = small()
    content["tasks"]["drift"]["training"] = {"lengths": "up-to"}
    assert requested(content, "drift", 10)["up_to"]
    assert not requested(content, "parity", 10)["up_to"]


def test_another_length_draws_nothing_again() -> None:
    more = small()
    more["sweeps"]["long"] = {
        "tasks": ["parity", "drift"],
        "variants": ["shared"],
        "lengths": [20],
        "train_sizes": [640],
        "seeds": 9,
        "rules": 9,
    }
    for task in ("parity", "drift"):
        assert requested(more, task, 10) == requested(small(), task, 10)
        assert requested(more, task, 20)["count"] == 640


def evaluation_of(content: dict[str, Any], task: str) -> dict[str, Any]:
    experiment = Experiment.parse(content)
    return evaluation_request(experiment, expand(experiment).values(), task)


def test_test_sets_are_drawn_for_the_reported_units_alone() -> None:
    assert evaluation_of(small(), "drift")["units"] == [[0, 0], [1, 0]]
    more = small()
    more["members"] |= {"first_seed": 3, "seeds": 4}
    assert evaluation_of(more, "parity")["units"] == [[0, seed] for seed in (3, 4, 5, 6)]


def test_test_sets_depend_on_no_train_size_and_no_setting() -> None:
    more = small(search={"settings": [{"learning_rate": 0.5}]})
    more["members"]["train_sizes"] = [80, "fresh"]
    assert evaluation_of(more, "parity") == evaluation_of(small(), "parity")


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


def test_a_value_that_all_tasks_have_needs_no_look_up() -> None:
    assert by_task({"a": 2, "b": 2}) == 2
    each = by_task({"a": 1, "b": 2})
    assert callable(each)
    assert each(SimpleNamespace(task="b")) == 2
