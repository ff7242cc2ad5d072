"""The compute-cost study depends on the tasks, cells and schedules that it uses."""

from tests.conftest import small
from timeshare.cost.staleness import projection_names, study_names
from timeshare.experiment import Experiment


def test_a_study_uses_its_task_and_its_variants_and_those_they_match() -> None:
    content = small(cost={"task": "drift"})
    content["variants"]["wide"] = {
        "cell": "gru",
        "schedule": {"kind": "cyclic", "period": 2},
        "match": "unshared",
    }
    experiment = Experiment.parse(content)
    assert study_names(experiment, ["wide"]) == {
        ("tasks", "drift"),
        ("recurrent.cells", "gru"),
        ("recurrent.cells", "lstm"),
        ("recurrent.schedules", "cyclic"),
        ("recurrent.schedules", "unshared"),
    }
    assert ("tasks", "parity") in study_names(Experiment.parse(small()), [])


def test_a_projection_uses_its_cell_and_its_schedules() -> None:
    projection = {"cell": "rnn", "schedules": {"mine": {"kind": "blocks", "size": 2}}}
    experiment = Experiment.parse(small(cost={"projection": projection}))
    assert projection_names(experiment.cost.projection) == {
        ("recurrent.cells", "rnn"),
        ("recurrent.schedules", "blocks"),
    }
