"""A list of checks, each of which finds faults in sentences, whatever the checked code does."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from timeshare.registry import ContractError, first_line
from timeshare.storage.plugins import place


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
    except ContractError as error:
        yield str(error)
    except Exception as error:  # the code of a plug-in may raise anything
        where = place(error)
        yield f"{first_line(error)} ({where})" if where else first_line(error)
