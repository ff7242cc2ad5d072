"""The results of a small experiment, and a plan to track them."""

from contextlib import closing
from pathlib import Path
from sqlite3 import connect
from typing import Any

import pytest
from mlflow import MlflowClient

from benchmarks.generated import write_results
from tests.conftest import small
from timeshare.experiment import Experiment
from timeshare.experiment.models import Tracking
from timeshare.experiment.paths import Paths
from timeshare.tracking.run import Plan


def planned(root: Path, experiment: Experiment) -> Plan:
    """The plan for the conditions of an experiment whose results are written."""
    paths = Paths(experiment.name, str(root))
    names = write_results(paths, experiment)
    sweeps = {name: ["main"] for name in names}
    content = experiment.model_dump(mode="json")
    return Plan(Tracking(), paths, sweeps, content)


def few(task: str = "parity", **members: Any) -> Experiment:
    """Two conditions, one of each schedule, with two train sizes and two seeds or rules."""
    content = small(
        members={"rules": 2, "seeds": 2, "train_sizes": [16, 40]} | members,
        sweeps={
            "main": {
                "tasks": [task],
                "variants": ["shared", "unshared"],
                "lengths": [10],
                "truncations": [3],
            }
        },
    )
    return Experiment.parse(content)


@pytest.fixture(scope="session")
def schema(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with nothing in it: to make one takes a second."""
    path = tmp_path_factory.mktemp("schema") / "mlflow.db"
    MlflowClient(f"sqlite:///{path}").search_experiments()
    return path


@pytest.fixture
def plan(tmp_path: Path, schema: Path) -> Plan:
    """The plan for a few conditions, and an empty store."""
    planned_here = planned(tmp_path, few())
    database = Path(planned_here.paths.tracking("mlflow.db"))
    database.parent.mkdir(parents=True)
    with closing(connect(schema)) as source, closing(connect(database)) as target:
        source.backup(target)
    return planned_here
