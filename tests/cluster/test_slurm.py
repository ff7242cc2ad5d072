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
BOTH = [f"{run}/{FILES[0]}" for run in (SHARED, UNSHARED)]
ONE = f"{UNSHARED}/{FILES[0]}"
ACTIVE = {"PENDING", "CONFIGURING", "RUNNING", "SUSPENDED", "COMPLETING"}
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
    if done.returncode == 2:
        pytest.skip(done.stderr.strip())
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

    def listed(self, column: str) -> dict[str, str]:
        """A column of `squeue` by the jobs of this folder; an hour after their end, too."""
        command = ["squeue", "--noheader", "--states=all", f"--format=%A {column} %Z"]
        listed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        rows = [line.split(" ", 2) for line in listed.splitlines()]
        return {job: value for job, value, folder in rows if folder == str(self.folder)}

    @property
    def jobs(self) -> dict[str, str]:
        """The states of all jobs."""
        return self.listed("%T")

    @property
    def active(self) -> list[str]:
        """Those jobs that have not ended."""
        return [job for job, state in self.jobs.items() if state in ACTIVE]

    def ended(self) -> int:
        """How many jobs there were, none of which is left in the queue a minute later."""
        deadline = time.monotonic() + 60
        while self.active:
            assert time.monotonic() < deadline, self.jobs
            time.sleep(0.5)
        return len(self.jobs)


def patient() -> dict[str, Any]:
    """Training of some seconds, so that a test can end it on the way."""
    content = tiny()
    content["training"] |= {"updates": 1500, "checkpoint_seconds": 0.2}
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
    done = pipeline.run("--", *BOTH)
    assert done.returncode == 0, done.stdout + done.stderr
    return pipeline


def untrained(drawn: Pipeline, folder: Path, content: dict[str, Any]) -> Cluster:
    """A folder with the drawn data and nothing trained."""
    remote = Cluster(folder / "a folder, größer", content)
    shutil.copytree(drawn.folder, remote.folder)
    shutil.rmtree(remote.folder / "results/tiny/runs")
    return remote


Started = dict[str, tuple[Cluster, "subprocess.Popen[str]"]]
BUNDLED = ["--groups", "train=training", "--group-components", "training=20"]
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
SUBMITTED = {"partition": 0, "memory": 1, "time": 1}


@pytest.fixture(scope="module", autouse=True)
def started(
    slurm: None, drawn: Pipeline, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Started]:
    """Drivers that are started before all tests and looked at by the last ones.

    Most of their time is waiting: for Slurm's limits and for the plugin's next look at the queue.
    """
    drivers = {}
    for name, changes in ENDINGS.items():
        remote = untrained(drawn, tmp_path_factory.mktemp(name), endless())
        drivers[name] = remote, remote.start("--retries", "0", *changes, "--", ONE)
    alone = Cluster(tmp_path_factory.mktemp("alone, größer"), tiny())
    drivers["alone"] = alone, alone.start("--", *BOTH)
    bundled = untrained(drawn, tmp_path_factory.mktemp("bundled"), tiny())
    drivers["bundled"] = bundled, bundled.start(*BUNDLED, "--", *BOTH)
    yield drivers
    for _, driver in drivers.values():
        if driver.poll() is None:
            driver.send_signal(signal.SIGINT)
            driver.wait(DEADLINE)


def wait_for(happened: Callable[[], object], process: "subprocess.Popen[str]") -> None:
    deadline = time.monotonic() + DEADLINE
    while not happened():
        assert process.poll() is None, "the driver ended before"
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_cancelled_job_is_tried_again(drawn: Pipeline, tmp_path: Path) -> None:
    remote = untrained(drawn, tmp_path, patient())
    driver = remote.start("--", ONE)
    wait_for((remote.folder / UNSHARED / "checkpoint").exists, driver)
    subprocess.run(["scancel", *remote.active], check=True)
    assert driver.wait(DEADLINE) == 0, remote.output
    assert "Trying to restart job" in remote.output
    assert remote.ended() == 2
    assert set(remote.jobs.values()) == {"CANCELLED", "COMPLETED"}


