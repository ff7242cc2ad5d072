"""The commands of `docs/own-data.md` run as they stand there, with few updates."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml
from typer.testing import CliRunner

from tests.guides import DOCS
from tests.workflow.conftest import Pipeline
from timeshare.cli import app

GUIDE = (DOCS / "own-data.md").read_text(encoding="utf-8")
NAME = "my-question"


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", GUIDE, flags=re.DOTALL)


def lines_that_begin(word: str) -> list[list[str]]:
    """The commands of the guide that begin with a word, without it."""
    lines = "\n".join(blocks("console")).splitlines()
    return [line.split()[2:] for line in lines if line.split()[:2] == ["$", word]]


def timeshare(arguments: list[str]) -> str:
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 0, done.output
    return done.stdout


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which the guide was followed until the experiment would run."""
    monkeypatch.chdir(tmp_path)
    (code,) = blocks("python")
    subprocess.run([sys.executable, "-c", code], check=True)
    new, show, _ = lines_that_begin("timeshare")
    timeshare(new)
    assert "conditions  4" in timeshare(show)
    return tmp_path


def test_the_configuration_is_the_one_that_the_guide_shows(folder: Path) -> None:
    text = (folder / f"{NAME}.yaml").read_text(encoding="utf-8")
    (shown,) = blocks("yaml")
    assert shown in text
    assert ["CONFIG=my-question.yaml"] in lines_that_begin("make")


def test_every_picture_is_there() -> None:
    pictures = re.findall(r"!\[.+?\]\((.+?)\)", GUIDE)
    assert len(pictures) == 3
    assert all((DOCS / picture).is_file() for picture in pictures)


@pytest.mark.slow
def test_the_whole_guide_ends_with_a_report_and_predictions(folder: Path) -> None:
    content: dict[str, Any] = yaml.safe_load((folder / f"{NAME}.yaml").read_text())
    content["members"] = {"seeds": 2, "train_sizes": [32]}
    content["training"] = {"updates": 2, "batch": 8, "evaluations": 1}
    content["tracking"] = {"enabled": False}
    done = Pipeline(folder, content).run()
    assert done.returncode == 0, done.stderr
    assert (folder / "reports" / NAME / "report.html").is_file()
    for command in lines_that_begin("head"):
        assert command[:2] == ["-n", "61"]
        rows = (folder / command[2]).read_text().splitlines(keepends=True)
        (folder / command[4]).write_text("".join(rows[:61]))
    *_, predict = lines_that_begin("timeshare")
    assert "Wrote 5 predictions: predictions.csv" in timeshare(predict)
    (shown,) = re.findall(r"^\| (walk_id .+?) \|$", GUIDE, flags=re.MULTILINE)
    assert list(pd.read_csv(folder / "predictions.csv").columns) == shown.split(" | ")
