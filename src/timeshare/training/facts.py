"""Facts of a condition's task and variant, for tables from which every later step reads them."""

import json
from collections.abc import Mapping
from typing import Any

from timeshare.experiment import Condition, Member, Variant
from timeshare.experiment.conditions import Role
from timeshare.recurrent.architecture import Architecture, parameter_count
from timeshare.tasks.base import Targets, Task

RECURRENT = "recurrent"
"""The family of networks that unroll a cell over the steps."""
OWN_WIDTH, MATCHED_WIDTH = "own", "matched"
"""Where a hidden size comes from: the configuration, or another variant's parameter count."""


def condition_facts(condition: Condition, architecture: Architecture) -> dict[str, Any]:
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
        "memoryless_score": task.memoryless_score(length, truncation),
        "input_size": task.input_size,
        "output_size": task.output_size,
    }


def variant_facts(variant: Variant, architecture: Architecture) -> dict[str, Any]:
    """What claims and reports ask of a variant.

    Arguments:
        variant: as the configuration lists it.
        architecture: what the variant is made of at the condition's task and T.
    """
    count = parameter_count(architecture)
    parameters = {name: value for name, value in variant.schedule.items() if name != "kind"}
    return {
        "family": RECURRENT,
        "cell": variant.cell,
        "schedule": variant.schedule["kind"],
        "schedule_parameters": json.dumps(parameters, sort_keys=True),
        "hidden_size": architecture.hidden_size,
        "width": OWN_WIDTH if variant.match is None else MATCHED_WIDTH,
        "time_features": variant.time_features,
        "readout": variant.readout,
        "plain": variant.time_features == 0 and variant.readout == "shared",
        "parameters": count.total,
        "parameters_cell": count.cell,
        "parameters_readout": count.readout,
    }
