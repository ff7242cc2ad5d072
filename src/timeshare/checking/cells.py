"""What every cell keeps, and that hand-derived passes agree with the definition."""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from timeshare.checking.checks import Check
from timeshare.checking.fields import import_faults
from timeshare.recurrent.cells.base import Cell, HandDerived, State
from timeshare.recurrent.kernels.layout import SAVED
from timeshare.recurrent.unrolling import state_fault, unroll_eager, unroll_reference

E, H, D, B, K = 2, 5, 3, 4, 4
"""Members, hidden units, inputs, sequences and steps of a check."""
TOLERANCE = 1e-9
"""Largest difference between two ways to compute the same in double precision."""


def checks(cell: Cell, path: str) -> list[Check]:
    """The checks of a cell, those that others rest on first."""
    found = [
        Check("says what it is", lambda: _facts(cell), needed=True),
        Check("imports without torch", lambda: import_faults(path)),
        Check("returns a state of the same shapes and dtype", lambda: _shapes(cell), needed=True),
        Check("gives the same again and changes nothing that it reads", lambda: _pure(cell)),
        Check("computes each member and each sequence by itself", lambda: _independent(cell)),
        Check("depends on weights, inputs and state", lambda: _dependent(cell)),
    ]
    if isinstance(cell, HandDerived):
        derived = cell
        found.append(Check("names known kernels", lambda: _compiled(derived)))
        found.append(
            Check("hand-derived passes agree with `step`", lambda: _passes(derived), needed=True)
        )
    return found


def _facts(cell: Cell) -> Iterator[str]:
    for name in ("gates", "states"):
        value = getattr(cell, name)
        if not isinstance(value, int) or value < 1:
            yield f"`{name}` is {value!r}, and it is a whole number from 1."
            return
    if cell.forget_rows is not None and not 0 <= cell.forget_rows < cell.gates:
        yield f"`forget_rows` is {cell.forget_rows}, and the gates are 0 to {cell.gates - 1}."
    if isinstance(cell, HandDerived):
        for name in ("saved_rows", "preactivation_rows"):
            value = getattr(cell, name)
            if not isinstance(value, int) or value < 0:
                yield f"`{name}` is {value!r}, and it is a whole number from 0."


def _drawn(cell: Cell, members: int = E) -> tuple[Tensor, Tensor, State]:
    """Weights, inputs and state of one step, in double precision."""
    generator = torch.Generator().manual_seed(0)

    def tensor(*shape: int) -> Tensor:
        return torch.randn(shape, generator=generator, dtype=torch.float64) / 2

    weights = tensor(members, cell.gates * H, cell.columns(D, H))
    return weights, tensor(members, D, B), tuple(tensor(members, H, B) for _ in range(cell.states))


def _shapes(cell: Cell) -> Iterator[str]:
    weights, inputs, state = _drawn(cell)
    after = cell.step(weights, inputs, state)
    if fault := state_fault(state, after):
        yield f"`step`: {fault} (members {E}, hidden units {H}, sequences {B})."
    elif not all(torch.isfinite(part).all() for part in after):
        yield "`step` gives numbers that are not finite for weights and inputs near 0.5."


def _pure(cell: Cell) -> Iterator[str]:
    weights, inputs, state = _drawn(cell)
    copies = [weights.clone(), inputs.clone(), *(part.clone() for part in state)]
    first, again = (cell.step(weights, inputs, state) for _ in range(2))
    if not all(map(torch.equal, first, again)):
        yield "two calls of `step` with equal arguments differ: a cell has no state of its own."
    if not all(map(torch.equal, copies, [weights, inputs, *state])):
        yield "`step` writes into its arguments: the same tensors serve other steps."


def _independent(cell: Cell) -> Iterator[str]:
    weights, inputs, state = _drawn(cell)
    both = cell.step(weights, inputs, state)
    alone = cell.step(weights[1:], inputs[1:], tuple(part[1:] for part in state))
    if _difference([part[1:] for part in both], alone) > TOLERANCE:
        yield "a member gives something else beside other members than alone (first axis, E)."
    one = cell.step(weights, inputs[..., :1], tuple(part[..., :1] for part in state))
    if _difference([part[..., :1] for part in both], one) > TOLERANCE:
        yield "a sequence gives something else beside other sequences than alone (last axis, B)."


def _dependent(cell: Cell) -> Iterator[str]:
    weights, inputs, state = _drawn(cell)
    leaves = [each.requires_grad_() for each in (weights, inputs, *state)]
    total = torch.stack([(part * part).sum() for part in cell.step(weights, inputs, state)]).sum()
    gradients = torch.autograd.grad(total, leaves, allow_unused=True)
    names = ["weights", "inputs", *(f"part {place} of the state" for place in range(len(state)))]
    for name, gradient in zip(names, gradients, strict=True):
        if gradient is None or not gradient.any():
            yield f"the state after a step does not depend on the {name}."


def _compiled(cell: HandDerived) -> Iterator[str]:
    if cell.compiled is not None and cell.compiled not in SAVED:
        known = ", ".join(SAVED)
        yield f"`compiled` is {cell.compiled!r}; the kernels have {known}. Leave it None."


def _passes(cell: HandDerived) -> Iterator[str]:
    weights, inputs, state = _drawn(cell)
    matrices = torch.stack([weights, weights.flip(1)], dim=1)
    steps = torch.stack([inputs * (1 - step / 5) for step in range(K)])
    names = ["weights", "inputs", *(f"state, part {place}" for place in range(len(state)))]
    expected, got = (
        _of_window(unroll, cell, matrices, steps, state)
        for unroll in (unroll_reference, unroll_eager)
    )
    for place, (right, found) in enumerate(zip(expected[0], got[0], strict=True)):
        if (worst := _difference([found], [right])) > TOLERANCE:
            what = "hidden states" if place == 0 else f"state, part {place - 1}"
            yield f"`forward` disagrees with `step` by {worst:.1e} ({what} after {K} steps)."
            return
    for name, right, found in zip(names, expected[1], got[1], strict=True):
        if (worst := _difference([found], [right])) > TOLERANCE:
            yield (
                f"`backward` disagrees with the gradient of `step` by {worst:.1e} for the {name}, "
                f"whose gradients reach {right.abs().max().item():.1e}."
            )


def _of_window(
    unroll: object, cell: HandDerived, weights: Tensor, inputs: Tensor, state: State
) -> tuple[list[Tensor], list[Tensor]]:
    """Outputs and gradients of a window of steps, of which every second has other weights."""
    leaves = [part.detach().clone().requires_grad_() for part in (weights, inputs, *state)]
    assert callable(unroll)
    hidden, after = unroll(cell, leaves[0], [0, 1] * (K // 2), leaves[1], tuple(leaves[2:]))
    weighting = torch.linspace(-1, 1, hidden.numel(), dtype=hidden.dtype).view_as(hidden)
    loss = (hidden * weighting).sum() + sum(part.square().sum() for part in after)
    return [hidden, *after], list(torch.autograd.grad(loss, leaves))


def _difference(found: Sequence[Tensor], expected: Sequence[Tensor]) -> float:
    """The largest difference; infinite where one is not a number."""
    pairs = zip(found, expected, strict=True)
    worst = max((one - other).abs().max().nan_to_num(torch.inf).item() for one, other in pairs)
    return float(worst)
