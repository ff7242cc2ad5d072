"""The command `timeshare`: quick, with an example in each help, and errors of one sentence."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from tests.conftest import small
from timeshare.cli import app

COMMANDS = ("show",)


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


def test_show_prints_what_an_experiment_takes(config: Path) -> None:
    done = invoked("show", str(config), "--slots", "1, 16")
    assert done.exit_code == 0
    assert "conditions  8" in done.stdout
    assert " on 16: " in done.stdout


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["show", "nowhere.yaml"], "nowhere.yaml: there is no such file."),
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


def test_a_wrong_configuration_is_explained_as_by_the_workflow(config: Path) -> None:
    config.write_text(yaml.safe_dump(small(limits={"conditions": 3})))
    done = invoked("show", str(config))
    assert done.exit_code == 1
    assert "they name 8 conditions and limits.conditions is 3" in done.stderr
    config.write_text(yaml.safe_dump(small(training={"update": "both"})))
    assert "It should be 'sequence' or 'window'" in invoked("show", str(config)).stderr


def test_an_unknown_option_ends_with_status_2() -> None:
    assert invoked("show", "--slot", "3").exit_code == 2


def test_help_and_show_load_no_torch(config: Path) -> None:
    code = (
        "import sys\n"
        "from timeshare.cli import app\n"
        "for arguments in (['--help'], ['show', sys.argv[1]]):\n"
        "    app(arguments, standalone_mode=False)\n"
        "sys.exit('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(config)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_package_runs_as_a_module() -> None:
    command = [sys.executable, "-m", "timeshare", "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.startswith("Usage: timeshare ")
