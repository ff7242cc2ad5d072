"""Unlock a folder after a run in it was killed; `make` does this before it starts Snakemake.

Snakemake locks the folder it runs in, and a killed process leaves the lock behind. Run as a module
with the path of a configuration, this unlocks the folder where no process of a run lives in it.
"""

import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import psutil

from timeshare.experiment.reading import read_yaml
from timeshare.experiment.strict import ConfigurationError
from timeshare.storage.files import replacing

LOCKS, HOST = Path(".snakemake", "locks"), Path(".snakemake", "host")
"""Where Snakemake keeps its locks, and where a run notes the machine that it runs on."""


class LockedError(RuntimeError):
    """A run is going on in the folder; the message says which, and what to do."""


def note_host(folder: Path = Path()) -> None:
    """Note that a run in this folder is on this machine."""
    with replacing(folder / HOST) as temporary:
        temporary.write_text(platform.node())


def unlock(configuration: str, folder: Path = Path(), further: Sequence[str] = ()) -> bool:
    """Unlock a folder, as far as it is locked and no run is going on; whether it was unlocked.

    Arguments:
        configuration: path of a configuration whose experiment the folder holds.
        folder: in which Snakemake runs.
        further: options of Snakemake, such as where another Snakefile lies.

    Raises `LockedError` where a process of a run lives, or may live on another machine.
    """
    if not any((folder / LOCKS).glob("*.lock")):
        return False
    host = (folder / HOST).read_text() if (folder / HOST).is_file() else platform.node()
    if host != platform.node():
        raise LockedError(
            f"This folder is locked by a run on the machine {host}. If nothing of it runs there "
            "any more, unlock the folder by `snakemake --unlock`, and start again."
        )
    if living := processes(folder):
        raise LockedError(
            f"A run is going on in this folder (process {', '.join(map(str, living))}). Wait until "
            "it ends, or end it, and start again."
        )
    command = [sys.executable, "-m", "snakemake", "--unlock", "--configfile", configuration]
    command += further
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise LockedError((done.stdout + done.stderr).strip())
    return True


def processes(folder: Path) -> list[int]:
    """The ids of the processes of this machine that run Snakemake, or a job of it, in a folder."""
    wanted, found = folder.resolve(), []
    for process in psutil.process_iter(["pid", "cmdline", "cwd"]):
        words = process.info["cmdline"] or []
        of_a_run = any("snakemake" in word for word in words[:4])
        # Where another user's process runs is not known; it may be here
        where = process.info["cwd"]
        if of_a_run and process.pid != os.getpid() and (not where or Path(where) == wanted):
            found.append(process.pid)
    return sorted(found)


def main(configuration: str) -> None:
    """Unlock the folder, or say why not.

    The configuration is read before, since of a file that cannot be read, Snakemake says less.
    """
    try:
        read_yaml(Path(configuration))
        unlocked = unlock(configuration)
    except (ConfigurationError, LockedError) as error:
        sys.exit(str(error))
    if unlocked:
        print("An earlier run was killed; its lock is removed, and what it finished stays.")


if __name__ == "__main__":
    main(sys.argv[1])
