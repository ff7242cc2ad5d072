"""The tutorials' commands, configurations and code, at tiny settings."""

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

from tests.conftest import small
from tests.guides import DOCS
from tests.workflow.conftest import ROOT, Pipeline
from timeshare.cli import app
from timeshare.experiment import Experiment, expand

TUTORIALS = ("first-run.md", "own-question.md")


def blocks(page: str, language: str) -> list[str]:
    """The blocks of code of a page in one language."""
    text = (DOCS / page).read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)


@pytest.mark.parametrize("page", TUTORIALS)
def test_every_command_of_a_tutorial_exists(page: str) -> None:
    commands = [line[2:] for block in blocks(page, "console") for line in block.splitlines()]
    assert commands
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for command in commands:
        program, *arguments = command.split()
        if program == "make":
            configured = dict(word.split("=") for word in arguments if "=" in word)
            path = configured.get("CONFIG", "config.yaml")
            assert (ROOT / path).exists() or path in (DOCS / page).read_text(encoding="utf-8")
            for target in set(arguments) - {f"CONFIG={path}"}:
                assert f"\n{target}: " in makefile
        else:
            assert program == "timeshare"
            assert CliRunner().invoke(app, [arguments[0], "--help"]).exit_code == 0


@pytest.mark.parametrize("number", [0, 1])
def test_the_configurations_of_the_tutorial_are_valid(number: int, tmp_path: Path) -> None:
    block = blocks("own-question.md", "yaml")[number]
    path = tmp_path / "my-question.yaml"
    path.write_text(block)
    assert len(expand(Experiment.read(path))) == (2, 10)[number]
    shown = CliRunner().invoke(app, ["show", str(path)])
    assert shown.exit_code == 0, shown.stderr


def test_the_first_configuration_has_eight_lines_and_its_mistake_the_quoted_answer(
    tmp_path: Path,
) -> None:
    block = blocks("own-question.md", "yaml")[0]
    assert len(block.splitlines()) == 8
    (tmp_path / "my-question.yaml").write_text(block.replace("[12]", "[twelve]"))
    shown = CliRunner().invoke(app, ["show", str(tmp_path / "my-question.yaml")])
    (quoted,) = blocks("own-question.md", "text")
    assert shown.stderr == f"timeshare: {quoted}"


@pytest.mark.xdist_group("pipeline")
def test_the_tables_of_the_first_run_are_read_as_the_tutorial_reads_them(
    finished: Pipeline, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(finished.folder)
    (code,) = blocks("first-run.md", "python")
    assert "results/quick/tables/scores.parquet" in code
    names: dict[str, Any] = {}
    with contextlib.redirect_stdout(io.StringIO()) as printed:
        exec(compile(code.replace("results/quick", "results/tiny"), "first-run.md", "exec"), names)
    assert len(names["at_length"]) == 4 * 2 * 2
    assert "unshared" in printed.getvalue()


@pytest.mark.slow
def test_the_question_of_the_tutorial_runs(tmp_path: Path) -> None:
    content = yaml.safe_load(blocks("own-question.md", "yaml")[0])
    content |= {key: small()[key] for key in ("members", "training")}
    content["cost"] = {"enabled": False}
    content["tracking"] = {"enabled": False}
    done = Pipeline(tmp_path, content).run()
    assert done.returncode == 0, done.stdout + done.stderr
    page = (tmp_path / "reports/tiny/report.md").read_text(encoding="utf-8")
    assert "not tested" in page
