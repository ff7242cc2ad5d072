"""Every configuration that is accepted ends with a report."""

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings

from tests.configurations.process import run_all
from tests.configurations.real import run_pipeline
from tests.configurations.strategies import Case, cases
from timeshare.experiment import ConfigurationError, Experiment

IN_PROCESS, REAL = 40, 4
QUIET = {
    "deadline": None,
    "derandomize": True,
    "database": None,
    "suppress_health_check": list(HealthCheck),
    "phases": [Phase.explicit, Phase.generate],
}


@pytest.mark.slow
@settings(max_examples=IN_PROCESS, **QUIET)  # type: ignore[arg-type]
@given(case=cases())
def test_the_scripts_end_with_a_page(case: Case) -> None:
    before = Path.cwd()
    with tempfile.TemporaryDirectory() as folder:
        case.write(Path(folder))
        os.chdir(folder)
        try:
            experiment = accepted(case)
            assume(experiment is not None)
            assert experiment is not None
            page = run_all(experiment)
            assert "</html>" in page.read_text(encoding="utf-8")
        finally:
            os.chdir(before)


@pytest.mark.slow
@settings(max_examples=REAL, **QUIET)  # type: ignore[arg-type]
@given(case=cases())
def test_the_workflow_ends_with_a_page(case: Case) -> None:
    with tempfile.TemporaryDirectory() as folder:
        case.write(Path(folder))
        assume(accepted(case, Path(folder)) is not None)
        assert run_pipeline(case, Path(folder)) is None


def accepted(case: Case, folder: Path = Path()) -> Experiment | None:
    """The experiment; None where it is refused, which is no fault here."""
    try:
        return Experiment.parse(case.content, "drawn.yaml", folder)
    except ConfigurationError:
        return None
