"""Where the workflow runs: beside another experiment, and where results can only be read."""

import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.workflow.conftest import Pipeline, tiny

RUN = "runs/parity/unshared/length-10/truncation-3/weights.safetensors"


@pytest.mark.slow
def test_two_experiments_run_at_once_in_one_folder(tmp_path: Path) -> None:
    folder = tmp_path / "ein Ordner, größer"
    drivers = {}
    for name in ("one", "another"):
        pipeline = Pipeline(folder, tiny() | {"name": name})
        folder.mkdir(exist_ok=True)
        command = pipeline.command("--", f"results/{name}/{RUN}")
        # The two would write one file of configuration
        given = Path(command[command.index("--configfile") + 1])
        command[command.index("--configfile") + 1] = str(given.rename(folder / f"{name}.yaml"))
        drivers[name] = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
    for driver in drivers.values():
        output, _ = driver.communicate()
        assert driver.returncode == 0, output
    one, another = ((folder / f"results/{name}/{RUN}").read_bytes() for name in drivers)
    assert one == another
    assert not [path for path in (folder / ".snakemake/locks").rglob("*") if path.is_file()]


@pytest.fixture
def read_only(finished: Pipeline, tmp_path: Path) -> Pipeline:
    """A finished experiment without its report."""
    shutil.copytree(finished.folder, tmp_path / "copy")
    shutil.rmtree(tmp_path / "copy/reports")
    return Pipeline(tmp_path / "copy", tiny())


def with_results_mounted_read_only(pipeline: Pipeline, *arguments: str) -> list[str]:
    """A command in a file system of its own, where results are mounted to be read."""
    mount = "mount --bind results results && mount -o remount,ro,bind results"
    command = f"cd {shlex.quote(str(pipeline.folder))} && {mount} && exec"
    return ["unshare", "--mount", "sh", "-c", f"{command} {shlex.join(arguments)}"]


@pytest.mark.xdist_group("pipeline")  # the worker that ran the shared pipeline
@pytest.mark.skipif(os.geteuid() != 0, reason="mounting needs root")
def test_results_on_a_read_only_file_system_are_reported_on(read_only: Pipeline) -> None:
    tried = with_results_mounted_read_only(read_only, "touch", "results/file")
    refused = subprocess.run(tried, capture_output=True, text=True, check=False)
    if "Read-only file system" not in refused.stderr:
        pytest.skip(f"nothing can be mounted here: {refused.stderr}")
    command = with_results_mounted_read_only(read_only, *read_only.command("report"))
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (read_only.folder / "reports/tiny/report.html").exists()
    assert read_only.scheduled("report") == set()
