"""Classes that keep their promises are told so: those of the package, and a skeleton's."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.checking.conftest import invoke
from timeshare import registry
from timeshare.checking import reports
from timeshare.checking.checks import Check, run
from timeshare.claims.judging import claims
from timeshare.gallery.exhibits import EXHIBITS
from timeshare.report.sections import figures

PATHS = {
    "timeshare.recurrent.cells.lstm:LSTM": (),
    "timeshare.recurrent.schedules.mixture:Mixture": ("--parameters", "{components: 3}"),
    "timeshare.recurrent.schedules.soft:Soft": (),
    "timeshare.references.cnn:Cnn": (),
    "timeshare.tasks.keyword:Keyword": (),
    "timeshare.tasks.digits:Digits": (),
}


@pytest.mark.parametrize("path", PATHS)
def test_what_the_package_has_keeps_its_promises(path: str) -> None:
    done = invoke("check", path, *PATHS[path])
    assert done.exit_code == 0, done.output
    assert done.stdout.endswith(f"{path} keeps all of them.\n")
    assert "FAILED" not in done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("name", EXHIBITS)
def test_every_task_keeps_its_promises(name: str) -> None:
    from timeshare.checking.tasks import checks

    assert [each for each in run(checks(EXHIBITS[name].task)) if each.faults] == []


def test_every_claim_and_figure_keeps_its_promises() -> None:
    checks = [each for claim in claims().values() for each in reports.claim_checks(claim, None)]
    checks += [each for one in figures().values() for each in reports.figure_checks(one, None)]
    assert [found.faults for check in checks for found in run([check]) if found.faults] == []
    assert len(checks) > 3 * len(registry.names("claims"))


def test_what_rests_on_a_broken_promise_is_not_checked() -> None:
    def broken() -> list[str]:
        raise RuntimeError("no data")

    found = list(
        run(
            [
                Check("first", lambda: []),
                Check("second", broken, needed=True),
                Check("third", lambda: ["never seen"]),
            ]
        )
    )
    assert [(each.checked, each.faults != ()) for each in found] == [
        (True, False),
        (True, True),
        (False, False),
    ]
    assert found[1].faults[0].startswith("RuntimeError: no data (test_check.py, line ")


def test_a_module_that_loads_torch_is_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code = "import torch\nfrom timeshare.recurrent.schedules.shared import Shared as Base\n"
    (tmp_path / "loads_torch.py").write_text(f"{code}class Mine(Base): ...\n")
    done = invoke("check", "loads_torch:Mine")
    assert done.exit_code == 1
    assert "importing loads_torch loads torch, which takes a second in every job" in done.output


def test_a_new_task_passes_its_check_and_its_test(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, root: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    done = invoke("new-task", "count-ones")
    assert done.exit_code == 0, done.output
    assert "timeshare check count_ones:CountOnes" in done.stdout
    again = invoke("new-task", "count-ones")
    assert again.stderr.endswith(
        "count_ones.py is there already. Choose another name, or add --force.\n"
    )
    assert invoke("new-task", "count-ones", "--force").exit_code == 0
    checked = invoke("check", "count_ones:CountOnes")
    assert checked.exit_code == 0, checked.output
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_count_ones.py"]
    tested = subprocess.run(command, capture_output=True, text=True)
    assert tested.returncode == 0, tested.stdout


@pytest.mark.parametrize("name", ["Count", "1st", "count ones", "../count", "count-", ""])
def test_a_name_that_can_be_none_is_refused(name: str) -> None:
    done = invoke("new-task", name)
    assert done.exit_code == 1
    assert "is no name of a task. Write lower-case words: count-ones." in done.stderr
