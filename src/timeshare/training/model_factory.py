"""The networks of a condition: one architecture, one member for each seed, size and rate.

Only `network_of` imports torch.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from timeshare.experiment import Condition, Variant
from timeshare.recurrent.architecture import Architecture, matching_hidden, parameter_count
from timeshare.recurrent.schedules.base import Schedule
from timeshare.registry import find
from timeshare.storage.streams import seed_of
from timeshare.tasks.base import Task

if TYPE_CHECKING:
    import torch

    from timeshare.recurrent.network import Network


def architecture_of(condition: Condition) -> Architecture:
    """The architecture of a condition's members.

    A variant that matches another gets the hidden size whose parameter count, at the same task
    and T, is nearest to the other's.
    """
    task = condition.build_task()
    if condition.matched is None:
        return _architecture(condition.network, task, condition.length)
    target = parameter_count(_architecture(condition.matched, task, condition.length)).total
    narrow = _architecture(
        condition.network.model_copy(update={"hidden_size": 1}), task, condition.length
    )
    return replace(narrow, hidden_size=matching_hidden(narrow, target))


def _architecture(variant: Variant, task: Task, length: int) -> Architecture:
    assert variant.hidden_size is not None
    return Architecture(
        cell=variant.cell,
        schedule=build_schedule(variant),
        hidden_size=variant.hidden_size,
        input_size=task.input_size,
        output_size=task.output_size,
        length=length,
        time_features=variant.time_features,
        readout=variant.readout,
        forget_bias=variant.forget_bias,
        recurrent_init=variant.recurrent_init,
    )


def build_schedule(variant: Variant) -> Schedule:
    """The schedule of a variant, with its parameters."""
    parameters = dict(variant.schedule)
    schedule = find("recurrent.schedules", parameters.pop("kind"))(**parameters)
    assert isinstance(schedule, Schedule)
    return schedule


def network_of(condition: Condition, device: torch.device | str = "cpu") -> Network:
    """The condition's members with their initial weights, in the order of `condition.members`.

    Initial weights depend on the seed's number alone: members of one seed have the same ones at
    every train size and learning rate, and variants are paired by seed.
    """
    from timeshare.recurrent.network import Network

    seeds = [seed_of("start", member.seed) for member in condition.members]
    return Network(architecture_of(condition), seeds, device=device)
