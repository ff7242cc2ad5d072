"""How long Snakemake takes to plan a large experiment, beside a bare workflow of the same size.

    python -m benchmarks.dag [--conditions 2000 10000 50000] [--finished 10000]

The bare Snakefile has as many jobs and files and nothing else, so the ratio of the two holds on a
busy machine, too. Seconds are those of the wall clock and of the processor; memory is the peak.
Two further rows: checking that finished conditions are finished, and reading the Snakefile
for one job, in a small and in a large grid.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import yaml

from benchmarks.tables import save
from timeshare.experiment import Experiment, expand
from timeshare.experiment.lookups import evaluated
from timeshare.experiment.paths import TRAINED
from timeshare.tasks.base import Split

ROOT = Path(__file__).resolve().parents[1]
PER_TASK = 100
"""Conditions of a task at one length: ten variants at ten truncations."""
BARE = """
rule all:
    input: lambda wildcards: [f"runs/{i}/c" for i in range(COUNT)]
rule data:
    output: "data/{d}/train", "data/{d}/validation", "data/{d}/test"
    shell: "touch {output}"
rule train:
    input: lambda wildcards: [f"data/{int(wildcards.i) // 100}/{s}" for s in SPLITS], "sources"
    output: "runs/{i}/a", "runs/{i}/b", "runs/{i}/c"
    log: "logs/{i}"
    benchmark: "benchmarks/{i}"
    message: "Training {wildcards.i}"
    shell: "touch {output}"
rule evaluate:
    input:
        lambda wildcards: [
            f"runs/{int(wildcards.d) * 100 + i}/{f}" for f in "abc" for i in range(100)]
    output: "scores/{d}"
    log: "logs/evaluate-{d}"
    shell: "touch {output}"
rule collect:
    input:
        lambda wildcards: [f"runs/{i}/{f}" for i in range(COUNT) for f in "abc"],
        lambda wildcards: [f"scores/{d}" for d in range(COUNT // 100)]
    output: "tables"
    shell: "touch {output}"
"""


def grid(count: int) -> dict[str, Any]:
    """A configuration of so many conditions, in hundreds."""
    tasks = [f"parity-{number}" for number in range(10)]
    variants = [f"unshared-{number}" for number in range(10)]
    sweep = {
        "tasks": tasks,
        "variants": variants,
        "lengths": [16 + step for step in range(count // (PER_TASK * len(tasks)))],
        "truncations": [*range(1, 10), "full"],
    }
    schedule = {"kind": "unshared"}
    return {
        "name": f"dag-{count}",
        "tasks": {name: {"kind": "parity"} for name in tasks},
        "variants": {
            name: {"cell": "lstm", "schedule": schedule, "hidden_size": 4 + number}
            for number, name in enumerate(variants)
        },
        "members": {"seeds": 5, "train_sizes": [64]},
        "evaluation": {"lengths": [16, 32], "sequences": 32},
        # Planned and never run, so no disk is needed
        "limits": {"conditions": count, "core_hours": 1e6, "disk_gigabytes": 1e6},
        "sweeps": {"all": sweep},
    }


def run(what: str, count: int, folder: Path, *command: str) -> dict[str, Any]:
    """One row: a call of Snakemake in a folder, with what it took."""
    arguments = [sys.executable, "-m", "snakemake", "--cores", "2", "--directory", str(folder)]
    environment = os.environ | {"MPLBACKEND": "agg"}
    log = folder / "log"
    began = time.perf_counter()
    with log.open("wb") as file:
        process = subprocess.Popen(
            [*arguments, *command], stdout=file, stderr=file, env=environment, cwd=folder
        )
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    if status:
        sys.exit(f"{what}: Snakemake failed.\n{log.read_text()[-3000:]}")
    row = {
        "what": what,
        "conditions": count,
        "seconds": seconds,
        "processor_seconds": usage.ru_utime + usage.ru_stime,
        "peak_mb": usage.ru_maxrss / 1024,
    }
    print(pd.DataFrame([row]).round(1).to_string(index=False, header=False), flush=True)
    return row


def options(count: int, folder: Path) -> list[str]:
    """The options that name this experiment's workflow and a grid of so many conditions."""
    configuration = folder / f"dag-{count}.yaml"
    configuration.write_text(yaml.safe_dump(grid(count)))
    return ["--snakefile", str(ROOT / "Snakefile"), "--configfile", str(configuration)]


def planned(count: int, folder: Path) -> Iterator[dict[str, Any]]:
    """A dry run of a grid, and one of the bare workflow."""
    yield run("dry run", count, folder, *options(count, folder), "-n", "-q", "all")
    bare = folder / f"bare-{count}"
    bare.mkdir()
    (bare / "sources").touch()
    head = f"COUNT = {count}\nSPLITS = ('train', 'validation', 'test')\n"
    (bare / "Snakefile").write_text(head + BARE)
    yield run("bare dry run", count, bare, "-n", "-q", "all", "--", "all", "tables")


def job(count: int, folder: Path) -> dict[str, Any]:
    """What a cluster's job does before it starts to train: read the Snakefile, find its condition.

    Its data exist already, as files without content.
    """
    paths = Experiment.parse(grid(count)).paths
    for split in Split:
        _touch(folder / paths.training_data(str(split), "parity-1", 16))
        _touch(folder / paths.training_manifest(str(split), "parity-1", 16))
    target = "train:task=parity-1,variant=unshared-1,length=16,truncation=full"
    alone = ["--mode", "subprocess", "--target-jobs", target, "--allowed-rules", "train"]
    return run("one job", count, folder, *options(count, folder), *alone, "--force", "-n")


def finished(count: int, folder: Path) -> dict[str, Any]:
    """A dry run where every condition is trained, evaluated and collected."""
    experiment = Experiment.parse(grid(count))
    paths = experiment.paths
    for task, length in evaluated(expand(experiment).values()):
        for split in Split:
            _touch(folder / paths.training_data(str(split), task, length))
            _touch(folder / paths.training_manifest(str(split), task, length))
        for table in ("scores", "positions", "test_sequences"):
            _touch(folder / paths.evaluation(table, task, length))
        _touch(folder / paths.test_data(task))
        _touch(folder / paths.test_manifest(task))
    for condition in expand(experiment):
        for name in TRAINED:
            _touch(folder / paths.run(name, condition))
    for table in ("scores", "positions", "test_sequences", "curves", "conditions", "choices"):
        _touch(folder / paths.table(table))
    command = options(count, folder)
    run("recording the finished", count, folder, *command, "--touch", "-q", "all", "--", "collect")
    return run("no-op check", count, folder, *command, "-n", "-q", "all", "--", "collect")


def _touch(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description="How long planning a large experiment takes.")
    parser.add_argument("--output", type=Path, default=Path("results/bench/dag.csv"))
    parser.add_argument("--conditions", type=int, nargs="+", default=[2000, 10_000, 50_000])
    parser.add_argument("--finished", type=int, default=10_000)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rows = [job(count, folder) for count in (1000, max(arguments.conditions))]
        for count in arguments.conditions:
            rows += planned(count, folder)
        rows.append(finished(arguments.finished, folder))
    save(pd.DataFrame(rows), arguments.output)


if __name__ == "__main__":
    main()
