"""The configuration as a whole: what `config.yaml` may say, and whether its parts fit together."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pydantic import Field, ValidationError, model_validator

from timeshare.experiment.build import build_task
from timeshare.experiment.cost import Cost
from timeshare.experiment.faults import faults
from timeshare.experiment.models import (
    Evaluation,
    Members,
    Sweep,
    TaskEntry,
    Tracking,
    Training,
    Variant,
)
from timeshare.experiment.reading import read_yaml
from timeshare.experiment.strict import Name, Strict, explain
from timeshare.experiment.thresholds import Thresholds
from timeshare.tasks.base import Task


class Experiment(Strict):
    """One question, one grid of conditions, one report."""

    results: str = Field("results", description="folder of data, runs and tables")
    reports: str = Field("reports", description="folder of the report")
    tasks: dict[Name, TaskEntry] = Field(min_length=1, description="the tasks, by name")
    variants: dict[Name, Variant] = Field(min_length=1, description="the variants, by name")
    members: Members = Field(description="seeds, train sizes and learning rates")
    training: Training = Field(Training(), description="how members are trained")
    evaluation: Evaluation = Field(description="what members are evaluated on")
    claims: Thresholds = Field(
        Thresholds(),
        description="decision rules of the claims: what counts as a difference",
    )
    cost: Cost = Field(Cost(), description="what the compute-cost study measures and projects")
    tracking: Tracking = Field(Tracking(), description="where runs are logged")
    sweeps: dict[Name, Sweep] = Field(
        min_length=1,
        description="the grids; the experiment is their union and trains each condition once",
    )

    @model_validator(mode="after")
    def _parts_fit_together(self) -> "Experiment":
        for fault in faults(self):
            raise ValueError(fault)
        return self

    @classmethod
    def parse(cls, content: Mapping[str, Any], source: str = "config.yaml") -> "Experiment":
        """Validate a configuration that was already read.

        Raises `ConfigurationError` with one line a fault.
        """
        try:
            return cls.model_validate(dict(content))
        except ValidationError as error:
            raise explain(error, source) from None

    @classmethod
    def read(cls, path: Path) -> "Experiment":
        """Read and validate a configuration file.

        Raises `ConfigurationError` with one line a fault.
        """
        return cls.parse(read_yaml(path), path.name)

    def task(self, name: str) -> Task:
        """The task an entry names, with its parameters."""
        entry = self.tasks[name]
        return build_task(entry.kind or name, entry.parameters)

    def evaluated_lengths(self, task: str) -> list[int]:
        """Lengths evaluated for a task: the configured ones and every T it is trained at."""
        configured = self.tasks[task].evaluation_lengths or self.evaluation.lengths
        trained = {
            length for sweep in self.sweeps.values() if task in sweep.tasks
            for length in sweep.lengths
        }  # fmt: skip
        return sorted(trained.union(configured))
