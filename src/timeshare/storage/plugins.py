"""Where the code of a plug-in, which is neither the package's nor a library's, raised an error."""

import sysconfig
import traceback
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[1]
LIBRARY = Path(sysconfig.get_path("stdlib")).resolve()


def place(error: BaseException, besides: frozenset[str] = frozenset()) -> str | None:
    """File and line of the last call in the code of a plug-in; None where there is none.

    Arguments:
        error: with its traceback.
        besides: files that are no plug-ins either, such as the script of a job.
    """
    frames = traceback.extract_tb(error.__traceback__)
    own = [
        frame
        for frame in frames
        if frame.filename not in besides and not _of_library(Path(frame.filename))
    ]
    return f"{Path(own[-1].filename).name}, line {own[-1].lineno}" if own else None


def _of_library(path: Path) -> bool:
    folders = (PACKAGE, LIBRARY)
    return (
        any(path.resolve().is_relative_to(folder) for folder in folders)
        or "site-packages" in path.parts
        or not path.exists()
    )
