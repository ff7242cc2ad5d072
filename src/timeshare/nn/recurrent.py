"""A recurrent layer as a module of PyTorch, on the engine of the experiments."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence
from typing_extensions import override

from timeshare.nn.layouts import Layout, zero_state
from timeshare.nn.lengths import checked_lengths, unroll_by_length, unroll_to_lengths
from timeshare.nn.peers import torch_is_faster, unroll_torch
from timeshare.nn.step_weights import StepWeights, with_bias_columns, without_bias_columns
from timeshare.recurrent.architecture import Architecture
from timeshare.recurrent.cells.base import State
from timeshare.recurrent.dispatch import unroll
from timeshare.recurrent.initialisation import READOUT, members
from timeshare.recurrent.schedules.base import WEIGHTS, Extension
from timeshare.recurrent.time_features import time_features
from timeshare.recurrent.unrolling import unroll_reference

Result = tuple[Tensor, State]
"""Hidden states and the state after the last step."""


class Recurrent(nn.Module):
    """What `RNN`, `GRU` and `LSTM` have in common.

    Its parameters are those of the engine, member axis first: `weights` `[E, S, gates*H, C]` (E = 1
    for a single network) and further ones where the schedule has them. The columns C are
    `[1; x; h]`, without a bias `[x; h]`.

    Arguments:
        architecture: of the engine; its read-out is not used.
        members: networks E; None for a single one without a member axis.
        bias: whether there are biases.
        batch_first: whether the batch axis precedes the steps.
        extension: which trained step provides the weights of a step past `steps`.
        twice_differentiable: unroll by ordinary autograd, which is slower.
        device: of the parameters.
        dtype: of the parameters.
    """

    def __init__(
        self,
        architecture: Architecture,
        members: int | None = None,
        bias: bool = True,
        batch_first: bool = False,
        extension: Extension | None = None,
        twice_differentiable: bool = False,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        super().__init__()
        if members is not None and members < 1:
            raise ValueError(f"members is at least 1, or None, not {members}")
        self.architecture = architecture
        self.members = members
        self.bias = bias
        self.batch_first = batch_first
        self.extension = extension
        self.twice_differentiable = twice_differentiable
        self._cell = architecture.cell_type()
        initial = self._initial()
        self._names = tuple(initial)
        for name, tensor in initial.items():
            self.register_parameter(
                name, nn.Parameter(tensor.to(device, dtype or torch.get_default_dtype()))
            )

    @property
    def input_size(self) -> int:
        """Features D of the input."""
        return self.architecture.input_size

    @property
    def hidden_size(self) -> int:
        """Hidden units H."""
        return self.architecture.hidden_size

    @property
    def steps(self) -> int:
        """Training length T: the steps for which the schedule has weights."""
        return self.architecture.length

    @property
    def constants(self) -> int:
        """Constants among the columns of a matrix: 1 for `[1; x; h]`, 2 for `[1; x; 1; h]`."""
        return 1 + int(self._cell.recurrent_constant)

    @torch.no_grad()
    def reset_parameters(self) -> None:
        """Draw the parameters anew, uniform within 1/sqrt(H), from PyTorch's random generator."""
        for name, tensor in self._initial().items():
            getattr(self, name).copy_(tensor)

    def penalty(self) -> Tensor:
        """The schedule's penalty, to be added to the loss; zero for most schedules.

        Returns:
            a scalar, or `[E]` for E members.
        """
        weights: Tensor = getattr(self, WEIGHTS)
        penalty = self.architecture.schedule.penalty(weights)
        if penalty is None:
            penalty = weights.new_zeros(len(weights))
        return penalty[0] if self.members is None else penalty

    def step_weights(self, steps: range, total: int) -> StepWeights:
        """The matrices of the engine for some steps of sequences of `total` steps."""
        parameters = {name: getattr(self, name) for name in self._names}
        if _has_hooks(parameters[WEIGHTS]):
            # The engine adds to the gradient of a leaf in place, which hooks would not notice.
            parameters[WEIGHTS] = parameters[WEIGHTS].view_as(parameters[WEIGHTS])
        weights, index = self.architecture.schedule.weights(
            parameters, steps, self.architecture.length, total, self.extension
        )
        if not self.bias:
            weights = with_bias_columns(weights, *self._columns())
        return StepWeights(weights, index)

    def unrolled(
        self,
        inputs: Tensor,
        state: State | None = None,
        lengths: Tensor | Sequence[int] | None = None,
        first_step: int = 0,
    ) -> tuple[Tensor, State]:
        """As `LSTM.forward`; the state is a tuple for every cell."""
        self._check(inputs, first_step)
        layout = Layout.of(inputs, self.members, self.batch_first)
        turned = layout.engine_inputs(inputs)
        if not len(turned):
            raise ValueError(f"the input has at least one step, not shape {list(inputs.shape)}")
        shape = (self.members or 1, self.hidden_size, turned.shape[3])
        if state is None:
            before = zero_state(turned, self._cell.states, shape)
        else:
            if len(state) != self._cell.states:
                raise ValueError(f"the state has {len(state)} parts, not {self._cell.states}")
            before = layout.engine_state(state, shape)
        turned = self._with_time_features(turned, first_step).expand(-1, shape[0], -1, -1)
        hidden, after = self._unroll(turned, before, lengths, first_step)
        if hidden.requires_grad and not self.twice_differentiable:
            for tensor in (hidden, *after):
                tensor.register_hook(_refuse_double_backward)  # type: ignore[no-untyped-call]
        return layout.output(hidden), layout.state(after)

    def _unroll(
        self,
        inputs: Tensor,
        state: State,
        lengths: Tensor | Sequence[int] | None,
        first_step: int,
    ) -> Result:
        """As `unroll_reference`, in the engine's layout, with the weights of the steps."""
        total = first_step + len(inputs)

        def step(weights: Tensor, index: list[int], inputs: Tensor, state: State) -> Result:
            if self.twice_differentiable:
                return unroll_reference(self._cell, weights, index, inputs, state)
            if torch_is_faster(self.architecture.cell, weights, inputs.shape[3]):
                return unroll_torch(weights, inputs, state)
            return unroll(self._cell, weights, index, inputs, state)

        def window(inputs: Tensor, state: State, steps: range) -> Result:
            return step(*all_weights.window(steps), inputs, state)

        def whole(inputs: Tensor, state: State, steps: range) -> Result:
            return step(*self.step_weights(steps, len(steps)).window(steps), inputs, state)

        if lengths is not None:
            checked = checked_lengths(lengths, inputs.shape[3], len(inputs))
            if self.extension is Extension.ALIGN_RIGHT:
                return unroll_by_length(whole, inputs, state, checked)
        all_weights = self.step_weights(range(first_step, total), total)
        if lengths is not None:
            return unroll_to_lengths(window, inputs, state, checked)
        return window(inputs, state, range(len(inputs)))

    def _with_time_features(self, inputs: Tensor, first_step: int) -> Tensor:
        """Inputs `[T, E, D, B]` with the time features of their steps appended."""
        count = self.architecture.time_features
        if not count:
            return inputs
        steps = range(first_step, first_step + len(inputs))
        features = inputs.new_tensor(time_features(steps, self.architecture.length, count))
        shape = (-1, inputs.shape[1], -1, inputs.shape[3])
        return torch.cat([inputs, features[:, None, :, None].expand(shape)], dim=2)

    def _initial(self) -> dict[str, Tensor]:
        """Initial parameters by name; each member's are drawn from a seed of its own."""
        seeds = torch.randint(2**62, (self.members or 1,)).tolist()
        tensors = members(self.architecture, iter(seeds))
        del tensors[READOUT]
        if not self.bias:
            tensors[WEIGHTS] = without_bias_columns(tensors[WEIGHTS], *self._columns())
        return tensors

    def _columns(self) -> tuple[int, int]:
        """Features, time features included, and constants among the matrix's columns."""
        return self.architecture.input_size + self.architecture.time_features, self.constants

    def _check(self, inputs: Any, first_step: int) -> None:
        if isinstance(inputs, PackedSequence):
            raise TypeError(
                "a packed sequence is not supported: give the padded tensor and `lengths`"
            )
        weights: Tensor = getattr(self, WEIGHTS)
        if inputs.shape[-1] != self.input_size:
            raise ValueError(f"the input has {inputs.shape[-1]} features, not {self.input_size}")
        if (inputs.dtype, inputs.device) != (weights.dtype, weights.device):
            raise ValueError(
                f"the input is {inputs.dtype} on {inputs.device}, but the weights are "
                f"{weights.dtype} on {weights.device}: convert one of them with `.to`"
            )
        if first_step < 0:
            raise ValueError(f"first_step is at least 0, not {first_step}")
        if first_step and self.extension is Extension.ALIGN_RIGHT:
            raise ValueError(
                "first_step: with the extension 'align-right' the weights depend on the length "
                "of the whole sequence, so that it cannot be read in windows"
            )

    @override
    def extra_repr(self) -> str:
        """The arguments, as `print` shows them."""
        schedule = self.architecture.schedule
        parts = [f"{self.input_size}, {self.hidden_size}", f"steps={self.steps}"]
        parts.append(f"schedule={schedule!r}")
        for name in ("members", "extension"):
            if getattr(self, name) is not None:
                parts.append(f"{name}={getattr(self, name)!s}")
        if not self.bias:
            parts.append("bias=False")
        if self.batch_first:
            parts.append("batch_first=True")
        return ", ".join(parts)


def _has_hooks(parameter: Tensor) -> bool:
    return bool(parameter._backward_hooks or parameter._post_accumulate_grad_hooks)


def _refuse_double_backward(gradient: Tensor) -> None:
    if torch.is_grad_enabled():  # only under `create_graph=True`
        raise RuntimeError(
            "the fast backward pass cannot be differentiated again (create_graph=True): construct "
            "the layer with twice_differentiable=True, which unrolls it by ordinary autograd"
        )
