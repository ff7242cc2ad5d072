"""Which members a condition has, which settings are tried for them, and how they are trained."""

from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, create_model, model_validator

from timeshare.experiment.strict import (
    MOST_ITEMS,
    Count,
    Device,
    Few,
    Rate,
    Strict,
    distinct,
)

SizeList = Annotated[
    list[Count | Literal["fresh"]],
    Field(min_length=1, max_length=MOST_ITEMS),
    AfterValidator(distinct),
]
LARGEST = 999_999
"""The largest number of a rule or seed that is reported; those of a search are larger."""
Number = Annotated[int, Field(ge=0, le=LARGEST)]
Amount = Annotated[float, Field(ge=0, le=1e38, allow_inf_nan=False)]


class Updates(Strict):
    """How many updates a member makes where it stops by itself."""

    least: Count = Field(description="updates before which no member stops")
    most: Count = Field(description="updates after which every member stops")
    patience: Count = Field(
        description="updates without progress after which a member stops: neither its validation "
        "score rose nor its training loss fell by 1 %"
    )

    @model_validator(mode="after")
    def _in_order(self) -> "Updates":
        if self.least > self.most:
            raise ValueError(
                f"least: {self.least} is more than most, {self.most}. It is at most that."
            )
        return self


class Training(Strict):
    """How members are trained; the same for every variant of a task."""

    old_keys = MappingProxyType(
        {"weight_decay": "It is tried like the learning rate: write it in `search.settings`."}
    )

    updates: Count | Updates = Field(
        600,
        description="optimiser updates of each member: a number, or `least`, `most` and "
        "`patience`, by which each member stops by itself",
    )
    batch: Count = Field(64, description="sequences in an update")
    clip: Rate = Field(1.0, description="largest norm of a member's gradient")
    update: Literal["sequence", "window"] = Field(
        "sequence",
        description="'sequence': the gradients of all windows add up to one update; "
        "'window': each window updates, as language models do",
    )
    window_offset: Literal["fixed", "random"] = Field(
        "fixed",
        description="'fixed': windows of truncated back-propagation begin at the same steps in "
        "each update; 'random': at an offset that each update draws",
    )
    lengths: Literal["fixed", "up-to"] = Field(
        "fixed", description="'fixed': train at T; 'up-to': each update draws a length from 1..T"
    )
    evaluations: Count = Field(
        12, description="evaluation points of the learning curve, over the most updates"
    )
    evaluation_sequences: Count = Field(
        256, description="most sequences of a split scored at each evaluation point"
    )
    device: Device = Field(
        "cpu",
        description="torch device of training and evaluation: cpu, cuda, cuda:<number>, or auto, a "
        "GPU where there is one",
    )
    threads: Few = Field(
        1,
        description="threads of a job; members are spread over them, and results are the same",
    )
    checkpoint_seconds: Rate = Field(60.0, description="seconds between two checkpoints")

    @property
    def most(self) -> int:
        """The most updates that a member makes."""
        return self.updates.most if isinstance(self.updates, Updates) else self.updates

    @property
    def plateau(self) -> Updates | None:
        """When members stop by themselves; None where all make the same number of updates."""
        return self.updates if isinstance(self.updates, Updates) else None


def _optional_fields() -> dict[str, Any]:
    fields: dict[str, Any] = {}
    for name, field in Training.model_fields.items():
        if name == "checkpoint_seconds":
            continue
        kind: Any = field.annotation
        for constraint in field.metadata:
            kind = Annotated[kind, constraint]
        fields[name] = (kind | None, Field(None, description=field.description))
    return fields


TrainingChange = create_model("TrainingChange", __base__=Strict, **_optional_fields())
TrainingChange.__doc__ = "What a task changes in the training of all its variants."


class Members(Strict):
    """The reported members of each condition, unless a sweep says otherwise."""

    old_keys = MappingProxyType({"learning_rates": "Write `search.settings` instead."})

    rules: Count = Field(
        5, description="number of rules, where the rule of a task is random; each is one unit"
    )
    seeds: Count = Field(
        5, description="number of seeds, where a task has one rule; each is one unit"
    )
    seeds_per_rule: Count = Field(
        1, description="number of seeds of each rule, where the rule of a task is random"
    )
    first_rule: Number = Field(
        0, description="number of the first rule; another one repeats the experiment on other rules"
    )
    first_seed: Number = Field(
        0,
        description="number of the first seed; another one repeats the experiment with other data "
        "and other initial weights",
    )
    train_sizes: SizeList | None = Field(
        None,
        description="numbers of distinct training sequences; `fresh`: new ones at each update; "
        "when left out 512, or, of a data set, a quarter, half and all of its training sequences",
    )


class Setting(Strict):
    """Values of the hyperparameters that are searched."""

    learning_rate: Rate = Field(description="learning rate of AdamW")
    weight_decay: Amount = Field(0.0, description="decoupled weight decay of AdamW")
    strength: Amount | None = Field(
        None, description="strength of a soft tie, instead of the schedule's own; others ignore it"
    )
    dropout: float = Field(0.0, ge=0, lt=1, description="share of units dropped while training")


SettingList = Annotated[
    list[Setting], Field(min_length=1, max_length=MOST_ITEMS), AfterValidator(distinct)
]


class Search(Strict):
    """How the setting of each variant is chosen, on rules or seeds that are never reported."""

    rules: Count = Field(
        2, description="rules (or seeds, where a task has one rule) on which settings are tried"
    )
    settings: SettingList = Field(
        [
            Setting(learning_rate=0.005),
            Setting(learning_rate=0.02),
            Setting(learning_rate=0.02, weight_decay=0.3),
        ],
        description="the settings that are tried for every variant; where there is one, it is used "
        "without a search",
    )
    unequal: bool = Field(
        False, description="whether variants of a task may have different numbers of settings"
    )
