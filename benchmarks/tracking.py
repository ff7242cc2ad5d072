"""How fast conditions are logged to SQLite: a generated results folder, logged twice.

    python -m benchmarks.tracking [--conditions 2000]

Every condition has five seeds, a learning curve of 13 points for each of three splits, and is
evaluated at five lengths, half of the conditions under three extensions.
"""

import argparse
import tempfile
import time
from pathlib import Path

from benchmarks.generated import many, write_results
from timeshare.experiment.models import Tracking
from timeshare.experiment.paths import Paths
from timeshare.tracking.run import Plan, prepare, track


def main() -> None:
    """Write the folder, log it, log it again; print what each took."""
    parser = argparse.ArgumentParser(description="How fast conditions are logged to SQLite.")
    parser.add_argument("--conditions", type=int, default=2000)
    count = parser.parse_args().conditions
    with tempfile.TemporaryDirectory() as folder:
        paths, experiment = Paths("many", folder), many(count)
        names = write_results(paths, experiment, count)
        began = time.perf_counter()
        prepare(Tracking(), paths)
        print(f"prepared the store: {time.perf_counter() - began:.1f} s")
        sweeps = {name: ["main"] for name in names}
        plan = Plan(Tracking(), paths, sweeps, experiment.model_dump(mode="json"))
        for occasion in ("logged", "logged again"):
            began, worked = time.perf_counter(), time.process_time()
            outcome = track(plan)
            seconds, busy = time.perf_counter() - began, time.process_time() - worked
            rate = len(names) / seconds
            print(
                f"{occasion}: {len(names)} conditions, {seconds:.1f} s, {rate:.1f}/s,"
                f" processor {busy:.1f} s: {outcome}"
            )
        megabytes = Path(paths.tracking("mlflow.db")).stat().st_size / 1e6
        print(f"the database: {megabytes:.0f} MB")


if __name__ == "__main__":
    main()
