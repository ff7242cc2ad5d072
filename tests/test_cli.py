"""The command `timeshare`: quick, with an example in each help, and errors of one sentence."""

import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from tests.conftest import small
from tests.data.tables import walks
from timeshare.cli import app

COMMANDS = ("new", "show", "predict")


def invoked(*arguments: str) -> Result:
    return CliRunner().invoke(app, [*arguments])


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "small.yaml"
    path.write_text(yaml.safe_dump(small()))
    return path


@pytest.mark.parametrize("command", COMMANDS)
def test_every_help_has_an_example(command: str) -> None:
    done = invoked(command, "--help")
    assert done.exit_code == 0
    assert f"Example: timeshare {command}" in done.stdout


def test_the_help_of_the_command_itself_lists_all_commands() -> None:
    done = invoked("--help")
    assert done.exit_code == 0
    assert "Example: timeshare" in done.stdout
    assert all(f"\n  {command} " in done.stdout for command in COMMANDS)


def test_the_list_of_commands_cuts_no_sentence_off() -> None:
    _, _, listed = invoked("--help").stdout.partition("Commands:")
    assert "..." not in listed


def test_the_version_is_that_of_the_package() -> None:
    assert invoked("--version").stdout == f"timeshare {version('timeshare')}\n"


def test_show_prints_what_an_experiment_takes(config: Path) -> None:
    done = invoked("show", str(config), "--slots", "1, 16")
    assert done.exit_code == 0
    assert "conditions  8" in done.stdout
    assert " on 16: " in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["new", "my-question", "--data", "nowhere.csv"], "nowhere.csv: there is no such file."),
        (["new", "My question"], "'My question' is unfit for a path."),
        (["predict", "nothing", "new.csv"], "results/nothing: there is no trained network in it."),
        (["predict", "nothing", "new.csv", "--output", "{config}"], "small.yaml is there already."),
        (["show", "nowhere.yaml"], "nowhere.yaml: cannot be read: No such file"),
        (["show", "{config}", "--slots", "none"], "--slots: 'none' is found."),
    ],
)
def test_a_mistake_is_answered_by_one_sentence(
    arguments: list[str], words: str, config: Path
) -> None:
    done = invoked(*(word.format(config=config) for word in arguments))
    assert done.exit_code == 1
    assert done.stderr.startswith("timeshare: ")
    assert words in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_new_experiment_is_written_and_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    walks(tmp_path / "walks.csv")
    done = invoked("new", "my-question", "--data", "walks.csv")
    assert done.exit_code == 0, done.stderr
    assert "make CONFIG=my-question.yaml" in done.stdout
    shown = invoked("show", "my-question.yaml")
    assert shown.exit_code == 0, shown.stderr
    assert "conditions  4" in shown.stdout


def test_a_file_is_overwritten_only_by_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.yaml").write_text("my own")
    done = invoked("new", "mine")
    assert done.exit_code == 1
    assert "mine.yaml is there already" in done.stderr
    assert (tmp_path / "mine.yaml").read_text() == "my own"
    assert invoked("new", "mine", "--force").exit_code == 0
    assert "name: mine" in (tmp_path / "mine.yaml").read_text()


def test_a_wrong_configuration_is_explained_as_by_the_workflow(config: Path) -> None:
    config.write_text(yaml.safe_dump(small(limits={"conditions": 3})))
    done = invoked("show", str(config))
    assert done.exit_code == 1
    assert "they name 8 conditions and limits.conditions is 3" in done.stderr
    config.write_text(yaml.safe_dump(small(training={"update": "both"})))
    assert "It should be 'sequence' or 'window'" in invoked("show", str(config)).stderr


def test_an_unknown_option_ends_with_status_2() -> None:
    assert invoked("show", "--slot", "3").exit_code == 2


def test_help_new_and_show_load_no_torch(config: Path) -> None:
    code = (
        "import sys\n"
        "from timeshare.cli import app\n"
        "for arguments in (['--help'], ['show', sys.argv[1]]):\n"
        "    app(arguments, standalone_mode=False)\n"
        "sys.exit('torch' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(config)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=config.parent)
    assert done.returncode == 0, done.stderr


def test_the_package_runs_as_a_module() -> None:
    command = [sys.executable, "-m", "timeshare", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Usage: timeshare ")
