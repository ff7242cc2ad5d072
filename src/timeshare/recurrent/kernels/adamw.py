"""AdamW on tensors of many members: compiled, one pass over memory, or PyTorch's fused kernel."""

import ctypes
import functools
from collections.abc import Sequence
from typing import NamedTuple, Protocol

import torch
from torch import Tensor

from timeshare.recurrent.kernels.build import REALS, library
from timeshare.recurrent.kernels.memory import keep_freed_memory
from timeshare.recurrent.kernels.threads import threads


class Rule(NamedTuple):
    """The update of a member; `updates` is its number, from one."""

    rate: float
    weight_decay: float
    beta1: float
    beta2: float
    eps: float
    updates: int


Rules = Sequence[Rule | None]
"""One per member; None leaves the member unchanged."""


Quadruple = tuple[Tensor, Tensor, Tensor, Tensor]
"""Weights, their gradient, and its first and second moment."""


class Arithmetic(Protocol):
    """The operations of the optimiser on tensors whose first axis is the member."""

    def adamw(self, tensors: Sequence[Quadruple], rules: Rules) -> None:
        """Update weights and both moments in place."""

    def squares(self, gradients: Sequence[Tensor]) -> list[float]:
        """The sum of squares of each member, over all tensors."""

    def scale(self, gradients: Sequence[Tensor], factors: Sequence[float]) -> None:
        """Multiply each member's gradients by its factor in place; 1 changes no bit."""


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


def _as_numbers(rule: Rule | None) -> tuple[float, ...]:
    """The fields of `rule` in `adamw.c`."""
    if rule is None:
        return (0.0,) * 8
    rate, weight_decay, beta1, beta2, eps, updates = rule
    return (1.0, rate, weight_decay, beta1, beta2, eps, *_corrections(beta1, beta2, updates))


@functools.lru_cache(maxsize=256)
def _corrections(beta1: float, beta2: float, updates: int) -> tuple[float, float]:
    """By how much both moments are too small after some updates; members mostly have the same."""
    return 1 - beta1**updates, 1 - beta2**updates


def _threads() -> ctypes.c_long:
    return ctypes.c_long(threads())


class _Compiled:
    def __init__(self, kernels: ctypes.CDLL) -> None:
        self._kernels = kernels

    def adamw(self, tensors: Sequence[Quadruple], rules: Rules) -> None:
        E = len(rules)
        numbers = [number for rule in rules for number in _as_numbers(rule)]
        structures = (ctypes.c_double * len(numbers))(*numbers)
        for quadruple in tensors:
            size = ctypes.c_long(quadruple[0].numel() // E)
            pointers = (ctypes.c_void_p(tensor.data_ptr()) for tensor in quadruple)
            self._kernels.adamw(ctypes.c_long(E), size, *pointers, structures, _threads())

    def squares(self, gradients: Sequence[Tensor]) -> list[float]:
        E = len(gradients[0])
        sums = (ctypes.c_double * E)()
        for gradient in gradients:
            pointer = ctypes.c_void_p(gradient.data_ptr())
            size = ctypes.c_long(gradient.numel() // E)
            self._kernels.squares(ctypes.c_long(E), size, pointer, sums, _threads())
        return list(sums)

    def scale(self, gradients: Sequence[Tensor], factors: Sequence[float]) -> None:
        E = len(factors)
        numbers = (ctypes.c_double * E)(*factors)
        for gradient in gradients:
            pointer = ctypes.c_void_p(gradient.data_ptr())
            size = ctypes.c_long(gradient.numel() // E)
            self._kernels.scale(ctypes.c_long(E), size, pointer, numbers, _threads())


class _Eager:
    def adamw(self, tensors: Sequence[Quadruple], rules: Rules) -> None:
        for member, rule in enumerate(rules):
            if rule is None:
                continue
            weights, gradients, m, v = (
                [tensor[member] for tensor in kind] for kind in zip(*tensors, strict=True)
            )
            updates = torch.tensor(float(rule.updates), device=weights[0].device)
            torch._fused_adamw_(
                weights,
                gradients,
                m,
                v,
                [],
                [updates] * len(weights),
                lr=rule.rate,
                beta1=rule.beta1,
                beta2=rule.beta2,
                weight_decay=rule.weight_decay,
                eps=rule.eps,
                amsgrad=False,
                maximize=False,
            )

    def squares(self, gradients: Sequence[Tensor]) -> list[float]:
        sums = torch.zeros(len(gradients[0]), dtype=torch.float64, device=gradients[0].device)
        for gradient in gradients:
            # Member by member: a reduction over all of them could round depending on their number.
            sums += torch.stack([part.double().square().sum() for part in gradient])
        return [float(total) for total in sums.tolist()]

    def scale(self, gradients: Sequence[Tensor], factors: Sequence[float]) -> None:
        for member, factor in enumerate(factors):
            if factor != 1:
                for gradient in gradients:
                    gradient[member].mul_(factor)
