"""The section `cost` of the configuration: what the compute-cost study measures and projects."""

from typing import Annotated

from pydantic import Field, model_validator

from timeshare.experiment.build import CellKind, ScheduleKind
from timeshare.experiment.strict import (
    Count,
    Device,
    Few,
    Length,
    LengthList,
    Name,
    NameList,
    Rate,
    Strict,
    Title,
    Width,
    WidthList,
    renamed,
)

Span = Annotated[int, Field(ge=1, le=1_000_000_000_000)]
"""A length in steps that is projected and never trained."""


class Projection(Strict):
    """A network of a usual size, at lengths whose training needs more memory than is at hand."""

    old_keys = renamed(hidden="hidden_size", inputs="input_size", outputs="output_size")

    cell: CellKind = Field("lstm", description="rnn, gru, lstm, or an import path")
    schedules: dict[Name, ScheduleKind] = Field(
        {
            "shared": {"kind": "shared"},
            "blocks": {"kind": "blocks", "size": 16},
            "basis": {"kind": "basis", "functions": 8},
            "unshared": {"kind": "unshared"},
        },
        min_length=1,
        description="schedules projected, by name, each with its `kind` and parameters",
    )
    hidden_size: Width = Field(512, description="hidden size H of the projected curves")
    hidden_sizes: WidthList = Field(
        [32, 64, 128, 256, 512, 1024, 2048, 4096],
        description="hidden sizes H whose longest sequence is projected for each machine",
    )
    input_size: Width = Field(128, description="input features D")
    output_size: Width = Field(128, description="outputs O")
    batch: Count = Field(64, description="sequences in an update")
    truncation: Length = Field(128, description="truncation K of the truncated curves")
    shortest: Span = Field(1_000, description="shortest length projected")
    longest: Span = Field(10_000_000, description="longest length projected")
    machines: dict[Title, Rate] = Field(
        {"a laptop": 16, "one data-centre GPU": 80, "a node of eight": 640},
        description="kinds of machine, each with its memory in gigabytes (10^9 bytes)",
    )

    @model_validator(mode="after")
    def _lengths_are_ordered(self) -> "Projection":
        if self.shortest >= self.longest:
            raise ValueError(
                f"shortest: {self.shortest} is not shorter than longest, {self.longest}."
            )
        return self


class Cost(Strict):
    """What the compute-cost study measures, alone on the machine, and what it projects."""

    old_keys = renamed(hidden="hidden_size", solved="claims.solved")

    enabled: bool = Field(True, description="count, measure and project what updates cost")
    task: str | None = Field(
        None,
        description="task whose sequences are timed: one of `tasks`, or a registered kind or an "
        "import path with its own defaults; the first one of `tasks` when left out",
    )
    variants: NameList | None = Field(
        None,
        description="variants measured; when left out the first one of each cell and schedule",
    )
    lengths: LengthList | None = Field(
        None,
        description="lengths T measured at K = T; when left out 16 to 1024, or, where the task has "
        "no such lengths, parts and multiples of the longest one of the sweeps. Lengths that the "
        "task cannot make are measured with made-up sequences of its shape",
    )
    truncations: LengthList = Field(
        [1, 4, 16, 64, 256], description="truncations K measured at `truncated_lengths`"
    )
    truncated_lengths: LengthList | None = Field(
        None,
        description="lengths T at which shorter truncations are measured, too; when left out 32, "
        "128 and 512, as far as `lengths` go, or the longest one",
    )
    members: Few = Field(2, description="members trained at once in a measured update")
    batch: Count = Field(64, description="sequences in a measured update, of each member")
    hidden_size: Width = Field(32, description="hidden size H of every measured variant")
    rounds: Few = Field(5, description="rounds; each times every measured network once")
    device: Device = Field(
        "cpu", description="torch device that is measured: cpu, cuda, cuda:<number> or auto"
    )
    level: float = Field(
        0.9,
        gt=0,
        le=1,
        description="validation score whose first time is the time to quality; 0 is chance, "
        "1 perfect",
    )
    projection: Projection = Field(
        Projection(), description="lengths whose cost is projected from formulas"
    )
