"""The files of a run: what a training job writes and what the jobs after it read."""

from pathlib import Path
from typing import Any

from timeshare.experiment import Condition
from timeshare.storage.files import read_json, replacing, write_json, write_table
from timeshare.storage.provenance import machine, now, revision, versions
from timeshare.training.facts import condition_facts
from timeshare.training.history import history_table
from timeshare.training.model_factory import architecture_of
from timeshare.training.train import Trained

PACKAGES = ("timeshare", "torch", "numpy", "pandas", "safetensors")


def write_run(trained: Trained, started: str, weights: Path, history: Path, run: Path) -> None:
    """Write the three files of a trained condition.

    Arguments:
        started: when the job began, as `provenance.now` gives it.
        weights: safetensors, `last/...` and `best/...`, member axis first.
        history: Parquet, the learning curves.
        run: JSON, what the run was made from and how it went.
    """
    from safetensors.torch import save_file

    condition = trained.condition
    metric = condition.build_task().metric
    with replacing(weights) as temporary:
        save_file(dict(sorted(trained.tensors.items())), temporary)
    write_table(history, history_table(condition, metric, trained.monitor.points))
    write_json(run, run_facts(trained, started))


def run_facts(trained: Trained, started: str) -> dict[str, Any]:
    """What a run was made from and how it went, as plain values."""
    condition = trained.condition
    return {
        "id": condition.id,
        "digest": condition.digest(),
        "condition": condition.resolved(),
        "facts": condition_facts(condition, architecture_of(condition)),
        "seconds": round(trained.seconds, 3),
        "started": started,
        "finished": now(),
        "resumed_at": trained.resumed_at,
        "diverged": trained.diverged,
        "versions": versions(*PACKAGES),
        "revision": revision(),
        "machine": machine(),
    }


def read_run(path: Path) -> tuple[Condition, dict[str, Any]]:
    """The condition of a run and all that `run.json` says."""
    facts = read_json(path)
    return Condition.of(facts["condition"]), facts
