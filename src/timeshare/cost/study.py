"""What the cost study reads of an experiment, as plain values for the jobs of the workflow.

Only what changes the counts and measurements is among them, so that a change of anything else in
the configuration repeats no measurement. Imports no torch.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from timeshare.cost.fitting import fitted, timed_kind, timed_name, timed_task
from timeshare.cost.plan import conditions, update_rule
from timeshare.experiment import Condition, Experiment, Training, Variant
from timeshare.experiment.cost import Cost
from timeshare.experiment.models import TaskEntry

SIZES = {"lengths", "truncations", "truncated_lengths", "members", "batch", "hidden_size"}
"""Keys of the section `cost` that the conditions of the study depend on."""


def study(experiment: Experiment, variants: Sequence[str]) -> dict[str, Any]:
    """Everything that the study's conditions of these variants depend on."""
    task = timed_name(experiment, experiment.cost)
    matched = (experiment.variants[name].match for name in variants)
    known = dict.fromkeys([*variants, *filter(None, matched)])
    return {
        "task": task,
        "kind": timed_kind(experiment, experiment.cost),
        "parameters": timed_task(experiment, experiment.cost).model_dump(mode="json"),
        "names": list(variants),
        "variants": {name: experiment.variants[name].model_dump(mode="json") for name in known},
        "update": update_rule(experiment, task),
        "sizes": fitted(experiment, experiment.cost).model_dump(mode="json", include=SIZES),
    }


def variants_of(content: Mapping[str, Any]) -> dict[str, Variant]:
    """The variants of a study and those whose parameter count they match, by name."""
    return {name: Variant.model_validate(each) for name, each in content["variants"].items()}


def conditions_of(content: Mapping[str, Any]) -> list[Condition]:
    """The conditions of a study, whose content is as `study` gives it."""
    task = TaskEntry(kind=content["kind"], parameters=content["parameters"])
    read: dict[str, Any] = {
        "tasks": {content["task"]: task},
        "variants": variants_of(content),
        "training": Training(update=content["update"]),
    }
    cost = Cost(task=content["task"], **content["sizes"])
    return conditions(Experiment.model_construct(**read), cost, content["names"])
