"""Where the time went."""

from pathlib import Path

import pandas as pd
import pytest

from timeshare.report.times import benchmark_times, core_seconds, sentence

FILES = {
    "train/a.tsv": 20.0,
    "train/b/c.tsv": 30.0,
    "cost/measure.tsv": 10.0,
    "cost/project.tsv": 2.0,
    "collect.tsv": 1.0,
}


@pytest.fixture
def times(tmp_path: Path) -> pd.DataFrame:
    for name, seconds in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"s\th:m:s\tcpu_time\n{seconds}\t0:00:01\t-\n")
    found = benchmark_times(tmp_path)
    assert found is not None
    return found


def test_seconds_are_summed_by_rule(times: pd.DataFrame) -> None:
    assert times.set_index("rule")["seconds"].to_dict() == {
        "train": 50.0, "cost: measure": 10.0, "cost: project": 2.0, "collect": 1.0,
    }  # fmt: skip


def test_the_training_loop_stands_apart_and_measuring_claims_every_core(
    times: pd.DataFrame,
) -> None:
    conditions = pd.DataFrame({"seconds": [15.0, 26.0]})
    table = core_seconds(times, conditions, cores=4)
    assert table.set_index("step")["core-seconds"].to_dict() == {
        "training loop": 41.0, "cost: measure": 40.0, "training: start-up and files": 9.0,
        "cost: project": 2.0, "collect": 1.0,
    }  # fmt: skip
    said = sentence(table, [2])
    assert "44% of the 93 core-seconds" in said
    assert "generate, evaluate, judge, track and report." in said
    assert "earlier run" not in said
    assert "earlier run" in sentence(table, [1])


def test_no_benchmarks_are_no_times(tmp_path: Path) -> None:
    assert benchmark_times(tmp_path / "nothing") is None
