"""After an edit, the jobs that run are exactly those that depend on it."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.workflow.conftest import ROOT, Pipeline, tiny

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("incremental")]

Content = dict[str, Any]
SOURCE = "src/timeshare"
PAGE = {"judge": 1, "report": 1}
LEARNED = {"evaluate": 1, "collect": 1, "cost_learning": 1, **PAGE}
"""What follows training in an experiment of one task at one length."""
MEASURED = {"cost_measure": 1, "cost_project": 1}


def untracked() -> Content:
    return tiny() | {"tracking": {"enabled": False}}


@pytest.fixture(scope="module")
def complete(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """An experiment that ran to its end, in a checkout of its own."""
    folder = tmp_path_factory.mktemp("ein Ordner, größer")
    shutil.copy2(ROOT / "Snakefile", folder)
    ignored = shutil.ignore_patterns("__pycache__")
    for part in (SOURCE, "workflow", "docs"):
        shutil.copytree(ROOT / part, folder / part, ignore=ignored)
    pipeline = Pipeline(folder, untracked(), checkout=folder)
    done = pipeline.run()
    assert done.returncode == 0, done.stdout + done.stderr
    return pipeline


def jobs(pipeline: Pipeline) -> dict[str, int]:
    """How many jobs of each rule a run would run now."""
    done = pipeline.run("--dry-run", "--quiet", "rules")
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in (done.stdout + done.stderr).splitlines()]
    found = {row[0]: int(row[1]) for row in rows if len(row) == 2 and row[1].isdigit()}
    return {rule: count for rule, count in found.items() if rule not in ("total", "all", "cost")}


@pytest.fixture
def edited(complete: Pipeline) -> Iterator[Callable[[str], dict[str, int]]]:
    """Add a line to a file of the checkout and list the jobs; the file is restored afterwards."""
    before: dict[Path, bytes] = {}

    def edited(name: str) -> dict[str, int]:
        file = complete.checkout / name
        before[file] = file.read_bytes()
        file.write_bytes(before[file] + b"\n")
        return jobs(complete)

    yield edited
    for file, content in before.items():
        file.write_bytes(content)


def test_without_an_edit_nothing_runs(complete: Pipeline) -> None:
    assert jobs(complete) == {}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("docs/method.md", {}),
        (f"{SOURCE}/report/template/style.css", {"report": 1}),
        (
            f"{SOURCE}/recurrent/cells/lstm.py",
            {"train": 4, "equivalence": 1, **MEASURED, **LEARNED},
        ),
        (
            f"{SOURCE}/recurrent/schedules/unshared.py",
            {"train": 2, "equivalence": 1, **MEASURED, **LEARNED},
        ),
        (f"{SOURCE}/recurrent/schedules/cyclic.py", {}),
        (f"{SOURCE}/training/collect.py", {"collect": 1, "cost_learning": 1, **PAGE}),
        (f"{SOURCE}/claims/c5_overfitting.py", PAGE),
    ],
)
def test_an_edit_of_a_file_runs_what_depends_on_it(
    edited: Callable[[str], dict[str, int]], name: str, expected: dict[str, int]
) -> None:
    assert edited(name) == expected


def more_seeds(content: Content) -> None:
    content["members"]["seeds"] = 3


def more_lengths(content: Content) -> None:
    content["sweeps"]["main"]["lengths"] = [10, 12]


def more_updates(content: Content) -> None:
    content["tasks"]["parity"] = {"training": {"updates": 15}}


def another_threshold(content: Content) -> None:
    content["claims"] = {"solved": 0.8}


def another_checkpoint(content: Content) -> None:
    content["training"]["checkpoint_seconds"] = 5


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (more_seeds, {"generate": 1, "generate_tests": 1, "train": 4, **LEARNED}),
        (more_lengths, {"generate": 1, "generate_tests": 1, "train": 4, **LEARNED, "evaluate": 2}),
        (more_updates, {"train": 4, **LEARNED}),
        (another_threshold, {"cost_learning": 1, **PAGE}),
        (another_checkpoint, {"report": 1}),
    ],
)
def test_an_edit_of_the_configuration_runs_what_depends_on_it(
    complete: Pipeline, edit: Callable[[Content], None], expected: dict[str, int]
) -> None:
    content = untracked()
    edit(content)
    assert jobs(Pipeline(complete.folder, content, complete.checkout)) == expected
