"""`RNN`, `GRU` and `LSTM` with the signature of `torch.nn` and a schedule of their weights."""

from collections.abc import Sequence
from typing import ClassVar, Self

import torch
from pydantic import ValidationError
from torch import Tensor, nn
from typing_extensions import override

from timeshare.nn.conversion import check_convertible, fill_from_matrix, matrix_of
from timeshare.nn.recurrent import Recurrent
from timeshare.recurrent.architecture import Architecture
from timeshare.recurrent.schedules.base import WEIGHTS, Extension, Schedule
from timeshare.recurrent.schedules.shared import Shared
from timeshare.registry import find_derived


class Layer(Recurrent):
    """A layer that is constructed as those of `torch.nn` are.

    Arguments:
        input_size: features D of the input.
        hidden_size: hidden units H.
        num_layers: 1; further layers are modules of their own.
        bias: whether there are biases.
        batch_first: whether tensors are `[B, T, D]` instead of `[T, B, D]`.
        steps: training length T: the steps that have weights of their own, and over which a
            function of time extends. Only the schedule `shared` does without.
        schedule: how the weights of each step are produced: a name, or a `Schedule` where it has
            parameters.
        extension: which of the trained steps provides the weights of a step past T: `hold`,
            `cycle` or `align-right`; without one, longer sequences are refused.
        members: independent networks E in one module; None for a single one.
        time_features: number of sinusoidal features of the absolute step, appended to the input.
        twice_differentiable: unroll by ordinary autograd, which is slower and which
            `create_graph=True` needs.
        device: of the parameters.
        dtype: of the parameters.

    Raises `ValueError` for a number out of range, and for a schedule or extension there is not.

    For example, with weights of its own at each of 12 steps, of which the last ones serve all
    further steps:

    >>> from timeshare.nn import LSTM
    >>> layer = LSTM(3, 8, batch_first=True, steps=12, schedule="unshared", extension="hold")
    >>> output, (hidden, memory) = layer(torch.zeros(5, 15, 3))
    >>> output.shape, hidden.shape
    (torch.Size([5, 15, 8]), torch.Size([1, 5, 8]))
    """

    cell: ClassVar[str]
    torch_type: ClassVar[type[nn.RNN] | type[nn.GRU] | type[nn.LSTM]]
    """The layer of `torch.nn` that computes the same where weights are shared."""

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        *,
        steps: int | None = None,
        schedule: str | Schedule = "shared",
        extension: str | Extension | None = None,
        members: int | None = None,
        time_features: int = 0,
        twice_differentiable: bool = False,
        device: torch.device | str | None = None,
        dtype: torch.dtype | None = None,
    ) -> None:
        if num_layers != 1:
            raise ValueError(f"num_layers is 1, not {num_layers}: stack modules instead")
        built = _schedule(schedule)
        if steps is None and (time_features or not isinstance(built, Shared)):
            raise ValueError("steps: give the number of steps T, which only `shared` does without")
        super().__init__(
            Architecture(
                self.cell,
                built,
                hidden_size=hidden_size,
                input_size=input_size,
                output_size=1,
                length=1 if steps is None else steps,
                time_features=time_features,
            ),
            members,
            bias,
            batch_first,
            _extension(extension),
            twice_differentiable,
            device,
            dtype,
        )

    @classmethod
    def from_torch(cls, module: nn.RNNBase) -> Self:
        """A layer with shared weights that computes what a layer of `torch.nn` computes.

        The two biases of an `nn.RNN` or `nn.LSTM`, which it adds, become one.

        Raises `ValueError` for another cell, several layers, two directions, a projection or ReLU.
        """
        if not isinstance(module, cls.torch_type):
            expected = cls.torch_type.__name__
            raise ValueError(f"{cls.__name__} is converted from nn.{expected}, not from {module}")
        check_convertible(module)
        weights = dict(module.named_parameters())["weight_hh_l0"]
        layer = cls(
            module.input_size,
            module.hidden_size,
            bias=module.bias,
            batch_first=module.batch_first,
            device=weights.device,
            dtype=weights.dtype,
        )
        matrix = matrix_of(module, layer.constants)
        with torch.no_grad():
            getattr(layer, WEIGHTS).copy_(matrix)
        return layer

    def to_torch(self, member: int | None = None) -> nn.RNNBase:
        """The layer of `torch.nn` that computes what this one computes, where weights are shared.

        An RNN or LSTM has one bias here and two there; the second one becomes zero.

        Arguments:
            member: which of the members; None for a single network.

        Raises `ValueError` if steps have different weights, or if there are time features.
        """
        if (member not in range(self.members)) if self.members else (member is not None):
            allowed = f"0 to {self.members - 1}" if self.members else "None"
            raise ValueError(f"member is {allowed}, not {member}")
        if self.architecture.time_features:
            raise ValueError("a layer with time features has no equal in torch.nn")
        steps = range(self.steps)
        weights, _ = self.step_weights(steps, self.steps).window(steps)
        if weights.shape[1] != 1:
            schedule = self.architecture.schedule
            raise ValueError(f"torch.nn shares weights through time; this schedule is {schedule!r}")
        matrix = weights.detach()[member or 0, 0]
        module = self.torch_type(
            self.input_size,
            self.hidden_size,
            bias=self.bias,
            batch_first=self.batch_first,
            device=matrix.device,
            dtype=matrix.dtype,
        )
        fill_from_matrix(module, matrix, self.constants)
        return module


