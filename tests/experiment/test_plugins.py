"""A class from outside the package that cannot be used gives one sentence, whatever is wrong."""

import textwrap
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import small
from timeshare.experiment import ConfigurationError, Experiment

HEAD = """
from timeshare.recurrent.cells.base import Cell
from timeshare.recurrent.schedules.base import Schedule
from timeshare.tasks.base import Task
from timeshare.tasks.parity import Parity
"""

Key = str


def with_kind(key: Key, kind: str) -> dict[str, Any]:
    content = small()
    if key == "task":
        content["tasks"]["parity"] = {"kind": kind}
    elif key == "cell":
        content["variants"]["shared"]["cell"] = kind
    else:
        content["variants"]["shared"]["schedule"] = {"kind": kind}
    return content


@pytest.mark.parametrize(
    ("key", "code", "words"),
    [
        ("task", "class Mine(Parity):\n    size: int = 4", "field 'size' of Mine hides the method"),
        ("task", "class Mine(Parity):\n    files: str = ''", "'files' of Mine hides the property"),
        (
            "task",
            "class Mine(Task):\n    pass",
            "does not define input_size, output_size, sample, targets",
        ),
        ("task", "class Mine(Cell):\n    pass", "does not derive from timeshare.tasks.base.Task"),
        ("task", "Mine = 4", "is not a class"),
        ("task", "class Other: pass", "cannot be imported (AttributeError"),
        ("task", "class Mine(Task:", "cannot be imported (SyntaxError"),
        ("task", "raise RuntimeError('first\\nsecond')", "imported (RuntimeError: first); write"),
        (
            "task",
            "class Mine(Parity):\n    def model_post_init(self, _): raise OSError('no data')",
            "cannot be built (OSError: no data)",
        ),
        ("schedule", "class Mine(Schedule):\n    pass", "does not define matrices"),
        (
            "schedule",
            "class Mine(Schedule):\n    index: int = 0",
            "'index' of Mine hides the method",
        ),
        (
            "schedule",
            "class Mine(Parity):\n    pass",
            "does not derive from timeshare.recurrent.schedules",
        ),
        ("cell", "class Mine(Cell):\n    gates = 1", "does not define step"),
        ("cell", "class Mine(Cell):\n    step = None", "does not define gates"),
        ("cell", "class Mine(Parity):\n    pass", "does not derive from timeshare.recurrent.cells"),
        (
            "cell",
            "class Mine(Cell):\n    gates = 1\n    step = None\n    def __init__(self, size): ...",
            "cannot be built (TypeError: ",
        ),
    ],
)
def test_what_is_wrong_with_a_class_is_one_sentence(
    key: Key,
    code: str,
    words: str,
    request: pytest.FixtureRequest,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    module = f"plugin_{abs(hash(request.node.name))}"
    (tmp_path / f"{module}.py").write_text(HEAD + textwrap.dedent(code) + "\n")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(ConfigurationError) as caught:
        Experiment.parse(with_kind(key, f"{module}:Mine"), "my.yaml")
    message = str(caught.value)
    assert message.startswith("my.yaml: ")
    assert words in message
    assert "\n" not in message
