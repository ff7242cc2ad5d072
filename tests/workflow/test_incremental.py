"""After an edit, the jobs that run are exactly those that depend on it."""

import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import small
from tests.workflow.conftest import ROOT, Pipeline

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("incremental")]

Content = dict[str, Any]
SOURCE = "src/timeshare"
RESULTS = ("results", "reports")
TASKS = ("parity", "drift")
VARIANTS = ("shared", "unshared", "gru")

PAGE = {"Judging the claims", "Writing the report"}
MEASURED = {
    "Measuring the cost of updates, alone on the machine",
    "Counting, fitting and projecting the cost of updates",
}
LAYERED = {"Comparing unshared networks with feed-forward ones"}
SUMMARISED = {"Summarising time to quality and samples to solve"}
ALL = {"Collecting 6 conditions", *SUMMARISED, *PAGE}
"""What follows any evaluation."""


def drawn(*tasks: str) -> set[str]:
    """The jobs that draw all data of tasks."""
    trained = {f"Drawing {task} at T=10 for training" for task in tasks}
    return trained | {f"Drawing {task} at every evaluated length" for task in tasks}


def learned(*conditions: tuple[str, str]) -> set[str]:
    """The jobs that train conditions, each a task and a variant, and those that follow."""
    trained = {f"Training {variant} on {task}, T=10, K=full" for task, variant in conditions}
    evaluated = {f"Evaluating all variants on {task}, T=10" for task, _ in conditions}
    return trained | evaluated | ALL


def each(tasks: tuple[str, ...] = TASKS, variants: tuple[str, ...] = VARIANTS) -> set[str]:
    """`learned` for every variant of every task."""
    return learned(*((task, variant) for task in tasks for variant in variants))


def experiment() -> Content:
    """Two tasks, one with a random rule; three variants of two cells and two schedules."""
    content = small()
    gru = {"cell": "gru", "schedule": {"kind": "shared"}, "hidden_size": 6}
    content["variants"]["gru"] = gru
    content["cost"]["task"] = "parity"
    content["sweeps"]["main"] |= {"variants": [*VARIANTS], "truncations": ["full"]}
    return content | {"tracking": {"enabled": False}}


