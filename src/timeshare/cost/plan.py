"""Which conditions the cost study counts and measures. Imports no torch.

They are conditions of their own: the experiment's variants at the lengths, truncations and hidden
size of the section `cost`, with sequences that are drawn for timing alone.
"""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any, Literal

from timeshare.cost.fitting import fitted, timed_kind, timed_name, timed_task
from timeshare.cost.formulas import Update
from timeshare.experiment import Condition, Experiment, Member, Setting, Training, Variant
from timeshare.experiment.cost import Cost
from timeshare.experiment.fitting import misfit
from timeshare.recurrent.architecture import Architecture
from timeshare.tasks.base import Targets, Task
from timeshare.training.model_factory import architecture_of


def counted_variants(experiment: Experiment, cost: Cost) -> list[str]:
    """The recurrent variants that can do the task of the study; references are not counted."""
    if not cost.enabled:
        return []
    return [name for name in experiment.variants if _unfit(experiment, cost, name) is None]


def _unfit(experiment: Experiment, cost: Cost, name: str) -> str | None:
    """Why a variant is not part of the study; None where it is."""
    variant = experiment.variants[name]
    if variant.reference is not None:
        return "a reference outside the recurrent family is not measured. Leave it out."
    task = timed_task(experiment, cost)
    matched = experiment.variants.get(variant.match or "")
    return misfit(variant, task) or (misfit(matched, task) if matched else None)


def measured_variants(experiment: Experiment, cost: Cost) -> list[str]:
    """The variants that are measured: those of `cost.variants`, or the first of each kind.

    A kind is a cell with a schedule; references outside the recurrent family are not measured.
    Variants with a hidden size of their own, one read-out, no time features and no embedding are
    preferred, where there are any.

    Raises `ValueError` where `cost.variants` has one that cannot be measured.
    """
    if not cost.enabled:
        return []
    if cost.variants is not None:
        for name in cost.variants:
            if reason := _unfit(experiment, cost, name):
                raise ValueError(f"cost.variants: {name!r}: {reason}")
        return list(cost.variants)
    counted = {name: experiment.variants[name] for name in counted_variants(experiment, cost)}
    plain = {
        name: variant
        for name, variant in counted.items()
        if variant.match is None
        and not (variant.time_features or variant.embedding)
        and variant.readout == "shared"
    }
    first: dict[tuple[str, str], str] = {}
    for name, variant in (plain or counted).items():
        first.setdefault((variant.cell, variant.schedule["kind"]), name)
    return list(first.values())


def conditions(experiment: Experiment, cost: Cost, variants: list[str]) -> list[Condition]:
    """Every variant at every length and truncation, all at the study's hidden size.

    Arguments:
        experiment: its tasks, variants and training plan; no other section is read where `cost`
            names its lengths.
        cost: the section `cost`.
        variants: names of the variants.
    """
    task = timed_name(experiment, cost)
    training = Training(updates=1, batch=cost.batch, update=update_rule(experiment, task))
    members = tuple(
        Member(rule=0, seed=seed, train_size=cost.batch, setting=0) for seed in range(cost.members)
    )
    built = timed_task(experiment, cost)
    return [
        Condition(
            task=task,
            task_kind=timed_kind(experiment, cost),
            task_parameters=built.model_dump(mode="json"),
            random_rule=built.random_rule,
            variant=name,
            network=_at_width(experiment.variants[name], cost.hidden_size),
            matched=_matched(experiment, name, cost.hidden_size),
            length=length,
            truncation=truncation,
            members=members,
            settings=(Setting(learning_rate=0.001),),
            search_rules=1,
            training=training,
            sweeps=(),
        )
        for name in variants
        for length, truncation in _grid(fitted(experiment, cost))
    ]


def with_both_updates(study: Iterable[Condition]) -> Iterator[Condition]:
    """The conditions of a study, and truncated ones of shared networks with the other update, too.

    What truncation saves depends on whether an update reads all steps of a sequence or K of them.
    Conditions of one variant and T stay next to each other.
    """
    for _, group in groupby(study, key=lambda each: (each.variant, each.length)):
        same = list(group)
        yield from same
        if len(same) > 1 and same[0].network.schedule["kind"] == "shared":
            for condition in same:
                usual = condition.training.update
                other = "window" if usual == "sequence" else "sequence"
                training = condition.training.model_copy(update={"update": other})
                yield condition.model_copy(update={"training": training})


def update_rule(experiment: Experiment, task: str) -> Literal["sequence", "window"]:
    """What makes one update of a task: all windows of a sequence, or each window."""
    change: Any = experiment.tasks[task].training if task in experiment.tasks else None
    rule: Literal["sequence", "window"] = (change and change.update) or experiment.training.update
    return rule


def _grid(cost: Cost) -> Iterator[tuple[int, int]]:
    """Every length at K = T, and the shorter truncations at some lengths."""
    lengths, truncated = cost.lengths or [], cost.truncated_lengths or []
    for length in sorted({*lengths, *truncated}):
        shorter = cost.truncations if length in truncated else []
        yield from ((length, k) for k in sorted(shorter) if k < length)
        yield length, length


def _at_width(variant: Variant, hidden: int) -> Variant:
    return variant if variant.match else variant.model_copy(update={"hidden_size": hidden})


def _matched(experiment: Experiment, name: str, hidden: int) -> Variant | None:
    match = experiment.variants[name].match
    return None if match is None else _at_width(experiment.variants[match], hidden)


def update_of(condition: Condition, members: int | None = None, compiled: bool = True) -> Update:
    """What an update of the condition works on.

    Arguments:
        condition: any condition of the experiment or of the study.
        members: members counted; all of the condition's where None.
        compiled: whether the compiled kernels unroll the cell.
    """
    count = len(condition.members) if members is None else members
    task = condition.build_task()
    return update_with(architecture_of(condition), condition, task, count, compiled)


def update_with(
    architecture: Architecture,
    condition: Condition,
    task: Task,
    members: int,
    compiled: bool = True,
) -> Update:
    """As `update_of`, of a condition whose architecture and task are at hand."""
    return Update(
        architecture=architecture,
        truncation=condition.truncation,
        members=members,
        batch=condition.training.batch,
        dense=task.targets is Targets.DENSE,
        compiled=compiled,
    )


def factors(condition: Condition) -> dict[str, Any]:
    """The columns that identify a condition of the study."""
    return {
        "variant": condition.variant,
        "cell": condition.network.cell,
        "schedule": condition.network.schedule["kind"],
        "length": condition.length,
        "truncation": condition.truncation,
        "hidden_size": architecture_of(condition).hidden_size,
        "members": len(condition.members),
        "batch": condition.training.batch,
    }
