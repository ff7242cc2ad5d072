"""What every schedule keeps, whatever the cell."""

from collections.abc import Iterator, Mapping

import torch
from torch import Tensor

from timeshare.checking.checks import Check
from timeshare.checking.fields import field_faults, import_faults
from timeshare.recurrent.dispatch import index_fault
from timeshare.recurrent.schedules.base import WEIGHTS, Extension, Schedule

ROWS, COLUMNS, MEMBERS = 4, 3, 2
"""Sizes of the matrices of a check, and how many members it has."""
LENGTHS = (1, 2, 7, 12)
"""Lengths T trained at."""


def checks(schedule: Schedule, path: str) -> list[Check]:
    """The checks of a schedule, those that others rest on first."""
    return [
        Check("learns a number of matrices", lambda: _matrices(schedule), needed=True),
        Check("describes its parameters", lambda: field_faults(type(schedule), Schedule)),
        Check("imports without torch", lambda: import_faults(path)),
        Check("begins with the tensors that it learns", lambda: _initial(schedule), needed=True),
        Check("gives each step one of its matrices", lambda: _index(schedule), needed=True),
        Check("gives windows what it gives the whole", lambda: _windows(schedule)),
        Check("computes each member by itself", lambda: _members(schedule)),
        Check("uses all that it learns", lambda: _used(schedule)),
        Check("penalises each member by itself", lambda: _penalty(schedule)),
        Check("counts what it costs", lambda: _cost(schedule)),
    ]


def _matrices(schedule: Schedule) -> Iterator[str]:
    for length in LENGTHS:
        count = schedule.matrices(length)
        if not isinstance(count, int) or count < 1:
            yield f"`matrices({length})` is {count!r}, and it is a whole number from 1."


