"""The tasks shown in the documentation, each with the parameters and the length of its picture."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from timeshare import registry
from timeshare.experiment.staleness import Names, task_names
from timeshare.tasks.base import Task


@dataclass(frozen=True)
class Exhibit:
    """A task to be shown.

    Arguments:
        kind: the built-in task.
        length: steps T of the sequences shown.
        parameters: those that differ from the defaults.
        count: sequences shown.
    """

    kind: str
    length: int
    parameters: Mapping[str, Any] = field(default_factory=dict)
    count: int = 4

    @property
    def task(self) -> Task:
        """The task itself."""
        task: Task = registry.find("tasks", self.kind)(**self.parameters)
        return task

    @property
    def names(self) -> Names:
        """The task and those that it is made of, for `experiment.staleness`."""
        return task_names(self.kind, self.task.model_dump())


EXHIBITS: dict[str, Exhibit] = {
    "parity": Exhibit("parity", 16),
    "modular": Exhibit("modular", 16),
    "automaton": Exhibit("automaton", 16),
    "drift": Exhibit("drift", 16),
    "shift": Exhibit("shift", 30, count=3),
    "latch": Exhibit("latch", 20),
    "store": Exhibit("store", 24),
    "recall": Exhibit("recall", 16),
    "copy": Exhibit("copy", 30, {"shortest": 4, "longest": 6}),
    "adding": Exhibit("adding", 20, count=3),
    "keyword": Exhibit("keyword", 12),
    "snow": Exhibit("snow", 9),
    "snow-spanish": Exhibit("snow", 9, {"language": "spanish"}),
    "labels": Exhibit("labels", 16),
    "vowels": Exhibit("vowels", 20, count=3),
    "mnist1d": Exhibit("mnist1d", 40, count=3),
    "mnist1d-shuffled": Exhibit("mnist1d", 40, {"shuffled": True}, count=3),
    "digits": Exhibit("digits", 64, count=3),
    "digits-permuted": Exhibit("digits", 64, {"permuted": True}, count=3),
    "text": Exhibit("text", 40),
}
