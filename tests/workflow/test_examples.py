"""The examples in a folder of their own, with nothing of the package edited."""

import shutil
from pathlib import Path

import pandas as pd
import pytest
import yaml

from tests.conftest import small
from tests.workflow.conftest import ROOT, Pipeline

BROKEN = """
from timeshare.tasks.base import Sequences
from my_tasks import Majority


class Wrong(Majority):
    def sample(self, count, length, split, rng):
        found = super().sample(count, length, split, rng)
        return Sequences(found.inputs, found.targets + 7)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Beside its own results, it holds the modules of the examples and nothing else."""
    for path in (ROOT / "examples").glob("*.py"):
        shutil.copy(path, tmp_path / path.name)
    return tmp_path


@pytest.fixture
def pipeline(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Pipeline:
    monkeypatch.delenv("PYTHONPATH", raising=False)
    content = yaml.safe_load((ROOT / "examples/extensions.yaml").read_text())
    content |= {"training": small()["training"], "evaluation": {"lengths": [9, 13, 20]}}
    content |= {"cost": {"enabled": False}, "tracking": {"enabled": False}}
    content["search"] = {"settings": [{"learning_rate": 0.01}]}
    return Pipeline(folder, content)


@pytest.mark.slow
def test_an_experiment_runs_with_classes_from_outside_alone(pipeline: Pipeline) -> None:
    done = pipeline.run()
    assert done.returncode == 0, done.stdout + done.stderr
    results, report = (pipeline.folder / name / "tiny" for name in ("results", "reports"))
    verdicts = pd.read_parquet(results / "tables/claims.parquet").set_index("id")["verdict"]
    assert verdicts["FewSequences"] in ("supported", "contradicted", "inconclusive")
    page = (report / "report.html").read_text(encoding="utf-8")
    assert '<figure id="figure-TrainingLengths">' in page
    assert "leaky network whose second half mirrors the first" in page
    conditions = pd.read_parquet(results / "tables/conditions.parquet")
    assert set(conditions["cell"]) == {"my_cells:FastLeaky", "my_cells:Leaky"}


@pytest.mark.slow
def test_a_task_that_breaks_its_promises_ends_a_run_with_a_sentence(pipeline: Pipeline) -> None:
    (pipeline.folder / "my_wrong_task.py").write_text(BROKEN)
    pipeline.content["tasks"]["majority"]["kind"] = "my_wrong_task:Wrong"
    done = pipeline.run("--logger", "timeshare", "--cores", "1")
    assert done.returncode != 0
    printed = done.stdout + done.stderr
    assert "task Wrong: sample(count=256, length=9, split=" in printed
    assert "`targets` holds 8, and `output_size` allows 0 to 1, or -1" in printed
    assert "Traceback" not in printed
