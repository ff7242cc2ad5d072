"""References of many members at once, with the interface that training and evaluation use."""

from collections.abc import Iterable, Sequence
from math import sqrt

import torch
from torch import Generator, Tensor
from typing_extensions import override

from timeshare.recurrent.dropout import Masks
from timeshare.recurrent.initialisation import READOUT
from timeshare.recurrent.member_network import Dropout, MemberNetwork
from timeshare.references.architecture import ReferenceArchitecture


class ReferenceNetwork(MemberNetwork):
    """E references (members) of one architecture, run side by side by `torch.func.vmap`.

    A member's initial weights depend on its seed alone, and nothing it computes depends on the
    other members, but for the rounding of batched products.

    Arguments:
        architecture: of every member.
        seeds: one per member.
        dtype: float32 or float64; initial weights are drawn in float32 in both cases.
        device: any torch device.
        dropouts: rate of dropout of each member; none drops anything if None.
        dropout_seeds: of each member's masks; `seeds` if None.

    Raises `ValueError` if a vector has not one value for each member.
    """

    def __init__(
        self,
        architecture: ReferenceArchitecture,
        seeds: Sequence[int],
        dtype: torch.dtype = torch.float32,
        device: torch.device | str = "cpu",
        dropouts: Sequence[float] | None = None,
        dropout_seeds: Sequence[int] | None = None,
    ) -> None:
        if not seeds:
            raise ValueError("a network has at least one member: give it a seed")
        dropout = Dropout.of(len(seeds), dropouts, dropout_seeds or seeds)
        super().__init__(_initial(architecture, seeds), dtype, device, dropout)
        self.architecture = architecture

    def outputs(
        self, inputs: Tensor, last: Tensor | None = None, masks: Masks | None = None
    ) -> Tensor:
        """Read whole sequences.

        Arguments:
            inputs: `[T, E, D, B]`; may be expanded over members.
            last: each sequence's last true step, `[E, B]` or `[1, B]`; T-1 if None.
            masks: of dropout, as `masks` draws them for an update; None drops nothing.

        Returns:
            outputs at every step `[T, E, O, B]`, or one for each sequence `[1, E, O, B]`.

        Raises `ValueError` if shapes disagree or sequences of this length cannot be read.
        """
        self._check(inputs)
        given = inputs.to(self.dtype).permute(1, 2, 0, 3)
        if masks is not None:
            given = given * masks.inputs.unsqueeze(2)
        present = None if last is None else _present(last, len(inputs))
        if present is not None:
            given = given * present.unsqueeze(1)
        tensors = dict(self._parameters)
        readout = tensors.pop(READOUT)
        reference = self.architecture.reference
        features: Tensor = torch.func.vmap(reference.features)(tensors, given)
        if features.dim() == 4 and not self.architecture.dense:
            features = _average(features, present)
        if masks is not None and reference.sized:
            hidden = masks.hidden if features.dim() == 3 else masks.hidden.unsqueeze(2)
            features = features * hidden
        steps, batch = self.architecture.dense, inputs.shape[3]
        outputs = readout[..., :1] + readout[..., 1:] @ features.flatten(start_dim=2)
        shape = (*outputs.shape[:2], len(inputs) if steps else 1, batch)
        return outputs.view(shape).permute(2, 0, 1, 3)

    @override
    def penalty(self) -> Tensor:
        return torch.zeros(self.members, dtype=self.dtype, device=self.device)

    @override
    def reads_length(self, length: int) -> bool:
        return self.architecture.reads_length(length)

    @property
    @override
    def _masked(self) -> tuple[int, int]:
        width = self.architecture.width if self.architecture.reference.sized else 0
        return self.architecture.input_size, width

    def _check(self, inputs: Tensor) -> None:
        architecture, (length, *_, batch) = self.architecture, inputs.shape
        expected = (length, self.members, architecture.input_size, batch)
        if tuple(inputs.shape) != expected:
            raise ValueError(f"inputs are {tuple(inputs.shape)}, not [T, E, D, B] = {expected}")
        if not self.reads_length(length):
            raise ValueError(
                f"{type(architecture.reference).__name__} reads sequences of "
                f"{architecture.length} steps, which it was trained on, and none of {length}"
            )


def _present(last: Tensor, length: int) -> Tensor:
    """Which steps lie within each sequence, `[E, T, B]` booleans."""
    steps = torch.arange(length, device=last.device)
    return steps[None, :, None] <= last.unsqueeze(1)


def _average(features: Tensor, present: Tensor | None) -> Tensor:
    """The mean `[E, F, B]` of features `[E, F, T, B]` over the steps of each sequence."""
    if present is None:
        return features.mean(dim=2)
    count = present.sum(dim=1, keepdim=True)
    return (features * present.unsqueeze(1)).sum(dim=2) / count


def _initial(architecture: ReferenceArchitecture, seeds: Iterable[int]) -> dict[str, Tensor]:
    """The initial tensors of the members, member axis first."""
    each = [_member(architecture, seed) for seed in seeds]
    return {name: torch.stack([member[name] for member in each]) for name in each[0]}


def _member(architecture: ReferenceArchitecture, seed: int) -> dict[str, Tensor]:
    """The initial tensors of one member, uniform within 1/sqrt(inputs), as in `torch.nn`."""
    generator = Generator().manual_seed(seed)
    maps = architecture.reference.maps(architecture.sizes)
    shapes = {name: (each.outputs, each.inputs) for name, each in maps.items()}
    shapes[READOUT] = (architecture.output_size, architecture.width)
    tensors = {}
    for name, (rows, columns) in shapes.items():
        bound = 1 / sqrt(columns)
        matrix = torch.empty(rows, 1 + columns)
        tensors[name] = matrix.uniform_(-bound, bound, generator=generator)
    return tensors
