"""A tracking server before PostgreSQL: the pipeline logs to it from eight jobs at once."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from mlflow import MlflowClient

from tests.conftest import small
from tests.workflow.conftest import Pipeline

from .servers import experiment_id, mlflow_server, postgres, postgres_tools, unused_port

CONDITIONS = 8

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("server"),  # the tests share one pipeline, in this order
    pytest.mark.skipif(postgres_tools() is None, reason="PostgreSQL is not installed"),
]


def eight_conditions(port: int) -> dict[str, Any]:
    """As many conditions as tracking jobs, each with one member."""
    content = small(
        members={"seeds": 1, "train_sizes": [16]},
        search={"settings": [{"learning_rate": 0.01}]},
        training={"updates": 4, "batch": 8, "evaluations": 2, "evaluation_sequences": 16},
        tracking={"store": f"http://127.0.0.1:{port}"},
    )
    content["sweeps"]["main"] |= {"tasks": ["parity"], "truncations": [1, 2, 3, "full"]}
    return content


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    """The pipeline, whose server is down."""
    pytest.importorskip("psycopg2", reason="psycopg2 is not installed")
    return Pipeline(tmp_path_factory.mktemp("server"), eight_conditions(unused_port()))


@pytest.fixture
def server(pipeline: Pipeline) -> Iterator[str]:
    port = int(pipeline.content["tracking"]["store"].rpartition(":")[2])
    with (
        postgres() as database,
        mlflow_server(database, pipeline.folder / "artifacts", port) as address,
    ):
        yield address


def test_without_its_server_the_pipeline_finishes_everything_else(pipeline: Pipeline) -> None:
    done = pipeline.run("--keep-going", "collect", "track")
    assert done.returncode != 0
    assert (pipeline.folder / "results/tiny/tables/scores.parquet").exists()
    lines = [line for line in done.stderr.splitlines() if line.startswith("StoreError")]
    assert len(lines) == 1
    assert "does not answer" in lines[0]
    assert "`snakemake track` logs what is missing" in lines[0]


def test_eight_jobs_at_once_log_every_run_once(pipeline: Pipeline, server: str) -> None:
    done = pipeline.run("--cores", str(CONDITIONS), "track")
    assert done.returncode == 0, done.stderr
    assert len(list((pipeline.folder / "results/tiny/mlflow/parts").iterdir())) == CONDITIONS
    client = MlflowClient(server)
    runs = client.search_runs([experiment_id(client)])
    assert len({run.data.tags["x.key"] for run in runs}) == len(runs)
    kinds = Counter(run.data.tags["kind"] for run in runs)
    assert kinds == {"condition": CONDITIONS, "report": 1}
    assert {run.info.status for run in runs} == {"FINISHED"}
    one = next(run for run in runs if run.data.tags["kind"] == "condition")
    files = {file.path for file in client.list_artifacts(one.info.run_id)}
    assert {"weights.safetensors", "evaluation.csv", "members.json"} <= files
