"""A list of checks, each of which finds faults in sentences, whatever the checked code does."""

import traceback
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from timeshare.registry import first_line

PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Check:
    """One promise.

    Arguments:
        promise: what should hold, in words.
        faults: finds sentences that say what does not.
        needed: whether nothing later can be checked where this fails.
    """

    promise: str
    faults: Callable[[], Iterable[str]]
    needed: bool = False


@dataclass(frozen=True)
class Result:
    """What a check found.

    Arguments:
        promise: of the check.
        faults: sentences; none where the promise is kept, and none where it was not checked.
        checked: whether the check ran.
    """

    promise: str
    faults: tuple[str, ...] = ()
    checked: bool = True


def run(checks: Iterable[Check]) -> Iterator[Result]:
    """Run checks in their order; those after a needed one that failed are not run."""
    stopped = False
    for check in checks:
        if stopped:
            yield Result(check.promise, checked=False)
            continue
        found = tuple(dict.fromkeys(_found(check)))
        stopped = check.needed and bool(found)
        yield Result(check.promise, found)


def _found(check: Check) -> Iterator[str]:
    """The faults of a check; an exception of the checked code is one of them."""
    try:
        yield from check.faults()
    except Exception as error:  # the code of a plug-in may raise anything
        yield f"{first_line(error)}{_place(error)}"


def _place(error: Exception) -> str:
    """Where the code of the plug-in raised, as file and line; empty where only the package did."""
    frames = traceback.extract_tb(error.__traceback__)
    own = [frame for frame in frames if not _of_library(Path(frame.filename))]
    return f" ({Path(own[-1].filename).name}, line {own[-1].lineno})" if own else ""


def _of_library(path: Path) -> bool:
    return path.is_relative_to(PACKAGE) or "site-packages" in path.parts or not path.exists()
