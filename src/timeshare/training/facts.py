"""Facts of a condition's task and variant, for tables from which every later step reads them."""

import json
from collections.abc import Mapping
from typing import Any

from timeshare.experiment import Condition, Member, Variant
from timeshare.experiment.build import NONE
from timeshare.experiment.conditions import Role
from timeshare.recurrent.architecture import Architecture, parameter_count
from timeshare.tasks.base import Targets, Task
from timeshare.training.model_factory import AnyArchitecture

RECURRENT = "recurrent"
"""The family of networks that unroll a cell over the steps."""
OWN_WIDTH, MATCHED_WIDTH = "own", "matched"
"""Where a hidden size comes from: the configuration, or another variant's parameter count."""


def condition_facts(condition: Condition, architecture: AnyArchitecture) -> dict[str, Any]:
    """The facts of a condition, as plain values by the column of `conditions` that holds them."""
    task = condition.build_task()
    return {
        **_identity(condition),
        **task_facts(task, condition.length, condition.truncation),
        **variant_facts(condition.network, architecture),
        **_training(condition),
    }


def _training(condition: Condition) -> dict[str, Any]:
    plan, task = condition.training, condition.build_task()
    rules = sorted({member.rule for member in condition.members})
    shares = [task.of_rule(rule).share_changed(condition.length) for rule in rules]
    known = [share for share in shares if share is not None]
    return {
        "rule_change_measured": sum(known) / len(known) if known else None,
        "batch": plan.batch,
        "updates": plan.most,
        "update": plan.update,
        "lengths": plan.lengths,
        "window_offset": plan.window_offset,
        "settings": len(condition.settings),
        "units": len(condition.units),
        "members": len(condition.members),
    }


def reported_members(run: Mapping[str, Any]) -> tuple[Member, ...]:
    """The reported members of a run, with their settings, in the order of its weights.

    Arguments:
        run: the content of the run's file `run.json`.
    """
    return tuple(Member(**fields) for fields in run[Role.REPORTED]["members"])


def _identity(condition: Condition) -> dict[str, Any]:
    return {
        "task": condition.task,
        "variant": condition.variant,
        "length": condition.length,
        "truncation": condition.truncation,
        "task_kind": condition.task_kind,
        "task_parameters": json.dumps(condition.task_parameters, sort_keys=True),
    }


def task_facts(task: Task, length: int, truncation: int) -> dict[str, Any]:
    """What claims and reports ask of a task.

    Arguments:
        task: the task itself.
        length: steps T trained at.
        truncation: steps K of a window.
    """
    return {
        "metric": str(task.metric),
        "learnable": task.learnable,
        "dense": task.targets is Targets.DENSE,
        "random_rule": task.random_rule,
        "continues": task.continues,
        "rule_changes": task.rule_change_rate != 0,
        "rule_change_rate": task.rule_change_rate,
        "symbolic": task.symbolic,
        "real": task.real,
        "groups": ", ".join(task.group_names),
        "holds_out": task.holds_out,
        "resampled": task.resampled,
        "memoryless_score": task.memoryless_score(length, truncation),
        "input_size": task.input_size,
        "output_size": task.output_size,
    }


def variant_facts(variant: Variant, architecture: AnyArchitecture) -> dict[str, Any]:
    """What claims and reports ask of a variant.

    A reference has its kind as its family, no cell and no schedule, and its parameters stand where
    those of the schedule do. What it learns before the read-out counts as the cell's.

    Arguments:
        variant: as the configuration lists it.
        architecture: what the variant is made of at the condition's task and T.
    """
    count = parameter_count(architecture)
    recurrent = isinstance(architecture, Architecture)
    named = variant.reference or variant.schedule
    parameters = {name: value for name, value in named.items() if name != "kind"}
    return {
        "family": variant.reference["kind"] if variant.reference else RECURRENT,
        "cell": variant.cell,
        "schedule": variant.schedule["kind"],
        "schedule_parameters": json.dumps(parameters, sort_keys=True),
        "hidden_size": architecture.hidden_size,
        "width": OWN_WIDTH if variant.match is None else MATCHED_WIDTH,
        "time_features": variant.time_features,
        "readout": variant.readout,
        "embedding": variant.embedding,
        "init": architecture.schedule.init if isinstance(architecture, Architecture) else NONE,
        "plain": recurrent and variant.time_features == 0 and variant.readout == "shared",
        "parameters": count.total,
        "parameters_cell": count.cell,
        "parameters_readout": count.readout,
        "parameters_embedding": count.embedding,
    }
