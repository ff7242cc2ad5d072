"""One small file for each set of source files that a job depends on, in place of the sources.

A job has some forty source files, and Snakemake queries and hashes each input of each job. A digest
file lists the sha256 of every file of such a set. It is written again only where one of them has
changed, so its time and its checksum say what those of the sources would: a result is stale when
its sources have changed since. Paths in it are relative to the checkout. Results that are
copied with their times to another checkout of the same sources, even without Snakemake's own
records, are fresh there.
"""

import hashlib
from collections.abc import Callable, Iterable
from pathlib import Path

from timeshare.experiment.imports import PACKAGE
from timeshare.experiment.staleness import NONE, Names, sources
from timeshare.experiment.strict import ConfigurationError
from timeshare.storage.files import replacing, sha256

CHECKOUT = PACKAGE.parents[1]


class Digests:
    """The digest files of an experiment; called as `staleness.sources` is, it gives their paths.

    Arguments:
        folder: where they lie.
        write: whether files that are missing or differ are written. Only the process that plans
            the jobs does; a job of its own process reads no source and writes nothing.
        written: told the path of each file that was missing or differed, once it is there.
    """

    def __init__(
        self, folder: str, write: bool, written: Callable[[str], None] = lambda path: None
    ) -> None:
        self.folder = folder
        self.write = write
        self.written = written
        self._known: dict[tuple[str, Names], str] = {}

    def __call__(self, script: str, named: Names = NONE, further: Iterable[Path] = ()) -> str:
        """The digest of the sources of a script.

        Arguments:
            script: name of a file in `workflow/scripts`, without its ending.
            named: what the job finds by name.
            further: files that it reads beyond its imports, always the same ones for a script.
        """
        key = script, named
        if key not in self._known:
            self._known[key] = path = f"{self.folder}/{_name(script, named)}"
            if self.write:
                files = [*map(Path, sources(script, named)), *further]
                if _write_where_changed(Path(path), _lines(files)):
                    self.written(path)
        return self._known[key]


def _name(script: str, named: Names) -> str:
    if not named:
        return f"{script}.sha256"
    text = "\n".join(f"{group} {name}" for group, name in sorted(named))
    return f"{script}-{hashlib.sha256(text.encode()).hexdigest()[:12]}.sha256"


def _lines(files: Iterable[Path]) -> str:
    return "".join(sorted(f"{sha256(file)}  {_label(file)}\n" for file in files))


def _label(file: Path) -> str:
    """The path from the checkout; of a plug-in outside it only the name, wherever it lies."""
    inside = file.is_relative_to(CHECKOUT)
    return file.relative_to(CHECKOUT).as_posix() if inside else file.name


def _write_where_changed(path: Path, text: str) -> bool:
    """Write a file with another content, or none yet; whether that was needed."""
    content = text.encode()
    if path.is_file() and path.read_bytes() == content:
        return False
    try:
        with replacing(path) as temporary:
            temporary.write_bytes(content)
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be written ({error.strerror}), and the sources are not those that made "
            "the results. `run.json` of a condition names their revision: check it out, or copy "
            "the results to where they can be written."
        ) from error
    return True
