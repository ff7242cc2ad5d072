"""Folders with paths that Snakemake or a database cannot use are refused in one sentence."""

from pathlib import Path

import pytest

from tests.workflow.conftest import Pipeline, tiny
from timeshare.experiment.folders import folder_fault
from timeshare.experiment.models import Tracking


@pytest.mark.parametrize("path", ["/a/{d}", "/a/}", "/a/b\nc", "/a/\x1b[1m", "/a/why?"])
def test_an_unfit_path_is_refused_in_one_sentence(path: str) -> None:
    fault = folder_fault([Path("/fine"), Path(path)], Tracking())
    assert fault is not None
    assert "Rename" in fault
    assert "\n" not in fault


@pytest.mark.parametrize("path", ["/a b", "/größer", "/a#b", "/100%", "/it's", "/a&b"])
def test_any_other_path_is_used(path: str) -> None:
    assert folder_fault([Path(path)], Tracking()) is None


def test_a_question_mark_matters_to_the_database_in_the_results_alone() -> None:
    assert folder_fault([Path("/why?")], Tracking(enabled=False)) is None
    assert folder_fault([Path("/why?")], Tracking(store="https://runs.example.org")) is None


def test_the_workflow_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "why?"
    folder.mkdir()
    done = Pipeline(folder, tiny()).run("--dry-run")
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert "holds '?', which the address of a database cannot" in said
    assert "Traceback" not in said
