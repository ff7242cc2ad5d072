"""A campaign of thousands of conditions, for real, from training to the report and to tracking.

    python -m benchmarks.campaign [--conditions 2000] [--beforehand 0] [--folder PATH]

The settings are tiny, so that what is measured is the workflow and not the training. Measured are
the memory of the process that plans and starts the jobs (the driver), over time; what processes and
files it leaves; and the seconds of the jobs that read all conditions. Each job starts Python twice,
so thousands of them take an hour; `--beforehand` conditions are trained without the
workflow, by the same code in one process a core, and the workflow then finds them finished.
"""

import argparse
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pandas as pd
import psutil
import yaml

from benchmarks.tables import save
from timeshare.experiment import Condition, Experiment, expand
from timeshare.experiment.paths import CHECKPOINT, HISTORY, RUN, WEIGHTS, Paths

ROOT = Path(__file__).resolve().parents[1]
TRUNCATIONS = [*range(1, 10), "full"]
PER_LENGTH = 5 * 2 * len(TRUNCATIONS)
"""Conditions of the task at one length: two schedules at five widths, at each truncation."""
READERS = ("collect", "judge", "report", "cost/learning", "track/part-0", "track/all")
"""The jobs that read all conditions, as their benchmarks are called."""
EVERY_SECONDS = 2.0


