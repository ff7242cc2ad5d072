"""The networks of a condition: one architecture, and the initial weights of each member.

Only the functions that return networks import torch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from timeshare.experiment import Condition, Member, Variant
from timeshare.experiment.build import build_reference
from timeshare.experiment.build import build_schedule as schedule_of_kind
from timeshare.experiment.fitting import misfit
from timeshare.experiment.plan import Setting
from timeshare.recurrent.architecture import Architecture, matching_hidden, parameter_count
from timeshare.recurrent.schedules.base import STRENGTH, Schedule
from timeshare.references.architecture import ReferenceArchitecture
from timeshare.storage.streams import seed_of
from timeshare.tasks.base import Targets, Task

if TYPE_CHECKING:
    import torch

    from timeshare.recurrent.network import Network
    from timeshare.references.network import ReferenceNetwork

AnyArchitecture = Architecture | ReferenceArchitecture
"""Of a recurrent network, or of a reference outside the recurrent family."""


def any_architecture_of(condition: Condition) -> AnyArchitecture:
    """The architecture of a condition's members.

    A variant that matches another gets the hidden size whose parameter count, at the same task
    and T, is nearest to the other's. Raises `ValueError` where the variant cannot do the task.
    """
    task = condition.build_task()
    whole = condition.truncation == condition.length
    fixed = condition.training.lengths == "fixed"
    fault = misfit(condition.network, task, whole, fixed)
    if fault is None and condition.matched is not None:
        fault = misfit(condition.matched, task)
    if fault is not None:
        raise ValueError(f"{condition.id}: {fault}")
    if condition.matched is None:
        return _architecture(condition.network, task, condition.length)
    target = parameter_count(_architecture(condition.matched, task, condition.length)).total
    narrow = _architecture(
        condition.network.model_copy(update={"hidden_size": 1}), task, condition.length
    )
    return replace(narrow, hidden_size=matching_hidden(narrow, target))


def architecture_of(condition: Condition) -> Architecture:
    """As `any_architecture_of`, of a recurrent condition; raises `ValueError` of a reference."""
    architecture = any_architecture_of(condition)
    if not isinstance(architecture, Architecture):
        raise ValueError(f"{condition.id}: {condition.network.reference} is no recurrent network")
    return architecture


def _architecture(variant: Variant, task: Task, length: int) -> AnyArchitecture:
    if variant.reference is not None:
        return ReferenceArchitecture(
            reference=build_reference(variant.reference),
            hidden_size=variant.hidden_size or 0,
            input_size=task.input_size,
            output_size=task.output_size,
            length=length,
            dense=task.targets is Targets.DENSE,
        )
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
        embedding=variant.embedding,
    )


def build_schedule(variant: Variant) -> Schedule:
    """The schedule of a variant, with its parameters."""
    return schedule_of_kind(variant.schedule)


def any_network_of(
    condition: Condition, members: Sequence[Member], device: torch.device | str = "cpu"
) -> Network | ReferenceNetwork:
    """Members of a condition with their initial weights, in the order given.

    Initial weights depend on the rule and the seed alone: members of one unit have the same ones at
    every train size and setting, and variants are paired by unit. The masks of dropout depend on
    the unit and the train size.

    Arguments:
        condition: what the members belong to.
        members: with their settings.
        device: any torch device.
    """
    from timeshare.recurrent.network import Network
    from timeshare.references.network import ReferenceNetwork

    architecture = any_architecture_of(condition)
    settings = [condition.setting_of(member) for member in members]
    seeds = [seed_of("start", *member.unit) for member in members]
    rates = [setting.dropout for setting in settings]
    masks = [seed_of("dropout", *member.unit, member.train_size) for member in members]
    if not isinstance(architecture, Architecture):
        return ReferenceNetwork(
            architecture, seeds, device=device, dropouts=rates, dropout_seeds=masks
        )
    return Network(
        architecture,
        seeds,
        device=device,
        strengths=strengths_of(architecture.schedule, settings),
        dropouts=rates,
        dropout_seeds=masks,
    )


def network_of(
    condition: Condition, members: Sequence[Member], device: torch.device | str = "cpu"
) -> Network:
    """As `any_network_of`, of a recurrent condition; raises `ValueError` of a reference."""
    from timeshare.recurrent.network import Network

    network = any_network_of(condition, members, device)
    if not isinstance(network, Network):
        raise ValueError(f"{condition.id}: {condition.network.reference} is no recurrent network")
    return network


def strengths_of(schedule: Schedule, settings: Sequence[Setting]) -> list[float] | None:
    """The strength of each member's tie, where the schedule has one and a setting names it."""
    own = getattr(schedule, STRENGTH, None)
    if own is None or all(setting.strength is None for setting in settings):
        return None
    return [own if setting.strength is None else setting.strength for setting in settings]
