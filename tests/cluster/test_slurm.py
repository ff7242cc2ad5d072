"""A real Slurm of one node runs the workflow through `profiles/slurm`."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from tests.workflow.conftest import ROOT, Pipeline, tiny

pytestmark = [
    pytest.mark.slow,
    pytest.mark.slurm,
    pytest.mark.xdist_group("slurm"),  # one worker starts Slurm, once
]

PLUGIN = "snakemake_executor_plugin_slurm"
RUNS = "results/tiny/runs/parity"
SHARED, UNSHARED = (
    f"{RUNS}/{variant}/length-10/truncation-3" for variant in ("shared", "unshared")
)
FILES = ("weights.safetensors", "history.parquet")
DEADLINE = 240.0


@pytest.fixture(scope="module", autouse=True)
def slurm() -> Iterator[None]:
    """Slurm on this machine, from Debian's packages."""
    if missing := [each for each in ("munged", "slurmctld", "slurmd") if not shutil.which(each)]:
        pytest.skip(f"no {', '.join(missing)} here; .ci/run installs Debian's slurm-wlm and munge")
    if os.geteuid():
        pytest.skip("starting Slurm needs root")
    if find_spec(PLUGIN) is None:
        pytest.skip("the executor plugin is not installed; make cluster installs it")
    script = ROOT / "tests/cluster/start_slurm.sh"
    done = subprocess.run([str(script)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    yield
    subprocess.run([str(script), "stop"], check=True)


class Cluster(Pipeline):
    """The workflow in a folder, its jobs on Slurm."""

    def command(self, *arguments: str) -> list[str]:
        local = super().command()
        local[local.index("--cores") :] = []
        profile = ["--workflow-profile", str(self.checkout / "profiles/slurm")]
        soon = ["--slurm-init-seconds-before-status-checks", "2", "--local-cores", "1"]
        return [*local, *profile, *soon, *arguments]

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Start a driver in a session of its own; its output goes to a file."""
        with (self.folder / "driver.log").open("w") as log:
            return subprocess.Popen(
                self.command(*arguments), stdout=log, stderr=log, text=True, start_new_session=True
            )

    @property
    def output(self) -> str:
        return (self.folder / "driver.log").read_text()


def patient() -> dict[str, Any]:
    """Training of some twenty seconds, so that a test can end it on the way."""
    content = tiny()
    content["training"] |= {"updates": 6000, "checkpoint_seconds": 0.2}
    return content


def endless() -> dict[str, Any]:
    """Training that ends after its time."""
    content = tiny()
    content["training"] |= {"updates": 200_000, "checkpoint_seconds": 1}
    return content


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """Data for training, drawn on this machine, and two conditions trained from them."""
    pipeline = Pipeline(tmp_path_factory.mktemp("a folder, größer"), tiny())
    done = pipeline.run("--", *(f"{run}/{FILES[0]}" for run in (SHARED, UNSHARED)))
    assert done.returncode == 0, done.stdout + done.stderr
    return pipeline


@pytest.fixture
def cluster(drawn: Pipeline, tmp_path: Path) -> Callable[[dict[str, Any]], Cluster]:
    """A folder with the drawn data and nothing trained."""

    def cluster(content: dict[str, Any]) -> Cluster:
        folder = tmp_path / "a folder, größer"
        shutil.copytree(drawn.folder, folder)
        shutil.rmtree(folder / "results/tiny/runs")
        return Cluster(folder, content)

    return cluster


def wait_for(happened: Callable[[], object], process: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + DEADLINE
    while not happened():
        assert process.poll() is None, "the driver ended before"
        assert time.monotonic() < deadline
        time.sleep(0.1)


def active() -> list[str]:
    """Ids of the jobs in the queue that have not ended."""
    command = ["squeue", "--noheader", "--format=%A", "--states=PENDING,RUNNING,COMPLETING"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()


def test_results_are_those_of_a_local_run_to_the_byte(
    cluster: Callable[[dict[str, Any]], Cluster], drawn: Pipeline
) -> None:
    remote = cluster(tiny())
    shutil.rmtree(remote.folder / "results")
    done = remote.run("--", *(f"{run}/{FILES[0]}" for run in (SHARED, UNSHARED)))
    assert done.returncode == 0, done.stdout + done.stderr
    data = sorted((drawn.folder / "results/tiny/data").rglob("*.safetensors"))
    assert len(data) == 3
    for file in [
        *data,
        *(drawn.folder / run / name for run in (SHARED, UNSHARED) for name in FILES),
    ]:
        assert (remote.folder / file.relative_to(drawn.folder)).read_bytes() == file.read_bytes()


def test_a_cancelled_job_is_tried_again(cluster: Callable[[dict[str, Any]], Cluster]) -> None:
    remote = cluster(patient())
    driver = remote.start("--", f"{UNSHARED}/{FILES[0]}")
    wait_for((remote.folder / UNSHARED / "checkpoint").exists, driver)
    subprocess.run(["scancel", *active()], check=True)
    assert driver.wait(DEADLINE) == 0, remote.output
    assert "Trying to restart job" in remote.output
    assert remote.output.count("has been submitted with SLURM jobid") == 2


def test_after_a_killed_driver_the_next_one_cancels_its_jobs_and_finishes(
    cluster: Callable[[dict[str, Any]], Cluster],
) -> None:
    remote = cluster(patient())
    driver = remote.start("--", f"{UNSHARED}/{FILES[0]}")
    wait_for((remote.folder / UNSHARED / "checkpoint").exists, driver)
    (left,) = active()
    os.killpg(driver.pid, signal.SIGKILL)
    driver.wait()
    assert active() == [left]
    assert remote.run("--unlock").returncode == 0
    done = remote.run("--", f"{UNSHARED}/{FILES[0]}")
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Cancelled job {left}, which an earlier run left behind" in done.stderr
    assert {path.name for path in (remote.folder / UNSHARED).iterdir()} == {*FILES, "run.json"}


def test_an_interrupted_driver_cancels_what_it_submitted(
    cluster: Callable[[dict[str, Any]], Cluster],
) -> None:
    remote = cluster(endless())
    driver = remote.start("--", f"{UNSHARED}/{FILES[0]}")
    wait_for(active, driver)
    driver.send_signal(signal.SIGINT)
    assert driver.wait(DEADLINE) != 0
    deadline = time.monotonic() + 60
    while active():
        assert time.monotonic() < deadline
        time.sleep(0.5)


ENDINGS = {
    "partition": ["--default-resources", "slurm_partition=none", "runtime=5"],
    "memory": ["--set-resources", "train:mem_mb=60"],
    "time": ["--set-resources", "train:runtime=1"],
}
SENTENCES = {
    "partition": "(Invalid partition name specified): set `slurm_partition` in",
    "memory": "A job of the rule `train` was over its memory",
    "time": "A job of the rule `train` was over its time",
}


@pytest.fixture(scope="module")
def endings(
    drawn: Pipeline, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[int, str]]:
    """Status and output of drivers whose jobs Slurm refuses or ends, all started at once."""
    drivers = {}
    for name, changes in ENDINGS.items():
        remote = Cluster(tmp_path_factory.mktemp(name) / "a folder, größer", endless())
        shutil.copytree(drawn.folder, remote.folder)
        shutil.rmtree(remote.folder / "results/tiny/runs")
        target = ["--retries", "0", *changes, "--", f"{UNSHARED}/{FILES[0]}"]
        drivers[name] = remote, remote.start(*target)
    return {
        name: (driver.wait(DEADLINE), remote.output) for name, (remote, driver) in drivers.items()
    }


@pytest.mark.parametrize("name", ENDINGS)
def test_what_slurm_refuses_or_ends_is_said_in_one_sentence(
    endings: dict[str, tuple[int, str]], name: str
) -> None:
    status, output = endings[name]
    assert status == 1
    assert len([line for line in output.splitlines() if SENTENCES[name] in line]) == 1, output
