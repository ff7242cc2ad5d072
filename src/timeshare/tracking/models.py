"""Registered models: of each task, the weights with the best validation score."""

from collections.abc import Iterable

from mlflow import MlflowClient
from mlflow.entities import Run

from timeshare.tracking.entries import BOOKKEEPING
from timeshare.tracking.points import VALIDATION

ALIAS = "best"


def register_best(client: MlflowClient, experiment: str, runs: Iterable[Run]) -> list[str]:
    """Register the best run of each task and give its version the alias `best`.

    A run that has a version already gets no second one.

    Arguments:
        client: of the store.
        experiment: name of the MLflow experiment, the first part of the models' names.
        runs: the current runs of conditions.

    Returns:
        the names of the registered models.
    """
    best: dict[str, Run] = {}
    for run in runs:
        task = run.data.params["task"]
        if task not in best or _score(run) > _score(best[task]):
            best[task] = run
    names = []
    for task, run in sorted(best.items()):
        name = f"{experiment}-{task}"
        if not client.search_registered_models(f"name = '{name}'"):
            client.create_registered_model(name, description=f"The best network on {task}")
        client.set_registered_model_alias(name, ALIAS, _version(client, name, run))
        names.append(name)
    return names


def _score(run: Run) -> float:
    return float(run.data.metrics.get(VALIDATION, float("-inf")))


def _version(client: MlflowClient, name: str, run: Run) -> str:
    run_id = run.info.run_id
    for version in client.search_model_versions(f"name = '{name}'"):
        if version.run_id == run_id:
            return str(version.version)
    source = f"{run.info.artifact_uri}/weights.safetensors"
    tags = {name: run.data.tags[f"{BOOKKEEPING}{name}"] for name in ("condition", "train_size")}
    version = client.create_model_version(name, source, run_id, tags=tags)
    return str(version.version)