def configuration(count: int) -> dict[str, Any]:
    """A configuration of so many conditions, in hundreds, of networks that train in a moment."""
    if count % PER_LENGTH:
        sys.exit(f"{count} conditions: give a multiple of {PER_LENGTH}.")
    variants = {
        f"{kind}-{width}": {"cell": "lstm", "schedule": {"kind": kind}, "hidden_size": width}
        for kind in ("shared", "unshared")
        for width in range(4, 9)
    }
    return {
        "name": f"campaign-{count}",
        "tasks": {"parity": {}},
        "variants": variants,
        "members": {"seeds": 3, "train_sizes": [16]},
        "search": {"settings": [{"learning_rate": 0.02}]},
        "training": {"updates": 10, "batch": 8, "evaluations": 2, "evaluation_sequences": 16},
        "evaluation": {"lengths": [8, 16], "sequences": 16},
        "cost": {"enabled": False},
        "sweeps": {
            "all": {
                "tasks": ["parity"],
                "variants": list(variants),
                "lengths": [10 + step for step in range(count // PER_LENGTH)],
                "truncations": TRUNCATIONS,
            }
        },
    }


def command(folder: Path, content: dict[str, Any], *arguments: str) -> list[str]:
    """The call of Snakemake that runs the campaign in a folder."""
    file = folder / f"{content['name']}.yaml"
    file.write_text(yaml.safe_dump(content))
    options = ["--snakefile", str(ROOT / "Snakefile"), "--directory", str(folder)]
    profile = ["--workflow-profile", str(ROOT / "profiles/default")]
    start = [sys.executable, "-m", "snakemake", *options, "--configfile", str(file)]
    return [*start, *profile, *arguments]


def train_beforehand(folder: Path, content: dict[str, Any], count: int) -> float:
    """Draw all data by the workflow, train some conditions without it; the seconds of training."""
    subprocess.run(
        command(folder, content, "--quiet", "all", "--until", "generate", "generate_tests"),
        check=True,
    )
    experiment = Experiment.parse(content)
    work = [(experiment.paths, folder, each) for each in [*expand(experiment).values()][:count]]
    began = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(os.cpu_count()) as pool:
        pool.starmap(train_one, work, chunksize=20)
    return time.perf_counter() - began


def train_one(paths: Paths, folder: Path, condition: Condition) -> None:
    """Train a condition and write its files, as the job of the workflow does."""
    import torch

    from timeshare.data.files import read_parts
    from timeshare.storage.provenance import now
    from timeshare.tasks.base import Split
    from timeshare.training.run_files import write_run
    from timeshare.training.train import checkpoints, train

    torch.set_num_threads(1)
    started = now()
    files = {
        split: paths.training_data(str(split), condition.task, condition.length) for split in Split
    }
    splits = {split: read_parts(folder / file) for split, file in files.items()}
    checkpoint = folder / paths.run(CHECKPOINT, condition.id)
    weights, history, run = (
        folder / paths.run(name, condition.id) for name in (WEIGHTS, HISTORY, RUN)
    )
    weights.parent.mkdir(parents=True, exist_ok=True)
    write_run(train(condition, splits, checkpoint, 1), started, weights, history, run)
    for path in checkpoints(checkpoint):
        path.unlink(missing_ok=True)


def watched(arguments: Sequence[str], folder: Path) -> Iterator[tuple[float, float]]:
    """Run a driver; every two seconds, the seconds since its start and its memory in MB."""
    with (folder / "driver.log").open("wb") as log:
        process = subprocess.Popen(arguments, stdout=log, stderr=log, start_new_session=True)
    driver = psutil.Process(process.pid)
    began = time.perf_counter()
    while process.poll() is None:
        try:
            yield time.perf_counter() - began, driver.memory_info().rss / 2**20
        except (psutil.NoSuchProcess, psutil.ZombieProcess):
            break
        time.sleep(EVERY_SECONDS)
    if process.wait():
        sys.exit(f"Snakemake failed.\n{(folder / 'driver.log').read_text()[-3000:]}")
    if left := processes_of(process.pid):
        sys.exit(f"These processes of the driver are left: {left}")


def processes_of(session: int) -> list[str]:
    """The processes of a session that still run."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        try:
            if os.getsid(process.pid) == session:
                found.append(" ".join(process.info["cmdline"] or []))
        except ProcessLookupError:
            continue  # it ended while it was looked at
    return found


def left_over(folder: Path, experiment: Experiment) -> list[str]:
    """Files that should be gone: temporary ones, checkpoints, marks and locks of the jobs."""
    results = folder / experiment.paths.results
    hidden = [path for path in results.rglob(".*") if path.is_file()]
    checkpoints = [*results.rglob(f"{CHECKPOINT}*")]
    marks = [
        path
        for name in ("incomplete", "locks", "tmp", "scripts")
        for path in (folder / ".snakemake" / name).rglob("*")
        if path.is_file()
    ]
    return sorted(str(path.relative_to(folder)) for path in (*hidden, *checkpoints, *marks))


def seconds_of_readers(folder: Path, experiment: Experiment) -> dict[str, float]:
    """The seconds of each job that reads all conditions, as Snakemake measured them."""
    files = {name: folder / experiment.paths.benchmark(name) for name in READERS}
    return {name: float(pd.read_csv(file, sep="\t")["s"].iloc[0]) for name, file in files.items()}


def report(folder: Path, experiment: Experiment, memory: pd.DataFrame) -> None:
    """Print what the campaign took and left."""
    # The first tenth is the planning; growth while jobs run would show between the later ones
    rows = [memory.iloc[round((len(memory) - 1) * share / 10)] for share in range(1, 11)]
    print("Memory of the driver, MB, at each tenth of its time:")
    print(
        "  " + "  ".join(f"{row['mb']:.0f}" for row in rows) + f"  (peak {memory['mb'].max():.0f})"
    )
    print(f"It took {memory['seconds'].iloc[-1]:.0f} s. Jobs that read all conditions, seconds:")
    for name, seconds in seconds_of_readers(folder, experiment).items():
        print(f"  {name}: {seconds:.1f}")
    print(f"Files left over: {left_over(folder, experiment) or 'none'}. Processes: none.")


def main() -> None:
    """Run the campaign, print, write the memory over time."""
    parser = argparse.ArgumentParser(description="Run a campaign of thousands of conditions.")
    parser.add_argument("--conditions", type=int, default=2000)
    parser.add_argument("--beforehand", type=int, default=0, help="trained without the workflow")
    parser.add_argument("--folder", type=Path, help="where to run; a temporary one when left out")
    parser.add_argument("--output", type=Path, default=Path("results/bench/campaign.csv"))
    arguments = parser.parse_args()
    content = configuration(arguments.conditions)
    with tempfile.TemporaryDirectory() as temporary:
        folder = (arguments.folder or Path(temporary)).absolute()
        folder.mkdir(parents=True, exist_ok=True)
        if arguments.beforehand:
            seconds = train_beforehand(folder, content, arguments.beforehand)
            print(f"{arguments.beforehand} conditions trained beforehand: {seconds:.0f} s")
        rows = [*watched(command(folder, content), folder)]
        memory = pd.DataFrame(rows, columns=["seconds", "mb"])
        report(folder, Experiment.parse(content), memory)
    save(memory, arguments.output)


if __name__ == "__main__":
    main()
