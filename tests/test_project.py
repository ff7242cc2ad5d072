"""Files by which others find, install and change the project agree with one another."""

import re
import tomllib
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.specifiers import SpecifierSet
from packaging.version import Version


@pytest.fixture
def project(root: Path) -> dict[str, Any]:
    content = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    found: dict[str, Any] = content["project"]
    return found


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def name_of(requirement: str) -> str:
    """The normalised name of a requirement."""
    found = re.match(r"[\w.-]+", requirement)
    assert found is not None
    return found[0].lower().replace("_", "-")


def pinned(root: Path) -> dict[str, str]:
    lines = (root / "constraints.txt").read_text(encoding="utf-8").split()
    return {name_of(line): line for line in lines if "==" in line}


def test_the_environment_of_jobs_has_every_dependency_at_its_pin(
    root: Path, project: dict[str, Any]
) -> None:
    *_, pip = read(root / "workflow/envs/timeshare.yaml")["dependencies"]
    pins = pinned(root)
    assert pip["pip"] == [pins[name] for name in sorted(map(name_of, project["dependencies"]))]


@pytest.mark.slow  # there, what the documentation needs is installed, too
def test_every_pin_installs_on_the_oldest_python_that_is_allowed(
    root: Path, project: dict[str, Any]
) -> None:
    oldest = Version(project["requires-python"].removeprefix(">=") + ".0")
    needs = {
        name_of(installed.name): SpecifierSet(
            str(installed.metadata.json.get("requires_python", ""))
        )
        for installed in distributions()
    }
    assert {name for name in pinned(root) if name in needs and oldest not in needs[name]} == set()


def test_the_version_is_one(root: Path, project: dict[str, Any]) -> None:
    version = project["version"]
    assert read(root / "CITATION.cff")["version"] == version
    changelog = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.findall(r"^## (\S+)", changelog, flags=re.M)[0].rstrip(",") == version


def test_the_citation_has_what_the_format_requires(root: Path, project: dict[str, Any]) -> None:
    citation = read(root / "CITATION.cff")
    assert {"cff-version", "title", "message", "authors", "abstract", "version"} <= set(citation)
    assert citation["license"] == project["license"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", str(citation["date-released"]))
    assert all(author["name"] for author in citation["authors"])


def test_continuous_integration_runs_what_anyone_can_run(root: Path) -> None:
    commands = []
    for path in sorted((root / ".github/workflows").glob("*.yml")):
        for job in read(path)["jobs"].values():
            commands += [step["run"] for step in job["steps"] if "run" in step]
    assert commands == [".ci/run", "make docs"]
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^make (\S+)$", (root / ".ci/run").read_text(), flags=re.M)
    assert targets[:3] == ["style", "test", "test-slow"]
    assert all(f"\n{target}: " in makefile for target in [*targets, "docs"])


def test_what_runs_before_a_commit_runs_in_make_style(root: Path) -> None:
    (local,) = read(root / ".pre-commit-config.yaml")["repos"]
    makefile = (root / "Makefile").read_text(encoding="utf-8")
    style = makefile.partition("\nstyle: ")[2].partition("\n\n")[0]
    programs = {hook["entry"].split()[0].rpartition("/")[2] for hook in local["hooks"]}
    assert programs == {"ruff", "snakefmt", "mypy", "lint-imports", "bandit"}
    for program in programs:
        assert f"$(BIN)/{program}" in style


def test_the_catalogue_of_workflows_reads_true_statements(root: Path) -> None:
    usage = read(root / ".snakemake-workflow-catalog.yml")["usage"]
    assert usage["software-stack-deployment"]["conda"] is True
    assert usage["report"] is True
    rules = "".join(path.read_text() for path in (root / "workflow/rules").glob("*.smk"))
    assert rules.count("../envs/timeshare.yaml") == rules.count("    conda:\n")
    assert "report(" in rules


def test_no_file_has_the_marks_of_an_unresolved_merge(root: Path) -> None:
    marks = ("<" * 7 + " ", ">" * 7 + " ")
    found = []
    for folder in ("src", "tests", "docs", "workflow", "examples", "studies", "benchmarks"):
        for path in (root / folder).rglob("*"):
            if path.suffix in (".py", ".md", ".smk", ".yaml", ".c", ".h"):
                lines = path.read_text(encoding="utf-8").splitlines()
                found += [str(path) for line in lines if line.startswith(marks)]
    assert found == []
