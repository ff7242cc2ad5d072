"""What tracking jobs read, and how they share the conditions."""

from timeshare.experiment import Condition
from timeshare.experiment.models import Tracking
from timeshare.experiment.paths import Paths
from timeshare.tracking.inputs import MOST_PARTS, part, part_count, part_files, tracked_files

SERVER = Tracking(store="https://runs.example.org")


def test_a_database_is_written_by_one_job_and_a_server_by_several() -> None:
    assert part_count(Tracking(), range(100)) == 1
    assert part_count(Tracking(store="sqlite:///x.db"), range(100)) == 1
    assert part_count(SERVER, range(100)) == MOST_PARTS
    assert part_count(SERVER, range(3)) == 3


def test_each_condition_is_in_one_part(conditions: dict[str, Condition]) -> None:
    parts = [part(conditions, str(number), SERVER) for number in range(MOST_PARTS)]
    assert sorted(name for each in parts for name in each) == sorted(conditions)
    assert all(conditions[name] is each[name] for each in parts for name in each)
    assert part_files(Paths("mine"), conditions, Tracking()) == ["results/mine/mlflow/parts/0.json"]
    assert len(part_files(Paths("mine"), conditions, SERVER)) == MOST_PARTS


def test_runs_are_made_from_trained_networks_evaluations_and_manifests(
    conditions: dict[str, Condition],
) -> None:
    read = [each for each in conditions.values() if each.task == "parity"]
    files = tracked_files(Paths("mine"), read)
    assert len(files) == len(set(files)) == 3 * len(read) + 4
    assert f"results/mine/runs/{read[0].id}/weights.safetensors" in files
    assert "results/mine/evaluations/parity/length-10/scores.parquet" in files
    assert "results/mine/data/parity/tests.manifest.json" in files
