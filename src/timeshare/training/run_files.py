"""The files of a run: what a training job writes and what the jobs after it read."""

from pathlib import Path
from typing import Any

import pandas as pd

from timeshare.experiment import Condition
from timeshare.experiment.conditions import Role
from timeshare.storage.files import read_json, write_json, write_table, write_tensors
from timeshare.storage.provenance import machine, now, revision, versions
from timeshare.training.facts import condition_facts
from timeshare.training.history import history_table
from timeshare.training.model_factory import any_architecture_of
from timeshare.training.train import Trained, TrainedMembers

PACKAGES = ("timeshare", "torch", "numpy", "pandas", "safetensors")


def write_run(trained: Trained, started: str, weights: Path, history: Path, run: Path) -> None:
    """Write the three files of a trained condition.

    Arguments:
        started: when the job began, as `provenance.now` gives it.
        weights: safetensors, `last/...` and `best/...` of the reported members, member axis first.
        history: Parquet, the learning curves of all members.
        run: JSON, what the run was made from and how it went.
    """
    write_tensors(weights, trained.reported.tensors)
    write_table(history, history_of(trained))
    write_json(run, run_facts(trained, started))


def history_of(trained: Trained) -> pd.DataFrame:
    """The learning curves of the search and of the reported members, told apart by `role`."""
    parts = {Role.SEARCH: trained.search, Role.REPORTED: trained.reported}
    tables = []
    for role, part in parts.items():
        if part is not None:
            table = history_table(trained.condition, part.members, part.points, part.diverged)
            table.insert(4, "role", str(role))
            tables.append(table)
    return pd.concat(tables, ignore_index=True)


def run_facts(trained: Trained, started: str) -> dict[str, Any]:
    """What a run was made from and how it went, as plain values."""
    condition = trained.condition
    parts = {Role.SEARCH: trained.search, Role.REPORTED: trained.reported}
    return {
        "id": condition.id,
        "digest": condition.digest(),
        "condition": condition.resolved(),
        "facts": condition_facts(condition, any_architecture_of(condition)),
        "reading": condition.build_task().reading(),
        **{str(role): part and _members_facts(part) for role, part in parts.items()},
        "started": started,
        "finished": now(),
        "versions": versions(*PACKAGES),
        "revision": revision(),
        "machine": machine(),
    }


def _members_facts(trained: TrainedMembers) -> dict[str, Any]:
    """The members of one batch, and how their training went."""
    return {
        "members": [member.model_dump() for member in trained.members],
        "diverged": trained.diverged,
        "updates": trained.stopped,
        "trained_out": trained.trained_out,
        "seconds": round(trained.seconds, 3),
        "resumed_at": trained.resumed_at,
    }


def read_run(path: Path) -> tuple[Condition, dict[str, Any]]:
    """The condition of a run and all that `run.json` says."""
    facts = read_json(path)
    return Condition.of(facts["condition"]), facts