def git(folder: Path, *arguments: str) -> None:
    known = ["-c", "user.name=test", "-c", "user.email=test@example.org"]
    subprocess.run(["git", *known, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def complete(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """An experiment that ran to its end, in a checkout of its own that git knows."""
    folder = tmp_path_factory.mktemp("ein Ordner, größer")
    for file in ("Snakefile", ".gitignore"):
        shutil.copy2(ROOT / file, folder)
    ignored = shutil.ignore_patterns("__pycache__")
    for part in (SOURCE, "workflow", "profiles", "docs"):
        shutil.copytree(ROOT / part, folder / part, ignore=ignored)
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "A revision")
    pipeline = Pipeline(folder, experiment(), checkout=folder)
    done = pipeline.run()
    assert done.returncode == 0, done.stdout + done.stderr
    # Before tests change sources and back, which gives their digests another time
    for part in RESULTS:
        shutil.copytree(folder / part, folder.with_name("untouched") / part)
    return pipeline


def jobs(pipeline: Pipeline) -> set[str]:
    """The messages of the jobs that a run would run now."""
    done = pipeline.run("--dry-run", "--quiet", "reason")
    assert done.returncode == 0, done.stderr
    found = re.findall(r"^Job \d+: (.*)$", done.stdout + done.stderr, re.MULTILINE)
    assert len(found) == len(set(found))
    return set(found)


@pytest.fixture
def edited(complete: Pipeline) -> Iterator[Callable[[str], set[str]]]:
    """Add a line to a file of the checkout and list the jobs; the file is restored afterwards."""
    before: dict[Path, bytes] = {}

    def edited(name: str) -> set[str]:
        file = complete.checkout / name
        before[file] = file.read_bytes()
        file.write_bytes(before[file] + b"\n")
        return jobs(complete)

    yield edited
    for file, content in before.items():
        file.write_bytes(content)


def test_without_an_edit_nothing_runs(complete: Pipeline) -> None:
    assert jobs(complete) == set()


FILES = {
    "docs/method.md": set(),
    f"{SOURCE}/report/template/style.css": {"Writing the report"},
    f"{SOURCE}/recurrent/cells/gru.py": each(variants=("gru",)) | LAYERED | MEASURED,
    f"{SOURCE}/recurrent/schedules/unshared.py": each(variants=("unshared",)) | LAYERED | MEASURED,
    f"{SOURCE}/recurrent/schedules/cyclic.py": set(),
    f"{SOURCE}/tasks/drift.py": drawn("drift") | each(("drift",)),
    # The cost of updates is measured on its sequences
    f"{SOURCE}/tasks/parity.py": drawn("parity") | each(("parity",)) | MEASURED,
    f"{SOURCE}/training/collect.py": ALL,
    f"{SOURCE}/claims/c5_overfitting.py": PAGE,
    "workflow/scripts/judge.py": PAGE,
}


@pytest.mark.parametrize("name", FILES)
def test_an_edit_of_a_file_runs_what_depends_on_it(
    edited: Callable[[str], set[str]], name: str
) -> None:
    assert edited(name) == FILES[name]


def another_parameter(content: Content) -> None:
    content["tasks"]["drift"] = {"parameters": {"states": 4}}


def more_seeds(content: Content) -> None:
    content["members"]["seeds"] = 3


def more_updates(content: Content) -> None:
    content["tasks"]["parity"] = {"training": {"updates": 15}}


def another_level(content: Content) -> None:
    content["claims"] = {"solved": 0.8}


def another_margin(content: Content) -> None:
    content["claims"] = {"margin": 0.06}


def another_checkpoint(content: Content) -> None:
    content["training"]["checkpoint_seconds"] = 5


EDITS: dict[Callable[[Content], None], set[str]] = {
    another_parameter: drawn("drift") | each(("drift",)),
    # The task without random rules has seeds as its units
    more_seeds: drawn("parity") | each(("parity",)),
    more_updates: each(("parity",)),
    another_level: SUMMARISED | PAGE,
    another_margin: ALL,
    another_checkpoint: {"Writing the report"},
}


@pytest.mark.parametrize("edit", EDITS)
def test_an_edit_of_the_configuration_runs_what_depends_on_it(
    complete: Pipeline, edit: Callable[[Content], None]
) -> None:
    content = experiment()
    edit(content)
    assert jobs(Pipeline(complete.folder, content, complete.checkout)) == EDITS[edit]


def test_another_length_trains_at_that_length_and_evaluates_what_is_trained(
    complete: Pipeline,
) -> None:
    content = experiment()
    content["sweeps"]["main"]["lengths"] = [10, 12]
    found = jobs(Pipeline(complete.folder, content, complete.checkout))
    other = {name.replace("T=10", "T=12") for name in drawn(*TASKS) | each()} - ALL
    evaluated = {f"Evaluating all variants on {task}, T=10" for task in TASKS}
    assert found == other | evaluated | (ALL - {"Collecting 6 conditions"}) | {
        "Collecting 12 conditions"
    }


def test_another_revision_that_touches_only_documents_runs_nothing(complete: Pipeline) -> None:
    folder = complete.checkout
    (folder / "docs/method.md").write_text("Another text.\n")
    git(folder, "commit", "--quiet", "--all", "--message", "Another text")
    try:
        assert jobs(complete) == set()
    finally:
        git(folder, "reset", "--hard", "--quiet", "HEAD~1")


@pytest.fixture
def clone(complete: Pipeline, tmp_path: Path) -> Pipeline:
    """A clone in a folder of another name, with the results and their times, but without what
    Snakemake recorded of them; its sources have the times of the clone."""
    folder = tmp_path / "a clone, größer"
    git(tmp_path, "clone", "--quiet", str(complete.checkout), str(folder))
    for part in RESULTS:
        shutil.copytree(complete.folder.with_name("untouched") / part, folder / part)
    return Pipeline(folder, experiment(), checkout=folder)


def test_a_clone_with_its_results_runs_nothing(clone: Pipeline) -> None:
    assert not (clone.folder / ".snakemake").exists()
    assert jobs(clone) == set()


@pytest.mark.parametrize("name", [f"{SOURCE}/recurrent/cells/gru.py", "docs/method.md"])
def test_an_edit_in_a_clone_runs_what_depends_on_it(clone: Pipeline, name: str) -> None:
    file = clone.checkout / name
    file.write_bytes(file.read_bytes() + b"\n")
    assert jobs(clone) == FILES[name]
