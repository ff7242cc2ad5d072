"""The grid: all conditions of a configuration, and the members of each."""

from timeshare.experiment.conditions import Condition, Member
from timeshare.experiment.configuration import Experiment
from timeshare.experiment.models import Sweep


def expand(experiment: Experiment) -> dict[str, Condition]:
    """The union of all sweeps, by the ids of the conditions.

    A condition that several sweeps contain occurs once, with the members of all of them.
    """
    conditions: dict[str, Condition] = {}
    for name, sweep in experiment.sweeps.items():
        for condition in _grid(experiment, name, sweep):
            known = conditions.get(condition.id)
            conditions[condition.id] = condition if known is None else _union(known, condition)
    return conditions


def _grid(experiment: Experiment, name: str, sweep: Sweep) -> list[Condition]:
    members = _members(experiment, sweep)
    return [
        Condition(
            task=task,
            task_kind=experiment.task_kind(task),
            task_parameters=experiment.task(task).model_dump(mode="json"),
            variant=variant,
            network=experiment.variants[variant],
            matched=experiment.variants.get(experiment.variants[variant].match or ""),
            length=length,
            truncation=truncation,
            members=members,
            training=experiment.training_of(task),
            sweeps=(name,),
        )
        for task in sweep.tasks
        for variant in sweep.variants
        for length in sweep.lengths
        for truncation in _truncations(sweep, length)
    ]


def _truncations(sweep: Sweep, length: int) -> list[int]:
    steps = {length if k == "full" else k for k in sweep.truncations}
    return sorted(k for k in steps if k <= length)


def _members(experiment: Experiment, sweep: Sweep) -> tuple[Member, ...]:
    default = experiment.members
    first = default.first_seed
    return tuple(
        Member(seed=seed, train_size=size, learning_rate=rate)
        for size in sorted(sweep.train_sizes or default.train_sizes)
        for rate in sorted(sweep.learning_rates or default.learning_rates)
        for seed in range(first, first + (sweep.seeds or default.seeds))
    )


def _union(one: Condition, other: Condition) -> Condition:
    members = sorted(
        set(one.members) | set(other.members),
        key=lambda member: (member.train_size, member.learning_rate, member.seed),
    )
    return one.model_copy(update={"members": tuple(members), "sweeps": one.sweeps + other.sweeps})
