"""Kinds are found by name, built in or by import path."""

import pytest

from tests.conftest import small
from timeshare.experiment import ConfigurationError, Experiment, expand
from timeshare.registry import UnknownNameError, find, names
from timeshare.tasks.parity import Parity


class Outsider(Parity):
    """A task that lives outside the package."""


def test_every_built_in_kind_is_one_class() -> None:
    for group in ("tasks", "recurrent.schedules", "recurrent.cells"):
        found = [find(group, kind) for kind in names(group)]
        assert len(set(found)) == len(found) > 2


def test_a_class_of_the_users_is_named_by_its_import_path() -> None:
    content = small(tasks={"mine": {"kind": "tests.test_registry:Outsider"}})
    content["sweeps"]["main"]["tasks"] = ["mine"]
    for condition in expand(Experiment.parse(content)).values():
        assert isinstance(condition.build_task(), Outsider)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("paritty", "not a registered name"),
        ("no.such:Thing", "cannot be imported"),
        ("tests.test_registry:Nobody", "cannot be imported"),
        ("tests.test_registry:small", "is not a class"),
    ],
)
def test_an_unknown_kind_is_answered_with_what_there_is(kind: str, words: str) -> None:
    with pytest.raises(UnknownNameError, match=words):
        find("tasks", kind)


def test_a_class_that_is_no_task_is_refused() -> None:
    content = small(tasks={"mine": {"kind": "tests.conftest:Path"}})
    content["sweeps"]["main"]["tasks"] = ["mine"]
    with pytest.raises(ConfigurationError, match=r"does not derive from timeshare\.tasks"):
        Experiment.parse(content)
