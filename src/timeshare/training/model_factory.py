"""The networks of a condition: one architecture, and the initial weights of each member.

Only `network_of` imports torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from timeshare.experiment import Condition, Member, Variant
from timeshare.experiment.plan import Setting
from timeshare.recurrent.architecture import Architecture, matching_hidden, parameter_count
from timeshare.recurrent.schedules.base import STRENGTH, Schedule
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


def network_of(
    condition: Condition, members: Sequence[Member], device: torch.device | str = "cpu"
) -> Network:
    """Members of a condition with their initial weights, in the order given.

    Initial weights depend on the rule and the seed alone: members of one unit have the same ones at
    every train size and setting, and variants are paired by unit.

    Arguments:
        condition: what the members belong to.
        members: with their settings.
        device: any torch device.
    """
    from timeshare.recurrent.network import Network

    seeds = [seed_of("start", *member.unit) for member in members]
    architecture = architecture_of(condition)
    settings = [condition.setting_of(member) for member in members]
    strengths = strengths_of(architecture.schedule, settings)
    return Network(architecture, seeds, device=device, strengths=strengths)


def strengths_of(schedule: Schedule, settings: Sequence[Setting]) -> list[float] | None:
    """The strength of each member's tie, where the schedule has one and a setting names it."""
    own = getattr(schedule, STRENGTH, None)
    if own is None or all(setting.strength is None for setting in settings):
        return None
    return [own if setting.strength is None else setting.strength for setting in settings]
