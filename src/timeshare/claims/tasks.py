"""What the claims need to know of a task, read from the task itself."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from timeshare.experiment.build import build_task
from timeshare.tasks.base import Targets

UNKNOWN = -1.0


@dataclass(frozen=True)
class Facts:
    """A task's nature.

    Arguments:
        learnable: whether a rule exists at all.
        continues: whether it goes on past T.
        dense: whether each step has a target.
        change: share of the rule that is new at each step, 0 where the rule is always the same,
            `UNKNOWN` where it changes by a share that the task does not tell.
    """

    learnable: bool
    continues: bool
    dense: bool
    change: float


@cache
def facts_of(kind: str, parameters: str) -> Facts:
    """The facts of a task of a kind with these parameters (JSON)."""
    values: dict[str, Any] = json.loads(parameters)
    task = build_task(kind, values)
    varies = task.learnable and not task.continues
    change = float(getattr(task, "change", UNKNOWN)) if varies else 0.0
    return Facts(task.learnable, task.continues, task.targets is Targets.DENSE, change)


@cache
def within_reach(kind: str, parameters: str, length: int, truncation: int) -> float | None:
    """The score of a perfect solver that remembers nothing from before its window of K steps.

    Windows of a dense task begin at the first step, that of a final task ends at the last one.
    None where no closed form is known; such a task cannot tell memory beyond K from skill within.
    """
    values: dict[str, Any] = json.loads(parameters)
    offsets = np.arange(length) % truncation
    first = np.arange(length) < truncation
    if kind == "recall":
        return float(truncation >= length)
    if kind in ("parity", "modular", "automaton"):
        # Without the state at the border, every later state is equally likely.
        return float(first.mean())
    if kind == "latch":
        written = 1 - (1 - float(values.get("rate", 0.1))) ** (offsets + 1)
        return float(np.where(first, 1.0, written).mean())
    if kind == "adding":
        # Of the two independent numbers, each marker inside the window explains half the variance.
        half = length // 2
        late = min(1.0, truncation / (length - half))
        early = max(0.0, truncation - (length - half)) / half
        return (late + early) / 2
    return None
