"""The network: a cell, a schedule and a read-out, for many members at once."""

from collections.abc import Sequence

import torch
from torch import Tensor

from timeshare.recurrent.architecture import Architecture
from timeshare.recurrent.cells.base import HandDerived, State
from timeshare.recurrent.compiled.walk import available, walk_compiled
from timeshare.recurrent.schedules.base import WEIGHTS, Extension, trained_steps
from timeshare.recurrent.start import READOUT, members
from timeshare.recurrent.timing import clock
from timeshare.recurrent.window import walk, walk_plain


def detached(state: State) -> State:
    """The same state with no graph behind it: the border between two windows."""
    return tuple(part.detach() for part in state)


class Network:
    """E networks (members) of one architecture, run side by side.

    A member's start depends on its seed alone, and nothing it computes depends on the others.

    Arguments:
        architecture: what every member is made of.
        seeds: one per member.
        dtype: float32 or float64; starts are drawn in float32 either way.
        device: any torch device.
    """

    def __init__(
        self,
        architecture: Architecture,
        seeds: Sequence[int],
        dtype: torch.dtype = torch.float32,
        device: torch.device | str = "cpu",
    ) -> None:
        if not seeds:
            raise ValueError("a network has at least one member: give it a seed")
        self.architecture = architecture
        self.members = len(seeds)
        self.dtype = dtype
        self.device = torch.device(device)
        self._cell = architecture.cell_type()
        self._parameters = {
            name: tensor.to(self.device, dtype).requires_grad_()
            for name, tensor in members(architecture, iter(seeds)).items()
        }

    def initial_state(self, batch: int) -> State:
        """The state before the first step, zero: `[E, H, B]` each."""
        shape = (self.members, self.architecture.hidden, batch)
        return tuple(
            torch.zeros(shape, dtype=self.dtype, device=self.device)
            for _ in range(self._cell.states)
        )

    def run(
        self,
        inputs: Tensor,
        state: State,
        steps: range,
        total: int | None = None,
        extension: Extension | None = None,
    ) -> tuple[Tensor, State]:
        """Walk a window of steps.

        Arguments:
            inputs: `[K, E, D, B]`; may be expanded over members.
            state: `[E, H, B]` each, as `initial_state` or an earlier window left it.
            steps: the K absolute steps t of the window.
            total: evaluated length L; the training length T where None.
            extension: which trained step stands in past T.

        Returns:
            hidden states `[K, E, H, B]` after each step, and the state after the last.

        Raises `ValueError` where shapes disagree or a step has no weights.
        """
        self._check(inputs, state, steps)
        length = self.architecture.length
        weights, index = self.architecture.schedule.weights(
            self._parameters, steps, length, total or length, extension
        )
        if self.architecture.clock:
            features = inputs.new_tensor(clock(steps, length, self.architecture.clock))
            members, batch = inputs.shape[1], inputs.shape[3]
            expanded = features[:, None, :, None].expand(-1, members, -1, batch)
            inputs = torch.cat([inputs, expanded], dim=2)
        if not isinstance(self._cell, HandDerived):
            return walk(self._cell, weights, index, inputs, state)
        if available(self._cell, weights):
            return walk_compiled(self._cell, weights, index, inputs, state)
        return walk_plain(self._cell, weights, index, inputs, state)

    def read(
        self,
        hidden: Tensor,
        steps: Sequence[int],
        total: int | None = None,
        extension: Extension | None = None,
    ) -> Tensor:
        """The outputs `[k, E, O, B]` for hidden states `[k, E, H, B]` of k absolute steps."""
        if len(steps) != len(hidden):
            raise ValueError(f"{len(hidden)} hidden states but {len(steps)} steps")
        readout = self._parameters[READOUT]
        if self.architecture.readout == "shared":
            matrices = readout.transpose(0, 1)
        else:
            length = self.architecture.length
            which = trained_steps(steps, length, total or length, extension)
            matrices = readout.transpose(0, 1)[which]
        return matrices[..., :1] + matrices[..., 1:] @ hidden

    def penalty(self) -> Tensor:
        """The schedule's penalty on its weights, `[E]`; zero for most schedules."""
        penalty = self.architecture.schedule.penalty(self._parameters[WEIGHTS])
        if penalty is None:
            return torch.zeros(self.members, dtype=self.dtype, device=self.device)
        return penalty

    def parameters(self) -> list[Tensor]:
        """The learned tensors, member axis first."""
        return list(self._parameters.values())

    def named_parameters(self) -> dict[str, Tensor]:
        """The learned tensors by name (`weights`, `readout`, ...), member axis first."""
        return dict(self._parameters)

    def zero_grad(self) -> None:
        """Forget the gradients."""
        for parameter in self._parameters.values():
            parameter.grad = None

    def state_dict(self) -> dict[str, Tensor]:
        """A copy of the learned tensors by name, on the CPU, member axis first."""
        return {name: tensor.detach().cpu().clone() for name, tensor in self._parameters.items()}

    def load_state_dict(self, tensors: dict[str, Tensor]) -> None:
        """Take over what `state_dict` gave; raises `ValueError` where names or shapes disagree."""
        expected = {name: tuple(tensor.shape) for name, tensor in self._parameters.items()}
        given = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
        if given != expected:
            raise ValueError(f"these are not this network's tensors: {given}, wanted {expected}")
        with torch.no_grad():
            for name, tensor in tensors.items():
                self._parameters[name].copy_(tensor)

    def _check(self, inputs: Tensor, state: State, steps: range) -> None:
        wanted = (len(steps), self.members, self.architecture.inputs, state[0].shape[-1])
        if tuple(inputs.shape) != wanted:
            raise ValueError(f"inputs are {tuple(inputs.shape)}, not [K, E, D, B] = {wanted}")
        if not len(steps):
            raise ValueError("a window has at least one step")
        if len(state) != self._cell.states:
            raise ValueError(f"the state has {len(state)} tensors, not {self._cell.states}")
