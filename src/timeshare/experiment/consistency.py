"""Checks that need several sections of the configuration: whether these fit together."""

from collections.abc import Collection, Iterator, Mapping

from pydantic import ValidationError

from timeshare import registry
from timeshare.data.drawing import shortage
from timeshare.experiment.build import TASKS, build_task
from timeshare.experiment.claim_ids import claim_ids
from timeshare.experiment.fitting import misfit
from timeshare.experiment.models import Sweep
from timeshare.experiment.plan import LARGEST
from timeshare.experiment.sections import Sections
from timeshare.experiment.strict import unknown
from timeshare.tasks.base import Split, Targets, Task


def faults(sections: Sections) -> Iterator[str]:
    """Unknown names, and tasks, lengths and sizes that do not go together.

    A check relies on those before it, so only the first fault is meaningful.
    """
    built: dict[str, Task] = {}
    for name in sections.tasks:
        try:
            built[name] = sections.task(name)
            # The last rule of a search, counted from the task's own
            built[name].of_rule(LARGEST + sections.search.rules)
        except ValidationError:
            yield f"tasks.{name}: rule_seed is too large to count rules from. Write a smaller one."
            return
        except ValueError as error:
            yield f"tasks.{name}: {error}"
            return
    yield from _match_faults(sections)
    claims = claim_ids(sections.claims.further)
    for name, sweep in sections.sweeps.items():
        yield from _names(f"sweeps.{name}.tasks", "task", sweep.tasks, sections.tasks)
        yield from _names(f"sweeps.{name}.variants", "variant", sweep.variants, sections.variants)
        yield from _names(f"sweeps.{name}.claims", "claim", sweep.claims, claims)
        yield from _number_faults(f"sweeps.{name}", sweep, sections)
    yield from _setting_faults(sections)
    yield from _cost_faults(sections, built)
    for name, sweep in sections.sweeps.items():
        for task in sweep.tasks:
            yield from _length_faults(task, built[task], sections)
            yield from _size_faults(f"sweeps.{name}", task, built[task], sweep, sections)
            yield from _misfits(name, sweep, task, built[task], sections)


def _names(key: str, what: str, named: list[str], known: Collection[str]) -> Iterator[str]:
    for name in named:
        if name not in known:
            yield f"{key}: " + unknown(what, name, list(known))


def _match_faults(sections: Sections) -> Iterator[str]:
    for name, variant in sections.variants.items():
        if variant.match is None:
            continue
        yield from _names(f"variants.{name}.match", "variant", [variant.match], sections.variants)
        if sections.variants[variant.match].match is not None:
            yield (
                f"variants.{name}.match: {variant.match!r} itself matches another variant. "
                "Match a variant that states its `hidden_size`."
            )


def _setting_faults(sections: Sections) -> Iterator[str]:
    """Variants of a task, in whichever sweeps, that have more settings to choose from."""
    counts: dict[str, dict[str, int]] = {}
    for sweep in sections.sweeps.values():
        tried = {name: len(sections.settings_of(name)) for name in sweep.variants}
        for task in sweep.tasks:
            counts[task] = counts.get(task, {}) | tried
    for task, tried in counts.items():
        if len(set(tried.values())) > 1 and not sections.search.unequal:
            listed = ", ".join(f"{name} {count}" for name, count in tried.items())
            yield (
                f"sweeps: variants of the task {task!r} need equally many settings, but these "
                f"have: {listed}. Give each as many, or write `search.unequal: true`."
            )


def _number_faults(key: str, sweep: Sweep, sections: Sections) -> Iterator[str]:
    """Rules and seeds whose numbers are those of a search."""
    members = sections.members
    last = {
        "rules": members.first_rule + (sweep.rules or members.rules) - 1,
        "seeds": members.first_seed + (sweep.seeds or members.seeds) - 1,
    }
    for what, number in last.items():
        if number > LARGEST:
            yield (
                f"{key}.{what}: the last one has the number {number}, but numbers above {LARGEST} "
                "belong to the search. Name fewer, or a smaller first one in `members`."
            )


def _cost_faults(sections: Sections, built: Mapping[str, Task]) -> Iterator[str]:
    cost = sections.cost
    yield from _names("cost.variants", "variant", cost.variants or [], sections.variants)
    if cost.task is None or cost.task in built:
        return
    if ":" not in cost.task and not registry.exists(TASKS.name, cost.task):
        yield "cost.task: " + unknown(
            "task", cost.task, sorted({*built, *registry.names(TASKS.name)})
        )
        return
    try:
        build_task(cost.task, {})
    except ValueError as error:
        yield f"cost.task: {error}"


def _length_faults(name: str, task: Task, sections: Sections) -> Iterator[str]:
    for length in sections.evaluated_lengths(name):
        if fault := task.length_fault(length):
            yield f"tasks.{name}: length {length}: {fault}"
    if sections.training_of(name).window_offset == "random" and task.targets is not Targets.DENSE:
        yield (
            f"tasks.{name}.training.window_offset: 'random' shifts the windows of tasks with a "
            f"target at each step, and {name!r} has one at the end. Write 'fixed'."
        )
    if sections.training_of(name).lengths == "up-to" and task.real and not task.prefixes:
        yield (
            f"tasks.{name}.training.lengths: 'up-to' needs sequences of every length, and {name!r} "
            "is a data set with a target at the end of each sequence. Train it at 'fixed' lengths."
        )


def _misfits(
    name: str, sweep: Sweep, task_name: str, task: Task, sections: Sections
) -> Iterator[str]:
    """Variants that cannot do a task of their sweep, or match one that cannot."""
    fixed = sections.training_of(task_name).lengths == "fixed"
    whole = not any(
        truncation != "full" and truncation < length
        for truncation in sweep.truncations
        for length in sweep.lengths
    )
    for own in sweep.variants:
        variant = sections.variants[own]
        fault = misfit(variant, task, whole, fixed)
        if fault is None and variant.match is not None:
            fault = misfit(sections.variants[variant.match], task)
        if fault is not None:
            yield f"sweeps.{name}.variants: {own!r} on the task {task_name!r}: {fault}"


def _size_faults(
    key: str, name: str, task: Task, sweep: Sweep, sections: Sections
) -> Iterator[str]:
    sizes = sections.train_sizes_of(sweep, name)
    if "fresh" in sizes and not task.makes_fresh:
        yield (
            f"{key}.train_sizes: 'fresh' needs a task that can always make new sequences, which "
            f"{name!r} cannot. Name numbers of training sequences instead."
        )
    largest = max((size for size in sizes if size != "fresh"), default=1)
    available = task.size(Split.TRAIN)
    if available is not None and largest > available:
        yield (
            f"{key}.train_sizes: {largest} is more than the {available} training "
            f"sequences {name!r} has. Give the sweep train sizes up to {available}."
        )
    for length in sorted(sweep.lengths):
        if fault := shortage(task, length, largest):
            yield f"{key}.train_sizes: task {name!r}: {fault}"
