"""Whether an experiment is larger than its section `limits` allows. Imports no torch."""

import shutil
from pathlib import Path

from timeshare.cost.forecast import Forecast, forecast
from timeshare.experiment import Experiment
from timeshare.experiment.outlines import exceeds, most_conditions

SHARE_OF_DISK = 0.1
"""Share of the free disk that an experiment may fill unless `limits.disk_gigabytes` says more."""
GIGABYTE = 1e9
HOUR = 3600
LEGIBLE = 1e9
"""Numbers from here on are written in powers of ten."""


def too_many(experiment: Experiment) -> str | None:
    """Why an experiment has too many conditions to be looked at; None where it has not."""
    most = experiment.limits.conditions
    if not exceeds(experiment, most):
        return None
    return (
        f"sweeps: they name {most_conditions(experiment):,} conditions and limits.conditions is "
        f"{most:,}. Name fewer tasks, variants, lengths or truncations, or write a larger "
        "`limits.conditions`."
    )


def excess(experiment: Experiment, found: Forecast) -> list[str]:
    """One sentence for each limit that a forecast is beyond."""
    faults = []
    hours = found.core_seconds / HOUR
    if hours > experiment.limits.core_hours:
        faults.append(
            f"limits.core_hours: {_size(found)} would take about {_number(hours)} hours of one "
            f"core, and {experiment.limits.core_hours:,g} are allowed. Name fewer or smaller "
            "networks, or write a larger `limits.core_hours`."
        )
    needed = found.disk / GIGABYTE
    if needed > disk_limit(experiment):
        needed -= _taken(Path(experiment.paths.results)) / GIGABYTE
    if needed > (allowed := disk_limit(experiment)):
        given = experiment.limits.disk_gigabytes is not None
        reason = "are allowed" if given else "are a tenth of the free disk"
        faults.append(
            f"limits.disk_gigabytes: {_size(found)} would fill about {_number(needed)} GB, and "
            f"{allowed:,.1f} GB {reason}. Name fewer or smaller networks, or write "
            "`limits.disk_gigabytes`."
        )
    return faults


def foreseen(experiment: Experiment) -> tuple[Forecast | None, str | None]:
    """What an experiment will take, and why it is not begun, one line for each limit.

    The first is None where there are too many conditions to look at, the second where the
    experiment is within its limits.
    """
    if fault := too_many(experiment):
        return None, fault
    found = forecast(experiment)
    return found, "\n".join(excess(experiment, found)) or None


def refusal(experiment: Experiment) -> str | None:
    """Why an experiment is not begun, one line for each limit; None where it is within them."""
    return foreseen(experiment)[1]


def disk_limit(experiment: Experiment) -> float:
    """Gigabytes that the files of an experiment may take."""
    given = experiment.limits.disk_gigabytes
    return SHARE_OF_DISK * shutil.disk_usage(".").free / GIGABYTE if given is None else given


def _size(found: Forecast) -> str:
    networks = found.members + found.search_members
    ending = "" if found.conditions == 1 else "s"
    return f"{networks:,} networks of {found.conditions:,} condition{ending}"


def _number(amount: float) -> str:
    """A number as a reader needs it: one decimal of small ones, powers of ten of huge ones."""
    digits = 1 if amount < 100 else 0
    return f"{amount:,.{digits}f}" if amount < LEGIBLE else f"{amount:.0e}"


def _taken(folder: Path) -> int:
    """Bytes that the files of an experiment take already."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
