"""What every task keeps, whatever its rule."""

import random
from collections.abc import Iterator

import numpy as np

from timeshare.checking.checks import Check
from timeshare.checking.fields import field_faults
from timeshare.data.drawing import draw_available
from timeshare.data.sampling import sampled, sequences_fault
from timeshare.tasks.base import Sequences, Split, Targets, Task
from timeshare.tasks.metrics import Metric

COUNT = 64
"""Sequences drawn for a check."""
CANDIDATES = (12, 8, 16, 10, 20, 24, 9, 6, 30, 40, 64, 5, 4, 3, 2, 1)
"""Lengths that are tried until the task can make two of them."""
HEADINGS = ("Remember: ", "Chance: ", "Unseen length: ", "Source: ")


def checks(task: Task) -> list[Check]:
    """The checks of a task, those that others rest on first."""
    return [
        Check("says what it is", lambda: _facts(task), needed=True),
        Check("describes its parameters", lambda: field_faults(type(task), Task)),
        Check("can make sequences of some length", lambda: _lengths_faults(task), needed=True),
        Check("samples what it promises: shapes, dtypes, ranges", lambda: _samples(task), True),
        Check("samples the same again from the same generator", lambda: _repeats(task)),
        Check("uses the generator that it is given and no other", lambda: _only_rng(task)),
        Check("begins a larger set with the smaller one", lambda: _prefixes(task)),
        Check("makes as many sequences as its space holds", lambda: _distinct(task)),
        Check("keeps test and validation sequences out of training", lambda: _leaks(task)),
        Check("has rules that differ, where its rule is random", lambda: _rules(task)),
        Check("comes back from its own parameters", lambda: _returns(task)),
        Check("scores chance and memory as numbers", lambda: _scores(task)),
        Check("tells its rule in its docstring", lambda: _documented(task)),
    ]


def lengths(task: Task) -> list[int]:
    """Up to two lengths that the task can make."""
    return [length for length in CANDIDATES if task.length_fault(length) is None][:2]


def _facts(task: Task) -> Iterator[str]:
    for name, kind in (("targets", Targets), ("metric", Metric)):
        if not isinstance(getattr(task, name), kind):
            yield f"`{name}` is {getattr(task, name)!r}; write a member of {kind.__name__}."
    for name in ("input_size", "output_size"):
        size = getattr(task, name)
        if not isinstance(size, int) or size < 1:
            yield f"`{name}` is {size!r}, and it is a whole number from 1."
            return
    for name, size in (("input_names", task.input_size), ("output_names", task.output_size)):
        if len(getattr(task, name)) != size:
            yield f"`{name}` has {len(getattr(task, name))} names for {size}."
    for name in ("symbolic", "continues", "learnable", "prefixes"):
        if not isinstance(getattr(task, name), bool):
            yield f"`{name}` is {getattr(task, name)!r}, and it is True or False."


def _lengths_faults(task: Task) -> Iterator[str]:
    if not lengths(task):
        reason = task.length_fault(CANDIDATES[0])
        tried = ", ".join(map(str, sorted(CANDIDATES)))
        yield f"`length_fault` refuses all lengths that were tried ({tried}); the first: {reason}."
    if task.length_fault(0) is None:
        yield "`length_fault(0)` is None, but a sequence has at least one step."


def _sample(task: Task, length: int, split: Split, seed: int = 0, count: int = COUNT) -> Sequences:
    return task.sample(count, length, split, np.random.default_rng(seed))


def _samples(task: Task) -> Iterator[str]:
    for length in lengths(task):
        for split in Split:
            call = f"sample(count={COUNT}, length={length}, split={split})"
            found = _sample(task, length, split)
            if fault := sequences_fault(task, found, COUNT, length):
                yield f"{call}: {fault}."
                return
            if fault := _nothing_asked(task, found):
                yield f"{call}: {fault}"


def _nothing_asked(task: Task, found: Sequences) -> str | None:
    if found.count == 0:
        return "it returns no sequence."
    asked = found.targets >= 0 if task.metric.classifies else ~np.isnan(found.targets)
    return None if asked.any() else "no target is asked at any step."


def _arrays(found: Sequences) -> list[bytes]:
    parts = (found.inputs, found.targets, found.lengths, found.groups)
    return [b"" if part is None else np.ascontiguousarray(part).tobytes() for part in parts]


