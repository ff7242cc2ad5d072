"""The sections of the configuration, as models that describe every key."""

from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, model_validator

from timeshare.experiment.build import (
    NONE,
    CellKind,
    ReferenceKind,
    ScheduleKind,
    build_reference,
    cells_with_forget_gate,
)
from timeshare.experiment.import_paths import ImportPath
from timeshare.experiment.plan import SettingList, SizeList, TrainingChange
from timeshare.experiment.stores import StoreAddress
from timeshare.experiment.strict import (
    MOST_ITEMS,
    Count,
    Features,
    Length,
    LengthList,
    NameList,
    Strict,
    Title,
    Width,
    distinct,
    renamed,
)

Truncation = Length | Literal["full"]
ClaimList = Annotated[list[str], Field(max_length=MOST_ITEMS), AfterValidator(distinct)]


SEQUENCES_AT_ONCE = 128
"""Sequences of a set on which all members of a condition are evaluated at once."""


class TaskEntry(Strict):
    """A task of the experiment."""

    title: Title | None = Field(
        None, description="what readers of the report call the task; made from the rest if left out"
    )
    kind: str | None = Field(
        None,
        description="a built-in task or an import path 'my_package.module:MyTask'; "
        "the entry's own name when left out",
    )
    parameters: dict[str, Any] = Field({}, description="parameters of the task")
    training: TrainingChange = Field(
        TrainingChange(), description="changes to `training` for every variant of this task"
    )
    evaluation_lengths: LengthList | None = Field(
        None, description="lengths evaluated for this task; those of `evaluation` when left out"
    )


class Variant(Strict):
    """A cell with a schedule, or a reference; a width rule and inputs."""

    old_keys = renamed(
        hidden="hidden_size", clock="time_features", recurrent_start="recurrent_init"
    )

    title: Title | None = Field(
        None,
        description="what readers of the report call the variant; made from the rest if left out",
    )
    cell: CellKind = Field(
        NONE, description="rnn, gru, lstm, or an import path; left out for a reference"
    )
    schedule: ScheduleKind = Field(
        {"kind": NONE},
        description="`kind` (shared, unshared, ... or an import path) and its parameters; "
        "left out for a reference",
    )
    reference: ReferenceKind | None = Field(
        None,
        description="instead of `cell` and `schedule`: a network outside the recurrent family, "
        "`kind` (mlp, cnn, logistic or an import path) and its parameters, or the kind alone",
    )
    hidden_size: Width | None = Field(
        None, description="hidden size H; left out for a reference without hidden units"
    )
    match: str | None = Field(
        None,
        description="instead of `hidden_size`: the variant whose parameter count, at the same T, "
        "this one's hidden size comes nearest to",
    )
    time_features: Features = Field(
        0, description="sinusoidal features of the step, appended to the inputs; their number"
    )
    settings: SettingList | None = Field(
        None, description="settings tried for this variant, instead of those of `search`"
    )
    readout: Literal["shared", "per-step"] = Field(
        "shared", description="one read-out for all steps, or one a step"
    )
    forget_bias: float | None = Field(
        None,
        ge=-1000,
        le=1000,
        description="initial bias of the LSTM's forget gate; as in torch.nn when left out",
    )
    recurrent_init: Literal["uniform", "orthogonal"] = Field(
        "uniform", description="initialisation of the recurrent matrix"
    )
    embedding: Features = Field(
        0,
        description="features of a learned embedding of the symbols, which all steps share and "
        "the cell receives in their place; 0 is none",
    )

    @model_validator(mode="after")
    def _one_family(self) -> "Variant":
        recurrent = self.cell != NONE and self.schedule["kind"] != NONE
        named = self.cell != NONE or self.schedule["kind"] != NONE
        if self.reference is None and not recurrent:
            raise ValueError("name a `cell` and a `schedule`, or a `reference` instead of both.")
        if self.reference is not None and named:
            raise ValueError("name a `reference`, or a `cell` and a `schedule`, not both.")
        return self

    @model_validator(mode="after")
    def _recurrent_keys(self) -> "Variant":
        fields = type(self).model_fields
        for key in ("time_features", "readout", "forget_bias", "recurrent_init", "embedding"):
            if self.reference is not None and getattr(self, key) != fields[key].default:
                raise ValueError(
                    f"{key}: {getattr(self, key)!r} is found, but a reference has no such thing. "
                    "Leave the key out."
                )
        return self

    @model_validator(mode="after")
    def _one_width(self) -> "Variant":
        if self.reference is not None and not build_reference(self.reference).sized:
            if self.hidden_size is not None or self.match is not None:
                raise ValueError(
                    f"the reference {self.reference['kind']!r} has no hidden units. Leave "
                    "`hidden_size` and `match` out."
                )
            return self
        if (self.hidden_size is None) == (self.match is None):
            raise ValueError("name either `hidden_size` or `match`, not both and not neither.")
        return self

    @model_validator(mode="after")
    def _gate_exists(self) -> "Variant":
        if self.forget_bias is None or ":" in self.cell or self.cell == NONE:
            return self
        gated = cells_with_forget_gate()
        if self.cell not in gated:
            raise ValueError(
                f"forget_bias: {self.forget_bias:g} is found, but the cell {self.cell!r} has no "
                f"forget gate. Leave the key out, or name a cell that has one: {', '.join(gated)}."
            )
        return self