def test_after_a_killed_driver_the_next_one_cancels_its_jobs_and_finishes(
    drawn: Pipeline, tmp_path: Path
) -> None:
    remote = untrained(drawn, tmp_path, patient())
    driver = remote.start("--", ONE)
    wait_for((remote.folder / UNSHARED / "checkpoint").exists, driver)
    (left,) = remote.active
    os.killpg(driver.pid, signal.SIGKILL)
    driver.wait()
    assert remote.active == [left]
    assert remote.run("--unlock").returncode == 0
    done = remote.run("--", ONE)
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"Cancelled job {left}, which an earlier run left behind" in done.stderr
    assert {path.name for path in (remote.folder / UNSHARED).iterdir()} == {*FILES, "run.json"}
    assert remote.ended() == 2
    assert remote.jobs[left] == "CANCELLED"


def test_an_interrupted_driver_cancels_what_it_submitted(drawn: Pipeline, tmp_path: Path) -> None:
    remote = untrained(drawn, tmp_path, endless())
    driver = remote.start("--", ONE)
    wait_for(lambda: remote.active, driver)
    driver.send_signal(signal.SIGINT)
    assert driver.wait(DEADLINE) != 0
    assert remote.ended() == 1
    assert set(remote.jobs.values()) == {"CANCELLED"}


@pytest.mark.parametrize(("name", "submitted"), [("alone", 3), ("bundled", 1)])
def test_results_are_those_of_a_local_run_to_the_byte(
    started: Started, drawn: Pipeline, name: str, submitted: int
) -> None:
    remote, driver = started[name]
    assert driver.wait(DEADLINE) == 0, remote.output
    data = sorted((drawn.folder / "results/tiny/data").rglob("*.safetensors"))
    trained = [drawn.folder / run / name for run in (SHARED, UNSHARED) for name in FILES]
    assert len(data) == 3
    for file in (*data, *trained):
        assert (remote.folder / file.relative_to(drawn.folder)).read_bytes() == file.read_bytes()
    assert remote.ended() == submitted
    assert set(remote.jobs.values()) == {"COMPLETED"}


def test_a_bundle_asks_for_the_memory_of_one_condition_and_the_time_of_all(
    started: Started,
) -> None:
    asked = {}
    for name in ("alone", "bundled"):
        remote, driver = started[name]
        assert driver.wait(DEADLINE) == 0, remote.output
        asked[name] = sorted(remote.listed("%m,%l,%C").values())
    *trained, drawn = asked["alone"]
    assert drawn == "2000M,30:00,1"
    assert [each.split(",")[1:] for each in trained] == [["11:00", "1"]] * 2
    # The larger memory of the two, which differ by a megabyte
    assert asked["bundled"] == [max(trained).replace("11:00", "22:00")]


def test_what_bundled_jobs_left_is_as_fresh_as_what_single_ones_left(started: Started) -> None:
    stale = {}
    for name in ("alone", "bundled"):
        remote, driver = started[name]
        assert driver.wait(DEADLINE) == 0, remote.output
        local = Pipeline(remote.folder, tiny())
        assert local.scheduled(*BOTH) == set()
        local.content["training"]["updates"] = 13
        stale[name] = local.scheduled(*BOTH)
    assert stale == {"alone": {"train"}, "bundled": {"train"}}


@pytest.mark.parametrize("name", ENDINGS)
def test_what_slurm_refuses_or_ends_is_said_in_one_sentence(started: Started, name: str) -> None:
    remote, driver = started[name]
    assert driver.wait(DEADLINE) == 1
    lines = [line for line in remote.output.splitlines() if SENTENCES[name] in line]
    assert len(lines) == 1, remote.output
    assert remote.ended() == SUBMITTED[name]
