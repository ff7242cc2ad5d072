"""A short configuration has sensible defaults, and titles that a stranger understands."""

from typing import Any

import pytest

from tests.conftest import small
from timeshare.experiment import Experiment, expand
from timeshare.experiment.titles import titles


def short(**changes: Any) -> Experiment:
    """A configuration with tasks, variants and sweeps alone."""
    sweep = {"tasks": ["parity", "drift"], "variants": ["shared", "unshared"], "lengths": [10]}
    schedules = ("shared", "unshared")
    variants = {
        kind: {"cell": "lstm", "schedule": {"kind": kind}, "hidden_size": 6} for kind in schedules
    }
    content = {"tasks": {"parity": {}, "drift": {}}, "variants": variants, "sweeps": {"a": sweep}}
    return Experiment.parse(content | changes)


def test_tasks_variants_and_sweeps_are_enough() -> None:
    experiment = short()
    for condition in expand(experiment).values():
        assert condition.truncation_name == "full"
        assert len(condition.units) == 5
        assert condition.searches
        assert len(condition.settings) == 3
        assert condition.train_sizes == [512]
        assert condition.training.plateau is None
        assert condition.training.most == 600


def test_t_twice_t_and_four_times_t_are_evaluated_where_nothing_is_said() -> None:
    assert short().evaluated_lengths("parity") == [10, 20, 40]
    sweep = {"tasks": ["parity"], "variants": ["shared"], "lengths": [6, 10], "train_sizes": [9]}
    experiment = short(sweeps={"a": sweep}, tasks={"parity": {}})
    assert experiment.evaluated_lengths("parity") == [6, 10, 12, 20, 24, 40]


def test_lengths_that_a_task_cannot_make_are_left_out() -> None:
    sweep = {"tasks": ["vowels"], "variants": ["shared"], "lengths": [10], "train_sizes": [64]}
    experiment = short(tasks={"vowels": {}}, sweeps={"a": sweep}, cost={"task": "vowels"} | COST)
    assert experiment.evaluated_lengths("vowels") == [10, 20]


COST = {"lengths": [8], "truncated_lengths": [8], "truncations": [2]}


def test_lengths_that_are_configured_come_beside_those_trained_at() -> None:
    experiment = short(evaluation={"lengths": [7, 50]})
    assert experiment.evaluated_lengths("parity") == [7, 10, 50]
    own = short(tasks={"parity": {"evaluation_lengths": [12]}, "drift": {}})
    assert own.evaluated_lengths("parity") == [10, 12]
    assert own.evaluated_lengths("drift") == [10, 20, 40]


def test_a_variant_s_own_settings_replace_those_of_the_search() -> None:
    content = small(search={"unequal": True})
    content["variants"]["shared"]["settings"] = [{"learning_rate": 0.5}]
    conditions = expand(Experiment.parse(content))
    found = {
        condition.variant: [setting.learning_rate for setting in condition.settings]
        for condition in conditions.values()
    }
    assert found == {"shared": [0.5], "unshared": [0.005, 0.02, 0.02]}


VARIANTS = {
    "a": {"cell": "lstm", "schedule": {"kind": "shared"}, "hidden_size": 6},
    "b": {"cell": "gru", "schedule": {"kind": "blocks", "size": 4}, "hidden_size": 6},
    "c": {"cell": "lstm", "schedule": {"kind": "shared"}, "match": "b"},
    "d": {
        "cell": "rnn",
        "schedule": {"kind": "shared"},
        "hidden_size": 6,
        "time_features": 4,
    },
    "e": {
        "title": "one matrix",
        "cell": "rnn",
        "schedule": {"kind": "shared"},
        "hidden_size": 6,
    },
}


def test_what_has_no_title_is_called_by_what_it_is_made_of() -> None:
    tasks = {
        "parity": {},
        "p": {"kind": "parity"},
        "slow": {"kind": "drift", "parameters": {"states": 3, "change": 0.5}},
        "titled": {"kind": "drift", "title": "machine"},
    }
    sweep = {"tasks": list(tasks), "variants": list(VARIANTS), "lengths": [10]}
    found = titles(short(tasks=tasks, variants=VARIANTS, sweeps={"a": sweep}))
    assert found["task"] == {
        "parity": "parity",
        "p": "parity",
        "slow": "drift (states 3, change 0.5)",
        "titled": "machine",
    }
    assert found["variant"] == {
        "a": "shared LSTM",
        "b": "blocks GRU, size 4",
        "c": "shared LSTM, as many parameters as blocks GRU, size 4",
        "d": "shared RNN, with time features",
        "e": "one matrix",
    }


@pytest.mark.parametrize("key", ["tasks", "variants"])
def test_every_task_and_variant_has_a_title(key: str) -> None:
    experiment = short()
    assert set(titles(experiment)[key.removesuffix("s")]) == set(getattr(experiment, key))


def test_a_task_may_stop_by_itself_where_others_do_not() -> None:
    updates = {"least": 10, "most": 90, "patience": 5}
    conditions = expand(short(tasks={"parity": {"training": {"updates": updates}}, "drift": {}}))
    for condition in conditions.values():
        assert condition.training.most == (90 if condition.task == "parity" else 600)
        assert (condition.training.plateau is not None) == (condition.task == "parity")
