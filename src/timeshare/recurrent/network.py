"""The network: a cell, a schedule and a read-out, for many members at once."""

from collections.abc import Sequence

import torch
from torch import Tensor
from typing_extensions import override

from timeshare.recurrent.architecture import Architecture
from timeshare.recurrent.cells.base import State
from timeshare.recurrent.dispatch import unroll
from timeshare.recurrent.dropout import Masks
from timeshare.recurrent.initialisation import EMBEDDING, READOUT, members
from timeshare.recurrent.member_network import Dropout, MemberNetwork, of_members, one_each
from timeshare.recurrent.readout import read_shared
from timeshare.recurrent.schedules.base import WEIGHTS, Extension, trained_steps
from timeshare.recurrent.time_features import time_features


def detached(state: State) -> State:
    """The same state without its graph, as the next window of truncated back-propagation starts."""
    return tuple(part.detach() for part in state)


class Network(MemberNetwork):
    """E networks (members) of one architecture, run side by side.

    A member's initial weights depend on its seed alone, and nothing it computes depends on the
    other members.

    Arguments:
        architecture: of every member.
        seeds: one per member.
        dtype: float32 or float64; initial weights are drawn in float32 in both cases.
        device: any torch device.
        strengths: strength of the tie of each member, in place of the schedule's own.
        dropouts: rate of variational dropout of each member; none drops anything if None.
        dropout_seeds: of each member's masks; `seeds` if None.

    Raises `ValueError` if a vector has not one value for each member, or the schedule has no
    strength.
    """

    def __init__(
        self,
        architecture: Architecture,
        seeds: Sequence[int],
        dtype: torch.dtype = torch.float32,
        device: torch.device | str = "cpu",
        strengths: Sequence[float] | None = None,
        dropouts: Sequence[float] | None = None,
        dropout_seeds: Sequence[int] | None = None,
    ) -> None:
        if not seeds:
            raise ValueError("a network has at least one member: give it a seed")
        if strengths is not None:
            architecture.schedule.check_strengths(strengths)
        dropout = Dropout.of(len(seeds), dropouts, dropout_seeds or seeds)
        super().__init__(members(architecture, iter(seeds)), dtype, device, dropout)
        self.architecture = architecture
        self._cell = architecture.cell_type()
        self._strengths = one_each(strengths, len(seeds), "strengths")

    def initial_state(self, batch: int) -> State:
        """The state before the first step, all zeros: `[E, H, B]` each."""
        shape = (self.members, self.architecture.hidden_size, batch)
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
        masks: Masks | None = None,
    ) -> tuple[Tensor, State]:
        """Unroll a window of steps.

        Arguments:
            inputs: `[K, E, D, B]`; may be expanded over members.
            state: `[E, H, B]` each, as `initial_state` or an earlier window returned it.
            steps: the K absolute steps t of the window.
            total: length L of the sequences; the training length T if None.
            extension: which trained step provides the weights of a step past T.
            masks: of dropout, as `masks` draws them for an update; None drops nothing.

        Returns:
            hidden states `[K, E, H, B]` after each step, and the state after the last.

        Raises `ValueError` if shapes disagree or a step has no weights.
        """
        self._check(inputs, state, steps)
        length = self.architecture.length
        weights, index = self.architecture.schedule.weights(
            self._parameters, steps, length, total or length, extension
        )
        if self.architecture.embedding:
            inputs = self._embedded(inputs)
        if masks is not None:
            inputs = inputs * masks.inputs
        if self.architecture.time_features:
            features = inputs.new_tensor(
                time_features(steps, length, self.architecture.time_features)
            )
            members, batch = inputs.shape[1], inputs.shape[3]
            expanded = features[:, None, :, None].expand(-1, members, -1, batch)
            inputs = torch.cat([inputs, expanded], dim=2)
        return unroll(self._cell, weights, index, inputs, state)

    def read(
        self,
        hidden: Tensor,
        steps: Sequence[int],
        total: int | None = None,
        extension: Extension | None = None,
        masks: Masks | None = None,
    ) -> Tensor:
        """The outputs `[k, E, O, B]` for hidden states `[k, E, H, B]` of k absolute steps.

        `total`, `extension` and `masks` are those of `run`; a read-out per step needs the first two
        past T.
        """
        if len(steps) != len(hidden):
            raise ValueError(f"{len(hidden)} hidden states but {len(steps)} steps")
        if masks is not None:
            hidden = hidden * masks.hidden
        readout = self._parameters[READOUT]
        if self.architecture.readout == "shared":
            return read_shared(readout[:, 0], hidden)
        length = self.architecture.length
        which = trained_steps(steps, length, total or length, extension)
        matrices = readout.transpose(0, 1)[which]
        return matrices[..., :1] + matrices[..., 1:] @ hidden

    def penalty(self) -> Tensor:
        """The schedule's penalty on its weights, `[E]`; zero for most schedules."""
        schedule, weights = self.architecture.schedule, self._parameters[WEIGHTS]
        if self._strengths is None:
            penalty = schedule.penalty(weights)
        else:
            penalty = schedule.penalty_of_members(weights, self._strengths)
        if penalty is None:
            return torch.zeros(self.members, dtype=self.dtype, device=self.device)
        return penalty

    @override
    def reads_length(self, length: int) -> bool:
        return True

    @property
    @override
    def _masked(self) -> tuple[int, int]:
        return self.architecture.cell_inputs, self.architecture.hidden_size

    def _embedded(self, inputs: Tensor) -> Tensor:
        """The embedding of inputs `[K, E, D, B]`, `[K, E, D', B]`: one product for all steps."""
        K, E, D, B = inputs.shape
        together = inputs.permute(1, 2, 0, 3).reshape(E, D, K * B)
        embedded = self._parameters[EMBEDDING] @ together
        return embedded.view(E, -1, K, B).permute(2, 0, 1, 3)

    @override
    def keep(self, members: Sequence[int]) -> None:
        super().keep(members)
        self._strengths = of_members(self._strengths, members)

    def _check(self, inputs: Tensor, state: State, steps: range) -> None:
        expected = (len(steps), self.members, self.architecture.input_size, state[0].shape[-1])
        if tuple(inputs.shape) != expected:
            raise ValueError(f"inputs are {tuple(inputs.shape)}, not [K, E, D, B] = {expected}")
        if not len(steps):
            raise ValueError("a window has at least one step")
        if len(state) != self._cell.states:
            raise ValueError(f"the state has {len(state)} tensors, not {self._cell.states}")
