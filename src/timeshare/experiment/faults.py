"""What no section of the configuration can know by itself: whether the sections fit together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from timeshare.data import shortage
from timeshare.experiment.build import build_task
from timeshare.experiment.strict import unknown
from timeshare.tasks.base import Split, Task

if TYPE_CHECKING:
    from timeshare.experiment.configuration import Experiment
    from timeshare.experiment.models import Sweep


def faults(experiment: Experiment) -> Iterator[str]:
    """Names that lead nowhere, and tasks, lengths and sizes that do not go together.

    A check relies on those before it: after the first fault the others mean nothing.
    """
    built: dict[str, Task] = {}
    for name, entry in experiment.tasks.items():
        try:
            built[name] = build_task(entry.kind or name, entry.parameters)
        except ValueError as error:
            yield f"tasks.{name}: {error}"
            return
    yield from _match_faults(experiment)
    for name, sweep in experiment.sweeps.items():
        yield from _names(f"sweeps.{name}.tasks", "task", sweep.tasks, experiment.tasks)
        yield from _names(f"sweeps.{name}.variants", "variant", sweep.variants, experiment.variants)
    yield from _cost_faults(experiment, built)
    for name, sweep in experiment.sweeps.items():
        for task in sweep.tasks:
            yield from _length_faults(task, built[task], experiment)
            yield from _size_faults(f"sweeps.{name}", task, built[task], sweep, experiment)


def _names(key: str, what: str, named: list[str], known: Mapping[str, object]) -> Iterator[str]:
    for name in named:
        if name not in known:
            yield f"{key}: " + unknown(what, name, list(known))


def _match_faults(experiment: Experiment) -> Iterator[str]:
    for name, variant in experiment.variants.items():
        if variant.match is None:
            continue
        yield from _names(f"variants.{name}.match", "variant", [variant.match], experiment.variants)
        if experiment.variants[variant.match].match is not None:
            yield (
                f"variants.{name}.match: {variant.match!r} itself matches another variant. "
                "Match a variant that states its `hidden`."
            )


def _cost_faults(experiment: Experiment, built: Mapping[str, Task]) -> Iterator[str]:
    cost = experiment.cost
    yield from _names("cost.task", "task", [cost.task] if cost.task else [], built)
    yield from _names("cost.variants", "variant", cost.variants or [], experiment.variants)
    name = cost.task or next(iter(built))
    for key in ("lengths", "truncated_lengths"):
        for length in getattr(cost, key):
            if fault := built[name].length_fault(length):
                yield (
                    f"cost.{key}: {length} is no length of the task that is timed, {name!r}: "
                    f"{fault}. Name other lengths, or another task as `cost.task`."
                )


def _length_faults(name: str, task: Task, experiment: Experiment) -> Iterator[str]:
    for length in experiment.evaluated_lengths(name):
        if fault := task.length_fault(length):
            yield f"tasks.{name}: length {length}: {fault}"
    change: Any = experiment.tasks[name].training
    if (change.lengths or experiment.training.lengths) == "up-to" and not task.prefixes:
        yield (
            f"tasks.{name}.training.lengths: 'up-to' crops sequences, and a cropped sequence of "
            f"{name!r} has another target or none. Train it at 'fixed' lengths."
        )


def _size_faults(
    key: str, name: str, task: Task, sweep: Sweep, experiment: Experiment
) -> Iterator[str]:
    largest = max(sweep.train_sizes or experiment.members.train_sizes)
    available = task.size(Split.TRAIN)
    if available is not None and largest > available:
        yield (
            f"{key}.train_sizes: {largest} is more than the {available} training "
            f"sequences {name!r} has. Give the sweep train sizes up to {available}."
        )
    for length in sorted(sweep.lengths):
        if fault := shortage(task, length, largest):
            yield f"{key}.train_sizes: task {name!r}: {fault}"
