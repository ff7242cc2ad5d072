"""What an experiment is and what it will take, as lines for the terminal. Imports no torch."""

from collections.abc import Sequence

from timeshare.cost.forecast import BASE_BYTES, EVALUATE, TRAIN, Forecast, forecast
from timeshare.cost.limits import GIGABYTE, HOUR, disk_limit, excess, too_many
from timeshare.cost.resources import Requests
from timeshare.experiment import Condition, ConfigurationError, Experiment, expand
from timeshare.experiment.lookups import evaluated, of_task

MINUTE = 60


def overview(experiment: Experiment, source: str, slots: Sequence[int]) -> str:
    """What an experiment is and will take, one quantity a line.

    Arguments:
        experiment: the configuration.
        source: where it was read.
        slots: numbers of jobs that run at once, for each of which the wall time is estimated.

    Raises `ConfigurationError` where the experiment is beyond its limits; the message has the
    numbers that were counted.
    """
    if fault := too_many(experiment):
        raise ConfigurationError(f"{source}: {fault}")
    found = forecast(experiment)
    if faults := excess(experiment, found):
        raise ConfigurationError("\n".join(f"{source}: {fault}" for fault in faults))
    megabytes, where = _largest(experiment)
    rows = {
        "conditions": f"{found.conditions:,}: {_names(experiment)}",
        "networks": f"{found.members + found.search_members:,}: {found.members:,} reported, "
        f"{found.search_members:,} to choose settings",
        "jobs": f"{found.jobs:,}",
        "core time": _core_time(found),
        "wall time": _wall_time(found, slots),
        "memory": f"{megabytes / 1000:.1f} GB, asked for by the largest job ({where})",
        "disk": _disk(experiment, found),
    }
    title = f"{experiment.name} ({source})"
    return "\n".join([title, *(f"  {name:<11} {text}" for name, text in rows.items())])


def duration(seconds: float) -> str:
    """A time in the unit that suits it: seconds, minutes or hours."""
    if seconds < 2 * MINUTE:
        return f"{seconds:.0f} s"
    if seconds < 2 * HOUR:
        return f"{seconds / MINUTE:.0f} min"
    return f"{seconds / HOUR:,.0f} h"


def size(amount: float) -> str:
    """Bytes in megabytes or gigabytes."""
    return f"{amount / 1e6:.0f} MB" if amount < GIGABYTE else f"{amount / GIGABYTE:,.1f} GB"


def _names(experiment: Experiment) -> str:
    tasks = {task for sweep in experiment.sweeps.values() for task in sweep.tasks}
    variants = {name for sweep in experiment.sweeps.values() for name in sweep.variants}
    lengths = {length for sweep in experiment.sweeps.values() for length in sweep.lengths}
    counts = {"task": len(tasks), "variant": len(variants), "length": len(lengths)}
    return ", ".join(f"{n} {what}{'s' if n > 1 else ''}" for what, n in counts.items())


def _core_time(found: Forecast) -> str:
    train, evaluate = (sum(found.seconds[step]) for step in (TRAIN, EVALUATE))
    rest = found.core_seconds - train - evaluate
    text = (
        f"about {duration(found.core_seconds)} of one core (training {duration(train)}, "
        f"evaluation {duration(evaluate)}, the rest {duration(rest)})"
    )
    if found.most_core_seconds > found.core_seconds:
        text += f"; at most {duration(found.most_core_seconds)}, if no network stops by itself"
    return text


def _wall_time(found: Forecast, slots: Sequence[int]) -> str:
    times = (f"{duration(found.wall_seconds(number))} on {number:,}" for number in slots)
    return f"about {', '.join(times)}: the cores, or jobs at once"


def _disk(experiment: Experiment, found: Forecast) -> str:
    parts = {
        "data": found.data,
        "weights": found.weights,
        "tracking": found.tracked,
        "report and tables": BASE_BYTES,
    }
    listed = ", ".join(f"{name} {size(amount)}" for name, amount in parts.items() if amount)
    return f"{size(found.disk)} of {disk_limit(experiment):,.1f} GB allowed ({listed})"


def _largest(experiment: Experiment) -> tuple[int, str]:
    """Megabytes that the largest job asks for, and which one it is."""
    conditions: list[Condition] = list(expand(experiment).values())
    requests = Requests()
    asked = {f"train {each.id}": requests.training_mb(each) for each in conditions}
    for task, length in evaluated(conditions):
        lengths, sequences = experiment.evaluated_lengths(task), experiment.evaluation.sequences
        group = of_task(conditions, task, length)
        name = f"evaluate {task} at T = {length}"
        asked[name] = requests.evaluation_mb(group, lengths, sequences)
    where = max(asked, key=lambda name: asked[name])
    return asked[where], where
