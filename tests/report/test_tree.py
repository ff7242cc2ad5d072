"""A run leaves the checkout clean: Git ignores all that it writes."""

import shutil
import subprocess
from pathlib import Path
from typing import Any

from timeshare.report.build import build
from timeshare.report.results import Results


def git(folder: Path, *arguments: str) -> str:
    command = ["git", "-C", str(folder), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_git_sees_nothing_of_a_report_that_a_run_wrote(
    winning: Results, runs: list[dict[str, Any]], root: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "checkout"
    folder.mkdir()
    git(folder, "init", "--quiet")
    shutil.copy(root / ".gitignore", folder / ".gitignore")
    git(folder, "add", "--all")
    build(winning, {}, runs, folder / "reports/default")
    (folder / "results/default/tables").mkdir(parents=True)
    (folder / "results/default/tables/scores.parquet").write_bytes(b"0")
    assert (folder / "reports/default/report.html").exists()
    assert git(folder, "status", "--porcelain") == "A  .gitignore\n"
    (folder / "reports/study").mkdir()
    (folder / "reports/study/report.md").write_text("The committed report.\n")
    assert "?? reports/study/" in git(folder, "status", "--porcelain", "--untracked-files=all")


def test_one_report_is_committed(root: Path) -> None:
    if not (root / ".git").exists():
        return
    folders = {path.split("/")[1] for path in git(root, "ls-files", "reports").splitlines()}
    assert folders == {"study"}
