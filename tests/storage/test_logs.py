"""A job's log file holds everything; standard error holds what a person should see."""

import importlib
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from timeshare.storage.logs import logged


@pytest.fixture(autouse=True)
def root_logger() -> Iterator[None]:
    """Put back the handlers and the level of the root logger, which pytest uses."""
    root = logging.getLogger()
    handlers, level = root.handlers, root.level
    yield
    root.handlers, root.level = handlers, level


def test_the_file_holds_all_lines_and_standard_error_the_warnings(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "logs" / "job.log"
    with logged(path):
        logging.getLogger("any").info("update 10")
        logging.getLogger("any").warning("diverged")
    lines = path.read_text().splitlines()
    assert [line.rpartition(" ")[2] for line in lines] == ["10", "diverged"]
    assert capsys.readouterr().err == "diverged\n"


def test_an_error_ends_the_job_with_one_line_and_its_traceback_in_the_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "job.log"
    with pytest.raises(SystemExit) as ended, logged(path):
        raise ValueError("no such task")
    assert ended.value.code == 1
    assert capsys.readouterr().err == f"ValueError: no such task (all of it is in {path})\n"
    assert "Traceback" in path.read_text()


def test_a_second_job_writes_its_file_anew(tmp_path: Path) -> None:
    for line in ("first", "second"):
        with logged(tmp_path / "job.log"):
            logging.getLogger("any").info(line)
    (line,) = (tmp_path / "job.log").read_text().splitlines()
    assert line.endswith("second")


def test_an_error_in_the_code_of_a_plugin_is_one_line_with_its_place(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code = "import json\n\ndef read():\n    return json.loads('{')\n"
    (tmp_path / "plugin_that_raises.py").write_text(code, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    path = tmp_path / "job.log"
    with pytest.raises(SystemExit), logged(path):
        importlib.import_module("plugin_that_raises").read()
    sentence = "plugin_that_raises.py, line 4: JSONDecodeError: Expecting property name"
    assert capsys.readouterr().err.startswith(sentence)
    (line,) = path.read_text().splitlines()
    assert sentence in line
