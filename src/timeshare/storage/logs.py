"""Logging of a job: to its log file, and to the terminal for warnings and errors."""

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from typing_extensions import override

from timeshare.registry import ContractError, first_line
from timeshare.storage.plugins import place


@contextmanager
def logged(path: str | Path) -> Iterator[None]:
    """Log to the file, and warnings to standard error, too, while the block runs.

    An exception ends the process: its traceback is in the file, one line of it on standard error.
    A `ContractError` explains itself, and has no traceback in the file either. Neither has an
    error in the code of a plug-in, of which file and line are said.
    """
    try:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
        file = _File(path, mode="w")
    except OSError as error:
        print(f"The log cannot be written: {error}", file=sys.stderr)
        raise SystemExit(1) from None
    file.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    terminal = logging.StreamHandler()
    terminal.setLevel(logging.WARNING)
    root = logging.getLogger()
    root.setLevel(logging.INFO)
    root.handlers = [file, terminal]
    try:
        yield
    except ContractError as error:
        logging.getLogger(__name__).error("%s", error)
        raise SystemExit(1) from None
    except Exception as error:
        if where := place(error, frozenset({_script(error)})):
            logging.getLogger(__name__).error("%s: %s", where, first_line(error))
            raise SystemExit(1) from None
        logging.getLogger(__name__).info(traceback.format_exc())
        print(f"{type(error).__name__}: {_said(error)} (all of it is in {path})", file=sys.stderr)
        raise SystemExit(1) from None
    finally:
        file.close()
        root.handlers = []


def _script(error: Exception) -> str:
    """The file whose block is logged: the first one below this."""
    frames = traceback.extract_tb(error.__traceback__)
    return next((frame.filename for frame in frames if frame.filename != __file__), "")


class _File(logging.FileHandler):
    """A log that says once, on standard error, that it cannot be written; the job goes on."""

    failed = False

    @override
    def handleError(self, record: logging.LogRecord) -> None:
        if not self.failed:
            reason = sys.exc_info()[1]
            print(f"{self.baseFilename} cannot be written: {reason}", file=sys.stderr)
        self.failed = True

    @override
    def close(self) -> None:
        try:
            super().close()
        except OSError:
            if not self.failed:
                raise


def _said(error: Exception) -> str:
    """The message of an error; that of refused memory is empty otherwise."""
    if isinstance(error, MemoryError):
        return f"this machine has not the memory that the job asks for {error}".strip()
    return str(error)
