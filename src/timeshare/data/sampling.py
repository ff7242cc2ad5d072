"""What a task's `sample` gave, held to what the task promises."""

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from timeshare.registry import ContractError
from timeshare.tasks.base import NO_TARGET, Sequences, Split, Targets, Task


def sampled(task: Task, count: int, length: int, split: Split, rng: Generator) -> Sequences:
    """Sequences of a task; arguments as for `Task.sample`.

    Raises `ContractError` where they are not what the task promises.
    """
    sequences = task.sample(count, length, split, rng)
    if fault := sequences_fault(task, sequences, count, length):
        call = f"sample(count={count}, length={length}, split={split})"
        raise ContractError(f"task {type(task).__name__}: {call}: {fault}.")
    return sequences


def sequences_fault(task: Task, sequences: object, count: int, length: int) -> str | None:
    """Why these are not sequences of the task, in one sentence without its full stop; None if so.

    Arguments:
        task: says what symbols, features, classes and groups there are.
        sequences: what `sample` returned.
        count: sequences asked for.
        length: steps T asked for.
    """
    if not isinstance(sequences, Sequences):
        return f"it returns {type(sequences).__name__} instead of Sequences"
    for name in ("inputs", "targets"):
        found = getattr(sequences, name)
        if not isinstance(found, np.ndarray):
            return f"`{name}` is {type(found).__name__} instead of a NumPy array"
    return (
        _inputs_fault(task, sequences.inputs, length)
        or _count_fault(task, len(sequences.inputs), count)
        or _targets_fault(task, sequences.targets, (len(sequences.inputs), length))
        or _lengths_fault(sequences, length)
        or _groups_fault(task, sequences)
    )


def _count_fault(task: Task, found: int, count: int) -> str | None:
    if task.real and found > count:
        return f"it returns {found} sequences, and at most {count} were asked for"
    if not task.real and found != count:
        return f"it returns {found} sequences, and {count} were asked for"
    return None


def _inputs_fault(task: Task, inputs: NDArray[np.generic], length: int) -> str | None:
    if task.symbolic:
        if inputs.ndim != 2 or inputs.shape[1] != length:
            return (
                f"`inputs` has the shape {list(inputs.shape)}, and symbols are [N, {length}]; "
                "a task with features says that `symbolic` is False"
            )
        if inputs.dtype.kind not in "iu":
            return f"`inputs` are {inputs.dtype}, and symbols are integers"
        return _range_fault("inputs", inputs, 0, task.input_size, "`input_size`")
    if inputs.ndim != 3 or inputs.shape[1:] != (length, task.input_size):
        return (
            f"`inputs` has the shape {list(inputs.shape)}, and features are "
            f"[N, {length}, {task.input_size}], the last being `input_size`"
        )
    if inputs.dtype != np.float32:
        return f"`inputs` are {inputs.dtype}, and features are float32"
    if not np.isfinite(inputs.astype(np.float32)).all():
        return "`inputs` holds numbers that are not finite"
    return None


def _targets_fault(task: Task, targets: NDArray[np.generic], shape: tuple[int, int]) -> str | None:
    expected = shape if task.targets is Targets.DENSE else shape[:1]
    if targets.shape != expected:
        return (
            f"`targets` has the shape {list(targets.shape)}, and those of a {task.targets} task "
            f"are {list(expected)}"
        )
    if not task.metric.classifies:
        if targets.dtype != np.float32:
            return f"`targets` are {targets.dtype}, and values are float32"
        return "`targets` holds an infinite value" if np.isinf(targets).any() else None
    if targets.dtype.kind not in "iu":
        return f"`targets` are {targets.dtype}, and classes are integers"
    return _range_fault("targets", targets, NO_TARGET, task.output_size, "`output_size`")


def _range_fault(
    name: str, values: NDArray[np.generic], least: int, size: int, limit: str
) -> str | None:
    """Numbers from `least` to `size` - 1 are allowed."""
    if values.size == 0:
        return None
    low, high = int(values.min()), int(values.max())
    if low >= least and high < size:
        return None
    outside = low if low < least else high
    extra = f", or {NO_TARGET} where nothing is asked" if least < 0 else ""
    return f"`{name}` holds {outside}, and {limit} allows 0 to {size - 1}{extra}"


def _lengths_fault(sequences: Sequences, length: int) -> str | None:
    lengths = sequences.lengths
    if lengths is None:
        return None
    if lengths.shape != (sequences.count,) or lengths.dtype.kind not in "iu":
        return f"`lengths` is {lengths.dtype} {list(lengths.shape)}, and it is one integer each"
    if lengths.size and not 1 <= lengths.min() <= lengths.max() <= length:
        return f"`lengths` runs from {lengths.min()} to {lengths.max()}, and 1 to {length} may be"
    return None


def _groups_fault(task: Task, sequences: Sequences) -> str | None:
    groups, names = sequences.groups, task.group_names
    if groups is None:
        return (
            f"`groups` is None, and the task has the groups {', '.join(names)}" if names else None
        )
    if not names:
        return "`groups` is given, and `group_names` is empty"
    if groups.shape not in ((sequences.count,), sequences.targets.shape):
        return f"`groups` has the shape {list(groups.shape)}, and it is one a sequence or target"
    if groups.dtype.kind not in "iu":
        return f"`groups` are {groups.dtype}, and they are integers"
    least = 0 if groups.ndim == 1 else -1
    return _range_fault("groups", groups, least, len(names), "`group_names`")
