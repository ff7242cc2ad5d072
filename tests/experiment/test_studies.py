"""Every experiment in the repository is valid, and lists the claims that each sweep serves."""

from pathlib import Path

import pytest

from timeshare.experiment import Experiment, expand

ROOT = Path(__file__).resolve().parent.parent.parent
FILES = [ROOT / "config.yaml", *sorted((ROOT / "studies").rglob("*.yaml"))]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_an_experiment_of_the_repository_has_conditions(path: Path) -> None:
    assert expand(Experiment.read(path))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_sweep_lists_the_claims_that_it_serves(path: Path) -> None:
    assert all(sweep.claims for sweep in Experiment.read(path).sweeps.values())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_task_and_variant_that_is_described_is_used(path: Path) -> None:
    experiment = Experiment.read(path)
    sweeps = experiment.sweeps.values()
    assert {task for sweep in sweeps for task in sweep.tasks} == set(experiment.tasks)
    used = {name for sweep in sweeps for name in sweep.variants}
    matched = {experiment.variants[name].match for name in used} - {None}
    assert used | matched == set(experiment.variants)
