"""Everything that the study depends on goes to its jobs, and nothing else does."""

import subprocess
import sys
from typing import Any

import pytest

from tests.conftest import small
from timeshare.cost.plan import conditions, measured_variants
from timeshare.cost.study import conditions_of, study
from timeshare.experiment import Experiment

WIDE = {"cell": "lstm", "schedule": {"kind": "shared"}, "match": "unshared"}


def measured(content: dict[str, Any]) -> dict[str, Any]:
    experiment = Experiment.parse(content)
    return study(experiment, measured_variants(experiment, experiment.cost))


def test_a_study_gives_back_the_conditions_of_the_experiment() -> None:
    content = small()
    content["variants"]["wide"] = WIDE
    experiment = Experiment.parse(content)
    for names in (["shared"], ["wide"], list(experiment.variants)):
        whole = conditions(experiment, experiment.cost, names)
        assert conditions_of(study(experiment, names)) == whole


def test_the_study_measures_the_update_of_the_training_plan() -> None:
    content = small()
    content["training"]["update"] = "window"
    experiment = Experiment.parse(content)
    (first, *_) = conditions_of(study(experiment, ["shared"]))
    assert first.training.update == "window"
    content["tasks"]["parity"]["training"] = {"update": "sequence"}
    (first, *_) = conditions_of(study(Experiment.parse(content), ["shared"]))
    assert first.training.update == "sequence"


def test_what_the_workflow_reads_imports_no_torch() -> None:
    code = """
import sys
import timeshare.cost.plan, timeshare.cost.study, timeshare.cost.scaling, timeshare.cost.quality
assert "torch" not in sys.modules
"""
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(("key", "value"), [("level", 0.5), ("projection", {"hidden_size": 8})])
def test_what_is_read_off_runs_or_projected_measures_nothing_again(key: str, value: Any) -> None:
    content = small()
    content["cost"][key] = value
    assert measured(content) == measured(small())


def test_a_variant_that_is_not_measured_measures_nothing_again() -> None:
    content = small()
    content["variants"]["wide"] = WIDE
    assert measured(content) == measured(small())
    content["cost"]["variants"] = ["shared", "unshared", "wide"]
    assert measured(content) != measured(small())
