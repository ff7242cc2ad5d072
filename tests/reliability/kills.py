"""Runs of the whole pipeline that are killed at any moment, each followed by one plain run.

python -m tests.reliability.kills FOLDER [KILLS [SEED]]: kill that many runs (38) without warning,
Snakemake and all its jobs at once, start each again once, as `make` does, and print how many ended
with the bits of an undisturbed run and with every run once in a sound MLflow store.
"""

import hashlib
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from mlflow import MlflowClient

from tests.tracking.kills import sound
from tests.workflow.conftest import Pipeline, tiny
from timeshare.experiment.unlocking import unlock
from timeshare.tracking.database import inspect, sqlite_uri

RESULTS = Path("results", "tiny")
KEPT = ("weights.safetensors", "scores.parquet", "positions.parquet")
"""Files that hold no times, so that two runs give the same bytes."""


def pipeline(folder: Path) -> Pipeline:
    """A small experiment: one task, two variants, two truncations, logged to MLflow."""
    folder.mkdir(parents=True)
    content = tiny()
    content["cost"] = {"enabled": False}
    content["training"] |= {"updates": 60, "checkpoint_seconds": 0.05}
    return Pipeline(folder, content)


def start(run: Pipeline) -> "subprocess.Popen[bytes]":
    """Start the pipeline as `make` does, in a process group of its own."""
    unlock("tiny.yaml", run.folder, ["--snakefile", str(run.checkout / "Snakefile")])
    command = run.command("--rerun-incomplete", "--keep-going")
    with (run.folder / "output").open("ab") as output:
        return subprocess.Popen(
            command, cwd=run.folder, stdout=output, stderr=output, start_new_session=True
        )


def killed(run: Pipeline, seconds: float) -> bool:
    """Kill a run with all its processes after some seconds; False where it ended before."""
    process = start(run)
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        return True
    return False


def digests(folder: Path) -> dict[str, str]:
    """The digests of the files that hold no times."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((folder / RESULTS).rglob("*"))
        if path.name in KEPT and "artifacts" not in path.parts
    }


def faults(folder: Path, expected: dict[str, str]) -> Iterator[str]:
    """What is wrong with the results of a run."""
    if digests(folder) != expected:
        yield "other bits"
    if left := [path.name for path in (folder / RESULTS).rglob("*.part")]:
        yield f"left: {left}"
    database = folder / RESULTS / "mlflow" / "mlflow.db"
    if not (inspect(database).whole and sound(database)):
        yield "the database is damaged"
        return
    client = MlflowClient(sqlite_uri(database))
    runs = client.search_runs([each.experiment_id for each in client.search_experiments()])
    current = [run for run in runs if run.data.tags.get("state") == "current"]
    keys = Counter(run.data.tags["x.key"] for run in current)
    if set(keys.values()) != {1} or len(keys) != 4 * 2 + 1:
        yield f"runs in MLflow: {keys}"
    if unfinished := [run for run in runs if run.info.status != "FINISHED"]:
        yield f"unfinished in MLflow: {len(unfinished)}"


def main() -> None:
    """Kill runs and print what became of them."""
    folder, kills = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 38
    chooser = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 0)
    noted = folder / "seconds"
    if not noted.exists():  # what an earlier call left is used again
        undisturbed = pipeline(folder / "undisturbed")
        began = time.monotonic()
        if start(undisturbed).wait():
            sys.exit(f"the undisturbed run failed: see {undisturbed.folder / 'output'}")
        noted.write_text(str(time.monotonic() - began))
    whole, expected = float(noted.read_text()), digests(folder / "undisturbed")
    counts = Counter({"killed": 0, "recovered": 0, "ended before": 0})
    for number in range(kills):
        run = pipeline(folder / f"kill-{number}")
        if not killed(run, chooser.uniform(1, whole)):
            counts["ended before"] += 1
            continue
        counts["killed"] += 1
        failed = start(run).wait()
        wrong = ["it failed"] if failed else list(faults(run.folder, expected))
        counts["recovered"] += not wrong
        print(json.dumps({"kill": number, "wrong": wrong, **counts}), flush=True)
        if not wrong:
            shutil.rmtree(run.folder)
    print(json.dumps({"seconds of an undisturbed run": round(whole), **counts}))
    sys.exit(counts["killed"] != counts["recovered"])


if __name__ == "__main__":
    main()