class Evaluation(Strict):
    """What trained members are evaluated on."""

    lengths: LengthList | None = Field(
        None,
        description="lengths evaluated beside each T trained at, seen or unseen; when left out T, "
        "2T and 4T, as far as a task can make them",
    )
    sequences: Count = Field(512, description="sequences in each validation and test set")


class Tracking(Strict):
    """Where runs are logged; a view of the files, never their source."""

    old_keys = MappingProxyType(
        {"per_seed": "Leave it out: a run is a condition, and lists its rules or seeds in a table."}
    )

    enabled: bool = Field(True, description="log runs to MLflow")
    store: StoreAddress | None = Field(
        None,
        description="tracking store: an http(s) address or a database URI; "
        "an SQLite file in the results folder when left out",
    )
    experiment: Title = Field("timeshare", description="name of the MLflow experiment")
    register_best: bool = Field(
        False, alias="register", description="register the best model of each task"
    )


class Report(Strict):
    """What the report shows beyond the figures of the package."""

    figures: list[ImportPath] = Field(
        [],
        max_length=MOST_ITEMS,
        description="further figures, each by its import path 'my_package.module:MyFigure'",
    )


class Sweep(Strict):
    """A full grid of tasks x variants x lengths x truncations; keys left out are `members`'."""

    old_keys = MappingProxyType({"learning_rates": "Write `search.settings` instead."})

    tasks: NameList = Field(description="tasks of the grid")
    variants: NameList = Field(description="variants of the grid")
    lengths: LengthList = Field(description="training lengths T")
    truncations: list[Truncation] = Field(
        ["full"],
        min_length=1,
        max_length=MOST_ITEMS,
        description="truncation lengths K, numbers of steps or 'full'",
    )
    rules: Count | None = Field(
        None, description="number of rules, counted from `members.first_rule`"
    )
    seeds: Count | None = Field(
        None, description="number of seeds, counted from `members.first_seed`"
    )
    train_sizes: SizeList | None = Field(None, description="train sizes")
    claims: ClaimList = Field(
        [], description="ids of the claims that the sweep serves, such as C5; its runs are tagged"
    )

    @model_validator(mode="after")
    def _truncations_fit(self) -> "Sweep":
        for place, truncation in enumerate(self.truncations):
            if truncation in self.truncations[:place]:
                raise ValueError(f"truncations: {truncation!r} is named twice. Name each once.")
            if truncation != "full" and truncation > max(self.lengths):
                lengths = ", ".join(str(length) for length in self.lengths)
                raise ValueError(
                    f"truncations: {truncation} is longer than every length of the sweep "
                    f"({lengths}). A truncation is a number of steps up to the length, or 'full'."
                )
        return self