class _SingleState(Layer):
    """A layer whose state is the hidden state alone."""

    @override
    def forward(
        self,
        input: Tensor,
        hx: Tensor | None = None,
        *,
        lengths: Tensor | Sequence[int] | None = None,
        first_step: int = 0,
    ) -> tuple[Tensor, Tensor]:
        """The hidden states of all steps, and the one after the last.

        Arguments:
            input: `[T, B, D]`, `[B, T, D]` if `batch_first`, or `[T, D]`. For E members the same
                (read by all of them), or with an axis E in front.
            hx: the state before the first step, `[1, B, H]`; zeros if None. `[1, H]` without a
                batch axis, `[E, 1, B, H]` for E members.
            lengths: true length of each sequence, `[B]`, where the input is padded. The output is
                zero past a sequence's end, and its state is the one after its last step.
            first_step: absolute step of the first one of the input, when a sequence is read window
                by window.

        Returns:
            the output, laid out as the input with H in place of D (for E members always with their
            axis in front; not contiguous: use `reshape`, not `view`), and the state, as `hx`.
        """
        state = None if hx is None else (hx,)
        output, after = self.unrolled(input, state, lengths, first_step)
        return output, after[0]


class RNN(_SingleState):
    """Elman's network with tanh: `torch.nn.RNN` with a schedule of its weights.

    Arguments as for `Layer`.
    """

    cell = "rnn"
    torch_type = nn.RNN


class GRU(_SingleState):
    """Gated recurrent unit: `torch.nn.GRU` with a schedule of its weights.

    Arguments as for `Layer`.
    """

    cell = "gru"
    torch_type = nn.GRU


class LSTM(Layer):
    """Long short-term memory: `torch.nn.LSTM` with a schedule of its weights.

    Arguments as for `Layer`.
    """

    cell = "lstm"
    torch_type = nn.LSTM

    @override
    def forward(
        self,
        input: Tensor,
        hx: tuple[Tensor, Tensor] | None = None,
        *,
        lengths: Tensor | Sequence[int] | None = None,
        first_step: int = 0,
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """As `RNN.forward`; the state is a pair of hidden state and memory."""
        output, (hidden, memory) = self.unrolled(input, hx, lengths, first_step)
        return output, (hidden, memory)


def _schedule(schedule: str | Schedule) -> Schedule:
    if isinstance(schedule, Schedule):
        return schedule
    found = find_derived("recurrent.schedules", schedule, Schedule)
    try:
        built = found()
    except ValidationError as error:
        needed = ", ".join(f"{part['loc'][0]}=..." for part in error.errors())
        raise ValueError(
            f"the schedule {schedule!r} has parameters: give {found.__name__}({needed})"
        ) from error
    assert isinstance(built, Schedule)
    return built


def _extension(extension: str | Extension | None) -> Extension | None:
    if extension is None:
        return None
    try:
        return Extension(extension)
    except ValueError as error:
        names = ", ".join(f"'{kind}'" for kind in Extension)
        raise ValueError(f"extension is one of {names} or None, not {extension!r}") from error
