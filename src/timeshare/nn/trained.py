"""A trained network of an experiment: a recurrent layer and its read-out."""

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot
from typing_extensions import override

from timeshare.nn.recurrent import Recurrent
from timeshare.recurrent.architecture import Architecture
from timeshare.recurrent.cells.base import State
from timeshare.recurrent.initialisation import EMBEDDING, READOUT
from timeshare.recurrent.schedules.base import Extension, trained_steps


class TrainedNetwork(nn.Module):
    """A network as an experiment trains it, for tensors `[B, T, D]`.

    `recurrent` is the layer and `readout` `[E, R, O, 1 + H]` the read-out: R is 1, or T where each
    step has a read-out of its own, and the first of its columns is the bias. `embedding`
    `[E, D', D]` comes before the layer where the network has one, else it is None.

    Arguments:
        architecture: of the network.
        tensors: its learned tensors by name, member axis first.
        single: whether there is one member, and tensors have no member axis.
        symbolic: whether the task's inputs are symbols, so that integers are allowed.
        extension: which trained step serves a step past T.

    Raises `ValueError` if names or shapes of the tensors are not those of the architecture.
    """

    def __init__(
        self,
        architecture: Architecture,
        tensors: dict[str, Tensor],
        single: bool,
        symbolic: bool = False,
        extension: Extension | None = None,
    ) -> None:
        super().__init__()
        members = len(tensors[READOUT])
        self.symbolic, self.input_size = symbolic, architecture.input_size
        width, dtype = architecture.embedding, tensors[READOUT].dtype
        self.embedding: nn.Parameter | None = None
        if width:
            shape_of_embedding = (members, width, architecture.input_size)
            self.embedding = nn.Parameter(torch.zeros(shape_of_embedding, dtype=dtype))
        self.recurrent = Recurrent(
            replace(architecture, input_size=width or architecture.input_size, embedding=0),
            None if single else members,
            batch_first=True,
            extension=extension,
            dtype=tensors[READOUT].dtype,
        )
        shape = (members, architecture.readouts, architecture.output_size)
        self.readout = nn.Parameter(
            torch.zeros((*shape, 1 + architecture.hidden_size), dtype=tensors[READOUT].dtype)
        )
        expected = dict(self.recurrent.named_parameters()) | {READOUT: self.readout}
        if self.embedding is not None:
            expected[EMBEDDING] = self.embedding
        shapes = {name: tuple(tensor.shape) for name, tensor in expected.items()}
        given = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
        if given != shapes:
            raise ValueError(f"these are not the network's tensors: {given} instead of {shapes}")
        with torch.no_grad():
            for name, parameter in expected.items():
                parameter.copy_(tensors[name])

    @override
    def forward(
        self,
        input: Tensor,
        hx: State | None = None,
        *,
        lengths: Tensor | Sequence[int] | None = None,
    ) -> tuple[Tensor, State]:
        """The outputs of all steps, and the state after the last.

        Arguments:
            input: `[B, T, D]`, or symbols `[B, T]` as integers where the task has symbols. An
                ensemble also takes these with an axis E in front, an input for each member.
            hx: state, a tuple of `[1, B, H]` each (`[E, 1, B, H]` for an ensemble), as returned.
            lengths: true length of each sequence, `[B]`, where the input is padded.

        Returns:
            the outputs `[B, T, O]` (logits where the task has classes; `[E, B, T, O]` for an
            ensemble), and the state. Past the end of a sequence an output means nothing.

        Raises `ValueError` if shapes disagree, a symbol is unknown, or a step has no weights.
        """
        architecture, extension = self.recurrent.architecture, self.recurrent.extension
        if not input.is_floating_point():
            input = self._encoded(input)
        input = self._embedded(input)
        hidden, state = self.recurrent.unrolled(input, hx, lengths)
        matrices: Tensor = self.readout
        if architecture.readout == "per-step":
            if lengths is not None and extension is Extension.ALIGN_RIGHT:
                raise ValueError(
                    "lengths: aligned to the right, each length has read-outs of its own; "
                    "give the sequences of each length by themselves"
                )
            total = hidden.shape[-2]
            which = trained_steps(range(total), architecture.length, total, extension)
            matrices = matrices[:, which]
        hidden = hidden.unsqueeze(0) if self.recurrent.members is None else hidden
        # With one read-out for all steps its axis has extent 1, over which PyTorch expands it.
        weights, biases = matrices[..., 1:].transpose(2, 3), matrices[..., 0]
        outputs = torch.einsum(
            "ebth,etho->ebto", hidden, weights.expand(-1, hidden.shape[2], -1, -1)
        )
        outputs = outputs + biases[:, None]
        return outputs[0] if self.recurrent.members is None else outputs, state

    def _encoded(self, symbols: Tensor) -> Tensor:
        """Symbols as one-hot features; raises `ValueError` where they are none of the task."""
        size = self.input_size
        if not self.symbolic:
            raise ValueError(f"this task's inputs are features, not symbols: give [B, T, {size}]")
        if symbols.numel() and not 0 <= int(symbols.min()) <= int(symbols.max()) < size:
            raise ValueError(f"symbols lie between 0 and {size - 1}")
        return one_hot(symbols.long(), size).to(self.readout.dtype)

    def _embedded(self, features: Tensor) -> Tensor:
        """The embedding of features `[..., B, T, D]`, or the features where there is none."""
        if self.embedding is None:
            return features
        if features.shape[-1] != self.input_size:
            raise ValueError(f"the input has {features.shape[-1]} features, not {self.input_size}")
        if self.recurrent.members is None:
            return features @ self.embedding[0].T
        together = features if features.dim() == 4 else features.unsqueeze(0)
        return together @ self.embedding.transpose(1, 2).unsqueeze(1)
