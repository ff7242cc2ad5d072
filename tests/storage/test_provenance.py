"""What a result was made from can be read from it."""

import platform
import subprocess
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from timeshare.storage import provenance


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """Forget what earlier calls found, before and after each test."""
    for function in (provenance.revision, provenance.source_digest):
        function.cache_clear()
    yield
    for function in (provenance.revision, provenance.source_digest):
        function.cache_clear()


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package of two files, which takes the place of this one."""
    folder = tmp_path / "package"
    (folder / "storage").mkdir(parents=True)
    (folder / "storage/provenance.py").write_text("a = 1\n")
    (folder / "fast.c").write_text("int a;\n")
    monkeypatch.setattr(provenance, "__file__", str(folder / "storage/provenance.py"))
    return folder


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
    command = ["git", *identity, *arguments]
    return subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=True
    ).stdout.strip()


def test_versions_are_those_installed() -> None:
    found = provenance.versions("pytest", "no-such-package")
    assert found == {
        "python": platform.python_version(),
        "pytest": pytest.__version__,
        "no-such-package": "not installed",
    }


def test_the_revision_is_the_commit_and_says_whether_files_differ_from_it(package: Path) -> None:
    git(package, "init", "--quiet")
    git(package, "add", ".")
    git(package, "commit", "--quiet", "--message", "first")
    commit = git(package, "rev-parse", "HEAD")
    assert provenance.revision() == commit
    (package / "fast.c").write_text("int b;\n")
    provenance.revision.cache_clear()
    assert provenance.revision() == f"{commit}+changed"


def test_without_a_repository_the_revision_is_unknown(
    package: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(package.parent))
    assert provenance.revision() == "unknown"


@pytest.mark.parametrize("changed", ["fast.c", "storage/provenance.py"])
def test_the_digest_of_the_source_changes_with_each_file(package: Path, changed: str) -> None:
    before = provenance.source_digest()
    (package / "notes.txt").write_text("not source")
    provenance.source_digest.cache_clear()
    assert provenance.source_digest() == before
    (package / changed).write_text("other\n")
    provenance.source_digest.cache_clear()
    assert provenance.source_digest() != before


def test_the_digest_of_the_source_changes_with_the_name_of_a_file(package: Path) -> None:
    before = provenance.source_digest()
    (package / "fast.c").rename(package / "slow.c")
    provenance.source_digest.cache_clear()
    assert provenance.source_digest() != before


def test_the_machine_is_described_without_its_name() -> None:
    facts = provenance.machine()
    assert facts.keys() == {"system", "processor", "cores"}
    assert facts["cores"] >= 1
    assert platform.node() not in map(str, facts.values())


def test_times_are_in_utc() -> None:
    assert datetime.fromisoformat(provenance.now()).utcoffset() == timedelta(0)
