"""PostgreSQL and MLflow's server on loopback, stopped when the block ends."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from mlflow import MlflowClient

POSTGRES = [*Path("/usr/lib/postgresql").glob("*/bin"), Path("/usr/bin"), Path("/usr/local/bin")]
SERVER_STARTS = 120
"""Seconds a server may take to start on a busy machine."""
UVICORN = "--timeout-worker-healthcheck 120 --timeout-keep-alive 120"
"""A worker that is busy for five seconds is killed by default, and its requests fail with it."""


def postgres_tools() -> Path | None:
    """The folder of `initdb` and `pg_ctl`, where PostgreSQL is installed."""
    return next((folder for folder in POSTGRES if (folder / "pg_ctl").exists()), None)


def unused_port() -> int:
    """A port of the loopback device that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def experiment_id(client: MlflowClient) -> str:
    """The id of the experiment that tracking makes."""
    found = client.get_experiment_by_name("timeshare")
    assert found is not None
    return str(found.experiment_id)


@contextmanager
def postgres() -> Iterator[str]:
    """A new database; its URI. PostgreSQL refuses root, so root becomes `postgres`."""
    tools, port = postgres_tools(), unused_port()
    assert tools is not None
    user = "postgres" if os.geteuid() == 0 else None

    # Not a folder of pytest's, which no other user may enter.
    with tempfile.TemporaryDirectory() as data:
        if user:
            shutil.chown(data, user)

        def tool(name: str, *arguments: str) -> None:
            command = [str(tools / name), "-D", data, *arguments]
            subprocess.run(command, check=True, user=user, cwd="/", stdout=subprocess.DEVNULL)

        tool("initdb", "-U", "timeshare", "--auth=trust", "--no-sync")
        listen = "-c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
        options = f"-p {port} {listen} -c fsync=off"
        tool("pg_ctl", "-w", "-o", options, "-l", f"{data}/log", "start")
        try:
            yield f"postgresql://timeshare@127.0.0.1:{port}/postgres"
        finally:
            tool("pg_ctl", "-m", "immediate", "stop")


@contextmanager
def mlflow_server(database: str, artifacts: Path, port: int) -> Iterator[str]:
    """MLflow's server before a database; its address."""
    address = f"http://127.0.0.1:{port}"
    command = [
        sys.executable,
        "-m",
        "mlflow",
        "server",
        "--backend-store-uri",
        database,
        "--artifacts-destination",
        str(artifacts),
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--workers",
        "2",
        "--uvicorn-opts",
        UVICORN,
    ]
    environment = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true"}
    output = artifacts.with_suffix(".log")
    with output.open("w") as log:
        server = subprocess.Popen(
            command, stdout=log, stderr=log, env=environment, start_new_session=True
        )
    try:
        _wait_for(address, server, output)
        yield address
    finally:
        os.killpg(server.pid, 15)
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, 9)
            server.wait()


def _wait_for(address: str, server: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + SERVER_STARTS
    while True:
        try:
            urllib.request.urlopen(f"{address}/health", timeout=5).close()
        except OSError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start:\n{log.read_text()}") from None
            time.sleep(0.5)
        else:
            return
