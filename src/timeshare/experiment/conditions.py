"""The grid: which conditions a configuration names, and the members of each."""

from __future__ import annotations

import hashlib
import json
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ConfigDict

from timeshare.experiment.build import build_task
from timeshare.experiment.models import Training, Variant
from timeshare.tasks.base import Task

if TYPE_CHECKING:
    from timeshare.experiment.configuration import Experiment
    from timeshare.experiment.models import Sweep


class Member(BaseModel):
    """One trained network: a seed, a train size, a learning rate."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    seed: int
    train_size: int
    learning_rate: float


class Condition(BaseModel):
    """Task x variant x T x K with all its members: everything one training job needs to know."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    task: str
    task_kind: str
    task_parameters: dict[str, Any]
    variant: str
    network: Variant
    matched: Variant | None
    length: int
    truncation: int
    members: tuple[Member, ...]
    training: Training
    sweeps: tuple[str, ...]

    @classmethod
    def of(cls, resolved: dict[str, Any]) -> Self:
        """The condition a resolved dictionary (`resolved()`) describes."""
        return cls.model_validate({"sweeps": ()} | resolved)

    @property
    def truncation_name(self) -> str:
        """`full` when K = T, else the number of steps K."""
        return "full" if self.truncation == self.length else str(self.truncation)

    @property
    def id(self) -> str:
        """The condition's name, which is also its folder below `results/runs`."""
        return str(
            PurePosixPath(
                self.task,
                self.variant,
                f"length-{self.length}",
                f"truncation-{self.truncation_name}",
            )
        )

    @property
    def wildcards(self) -> dict[str, str]:
        """What the paths of the condition's files are made from."""
        return {
            "task": self.task,
            "variant": self.variant,
            "length": str(self.length),
            "truncation": self.truncation_name,
        }

    @property
    def train_sizes(self) -> list[int]:
        """Train sizes of the members, ascending."""
        return sorted({member.train_size for member in self.members})

    @property
    def learning_rates(self) -> list[float]:
        """Learning rates of the members, ascending."""
        return sorted({member.learning_rate for member in self.members})

    @property
    def seeds(self) -> list[int]:
        """Seeds of the members, ascending."""
        return sorted({member.seed for member in self.members})

    def build_task(self) -> Task:
        """The task, with its parameters."""
        return build_task(self.task_kind, self.task_parameters)

    def resolved(self) -> dict[str, Any]:
        """All that decides the result, as plain values; a change of it calls for new training.

        The sweeps that name a condition, and how often it checkpoints, decide nothing.
        """
        content = self.model_dump(mode="json", exclude={"sweeps": True})
        content["training"].pop("checkpoint_seconds")
        return content

    def digest(self) -> str:
        """A short hash of `resolved()`."""
        text = json.dumps(self.resolved(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]


def expand(experiment: Experiment) -> dict[str, Condition]:
    """The union of all sweeps, by condition id; a condition several sweeps name is one.

    Its members are the union of theirs.
    """
    conditions: dict[str, Condition] = {}
    for name, sweep in experiment.sweeps.items():
        for condition in _grid(experiment, name, sweep):
            known = conditions.get(condition.id)
            conditions[condition.id] = condition if known is None else _union(known, condition)
    return conditions


def _grid(experiment: Experiment, name: str, sweep: Sweep) -> list[Condition]:
    members = _members(experiment, sweep)
    return [
        Condition(
            task=task,
            task_kind=experiment.tasks[task].kind or task,
            task_parameters=experiment.task(task).model_dump(mode="json"),
            variant=variant,
            network=experiment.variants[variant],
            matched=experiment.variants.get(experiment.variants[variant].match or ""),
            length=length,
            truncation=truncation,
            members=members,
            training=_training(experiment, task),
            sweeps=(name,),
        )
        for task in sweep.tasks
        for variant in sweep.variants
        for length in sweep.lengths
        for truncation in _truncations(sweep, length)
    ]


def _truncations(sweep: Sweep, length: int) -> list[int]:
    steps = {length if k == "full" else k for k in sweep.truncations}
    return sorted(k for k in steps if k <= length)


def _members(experiment: Experiment, sweep: Sweep) -> tuple[Member, ...]:
    default = experiment.members
    first = default.first_seed
    return tuple(
        Member(seed=seed, train_size=size, learning_rate=rate)
        for size in sorted(sweep.train_sizes or default.train_sizes)
        for rate in sorted(sweep.learning_rates or default.learning_rates)
        for seed in range(first, first + (sweep.seeds or default.seeds))
    )


def _training(experiment: Experiment, task: str) -> Training:
    change: Any = experiment.tasks[task].training
    return experiment.training.model_copy(update=change.model_dump(exclude_none=True))


def _union(one: Condition, other: Condition) -> Condition:
    members = sorted(
        set(one.members) | set(other.members),
        key=lambda member: (member.train_size, member.learning_rate, member.seed),
    )
    return one.model_copy(update={"members": tuple(members), "sweeps": one.sweeps + other.sweeps})
