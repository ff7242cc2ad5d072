"""Where the time went."""

from pathlib import Path

import pandas as pd
import pytest

from timeshare.report.times import benchmark_times, core_minutes, sentence

SECONDS = {
    "train": [20.0, 30.0],
    "cost: measure": [10.0],
    "cost: project": [2.0],
    "collect": [1.0],
}


@pytest.fixture
def times(tmp_path: Path) -> pd.DataFrame:
    files = {}
    for step, seconds in SECONDS.items():
        files[step] = [tmp_path / f"{step} {number}.tsv" for number in range(len(seconds))]
        for path, each in zip(files[step], seconds, strict=True):
            path.write_text(f"s\th:m:s\tcpu_time\n{each}\t0:00:01\t-\n")
    found = benchmark_times(files | {"track": [tmp_path / "a job that did not run.tsv"]})
    assert found is not None
    return found


def test_seconds_are_summed_by_rule(times: pd.DataFrame) -> None:
    assert times.set_index("rule")["seconds"].to_dict() == {
        "train": 50.0,
        "cost: measure": 10.0,
        "cost: project": 2.0,
        "collect": 1.0,
    }


def test_the_training_loop_stands_apart_and_measuring_claims_every_core(
    times: pd.DataFrame,
) -> None:
    conditions = pd.DataFrame({"seconds": [5.0, 16.0], "search_seconds": [10.0, 10.0]})
    table = core_minutes(times, conditions, cores=4)
    assert table.set_index("step")["core-minutes"].to_dict() == {
        "training loop": 0.68,
        "cost: measure": 0.67,
        "training: start-up and files": 0.15,
        "cost: project": 0.03,
        "collect": 0.02,
    }
    said = sentence(table, [2])
    assert "0.7 core-minutes are 44% of the 1.6 that were counted" in said
    assert "generate, evaluate, judge, track and report." in said
    assert "earlier run" not in said
    assert "earlier run" in sentence(table, [1])


def test_no_benchmarks_are_no_times(tmp_path: Path) -> None:
    assert benchmark_times({"train": [tmp_path / "nothing.tsv"]}) is None
