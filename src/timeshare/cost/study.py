"""What the study reads of an experiment, as plain values that go from the workflow to its jobs.

It names no more than decides what is counted and measured, so that a change of anything else
measures nothing again.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from timeshare.cost.plan import conditions
from timeshare.experiment import Condition, Experiment, Variant
from timeshare.experiment.cost import Cost
from timeshare.experiment.models import TaskEntry

SIZES = {"lengths", "truncations", "truncated_lengths", "members", "batch", "hidden"}
"""What the section `cost` says of the conditions studied."""


def study(experiment: Experiment, variants: Sequence[str]) -> dict[str, Any]:
    """What decides the study's conditions of some variants."""
    task = experiment.cost.task or next(iter(experiment.tasks))
    matched = (experiment.variants[name].match for name in variants)
    known = dict.fromkeys([*variants, *filter(None, matched)])
    return {
        "task": task,
        "kind": experiment.tasks[task].kind or task,
        "parameters": experiment.task(task).model_dump(mode="json"),
        "names": list(variants),
        "variants": {name: experiment.variants[name].model_dump(mode="json") for name in known},
        "sizes": experiment.cost.model_dump(mode="json", include=SIZES),
    }


def variants_of(content: Mapping[str, Any]) -> dict[str, Variant]:
    """The variants of a study, by name, and those they match."""
    return {name: Variant.model_validate(each) for name, each in content["variants"].items()}


def conditions_of(content: Mapping[str, Any]) -> list[Condition]:
    """The conditions of a study, as `study` gave it."""
    task = TaskEntry(kind=content["kind"], parameters=content["parameters"])
    read: dict[str, Any] = {"tasks": {content["task"]: task}, "variants": variants_of(content)}
    cost = Cost(task=content["task"], **content["sizes"])
    return conditions(Experiment.model_construct(**read), cost, content["names"])
