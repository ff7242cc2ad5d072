"""Open the runs in a browser: MLflow's pages on this machine alone.

python -m timeshare.tracking [--config config.yaml] [--port 5000]
"""

import argparse
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

from timeshare.experiment import ConfigurationError, Experiment, expand
from timeshare.tracking.example import example_of
from timeshare.tracking.run import configuration_digest
from timeshare.tracking.store import Store, StoreError
from timeshare.tracking.views import views

HOST = "127.0.0.1"
PORTS_TRIED = 20


def free_port(first: int) -> int:
    """The first port from `first` on that nothing listens on."""
    for port in range(first, first + PORTS_TRIED):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((HOST, port))
            except OSError:
                continue
            return port
    raise StoreError(f"every port from {first} to {first + PORTS_TRIED - 1} is taken.")


def command(store: Store, port: int) -> list[str]:
    """The command that serves a database's runs; its address is in the environment, `served`."""
    if store.database is not None and not store.database.exists():
        raise StoreError(f"{store.shown} is not there yet: `snakemake track` makes it.")
    server = [sys.executable, "-m", "mlflow", "server", "--host", HOST, "--port", str(port)]
    return [*server, "--workers", "1"]


def served(store: Store) -> dict[str, str]:
    """The environment of that command: a command line shows everybody what it holds."""
    return {**os.environ, "MLFLOW_BACKEND_STORE_URI": store.uri}


def addresses(experiment: Experiment, store: Store, server: str) -> Iterator[tuple[str, str]]:
    """What there is to see on a server, and where: the saved views, and the run of the report.

    Arguments:
        experiment: whose runs they are.
        store: that keeps them.
        server: its own address, such as `http://127.0.0.1:5000`.
    """
    with store.explained():
        client = store.client()
        found = client.get_experiment_by_name(store.experiment)
        if found is None:
            raise StoreError(f"{store.shown} holds no runs yet: `snakemake track` logs them.")
        for view in views(example_of(expand(experiment).values())):
            yield view.name, view.address(server, found.experiment_id)
        digest = configuration_digest(experiment.model_dump(mode="json"))
        search = f"tags.x.key = 'report {digest}' and tags.state = 'current'"
        for run in client.search_runs([found.experiment_id], search):
            runs = f"{server}/#/experiments/{found.experiment_id}/runs"
            yield "The report", f"{runs}/{run.info.run_id}?workflowType=machine_learning"


def main() -> None:
    """Print the addresses; serve a database's runs until interrupted."""
    parser = argparse.ArgumentParser(prog="timeshare.tracking", description="Browse the runs.")
    parser.add_argument("--config", type=Path, default=Path("config.yaml"), help="configuration")
    parser.add_argument("--port", type=int, default=5000, help="first port tried")
    arguments = parser.parse_args()
    try:
        experiment = Experiment.read(arguments.config)
        store = Store.of(experiment.tracking, experiment.paths)
        port = free_port(arguments.port)
        serve = [] if store.on_server else command(store, port)
        server = store.shown if store.on_server else f"http://{HOST}:{port}"
        lines = [f"{what}:\n    {where}" for what, where in addresses(experiment, store, server)]
    except (ConfigurationError, StoreError) as error:
        sys.exit(str(error))
    print("\n".join(lines), flush=True)
    if serve:
        print("Ctrl-C ends it.", flush=True)
        os.execve(serve[0], serve, served(store))  # noqa: S606 # nosec


if __name__ == "__main__":
    main()
