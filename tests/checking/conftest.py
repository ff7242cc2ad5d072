"""Classes of a plug-in's author, each in a module of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from timeshare.checking import cells, references, schedules
from timeshare.cli import app

Checked = Callable[..., Result]

HEAD = """\
from __future__ import annotations
from typing import ClassVar
import numpy as np
from pydantic import Field
from timeshare.claims.base import Claim, Conclusions
from timeshare.recurrent.cells.base import Cell, HandDerived
from timeshare.recurrent.schedules.base import Schedule
from timeshare.report.figures.base import Figure
from timeshare.tasks.base import Sequences, Split, Targets, Task
from timeshare.tasks.parity import Parity
"""


def invoke(*arguments: str) -> Result:
    """The command, run in this process."""
    return CliRunner().invoke(app, [*arguments])


@pytest.fixture
def plugin(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], str]]:
    """Write a module with a class `Mine`, and return its import path."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    # Whether torch is loaded is found in a process of its own, which one test below tries.
    for module in (cells, references, schedules):
        monkeypatch.setattr(module, "import_faults", lambda path: iter(()))

    def write(code: str) -> str:
        module = f"author_{abs(hash(request.node.nodeid))}"
        (tmp_path / f"{module}.py").write_text(f"{HEAD}\n{code}\n", encoding="utf-8")
        return f"{module}:Mine"

    yield write
