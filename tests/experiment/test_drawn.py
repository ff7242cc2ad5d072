"""What the workflow draws for a task is what its conditions at that T need, and no more."""

from pathlib import Path
from typing import Any

from tests.conftest import small
from timeshare.experiment import Experiment, expand


def drawn(root: Path, content: dict[str, Any], **wildcards: str) -> dict[str, Any]:
    """The parameter that the workflow's rules of data give their jobs."""
    path = root / "workflow/rules/common.smk"
    experiment = Experiment.parse(content)
    names: dict[str, Any] = {"experiment": experiment, "CONDITIONS": expand(experiment)}
    exec(compile(path.read_text(), path, "exec"), names)

    class Wildcards(dict[str, str]):
        __getattr__ = dict.__getitem__

    what: dict[str, Any] = names["drawn"](Wildcards(wildcards))
    return what


def test_training_draws_the_seeds_of_its_conditions(root: Path) -> None:
    content = small()
    content["members"]["first_seed"] = 7
    what = drawn(root, content, task="drift", length="10")
    assert what["seeds"] == [7, 8]
    assert (what["kind"], what["count"], what["held"]) == ("drift", 40, 48)
    assert what["parameters"]["states"] == 3


def test_another_length_draws_nothing_again(root: Path) -> None:
    more = small()
    more["sweeps"]["long"] = {
        "tasks": ["parity", "drift"],
        "variants": ["shared"],
        "lengths": [20],
        "train_sizes": [640],
        "seeds": 9,
    }
    for task in ("parity", "drift"):
        one = drawn(root, small(), task=task, length="10")
        assert drawn(root, more, task=task, length="10") == one
        assert drawn(root, more, task=task, length="20")["count"] == 640


def test_test_sets_depend_on_no_member(root: Path) -> None:
    more = small()
    more["members"] |= {"first_seed": 3, "seeds": 4, "train_sizes": [80]}
    assert drawn(root, more, task="parity") == drawn(root, small(), task="parity")
