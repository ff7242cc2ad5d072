"""Logging of a job: to its log file, and to the terminal for warnings and errors."""

import logging
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from timeshare.registry import ContractError


@contextmanager
def logged(path: str | Path) -> Iterator[None]:
    """Log to the file, and warnings to standard error, too, while the block runs.

    An exception ends the process: its traceback is in the file, one line of it on standard error.
    A `ContractError` explains itself, and has no traceback in the file either.
    """
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    file = logging.FileHandler(path, mode="w")
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
        logging.getLogger(__name__).info(traceback.format_exc())
        print(f"{type(error).__name__}: {error} (all of it is in {path})", file=sys.stderr)
        raise SystemExit(1) from None
    finally:
        file.close()
        root.handlers = []
