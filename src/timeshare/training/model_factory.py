"""The networks of a condition: one architecture, one member for each seed, size and rate.

Only the functions that return networks import torch.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from timeshare.experiment import Condition, Variant
from timeshare.experiment.build import build_reference
from timeshare.experiment.build import build_schedule as schedule_of_kind
from timeshare.experiment.fitting import misfit
from timeshare.recurrent.architecture import Architecture, matching_hidden, parameter_count
from timeshare.recurrent.schedules.base import Schedule
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
    condition: Condition, device: torch.device | str = "cpu"
) -> Network | ReferenceNetwork:
    """The condition's members with their initial weights, in the order of `condition.members`.

    Initial weights depend on the seed's number alone: members of one seed have the same ones at
    every train size and learning rate, and variants are paired by seed. The masks of dropout depend
    on the seed and the train size.
    """
    from timeshare.recurrent.network import Network
    from timeshare.references.network import ReferenceNetwork

    architecture = any_architecture_of(condition)
    seeds = [seed_of("start", member.seed) for member in condition.members]
    rates = [condition.network.dropout for _ in condition.members]
    masks = [seed_of("dropout", member.seed, member.train_size) for member in condition.members]
    if isinstance(architecture, Architecture):
        return Network(architecture, seeds, device=device, dropouts=rates, dropout_seeds=masks)
    return ReferenceNetwork(architecture, seeds, device=device, dropouts=rates, dropout_seeds=masks)


def network_of(condition: Condition, device: torch.device | str = "cpu") -> Network:
    """As `any_network_of`, of a recurrent condition; raises `ValueError` of a reference."""
    from timeshare.recurrent.network import Network

    network = any_network_of(condition, device)
    if not isinstance(network, Network):
        raise ValueError(f"{condition.id}: {condition.network.reference} is no recurrent network")
    return network
