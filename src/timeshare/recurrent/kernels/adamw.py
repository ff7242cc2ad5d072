"""AdamW on tensors of many members: compiled, one pass over memory, or PyTorch's fused kernel."""

import ctypes
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from timeshare.recurrent.kernels.build import REALS, library
from timeshare.recurrent.kernels.memory import keep_freed_memory
from timeshare.recurrent.kernels.threads import threads


@dataclass(frozen=True)
class Rules:
    """The update of each member.

    Arguments:
        rates: learning rate of each member.
        weight_decays: of each member.
        updates: the number of each member's update, from one.
        active: which members change.
        factors: by which the gradient of each member is multiplied.
        beta1: decay rate of the first moment.
        beta2: decay rate of the second moment.
        eps: added to the root of the second moment.
    """

    rates: Sequence[float]
    weight_decays: Sequence[float]
    updates: Sequence[int]
    active: Sequence[bool]
    factors: Sequence[float]
    beta1: float = 0.9
    beta2: float = 0.999
    eps: float = 1e-8


Quadruple = tuple[Tensor, Tensor, Tensor, Tensor]
"""Weights, their gradient, and its first and second moment."""


class Arithmetic(Protocol):
    """The operations of the optimiser on tensors whose first axis is the member."""

    def adamw(self, tensors: Sequence[Quadruple], rules: Rules) -> None:
        """Update the weights and both moments of the active members in place.

        The gradients of the others may be anything. Those of active members may be multiplied by
        their factors in place.
        """

    def squares(self, gradients: Sequence[Tensor]) -> list[float]:
        """The sum of squares of each member, over all tensors."""


def arithmetic(parameter: Tensor) -> Arithmetic:
    """The compiled kernels where they support the parameter's device and dtype, else PyTorch."""
    if parameter.device.type == "cpu" and parameter.dtype in REALS:
        kernels = library(REALS[parameter.dtype])
        if kernels is not None:
            keep_freed_memory()
            return _Compiled(kernels)
    if parameter.device.type == "cuda":
        from timeshare.recurrent.grouped_adamw import GroupedArithmetic

        return GroupedArithmetic()
    return _Eager()


class _Rules(ctypes.Structure):
    """`rules` of `adamw.c`."""

    _fields_ = (
        *((name, ctypes.c_void_p) for name in ("active", "rates", "weight_decays", "factors")),
        ("updates", ctypes.c_void_p),
        *((name, ctypes.c_double) for name in ("beta1", "beta2", "eps")),
    )


def _threads() -> ctypes.c_long:
    return ctypes.c_long(threads())


class _Compiled:
    def __init__(self, kernels: ctypes.CDLL) -> None:
        self._kernels = kernels

    def adamw(self, tensors: Sequence[Quadruple], rules: Rules) -> None:
        E = len(rules.rates)
        arrays = (
            (ctypes.c_bool * E)(*rules.active),
            (ctypes.c_double * E)(*rules.rates),
            (ctypes.c_double * E)(*rules.weight_decays),
            (ctypes.c_double * E)(*rules.factors),
            (ctypes.c_int64 * E)(*rules.updates),
        )
        pointers = [ctypes.addressof(array) for array in arrays]
        structure = _Rules(*pointers, rules.beta1, rules.beta2, rules.eps)
        for quadruple in tensors:
            size = ctypes.c_long(quadruple[0].numel() // E)
            data = (ctypes.c_void_p(tensor.data_ptr()) for tensor in quadruple)
            self._kernels.adamw(ctypes.c_long(E), size, *data, ctypes.byref(structure), _threads())

    def squares(self, gradients: Sequence[Tensor]) -> list[float]:
        E = len(gradients[0])
        sums = (ctypes.c_double * E)()
        for gradient in gradients:
            pointer = ctypes.c_void_p(gradient.data_ptr())
            size = ctypes.c_long(gradient.numel() // E)
            self._kernels.squares(ctypes.c_long(E), size, pointer, sums, _threads())
        return list(sums)


class _Eager:
    def adamw(self, tensors: Sequence[Quadruple], rules: Rules) -> None:
        for member, active in enumerate(rules.active):
            if not active:
                continue
            weights, gradients, m, v = (
                [tensor[member] for tensor in kind] for kind in zip(*tensors, strict=True)
            )
            if rules.factors[member] != 1:
                torch._foreach_mul_(gradients, rules.factors[member])
            updates = torch.tensor(float(rules.updates[member]), device=weights[0].device)
            torch._fused_adamw_(
                weights,
                gradients,
                m,
                v,
                [],
                [updates] * len(weights),
                lr=rules.rates[member],
                beta1=rules.beta1,
                beta2=rules.beta2,
                weight_decay=rules.weight_decays[member],
                eps=rules.eps,
                amsgrad=False,
                maximize=False,
            )

    def squares(self, gradients: Sequence[Tensor]) -> list[float]:
        sums = torch.zeros(len(gradients[0]), dtype=torch.float64, device=gradients[0].device)
        for gradient in gradients:
            # Member by member: a reduction over all of them could round depending on their number.
            sums += torch.stack([part.double().square().sum() for part in gradient])
        return [float(total) for total in sums.tolist()]
