"""The runs of an MLflow experiment, kept so that every key has exactly one current run."""

import json
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from mlflow import MlflowClient
from mlflow.entities import Dataset, DatasetInput, InputTag, Metric, Param, Run, RunTag
from mlflow.exceptions import MlflowException

from timeshare.tracking.entries import BOOKKEEPING, Body, DataSet, Entry, Point

Item = TypeVar("Item")

METRICS_IN_BATCH = 900
"""Metrics of one request; MLflow takes 1000 metrics, params and tags together."""
LONGEST_PARAM = 6000
"""Characters of a param, MLflow's limit."""
LONGEST_NOTE = 8000
"""Characters of a description, MLflow's limit of a tag."""
LONGEST_DIGEST = 36
"""Characters of a data set's digest, MLflow's limit."""
PAGE = 1000
"""Runs of one search."""
DUPLICATES = ("UNIQUE constraint", "UniqueViolation")
"""What SQLite and PostgreSQL say of a row whose key another one has."""

KEY, CONTENT = f"{BOOKKEEPING}key", f"{BOOKKEEPING}content"
STATE, SUCCESSOR = "state", f"{BOOKKEEPING}superseded_by"
NOTE, NAME = "mlflow.note.content", "mlflow.runName"
CURRENT, SUPERSEDED = "current", "superseded"


class Outcome(StrEnum):
    """How logging an entry ended."""

    LOGGED = "logged"
    COMPLETED = "completed"
    UNCHANGED = "unchanged"


class Ledger:
    """The runs of one experiment.

    Arguments:
        client: of the store.
        experiment: id of the MLflow experiment.
    """

    def __init__(self, client: MlflowClient, experiment: str) -> None:
        self._client = client
        self._experiment = experiment
        self._runs: dict[str, list[Run]] = defaultdict(list)
        for run in self._search():
            self._runs[run.data.tags[KEY]].append(run)

    def log(self, entry: Entry) -> Outcome:
        """Make the entry the current run of its key.

        A finished run with the same content stays as it is; one that was killed half-way is
        completed; a finished run with other content is tagged as superseded; what else was left
        half-written is deleted.
        """
        known = self._runs[entry.key]
        same = [run for run in known if run.data.tags.get(CONTENT) == entry.content]
        finished = [run for run in same if _is_finished(run)]
        candidates = sorted(
            finished or same, key=lambda run: (run.info.start_time, run.info.run_id)
        )
        kept = candidates[0] if candidates else None
        outcome = Outcome.UNCHANGED if finished else Outcome.COMPLETED
        if kept is None:
            kept, outcome = self._create(entry), Outcome.LOGGED
        if outcome is not Outcome.UNCHANGED:
            self._write(kept.info.run_id, entry.body())
        self._set_tags(kept, {**entry.tags, NAME: entry.name, STATE: CURRENT})
        if SUCCESSOR in kept.data.tags:
            self._client.delete_tag(kept.info.run_id, SUCCESSOR)
        for run in known:
            if run.info.run_id != kept.info.run_id:
                self._retire(run, kept, repeated=run in same)
        self._runs[entry.key] = [kept]
        return outcome

    def current(self, key: str) -> Run:
        """The run of a key that was logged."""
        return self._runs[key][0]

    def _search(self) -> Iterator[Run]:
        token = None
        while True:
            page = self._client.search_runs(
                [self._experiment], f"tags.{KEY} != ''", max_results=PAGE, page_token=token
            )
            yield from page
            token = page.token
            if not token:
                return

    def _create(self, entry: Entry) -> Run:
        state = {STATE: CURRENT, KEY: entry.key, CONTENT: entry.content}
        tags = {**entry.tags, **entry.fixed, **state}
        known = sorted(
            (name.startswith(BOOKKEEPING), name) for name, value in tags.items() if value
        )
        return self._client.create_run(
            self._experiment,
            start_time=entry.started,
            tags={name: tags[name] for _, name in known},
            run_name=entry.name,
        )

    def _write(self, run_id: str, body: Body) -> None:
        """Log all of a run but its creation; a second call changes nothing."""
        # First, while the run is small: MLflow reads all of a run to learn where its artifacts go.
        self._write_files(run_id, body.files)
        params = _params(body.params)
        first, *others = _batches(_metrics(body.points), METRICS_IN_BATCH) or [[]]
        # Each request is a transaction, and each transaction waits for the disk.
        tags = [RunTag(NOTE, body.note[:LONGEST_NOTE])]
        self._client.log_batch(run_id, first, params, tags, synchronous=True)
        for metrics in others:
            self._client.log_batch(run_id, metrics=metrics, synchronous=True)
        if body.data:
            self._write_data(run_id, [_input(data) for data in body.data])
        self._client.set_terminated(run_id, "FINISHED", end_time=body.finished)

    def _write_data(self, run_id: str, data: Sequence[DatasetInput]) -> None:
        """Link the data sets to a run; the store creates those that it does not know.

        MLflow looks for a data set and creates it afterwards, so of two jobs that link the same new
        one at the same time, the second is refused. It exists by then: each further attempt has at
        least one fewer to create, and the last has none.
        """
        for attempt in range(len(data) + 1):
            try:
                self._client.log_inputs(run_id, list(data))
                return
            except MlflowException as error:
                if attempt == len(data) or not _is_duplicate(error):
                    raise

    def _write_files(self, run_id: str, files: Mapping[str, bytes | Path]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            for name, content in files.items():
                path = Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                if isinstance(content, bytes):
                    path.write_bytes(content)
                else:
                    path.symlink_to(content.resolve())
            self._client.log_artifacts(run_id, folder)

    def _set_tags(self, run: Run, tags: Mapping[str, str]) -> None:
        """Set the tags that differ, and delete those whose value is empty now."""
        for name, value in tags.items():
            known = run.data.tags.get(name, "")
            if value and known != value:
                self._client.set_tag(run.info.run_id, name, value)
            elif known and not value:
                self._client.delete_tag(run.info.run_id, name)

    def _retire(self, run: Run, successor: Run, repeated: bool) -> None:
        run_id = run.info.run_id
        if _is_finished(run) and not repeated:
            self._set_tags(run, {STATE: SUPERSEDED, SUCCESSOR: successor.info.run_id})
            return
        if not _is_finished(run):
            self._client.set_terminated(run_id, "KILLED")
        self._client.delete_run(run_id)


def _is_finished(run: Run) -> bool:
    return bool(run.info.status == "FINISHED")


def _is_duplicate(error: MlflowException) -> bool:
    """Whether a database refused a row because another one has its key."""
    return any(words in str(error) for words in DUPLICATES)


def _batches(items: list[Item], size: int) -> list[list[Item]]:
    return [items[start : start + size] for start in range(0, len(items), size)]


def _params(params: Mapping[str, str]) -> list[Param]:
    return [Param(name, value[:LONGEST_PARAM]) for name, value in params.items()]


def _metrics(points: list[Point]) -> list[Metric]:
    return [Metric(point.name, point.value, point.moment, point.step) for point in points]


def _input(data: DataSet) -> DatasetInput:
    dataset = Dataset(
        name=data.name,
        digest=data.digest[:LONGEST_DIGEST],
        source_type="local",
        source=json.dumps({"uri": data.source}),
        profile=json.dumps(data.profile),
    )
    return DatasetInput(dataset, [InputTag("mlflow.data.context", data.context)])
