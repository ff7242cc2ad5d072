"""A condition with its members: everything that one training job needs to know."""

import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Self

from pydantic import BaseModel, ConfigDict

from timeshare.data.splits import Unit
from timeshare.experiment.build import build_task
from timeshare.experiment.models import Variant
from timeshare.experiment.paths import condition_id
from timeshare.experiment.plan import Setting, Training
from timeshare.tasks.base import Task

FRESH = 2**31 - 1
"""The train size of members that read new sequences at each update."""
SEARCH = 1_000_000
"""Number of the first rule (or seed) of a search; those that are reported have smaller numbers."""


def size_name(train_size: int) -> str:
    """A train size as readers see it: a number, or `fresh`."""
    return "fresh" if train_size == FRESH else f"{train_size:,}"


class Role(StrEnum):
    """What members are trained for."""

    SEARCH = "search"
    """To choose a setting; their scores are never reported."""
    REPORTED = "reported"
    """To be evaluated and reported, with the setting that the search chose."""


class Member(BaseModel):
    """One trained network: a rule, a seed, a train size and one setting.

    Arguments:
        rule: number of the rule; 0 where the task has one rule.
        seed: number of the seed of initial weights, data and their order.
        train_size: number of distinct training sequences, or `FRESH`.
        setting: number of the setting in the condition's list; None where a search will choose it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: int
    seed: int
    train_size: int
    setting: int | None = None

    @property
    def unit(self) -> Unit:
        """The rule and the seed, which determine its data and its initial weights."""
        return Unit(self.rule, self.seed)


class Condition(BaseModel):
    """Task x variant x T x K with all its members: everything one training job needs to know.

    Arguments:
        members: those that are reported, without their settings.
        settings: what is tried for the variant.
        search_rules: rules, or seeds where the task has one rule, on which settings are tried.
        random_rule: whether the rule of the task is random, so that its rules are the units.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    task: str
    task_kind: str
    task_parameters: dict[str, Any]
    random_rule: bool
    variant: str
    network: Variant
    matched: Variant | None
    length: int
    truncation: int
    members: tuple[Member, ...]
    settings: tuple[Setting, ...]
    search_rules: int
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
        """Train sizes of the members, ascending; `FRESH` comes last."""
        return sorted({member.train_size for member in self.members})

    @property
    def drawn(self) -> int:
        """The most training sequences that are drawn once and read again."""
        return max((size for size in self.train_sizes if size != FRESH), default=0)

    @property
    def units(self) -> list[Unit]:
        """The rules and seeds of the reported members, ascending."""
        return sorted({member.unit for member in self.members})

    @property
    def searches(self) -> bool:
        """Whether there is more than one setting to choose from."""
        return len(self.settings) > 1

    @property
    def search_units(self) -> list[Unit]:
        """The rules and seeds that settings are tried on; none where there is no choice."""
        numbers = range(SEARCH, SEARCH + self.search_rules) if self.searches else ()
        return [Unit(each, 0) if self.random_rule else Unit(0, each) for each in numbers]

    @property
    def search_members(self) -> tuple[Member, ...]:
        """Every setting at each train size on each unit of the search."""
        return tuple(
            Member(rule=unit.rule, seed=unit.seed, train_size=size, setting=setting)
            for size in self.train_sizes
            for setting in range(len(self.settings))
            for unit in self.search_units
        )

    def with_settings(self, chosen: Mapping[int, int]) -> tuple[Member, ...]:
        """The reported members with the setting chosen for their train size.

        Arguments:
            chosen: number of the setting by train size.
        """
        return tuple(
            member.model_copy(update={"setting": chosen[member.train_size]})
            for member in self.members
        )

    def setting_of(self, member: Member) -> Setting:
        """The values of the hyperparameters that a member is trained with."""
        if member.setting is None:
            raise ValueError(f"{self.id}: no setting was chosen yet for {member}")
        return self.settings[member.setting]

    def unit_of(self, member: Member) -> int:
        """The unit of all statistics: number of the rule where it is random, else of the seed."""
        return member.rule if self.random_rule else member.seed

    def build_task(self) -> Task:
        """The task, with its parameters."""
        return build_task(self.task_kind, self.task_parameters)

    def resolved(self) -> dict[str, Any]:
        """All that determines the result, as plain values; a change of it calls for new training.

        The sweeps that contain a condition, its titles, and how often it saves a checkpoint do not.
        """
        untold = {"title": True, "settings": True}
        return self.model_dump(
            mode="json",
            exclude={
                "sweeps": True,
                "network": untold,
                "matched": untold,
                "training": {"checkpoint_seconds", "threads"},
            },
        )

    def digest(self) -> str:
        """A short hash of `resolved()`."""
        text = json.dumps(self.resolved(), sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:16]
