"""Every number has bounds, and messages stay short whatever a configuration holds."""

import re
from typing import Any

import pytest

from tests.conftest import small
from timeshare.experiment import ConfigurationError, Experiment
from timeshare.experiment.strict import LONGEST_MESSAGE, MOST_FAULTS


def refused(**changes: Any) -> str:
    with pytest.raises(ConfigurationError) as caught:
        Experiment.parse(small(**changes), "my.yaml")
    message = str(caught.value)
    assert len(message) <= LONGEST_MESSAGE + 100
    return message


def sweep(**changes: Any) -> dict[str, Any]:
    return {"sweeps": {"main": small()["sweeps"]["main"] | changes}}


@pytest.mark.parametrize(
    ("key", "changes"),
    [
        ("lengths", sweep(lengths=[10**30])),
        ("truncations", sweep(truncations=[10**18])),
        ("sequences", {"evaluation": {"sequences": 10**18}}),
        ("batch", {"training": {"batch": 10**18}}),
        ("updates", {"training": {"updates": 10**18}}),
        ("threads", {"training": {"threads": 10**6}}),
        ("seeds", {"members": {"seeds": 10**9}}),
        ("learning_rate", {"search": {"settings": [{"learning_rate": 1e308}]}}),
        ("rounds", {"cost": {"rounds": 10**9}}),
        ("longest", {"cost": {"projection": {"longest": 10**30}}}),
        ("hidden_size", {"cost": {"hidden_size": 10**9}}),
        ("rule_seed", {"tasks": {"drift": {"parameters": {"rule_seed": 10**30}}, "parity": {}}}),
    ],
)
def test_a_number_out_of_bounds_is_refused(key: str, changes: dict[str, Any]) -> None:
    message = refused(**changes)
    assert key in message
    assert "less than or equal to" in message


@pytest.mark.parametrize(
    "changes",
    [
        {"members": {"seeds": True}},
        {"training": {"clip": True}},
        {"tasks": {"drift": {"parameters": {"states": True}}, "parity": {}}},
        sweep(lengths=[True]),
    ],
)
def test_true_is_no_number(changes: dict[str, Any]) -> None:
    assert re.search(r"found \[?true", refused(**changes))


@pytest.mark.parametrize(
    "value",
    ["x" * 5000, list(range(5000)), {"k" * 300: 1}, 16**5000],
    ids=["text", "list", "mapping", "integer"],
)
def test_a_value_is_repeated_up_to_eighty_characters(value: object) -> None:
    message = refused(training={"batch": value})
    assert len(message) < 300


def test_at_most_ten_faults_are_listed() -> None:
    lines = refused(variants={f"v{n}": {"cell": "?"} for n in range(300)}).splitlines()
    assert len(lines) <= MOST_FAULTS + 1
    assert lines[-1].startswith("... and 2")


@pytest.mark.parametrize("name", ["", "/tmp", "..", "a\nb", "a\0b", "{d}", "n" * 300, "a/b", " a"])
def test_a_name_that_is_unfit_for_a_path_is_refused(name: str) -> None:
    assert "my.yaml: name: " in refused(name=name)


@pytest.mark.parametrize(
    "kind",
    [
        ".a:b",
        "..:x",
        "os:system",
        "a:",
        ":",
        "json:JSONDecoder",
        "timeshare.tasks.base:Task",
        "sys:exit",
        "x" * 300,
    ],
)
def test_what_is_no_task_is_refused(kind: str) -> None:
    message = refused(tasks={"parity": {"kind": kind}, "drift": {}})
    assert message.startswith("my.yaml: tasks.parity: ")
    assert "\n" not in message


@pytest.mark.parametrize("cell", [".a:b", "os:system", "timeshare.recurrent.cells.base:Cell"])
def test_what_is_no_cell_is_refused(cell: str) -> None:
    shared = small()["variants"]["shared"] | {"cell": cell}
    assert "variants.shared.cell: " in refused(
        variants={"shared": shared, "unshared": small()["variants"]["unshared"]}
    )


@pytest.mark.parametrize("title", ["", "a\nb", "t" * 201, "a\0"])
def test_a_title_is_one_line(title: str) -> None:
    assert "tasks.parity.title: " in refused(tasks={"parity": {"title": title}, "drift": {}})


@pytest.mark.parametrize(
    ("task", "length"),
    [("snow", 10_000), ("keyword", 1_000_000), ("copy", 10_000), ("parity", 1_000_000)],
)
def test_long_sequences_are_validated_without_drawing_any(task: str, length: int) -> None:
    changes = sweep(tasks=[task], lengths=[length], truncations=[8])
    content = small(tasks={task: {}}, evaluation={"lengths": [length]}, **changes)
    assert Experiment.parse(content).trained_lengths(task) == [length]
