"""The interface of cells: one step of a recurrent network, given that step's weights."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from torch import Tensor

State = tuple["Tensor", ...]
"""A cell's state, `[E, H, B]` each; the hidden state, which the read-out reads, comes first."""


class Cell(ABC):
    """One step of a recurrent network: `state = cell(weights, inputs, state)`.

    The weights of a step are one matrix `[gates*H, C]` that multiplies the stacked column
    `[1; inputs; state]`. `step` defines the cell for ordinary autograd, and a cell that only
    defines `step` can be trained. See `HandDerived` for a faster one.
    """

    gates: ClassVar[int]
    """Rows of the matrix, in units of H."""
    states: ClassVar[int] = 1
    """Tensors in the state."""
    recurrent_constant: ClassVar[bool] = False
    """Whether a second constant precedes the state: `[1; inputs; 1; state]`."""
    forget_rows: ClassVar[int | None] = None
    """The gate (0..gates-1) whose bias `forget_bias` sets; None if the cell has no such gate."""

    @classmethod
    def columns(cls, input_size: int, hidden_size: int) -> int:
        """Columns C of the matrix, for D inputs (time features included) and H hidden units."""
        return 1 + input_size + int(cls.recurrent_constant) + hidden_size

    @abstractmethod
    def step(self, weights: Tensor, inputs: Tensor, state: State) -> State:
        """The state after one step.

        Arguments:
            weights: the step's matrix, `[E, gates*H, C]`.
            inputs: `[E, D, B]`.
            state: `[E, H, B]` each.
        """


class HandDerived(Cell):
    """A cell with a hand-derived backward pass, which eager and compiled unrolling use.

    All methods write into the buffers they receive and allocate no large ones.
    """

    saved_rows: ClassVar[int]
    """Rows, in units of H, of the activations that `forward` saves for `backward`."""
    preactivation_rows: ClassVar[int]
    """Rows, in units of H, of the gradients of the pre-activations."""
    compiled: ClassVar[str | None] = None
    """The cell's name in the compiled kernels; None if they do not have it."""

    @abstractmethod
    def forward(
        self, weights: Tensor, stacked: Tensor, saved: Tensor, before: State, after: State
    ) -> None:
        """One step, into `saved` and `after`.

        Arguments:
            weights: `[E, gates*H, C]`.
            stacked: `[1; inputs; state]`, `[E, C, B]`.
            saved: `[E, saved_rows*H, B]`, overwritten with the saved activations.
            before: the state before the step.
            after: the state after it, overwritten. Only its hidden state may share memory with
                `stacked`; no part shares memory with `before`.
        """

    @abstractmethod
    def backward(
        self,
        saved: Tensor,
        before: State,
        after: State,
        gradient: State,
        preactivation_gradients: Tensor,
    ) -> None:
        """The gradients of one step's pre-activations, into `preactivation_gradients`.

        Arguments:
            saved: the saved activations; not changed.
            before: the state before the step.
            after: the state after it.
            gradient: of the state after the step; overwritten with that part of the gradient of
                the state before the step which does not pass through the weights.
            preactivation_gradients: `[E, preactivation_rows*H, B]`, overwritten.
        """

    def linear_backward(
        self,
        weights: Tensor,
        preactivation_gradients: Tensor,
        stacked: Tensor,
        weights_gradient: Tensor | None,
        hidden_gradient: Tensor,
        inputs_gradient: Tensor | None,
    ) -> None:
        """The backward pass of the step's linear map, to its weights, hidden state and inputs.

        Arguments:
            weights: `[E, gates*H, C]`.
            preactivation_gradients: `[E, preactivation_rows*H, B]`.
            stacked: `[E, C, B]`.
            weights_gradient: `[E, gates*H, C]`, added to; None if it is not needed.
            hidden_gradient: `[E, H, B]`, added to.
            inputs_gradient: `[E, D, B]`, overwritten; None if it is not needed.
        """
        hidden = hidden_gradient.shape[1]
        transposed = weights.transpose(1, 2)
        if weights_gradient is not None:
            weights_gradient.baddbmm_(preactivation_gradients, stacked.transpose(1, 2))
        hidden_gradient.baddbmm_(transposed[:, -hidden:], preactivation_gradients)
        if inputs_gradient is not None:
            inputs = inputs_gradient.shape[1]
            inputs_gradient.baddbmm_(transposed[:, 1 : 1 + inputs], preactivation_gradients, beta=0)
