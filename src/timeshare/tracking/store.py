"""Where runs are kept: a database or a server, reached or refused with one clear line."""

import logging
import sqlite3
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from sqlalchemy import Engine, event, make_url
from sqlalchemy.exc import SQLAlchemyError

from timeshare.experiment.models import Tracking
from timeshare.experiment.paths import Paths
from timeshare.tracking.database import DatabaseError, make_whole, sqlite_uri
from timeshare.tracking.inputs import is_server, shown

log = logging.getLogger(__name__)

PATIENCE = 10
"""Seconds a server may take to answer."""

EXPERIMENT_TAGS = {
    "mlflow.experimentKind": "custom_model_development",
    "mlflow.note.content": "Why are weights shared through time? A run is one condition at one "
    "train size, means over rules or seeds; the report's run has the answer.",
}
"""MLflow shows pages for training models, not for prompts, and this description."""


class StoreError(RuntimeError):
    """The tracking store cannot be used; the message says which and how to go on."""


@dataclass(frozen=True)
class Store:
    """A tracking store and the experiment in it.

    Arguments:
        uri: an http(s) address or an absolute database URI.
        experiment: name of the MLflow experiment.
        artifacts: folder of its artifacts; a server keeps its own.
    """

    uri: str
    experiment: str
    artifacts: Path | None

    @classmethod
    def of(cls, tracking: Tracking, paths: Paths) -> Self:
        """The store a configuration names; by default an SQLite file in the results folder.

        Raises `StoreError` where a database has no address, its path being unfit for one.
        """
        artifacts = Path(paths.tracking("artifacts")).resolve()
        uri = tracking.store
        if uri is not None and is_server(uri):
            return cls(uri.rstrip("/"), tracking.experiment, None)
        file = Path(paths.tracking("mlflow.db")) if uri is None else _file(uri)
        if file is not None:
            try:
                uri = sqlite_uri(file.resolve())
            except DatabaseError as error:
                raise StoreError(f"the tracking store: {error}.") from error
        return cls(str(uri), tracking.experiment, artifacts)

    @property
    def on_server(self) -> bool:
        """Whether a server keeps the runs; then several jobs may log at once."""
        return self.artifacts is None

    @property
    def shown(self) -> str:
        """The URI without a password."""
        return shown(self.uri)

    @property
    def database(self) -> Path | None:
        """The SQLite file, if the store is one."""
        return None if self.on_server else _file(self.uri)

    def client(self) -> MlflowClient:
        """A client of the store; raises `StoreError` when it does not answer."""
        if self.on_server:
            self._reach()
        elif self.database is not None:
            self.database.parent.mkdir(parents=True, exist_ok=True)
            event.listen(Engine, "connect", _write_ahead)
        return MlflowClient(self.uri, registry_uri=self.uri)

    def prepare(self) -> str:
        """Create what is missing, schema and experiment, and return the experiment's id.

        A database's schema must not be created by two processes at once.
        """
        with self.explained():
            if self.database is not None:
                make_whole(self.database)
            client = self.client()
            found = client.get_experiment_by_name(self.experiment)
            if found is None:
                location = self.artifacts.as_uri() if self.artifacts else None
                return self._created(client, location)
            if found.lifecycle_stage != "active":
                raise StoreError(
                    f"{self.shown}: the experiment {self.experiment!r} was deleted. "
                    "Restore it, or give `tracking.experiment` another name."
                )
            return str(found.experiment_id)

    @contextmanager
    def explained(self) -> Iterator[None]:
        """Errors of the store within the block become one line that says how to go on."""
        try:
            yield
        except (
            MlflowException,
            SQLAlchemyError,
            sqlite3.Error,
            DatabaseError,
            OSError,
        ) as error:
            reason = (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
            raise StoreError(f"{self.shown}: {reason}. {_REMEDY}") from error

    def _created(self, client: MlflowClient, location: str | None) -> str:
        try:
            return str(client.create_experiment(self.experiment, location, EXPERIMENT_TAGS))
        except MlflowException:
            # Two jobs that start at once on a server: the other was first.
            found = client.get_experiment_by_name(self.experiment)
            if found is None:
                raise
            return str(found.experiment_id)

    def _reach(self) -> None:
        try:
            # Only an address by http or https is a server's
            reached = urllib.request.urlopen(f"{self.uri}/health", timeout=PATIENCE)  # noqa: S310 # nosec B310
            reached.close()
        except urllib.error.HTTPError:
            return  # it answers; whether it lets us in is MLflow's to find out
        except (OSError, ValueError) as error:
            reason = getattr(error, "reason", error)
            raise StoreError(
                f"the tracking server {self.shown} does not answer ({reason}). {_REMEDY}"
            ) from error


def _file(uri: str) -> Path | None:
    """The file of an SQLite address; None for another database, or one opened in another way."""
    url = make_url(uri)
    plain = url.drivername == "sqlite" and not url.query
    return Path(url.database) if plain and url.database not in (None, "", ":memory:") else None


def _write_ahead(connection: object, _: object) -> None:
    """Let SQLite write ahead, so that a transaction need not wait for the disk.

    A killed job loses nothing, and the file stays sound if the machine fails; the transactions
    that are lost then are logged again by the next job. Readers are not locked out meanwhile.
    """
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")


_REMEDY = "No result is lost: when the store is back, `snakemake track` logs what is missing."
