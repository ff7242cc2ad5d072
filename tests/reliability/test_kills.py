"""A run that is killed at any moment ends, after one plain run, as an undisturbed one does."""

import random
from pathlib import Path

import pytest

from tests.reliability.kills import digests, faults, killed, pipeline, start

pytestmark = pytest.mark.slow


def test_killed_runs_end_with_the_same_bits_and_every_run_once_in_mlflow(tmp_path: Path) -> None:
    undisturbed = pipeline(tmp_path / "undisturbed")
    assert start(undisturbed).wait() == 0, (undisturbed.folder / "output").read_text()
    expected = digests(undisturbed.folder)
    assert expected
    run, chooser = pipeline(tmp_path / "killed"), random.Random(1)
    kills = 0
    while kills < 3 and killed(run, chooser.uniform(3, 12)):
        kills += 1
    assert kills
    assert start(run).wait() == 0, (run.folder / "output").read_text()
    assert list(faults(run.folder, expected)) == []
