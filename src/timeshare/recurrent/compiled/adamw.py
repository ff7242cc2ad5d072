"""AdamW on one member's tensors: compiled, one pass over memory, or PyTorch's fused kernel."""

import ctypes
from dataclasses import dataclass
from typing import Protocol

import torch
from torch import Tensor

from timeshare.recurrent.compiled.build import REALS, library
from timeshare.recurrent.compiled.memory import keep_freed_memory


@dataclass(frozen=True)
class Rule:
    """Which update a member makes; `updates` counts this one."""

    rate: float
    weight_decay: float
    beta1: float
    beta2: float
    eps: float
    updates: int


class Arithmetic(Protocol):
    """What an optimiser does with one member's part of a tensor."""

    def adamw(self, weights: Tensor, gradient: Tensor, m: Tensor, v: Tensor, rule: Rule) -> None:
        """Update weights and both moments in place."""

    def squares(self, gradient: Tensor) -> float:
        """The sum of squares."""


def arithmetic(parameter: Tensor) -> Arithmetic:
    """The compiled arithmetic where it serves the parameter's device and dtype."""
    if parameter.device.type == "cpu" and parameter.dtype in REALS:
        kernels = library(REALS[parameter.dtype])
        if kernels is not None:
            keep_freed_memory()
            return _Compiled(kernels)
    return _Plain()


class _Rule(ctypes.Structure):
    _fields_ = tuple(
        (name, ctypes.c_double)
        for name in ("rate", "weight_decay", "beta1", "beta2", "eps", "correction1", "correction2")
    )


class _Compiled:
    def __init__(self, kernels: ctypes.CDLL) -> None:
        self._kernels = kernels
        kernels.squares.restype = ctypes.c_double

    def adamw(self, weights: Tensor, gradient: Tensor, m: Tensor, v: Tensor, rule: Rule) -> None:
        corrections = (1 - rule.beta1**rule.updates, 1 - rule.beta2**rule.updates)
        figures = (rule.rate, rule.weight_decay, rule.beta1, rule.beta2, rule.eps)
        pointers = (ctypes.c_void_p(each.data_ptr()) for each in (weights, gradient, m, v))
        self._kernels.adamw(
            ctypes.c_long(weights.numel()), *pointers, ctypes.byref(_Rule(*figures, *corrections))
        )

    def squares(self, gradient: Tensor) -> float:
        pointer = ctypes.c_void_p(gradient.data_ptr())
        return float(self._kernels.squares(ctypes.c_long(gradient.numel()), pointer))


class _Plain:
    def adamw(self, weights: Tensor, gradient: Tensor, m: Tensor, v: Tensor, rule: Rule) -> None:
        updates = torch.tensor(float(rule.updates), device=weights.device)
        torch._fused_adamw_(
            [weights],
            [gradient],
            [m],
            [v],
            [],
            [updates],
            lr=rule.rate,
            beta1=rule.beta1,
            beta2=rule.beta2,
            weight_decay=rule.weight_decay,
            eps=rule.eps,
            amsgrad=False,
            maximize=False,
        )

    def squares(self, gradient: Tensor) -> float:
        return gradient.double().square().sum().item()
