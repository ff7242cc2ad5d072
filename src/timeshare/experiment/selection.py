"""The grid of an experiment, expanded only as far as it is asked for.

The process that plans an experiment needs all conditions. A job needs its own one, or those of a
task at one length, and in a large grid finding these must not take longer than in a small one.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property

from timeshare.experiment.conditions import Condition
from timeshare.experiment.configuration import Experiment
from timeshare.experiment.grid import expand


class Grid(Mapping[str, Condition]):
    """The conditions of an experiment by their ids, as `expand` gives them.

    Arguments:
        experiment: with its sweeps.
        whole: whether all conditions will be needed; they are then expanded at the first question.
    """

    def __init__(self, experiment: Experiment, whole: bool = True) -> None:
        self._experiment = experiment
        self._expanded = whole
        self._parts: dict[tuple[str, ...], dict[str, Condition]] = {}

    def __getitem__(self, condition: str) -> Condition:
        if self._expanded:
            return self._all[condition]
        task, variant, length, _ = condition.split("/")
        return self._part(task, length.removeprefix("length-"), variant)[condition]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)

    def of_task(self, task: str, length: int | str | None = None) -> list[Condition]:
        """The conditions of a task.

        Arguments:
            task: name of the task.
            length: training length T in steps, as a number or as a wildcard; every one when None.
        """
        if length is None:
            return self._by_task[task] if self._expanded else [*self._part(task).values()]
        if self._expanded:
            return self._by_length[task, int(length)]
        return [*self._part(task, str(length)).values()]

    @cached_property
    def _all(self) -> dict[str, Condition]:
        self._expanded = True
        return expand(self._experiment)

    @cached_property
    def _by_task(self) -> dict[str, list[Condition]]:
        found = defaultdict(list)
        for condition in self._all.values():
            found[condition.task].append(condition)
        return found

    @cached_property
    def _by_length(self) -> dict[tuple[str, int], list[Condition]]:
        found = defaultdict(list)
        for condition in self._all.values():
            found[condition.task, condition.length].append(condition)
        return found

    def _part(
        self, task: str, length: str | None = None, variant: str | None = None
    ) -> dict[str, Condition]:
        """The conditions that remain of the grid where each sweep has only these values."""
        key = task, length or "", variant or ""
        if key not in self._parts:
            sweeps = {}
            for name, sweep in self._experiment.sweeps.items():
                only = {
                    "tasks": [each for each in sweep.tasks if each == task],
                    "lengths": [t for t in sweep.lengths if length in (None, str(t))],
                    "variants": [each for each in sweep.variants if variant in (None, each)],
                }
                if all(only.values()):
                    sweeps[name] = sweep.model_copy(update=only)
            self._parts[key] = expand(self._experiment.model_copy(update={"sweeps": sweeps}))
        return self._parts[key]
