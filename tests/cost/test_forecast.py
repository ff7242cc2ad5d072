"""What an experiment will take is counted from formulas before anything runs."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import small
from timeshare.cost.forecast import EVALUATE, TRAIN, Forecast, forecast, makespan
from timeshare.cost.limits import refusal
from timeshare.cost.overview import duration, overview, size
from timeshare.cost.seconds import START, training_seconds, work_of
from timeshare.experiment import ConfigurationError, Experiment, expand
from timeshare.experiment.lookups import evaluated
from timeshare.experiment.outlines import outlines

ROOT = Path(__file__).resolve().parents[2]


def forecast_of(**changes: Any) -> Forecast:
    return forecast(Experiment.parse(small(**changes)))


def test_every_condition_is_trained_and_every_task_and_length_evaluated() -> None:
    experiment = Experiment.parse(small())
    found, grid = forecast(experiment), expand(experiment)
    assert found.conditions == len(found.seconds[TRAIN]) == len(grid)
    assert len(found.seconds[EVALUATE]) == len(evaluated(grid.values()))
    assert found.members == sum(len(each.members) for each in grid.values())
    assert found.search_members == sum(len(each.search_members) for each in grid.values())


def test_more_of_anything_takes_longer() -> None:
    base = forecast_of()
    for changes in (
        {"training": {"updates": 5000}},
        {"members": {"rules": 50, "seeds": 50, "train_sizes": [32]}},
        {"evaluation": {"sequences": 100_000}},
    ):
        assert forecast_of(**changes).core_seconds > base.core_seconds


def test_networks_that_stop_by_themselves_are_expected_to_take_less_than_the_most() -> None:
    plateau = {"least": 2, "most": 4000, "patience": 2}
    found = forecast_of(training={"updates": plateau})
    assert found.core_seconds < found.most_core_seconds
    assert found.most_core_seconds == forecast_of(training={"updates": 4000}).core_seconds


def test_more_slots_take_less_time_down_to_what_waits_for_the_rest() -> None:
    found = forecast_of(training={"updates": 5000})
    times = [found.wall_seconds(slots) for slots in (1, 2, 16, 1000)]
    assert times == sorted(times, reverse=True)
    assert times[0] > found.core_seconds
    assert times[-1] >= max(found.seconds[TRAIN])


def test_jobs_are_shared_by_slots() -> None:
    assert makespan([3, 1, 1, 1], 2) == 3
    assert makespan([3, 1, 1, 1], 1) == 6
    assert makespan([], 4) == 0


def test_tracking_that_is_off_takes_no_time_and_no_disk() -> None:
    found = forecast_of(tracking={"enabled": False})
    assert found.tracked == 0
    assert found.jobs < forecast_of(tracking={"enabled": True}).jobs


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"limits": {"conditions": 1}}, ["limits.conditions is 1", "Name fewer"]),
        ({"limits": {"core_hours": 0.001}}, ["limits.core_hours", "hours of one core", "0.001"]),
        ({"limits": {"disk_gigabytes": 0.001}}, ["limits.disk_gigabytes", "GB are allowed"]),
        (
            {"members": {"rules": 999_999, "seeds": 999_999, "train_sizes": [32]},
             "training": {"updates": 10**7}},
            ["limits.core_hours", "networks of", "conditions"],
        ),
        (
            {"members": {"rules": 999_999, "seeds": 999_999, "train_sizes": [32]}},
            ["limits.disk_gigabytes", "a tenth of the free disk"],
        ),
    ],
)  # fmt: skip
def test_an_experiment_beyond_a_limit_is_refused_with_its_numbers(
    changes: dict[str, Any], words: list[str]
) -> None:
    refused = refusal(Experiment.parse(small(**changes)))
    assert refused is not None
    assert all(word in refused for word in words), refused


def test_seconds_of_a_job_are_known_for_every_rule_of_an_experiment() -> None:
    seconds = forecast(Experiment.read(ROOT / "config.yaml")).by_job()
    names = ("data", "train", "evaluate", "cost", "judge", "report", "track")
    rules = "".join((ROOT / f"workflow/rules/{name}.smk").read_text() for name in names)
    jobs = set(re.findall(r"^rule (\w+):", rules, re.MULTILINE)) - {"cost"}  # which does nothing
    assert seconds.keys() == jobs
    assert all(each > 0 for each in seconds.values())


def test_an_experiment_within_its_limits_is_not_refused() -> None:
    assert refusal(Experiment.parse(small())) is None


def test_a_huge_grid_is_refused_before_it_is_expanded(monkeypatch: pytest.MonkeyPatch) -> None:
    content = small()
    steps = list(range(10, 2010))
    content["sweeps"]["main"] |= {"lengths": steps, "truncations": steps}
    experiment = Experiment.parse(content)

    def expanded(*_: object) -> None:
        raise AssertionError("the grid was expanded")

    monkeypatch.setattr("timeshare.cost.limits.forecast", expanded)
    refused = refusal(experiment)
    assert refused is not None
    assert "conditions" in refused


def test_files_that_are_there_already_count_as_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    experiment = Experiment.parse(small(limits={"disk_gigabytes": 0.03}))
    needed = forecast(experiment).disk
    experiment = Experiment.parse(small(limits={"disk_gigabytes": (needed - 1e6) / 1e9}))
    assert refusal(experiment) is not None
    there = tmp_path / experiment.paths.results / "runs" / "weights"
    there.parent.mkdir(parents=True)
    there.write_bytes(bytes(2_000_000))
    assert refusal(experiment) is None


@pytest.mark.parametrize(
    ("schedule", "hidden_size", "updates", "seconds"),
    [
        ("shared", 16, 0.853, 6.27),
        ("unshared", 16, 0.649, 5.31),
        ("shared", 57, 0.671, 19.38),
    ],
)
def test_training_takes_what_it_was_measured_to_take(
    schedule: str, hidden_size: int, updates: float, seconds: float
) -> None:
    """Training loops of an experiment that ran; `updates` is the share of the most ones it made."""
    settings = [{"learning_rate": rate} for rate in (0.01, 0.03, 0.06)]
    experiment = Experiment.parse(
        small(
            tasks={"drift": {"parameters": {"change": 1}}},
            variants={
                "one": {"cell": "lstm", "schedule": {"kind": schedule}, "hidden_size": hidden_size}
            },
            members={"rules": 12, "train_sizes": [32, 128, 512]},
            search={"rules": 2, "settings": settings},
            training={"updates": 800, "batch": 32},
            sweeps={"main": {"tasks": ["drift"], "variants": ["one"], "lengths": [12]}},
        )
    )
    (outline,) = outlines(experiment).values()
    work = work_of(outline, experiment.task("drift"))
    assert training_seconds(work, updates) - START == pytest.approx(seconds, rel=0.4)


def test_an_overview_lists_what_the_experiment_takes() -> None:
    text = overview(Experiment.parse(small()), "small.yaml", [1, 16])
    for name in ("conditions", "networks", "jobs", "core time", "wall time", "memory", "disk"):
        assert f"\n  {name} " in text
    assert " on 1, " in text
    assert " on 16: " in text


def test_an_overview_of_an_experiment_beyond_its_limits_is_an_error() -> None:
    for limits in ({"conditions": 1}, {"core_hours": 0.001}):
        with pytest.raises(ConfigurationError, match=r"^small\.yaml: .*limits"):
            overview(Experiment.parse(small(limits=limits)), "small.yaml", [1])


def test_times_and_sizes_have_the_unit_that_suits_them() -> None:
    assert [duration(s) for s in (70, 600, 36_000)] == ["70 s", "10 min", "10 h"]
    assert [size(b) for b in (3e6, 4.2e9)] == ["3 MB", "4.2 GB"]


def test_a_forecast_loads_no_torch() -> None:
    code = "import sys, timeshare.cost.overview; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