def _learned(schedule: Schedule, length: int, seed: int = 0) -> dict[str, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return schedule.initialise(lambda: torch.randn(ROWS, COLUMNS, generator=generator), length)


def _stacked(schedule: Schedule, length: int) -> dict[str, Tensor]:
    """The learned tensors of members that differ, the member axis first."""
    each = [_learned(schedule, length, seed) for seed in range(MEMBERS)]
    return {name: torch.stack([member[name] for member in each]) for name in each[0]}


def _initial(schedule: Schedule) -> Iterator[str]:
    for length in LENGTHS:
        expected = {WEIGHTS: (schedule.matrices(length), ROWS, COLUMNS), **schedule.extras(length)}
        found = _learned(schedule, length)
        if set(found) != set(expected):
            yield (
                f"`initialise` returns {', '.join(sorted(found))} at T={length}, and `extras` and "
                f"the matrices are {', '.join(sorted(expected))}."
            )
            return
        for name, shape in expected.items():
            if tuple(found[name].shape) != tuple(shape):
                yield (
                    f"`initialise` gives {name!r} the shape {list(found[name].shape)} at "
                    f"T={length} instead of {list(shape)}."
                )
            elif not torch.isfinite(found[name]).all():
                yield f"`initialise` gives {name!r} numbers that are not finite at T={length}."


def _calls(schedule: Schedule, length: int) -> Iterator[tuple[str, int, Extension | None]]:
    """Kinds of sequences: as long as T, shorter and longer, with each extension they may need."""
    yield f"T={length}", length, None
    for total in (max(length // 2, 1), 2 * length + 1):
        if not schedule.needs_extension:
            yield f"T={length}, a sequence of {total}", total, None
        for extension in Extension if schedule.needs_extension else ():
            yield f"T={length}, a sequence of {total}, {extension}", total, extension


def _index(schedule: Schedule) -> Iterator[str]:
    for length in LENGTHS:
        parameters = _stacked(schedule, length)
        for where, total, extension in _calls(schedule, length):
            try:
                weights, index = schedule.weights(
                    parameters, range(total), length, total, extension
                )
            except NotImplementedError:
                yield "it defines neither `position`, which selects a matrix, nor `weights`."
                return
            if fault := _weights_fault(weights, index, total):
                yield f"{where}: {fault}."
                return


def _weights_fault(weights: Tensor, index: object, total: int) -> str | None:
    if weights.ndim != 4 or weights.shape[0] != MEMBERS or weights.shape[2:] != (ROWS, COLUMNS):
        return (
            f"`weights` has the shape {list(weights.shape)}, and it is "
            f"[{MEMBERS}, S, {ROWS}, {COLUMNS}] for {MEMBERS} members"
        )
    if not isinstance(index, list) or not all(isinstance(which, int) for which in index):
        return "the index is no list of whole numbers"
    if len(index) != total:
        return f"the index has {len(index)} numbers for {total} steps"
    fault = index_fault(index, weights.shape[1])
    return fault.replace(" of the window", "") if fault else None


def _of_steps(
    schedule: Schedule, parameters: Mapping[str, Tensor], steps: range, length: int
) -> Tensor:
    """The matrix of each step, `[E, K, rows, columns]`."""
    weights, index = schedule.weights(parameters, steps, length, length, None)
    return weights[:, index]


def _windows(schedule: Schedule) -> Iterator[str]:
    length = LENGTHS[-1]
    parameters = _stacked(schedule, length)
    whole = _of_steps(schedule, parameters, range(length), length)
    for window in (range(4), range(4, 8), range(9, length)):
        part = _of_steps(schedule, parameters, window, length)
        if not torch.allclose(part, whole[:, window.start : window.stop], atol=1e-6):
            yield (
                f"steps {window.start} to {window.stop - 1} have other weights when they are asked "
                "for alone: `steps` are absolute."
            )


def _members(schedule: Schedule) -> Iterator[str]:
    length = LENGTHS[-1]
    parameters = _stacked(schedule, length)
    both = _of_steps(schedule, parameters, range(length), length)
    second = {name: tensor[1:] for name, tensor in parameters.items()}
    alone = _of_steps(schedule, second, range(length), length)
    if not torch.equal(both[1:], alone):
        yield "the weights of a member are others beside other members than alone."


def _used(schedule: Schedule) -> Iterator[str]:
    length = LENGTHS[-1]  # a shorter one may need fewer than there are
    parameters = {
        name: tensor.requires_grad_() for name, tensor in _stacked(schedule, length).items()
    }
    total = _of_steps(schedule, parameters, range(length), length).square().sum()
    gradients = torch.autograd.grad(total, list(parameters.values()), allow_unused=True)
    for name, gradient in zip(parameters, gradients, strict=True):
        if gradient is None:
            yield f"T={length}: the weights do not depend on {name!r}, which is learned."
        elif name == WEIGHTS:
            used = gradient.abs().sum(dim=(0, 2, 3)) > 0
            for place in torch.nonzero(~used).flatten().tolist():
                yield f"T={length}: no step uses matrix {place} of {len(used)}."


def _penalty(schedule: Schedule) -> Iterator[str]:
    for length in LENGTHS:
        weights = _stacked(schedule, length)[WEIGHTS]
        penalty = schedule.penalty(weights)
        if penalty is None:
            return
        if tuple(penalty.shape) != (MEMBERS,):
            yield f"`penalty` has the shape {list(penalty.shape)} instead of [{MEMBERS}], one each."
            return
        if not torch.isfinite(penalty).all() or (penalty < 0).any():
            yield f"`penalty` is {penalty.tolist()}, and it is finite and not negative."
        alone = schedule.penalty(weights[1:])
        if alone is None or not torch.allclose(alone, penalty[1:]):
            yield "the penalty of a member is another one beside other members than alone."


def _cost(schedule: Schedule) -> Iterator[str]:
    for length in LENGTHS:
        expected = sum(tensor.numel() for tensor in _learned(schedule, length).values())
        counted = schedule.parameter_count(length, ROWS * COLUMNS)
        if counted != expected:
            yield f"`parameter_count` is {counted} at T={length}, and {expected} are learned."
        for name in ("flops_forward", "flops_backward", "penalty_numbers"):
            if (value := getattr(schedule, name)(length, ROWS * COLUMNS)) < 0:
                yield f"`{name}` is {value} at T={length}, and it is not negative."
