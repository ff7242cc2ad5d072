"""A condition with its members: everything that one training job needs to know."""

import hashlib
import json
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from timeshare.experiment.build import build_task
from timeshare.experiment.models import Training, Variant
from timeshare.experiment.paths import condition_id
from timeshare.tasks.base import Task


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
        """The condition's name, which is also its folder below the folder of runs."""
        return condition_id(self.task, self.variant, self.length, self.truncation_name)

    @property
    def train_sizes(self) -> list[int]:
        """Train sizes of the members, ascending."""
        return sorted({member.train_size for member in self.members})

    @property
    def seeds(self) -> list[int]:
        """Seeds of the members, ascending."""
        return sorted({member.seed for member in self.members})

    def build_task(self) -> Task:
        """The task, with its parameters."""
        return build_task(self.task_kind, self.task_parameters)

    def resolved(self) -> dict[str, Any]:
        """All that determines the result, as plain values; a change of it calls for new training.

        The sweeps that contain a condition, and how often it saves a checkpoint, do not.
        """
        content = self.model_dump(mode="json", exclude={"sweeps": True})
        content["training"].pop("checkpoint_seconds")
        return content

    def digest(self) -> str:
        """A short hash of `resolved()`."""
        text = json.dumps(self.resolved(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]