def _repeats(task: Task) -> Iterator[str]:
    length = lengths(task)[0]
    for split in Split:
        if _arrays(_sample(task, length, split)) != _arrays(_sample(task, length, split)):
            yield (
                f"two calls of `sample` for {split} with equal generators differ: use `rng` and no "
                "other randomness, and change nothing between calls."
            )
    one, other = (_arrays(_sample(task, length, Split.TRAIN, seed)) for seed in (0, 1))
    if not task.real and one == other:
        yield "`sample` gives the same sequences whatever `rng` is: draw them from `rng`."


def _only_rng(task: Task) -> Iterator[str]:
    def state() -> tuple[str, str]:
        return str(random.getstate()), str(np.random.get_state(legacy=False))  # noqa: NPY002

    before = state()
    _sample(task, lengths(task)[0], Split.TEST)
    after = state()
    for name, old, new in zip(("random", "numpy.random"), before, after, strict=True):
        if old != new:
            yield f"`sample` changes the global state of `{name}`: draw from `rng` alone."


def _prefixes(task: Task) -> Iterator[str]:
    length = lengths(task)[0]
    for split in Split:
        more = draw_available(task, COUNT, length, split)
        few = draw_available(task, COUNT // 2, length, split)
        if _arrays(more.first(few.count)) != _arrays(few):
            yield (
                f"the first {few.count} of {more.count} {split} sequences are others than those of "
                f"a set of {few.count}: their order may not depend on `count`."
            )


def _distinct(task: Task) -> Iterator[str]:
    length = lengths(task)[0]
    if task.real or task.space(length) < COUNT**2:
        return
    found = draw_available(task, COUNT, length, Split.TRAIN).count
    if found < COUNT:
        yield (
            f"only {found} distinct training sequences of length {length} were found, and `space` "
            f"says that there are {task.space(length):g}: define `space`, or draw more kinds."
        )


def _leaks(task: Task) -> Iterator[str]:
    # Short beginnings of real sequences can be equal by chance.
    possible = [length for length in CANDIDATES if task.length_fault(length) is None]
    length = max(possible) if task.real else possible[0]
    drawn = {split: draw_available(task, COUNT * 4, length, split) for split in Split}
    rows = {
        split: {row.tobytes() for row in np.ascontiguousarray(found.inputs)}
        for split, found in drawn.items()
    }
    if not task.real and task.space(length) < 256:
        return  # so few inputs are shared by the splits
    for held in (Split.VALIDATION, Split.TEST):
        if shared := len(rows[Split.TRAIN] & rows[held]):
            yield f"{shared} {held} sequences of length {length} are training sequences, too."
    if task.holds_out and drawn[Split.VALIDATION].groups is not None:
        groups = drawn[Split.VALIDATION].groups
        if groups is not None and (groups > 0).any():
            yield "validation holds sequences of held-out groups; settings are chosen with it."


def _rules(task: Task) -> Iterator[str]:
    if not task.random_rule:
        if task.of_rule(1) != task:
            yield "`of_rule(1)` is another task, but there is no field `rule_seed`."
        return
    length = lengths(task)[0]
    if task.of_rule(0) != task:
        yield "`of_rule(0)` is another task; rules are counted from the task's own `rule_seed`."
    one, other = (_sample(task.of_rule(rule), length, Split.TRAIN) for rule in (1, 2))
    if _arrays(one) == _arrays(other):
        yield "two rules give the same sequences and targets: draw the rule from `rule_seed`."


def _returns(task: Task) -> Iterator[str]:
    if type(task).model_validate(task.model_dump(mode="json")) != task:
        yield "a task made from `model_dump` of this one is another task."


def _scores(task: Task) -> Iterator[str]:
    length = lengths(task)[0]
    sequences = sampled(task, COUNT, length, Split.TEST, np.random.default_rng(0))
    if not np.isfinite(task.chance(sequences)):
        yield f"`chance` is {task.chance(sequences)}, and it is a finite number."
    for window in (1, length):
        score = task.memoryless_score(length, window)
        if score is not None and not 0 <= score <= 1:
            yield f"`memoryless_score({length}, {window})` is {score}, and it lies from 0 to 1."


def _documented(task: Task) -> Iterator[str]:
    lacking = [each.strip() for each in HEADINGS if each not in (task.__doc__ or "")]
    if lacking:
        yield f"the docstring has no paragraph that begins with {', '.join(lacking)}"
