"""What a cell is: one step of a recurrent network, given that step's weights."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from torch import Tensor

State = tuple["Tensor", ...]
"""A cell's state, `[E, H, B]` each; the hidden state, which the read-out sees, comes first."""


class Cell(ABC):
    """One step of a recurrent network: `state = cell(weights, inputs, state)`.

    The weights of a step are one matrix `[gates*H, C]` that acts on the stacked column
    `[1; inputs; state]`. `step` defines the cell, in ordinary autograd; a cell that only has `step`
    trains. See `HandDerived` for a fast one.
    """

    gates: ClassVar[int]
    """Rows of the matrix, in units of H."""
    states: ClassVar[int] = 1
    """Tensors in the state."""
    recurrent_constant: ClassVar[bool] = False
    """Whether the state has a constant one of its own above it: `[1; inputs; 1; state]`."""
    forget_rows: ClassVar[int | None] = None
    """The gate (0..gates-1) whose bias a `forget_bias` sets; None where there is none."""

    @classmethod
    def columns(cls, inputs: int, hidden: int) -> int:
        """Columns C of the matrix, for D inputs (a clock included) and H states."""
        return 1 + inputs + int(cls.recurrent_constant) + hidden

    @abstractmethod
    def step(self, weights: Tensor, inputs: Tensor, state: State) -> State:
        """The state after one step.

        Arguments:
            weights: the step's matrix, `[E, gates*H, C]`.
            inputs: `[E, D, B]`.
            state: `[E, H, B]` each.
        """


class HandDerived(Cell):
    """A cell with a hand-derived backward pass, which the window function walks.

    All methods write into buffers they are given and allocate none of the large ones.
    """

    kept: ClassVar[int]
    """Rows, in units of H, that the forward step keeps for the backward step."""
    products: ClassVar[int]
    """Rows, in units of H, of the gradient the backward step leaves for the products."""
    compiled: ClassVar[str | None] = None
    """The cell's name in the compiled kernels, if it has one there."""

    @abstractmethod
    def forward(
        self, weights: Tensor, stacked: Tensor, kept: Tensor, before: State, after: State
    ) -> None:
        """One step, into `kept` and `after`.

        Arguments:
            weights: `[E, gates*H, C]`.
            stacked: `[1; inputs; state]`, `[E, C, B]`.
            kept: `[E, kept*H, B]`, overwritten with what `backward` needs.
            before: the state before the step.
            after: the state after it, overwritten. Only its hidden state may share memory with
                `stacked`; no part shares memory with `before`.
        """

    @abstractmethod
    def backward(
        self, kept: Tensor, before: State, after: State, gradient: State, products: Tensor
    ) -> None:
        """The gradient before the products, into `products`, of one step.

        Arguments:
            kept: as `forward` left it; not changed.
            before: the state before the step.
            after: the state after it.
            gradient: of the state after the step; overwritten with that part of the gradient of
                the state before the step which does not pass through the weights.
            products: `[E, products*H, B]`, overwritten with the gradient of the products.
        """

    def spread(
        self,
        weights: Tensor,
        products: Tensor,
        stacked: Tensor,
        weights_gradient: Tensor | None,
        hidden_gradient: Tensor,
        inputs_gradient: Tensor | None,
    ) -> None:
        """Carry the gradient of the products on to weights, hidden state and inputs.

        Arguments:
            weights: `[E, gates*H, C]`.
            products: `[E, products*H, B]`.
            stacked: `[E, C, B]`.
            weights_gradient: `[E, gates*H, C]`, added to; None where nobody asks.
            hidden_gradient: `[E, H, B]`, added to.
            inputs_gradient: `[E, D, B]`, overwritten; None where nobody asks.
        """
        hidden = hidden_gradient.shape[1]
        transposed = weights.transpose(1, 2)
        if weights_gradient is not None:
            weights_gradient.baddbmm_(products, stacked.transpose(1, 2))
        hidden_gradient.baddbmm_(transposed[:, -hidden:], products)
        if inputs_gradient is not None:
            inputs = inputs_gradient.shape[1]
            inputs_gradient.baddbmm_(transposed[:, 1 : 1 + inputs], products, beta=0)
