"""The grid: all conditions of a configuration, and the members of each."""

from timeshare.experiment.conditions import FRESH, Condition, Member
from timeshare.experiment.configuration import Experiment
from timeshare.experiment.models import Sweep


def expand(experiment: Experiment) -> dict[str, Condition]:
    """The union of all sweeps, by the ids of the conditions.

    A condition that several sweeps contain occurs once, with the members of all of them.
    """
    conditions: dict[str, Condition] = {}
    for name, sweep in experiment.sweeps.items():
        for condition in grid_of(experiment, name, sweep):
            known = conditions.get(condition.id)
            conditions[condition.id] = condition if known is None else _union(known, condition)
    return conditions


def grid_of(
    experiment: Experiment, name: str, sweep: Sweep, with_members: bool = True
) -> list[Condition]:
    """The conditions of one sweep.

    Arguments:
        experiment: the configuration.
        name: of the sweep.
        sweep: the sweep itself.
        with_members: whether conditions have their members, or none.
    """
    conditions = []
    for task in sweep.tasks:
        built = experiment.task(task)
        parameters, training = built.model_dump(mode="json"), experiment.training_of(task)
        random = built.random_rule
        members = _members(experiment, sweep, task, random) if with_members else ()
        conditions += [
            Condition(
                task=task,
                task_kind=experiment.task_kind(task),
                task_parameters=parameters,
                random_rule=random,
                variant=variant,
                network=experiment.variants[variant],
                matched=experiment.variants.get(experiment.variants[variant].match or ""),
                length=length,
                truncation=truncation,
                members=members,
                settings=tuple(experiment.settings_of(variant)),
                search_rules=experiment.search.rules,
                training=training,
                sweeps=(name,),
            )
            for variant in sweep.variants
            for length in sweep.lengths
            for truncation in truncations_of(sweep, length)
        ]
    return conditions


def truncations_of(sweep: Sweep, length: int) -> list[int]:
    """The truncations K of a sweep at length T, ascending; T itself where K is `full`."""
    steps = {length if k == "full" else k for k in sweep.truncations}
    return sorted(k for k in steps if k <= length)


def _members(
    experiment: Experiment, sweep: Sweep, task: str, random_rule: bool
) -> tuple[Member, ...]:
    """Every unit at every train size: each seed of each rule, or each seed of the one rule."""
    default = experiment.members
    rules, seeds = range(1), range(sweep.seeds or default.seeds)
    if random_rule:
        rules = range(default.first_rule, default.first_rule + (sweep.rules or default.rules))
        seeds = range(default.seeds_per_rule)
    return tuple(
        Member(rule=rule, seed=default.first_seed + seed, train_size=size)
        for size in sizes_of(experiment, sweep, task)
        for rule in rules
        for seed in seeds
    )


def sizes_of(experiment: Experiment, sweep: Sweep, task: str) -> list[int]:
    """The train sizes of a task in a sweep, ascending; `FRESH` comes last."""
    sizes = experiment.train_sizes_of(sweep, task)
    return sorted(FRESH if size == "fresh" else size for size in sizes)


def _union(one: Condition, other: Condition) -> Condition:
    members = sorted(
        set(one.members) | set(other.members),
        key=lambda member: (member.train_size, member.rule, member.seed),
    )
    return one.model_copy(update={"members": tuple(members), "sweeps": one.sweeps + other.sweeps})
