"""Which results a change of the source calls stale."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.workflow.conftest import ROOT, Pipeline, tiny

pytestmark = pytest.mark.xdist_group("sources")  # one worker trains the shared condition, once

TRAINED = "results/tiny/runs/parity/unshared/length-10/truncation-3/weights.safetensors"
SCHEDULES = "recurrent/schedules"

Change = Callable[..., set[str]]


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """One condition, trained from a checkout of its own."""
    folder = tmp_path_factory.mktemp("checkout")
    shutil.copy2(ROOT / "Snakefile", folder)
    for part in ("src/timeshare", "workflow"):
        kept = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / part, folder / part, ignore=kept)
    pipeline = Pipeline(folder, tiny(), checkout=folder)
    done = pipeline.run(TRAINED)
    assert done.returncode == 0, done.stdout + done.stderr
    # Before other tests change sources and back, which gives their digests another time
    ignored = shutil.ignore_patterns(".snakemake")
    shutil.copytree(folder, folder.with_name("results and sources"), ignore=ignored)
    return pipeline


@pytest.fixture
def change(trained: Pipeline) -> Change:
    """Add a line to a file of the package, or a file; say which rules would run; take it back."""

    def change(name: str, line: str) -> set[str]:
        file = trained.checkout / "src/timeshare" / name
        before = file.read_bytes() if file.exists() else None
        file.write_bytes((before or b"") + line.encode())
        try:
            return trained.scheduled(TRAINED)
        finally:
            file.unlink() if before is None else file.write_bytes(before)

    return change


@pytest.mark.parametrize(
    "name",
    [
        "training/layout.py",
        "training/model_factory.py",
        "storage/streams.py",
        "tasks/base.py",
        f"{SCHEDULES}/unshared.py",
        "recurrent/cells/lstm.py",
    ],
)
def test_training_is_stale_when_what_it_runs_through_changes(change: Change, name: str) -> None:
    assert "train" in change(name, "# changed\n")


def test_training_is_stale_when_its_compiled_cells_change(change: Change) -> None:
    assert "train" in change("recurrent/kernels/cells.h", "// changed\n")


@pytest.mark.parametrize(
    "name", ["training/evaluate.py", "claims/base.py", f"{SCHEDULES}/cyclic.py", "tasks/drift.py"]
)
def test_training_is_fresh_when_something_else_changes(change: Change, name: str) -> None:
    assert change(name, "# changed\n") == set()


@pytest.mark.parametrize("name", [f"{SCHEDULES}/mine.py", "recurrent/cells/mine.py"])
def test_a_new_file_of_a_kind_trains_nothing_again(change: Change, name: str) -> None:
    assert change(name, '"""A kind that no condition names."""\n') == set()


@pytest.fixture
def clone(trained: Pipeline, tmp_path: Path) -> Pipeline:
    """Another checkout in a folder of another name, with the results and their times, and without
    what Snakemake recorded of them."""
    folder = tmp_path / "a clone, größer"
    shutil.copytree(trained.folder.with_name("results and sources"), folder)
    for file in (folder / "src").rglob("*.py"):
        file.touch()
    return Pipeline(folder, tiny(), checkout=folder)


def test_a_clone_with_its_results_trains_nothing_again(clone: Pipeline) -> None:
    assert clone.scheduled(TRAINED) == set()


def test_a_clone_with_other_sources_trains_again_what_depends_on_them(clone: Pipeline) -> None:
    source = clone.checkout / "src/timeshare"
    for name in ("training/evaluate.py", f"{SCHEDULES}/cyclic.py"):
        (source / name).write_text((source / name).read_text() + "# changed\n")
    assert clone.scheduled(TRAINED) == set()
    changed = source / SCHEDULES / "unshared.py"
    changed.write_text(changed.read_text() + "# changed\n")
    assert clone.scheduled(TRAINED) == {"train"}


def test_every_rule_is_fresh_when_nothing_changed(trained: Pipeline) -> None:
    assert trained.scheduled(TRAINED) == set()
