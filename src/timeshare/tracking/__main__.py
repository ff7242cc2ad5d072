"""Open the runs in a browser: MLflow's pages on this machine alone.

python -m timeshare.tracking [--config config.yaml] [--port 5000]
"""

import argparse
import os
import socket
import sys
from pathlib import Path

from timeshare.experiment import ConfigurationError, Experiment
from timeshare.tracking.store import Store, StoreError

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
    """The command that serves a database's runs."""
    if store.database is not None and not store.database.exists():
        raise StoreError(f"{store.shown} is not there yet: `snakemake track` makes it.")
    server = [sys.executable, "-m", "mlflow", "server", "--host", HOST, "--port", str(port)]
    return [*server, "--workers", "1", "--backend-store-uri", store.uri]


def main() -> None:
    """Print the address; for a database, serve it until interrupted."""
    parser = argparse.ArgumentParser(prog="timeshare.tracking", description="Browse the runs.")
    parser.add_argument("--config", type=Path, default=Path("config.yaml"), help="configuration")
    parser.add_argument("--port", type=int, default=5000, help="first port tried")
    arguments = parser.parse_args()
    try:
        experiment = Experiment.read(arguments.config)
        store = Store.of(experiment.tracking, experiment.paths)
        if store.on_server:
            print(f"The runs are on {store.shown}")
            return
        port = free_port(arguments.port)
        serve = command(store, port)
    except (ConfigurationError, StoreError) as error:
        sys.exit(str(error))
    print(f"The runs: http://{HOST}:{port}  (Ctrl-C ends it)", flush=True)
    os.execv(serve[0], serve)


if __name__ == "__main__":
    main()
