"""The configuration as a collection of sections, before it is checked that they fit together."""

from types import MappingProxyType
from typing import Literal

from pydantic import Field

from timeshare.experiment.build import build_task
from timeshare.experiment.cost import Cost
from timeshare.experiment.limits import Limits
from timeshare.experiment.models import (
    Evaluation,
    Report,
    Sweep,
    TaskEntry,
    Tracking,
    Variant,
)
from timeshare.experiment.paths import Paths
from timeshare.experiment.plan import Members, Search, Setting, Training
from timeshare.experiment.strict import Name, Strict
from timeshare.experiment.thresholds import Thresholds
from timeshare.tasks.base import Split, Task

_PLACE = (
    "Results lie in results/<name>/ and reports in reports/<name>/. Write `name: <name>` instead; "
    "left out, it is the name of the file without its ending."
)


class Sections(Strict):
    """All sections of a configuration, each valid by itself."""

    old_keys = MappingProxyType({"results": _PLACE, "reports": _PLACE})

    name: Name = Field(
        "config",
        description="name of the experiment and of its folders below `results` and `reports`; "
        "the name of the file, without its ending, when left out",
    )
    tasks: dict[Name, TaskEntry] = Field(min_length=1, description="the tasks, by name")
    variants: dict[Name, Variant] = Field(min_length=1, description="the variants, by name")
    members: Members = Field(
        Members(), description="rules, seeds and train sizes of the reported members"
    )
    search: Search = Field(
        Search(), description="settings of the hyperparameters, and how one is chosen"
    )
    training: Training = Field(Training(), description="how members are trained")
    evaluation: Evaluation = Field(Evaluation(), description="what members are evaluated on")
    claims: Thresholds = Field(
        Thresholds(),
        description="decision rules of the claims: what counts as a difference",
    )
    cost: Cost = Field(Cost(), description="what the compute-cost study measures and projects")
    report: Report = Field(Report(), description="what the report shows")
    tracking: Tracking = Field(Tracking(), description="where runs are logged")
    limits: Limits = Field(Limits(), description="the largest experiment that is begun")
    sweeps: dict[Name, Sweep] = Field(
        min_length=1,
        description="the grids; the experiment is their union and trains each condition once",
    )

    @property
    def paths(self) -> Paths:
        """Where the files of the experiment lie."""
        return Paths(self.name)

    def task_kind(self, name: str) -> str:
        """The registered name or the import path of an entry's task."""
        return self.tasks[name].kind or name

    def task(self, name: str) -> Task:
        """The task of an entry, with its parameters."""
        return build_task(self.task_kind(name), self.tasks[name].parameters)

    def training_of(self, task: str) -> Training:
        """How members of a task are trained: the section `training`, with the entry's changes."""
        change = self.tasks[task].training
        given = {name: value for name, value in change if value is not None}
        return self.training.model_copy(update=given)

    def settings_of(self, variant: str) -> list[Setting]:
        """The settings tried for a variant: its own, or those of the section `search`."""
        return self.variants[variant].settings or self.search.settings

    def train_sizes_of(self, sweep: Sweep, task: str) -> list[int | Literal["fresh"]]:
        """Train sizes of a task in a sweep: its own, those of `members`, or ones that fit the task.

        Those are 512, or, of a data set, a quarter, half and all of its training sequences.
        """
        named = sweep.train_sizes or self.members.train_sizes
        if named is not None:
            return named
        available = self.task(task).size(Split.TRAIN)
        if available is None:
            return [512]
        return sorted({max(available // share, 1) for share in (4, 2, 1)})

    def trained_lengths(self, task: str) -> list[int]:
        """Lengths T that a task is trained at, in any sweep."""
        sweeps = [sweep for sweep in self.sweeps.values() if task in sweep.tasks]
        return sorted({length for sweep in sweeps for length in sweep.lengths})

    def evaluated_lengths(self, task: str) -> list[int]:
        """Lengths evaluated for a task: the configured ones and every T it is trained at.

        Where none are configured they are T, 2T and 4T, as far as the task can make them.
        """
        trained = self.trained_lengths(task)
        configured = self.tasks[task].evaluation_lengths or self.evaluation.lengths
        if configured is None:
            built = self.task(task)
            longer = (times * length for times in (2, 4) for length in trained)
            configured = [length for length in longer if built.length_fault(length) is None]
        return sorted({*trained, *configured})
