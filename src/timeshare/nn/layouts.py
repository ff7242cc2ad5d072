"""Between the layouts of `torch.nn`, batch before features, and the engine's, batch last."""

from dataclasses import dataclass

import torch
from torch import Tensor

from timeshare.recurrent.cells.base import State


@dataclass(frozen=True)
class Layout:
    """How a call lays out its tensors.

    Arguments:
        members: E where tensors have a member axis in front; None for a single network.
        batch_first: whether the batch axis precedes the steps.
        batched: whether there is a batch axis.
        own: whether each member reads an input of its own.
    """

    members: int | None
    batch_first: bool
    batched: bool = True
    own: bool = False

    @classmethod
    def of(cls, inputs: Tensor, members: int | None, batch_first: bool) -> "Layout":
        """The layout of an input; raises `ValueError` if it has another number of axes."""
        order = "[B, T, D]" if batch_first else "[T, B, D]"
        if members is None:
            if inputs.dim() not in (2, 3):
                raise ValueError(
                    f"the input is {order}, or [T, D] for one sequence, not {list(inputs.shape)}"
                )
            return cls(None, batch_first, batched=inputs.dim() == 3)
        if inputs.dim() not in (3, 4) or (inputs.dim() == 4 and inputs.shape[0] != members):
            raise ValueError(
                f"the input of {members} members is {order}, the same for all, or "
                f"[{members}, {order[1:]}, not {list(inputs.shape)}"
            )
        return cls(members, batch_first, own=inputs.dim() == 4)

    def engine_inputs(self, inputs: Tensor) -> Tensor:
        """The input as `[T, E, D, B]`, E = 1 where members do not read inputs of their own.

        A view of the same memory: the engine reads any layout, step by step.
        """
        if not self.batched:
            inputs = inputs.unsqueeze(0 if self.batch_first else 1)
        if not self.own:
            inputs = inputs.unsqueeze(0)
        return inputs.permute((2, 0, 3, 1) if self.batch_first else (1, 0, 3, 2))

    def output(self, hidden: Tensor) -> Tensor:
        """Hidden states `[T, E, H, B]` as `[B, T, H]` or `[T, B, H]`, a view of the same memory."""
        output = hidden.permute((1, 3, 0, 2) if self.batch_first else (1, 0, 3, 2))
        if self.members is None:
            output = output[0]
        if not self.batched:
            output = output[0] if self.batch_first else output[:, 0]
        return output

    def engine_state(self, state: State, shape: tuple[int, int, int]) -> State:
        """A state of `torch.nn`'s layout, `[1, B, H]` each, as `[E, H, B]`.

        Arguments:
            state: `[E, 1, B, H]` each for E members, `[1, H]` for a sequence without a batch axis.
            shape: E, H and B.

        Raises `ValueError` if the shape of a part is another one.
        """
        members, hidden_size, batch = shape
        expected = [1, batch, hidden_size] if self.batched else [1, hidden_size]
        expected = expected if self.members is None else [members, *expected]
        for part in state:
            if list(part.shape) != expected:
                raise ValueError(f"a state is {expected}, not {list(part.shape)}")
        return tuple(part.reshape(members, batch, hidden_size).transpose(1, 2) for part in state)

    def state(self, state: State) -> State:
        """The engine's state `[E, H, B]` each in the layout of `torch.nn`, contiguous."""
        parts = tuple(part.transpose(1, 2).contiguous() for part in state)
        if self.members is not None:
            return tuple(part.unsqueeze(1) for part in parts)
        return parts if self.batched else tuple(part[:, 0] for part in parts)


def zero_state(like: Tensor, states: int, shape: tuple[int, int, int]) -> State:
    """A state of zeros, `[E, H, B]` each, with the dtype and device of a tensor."""
    return tuple(torch.zeros(shape, dtype=like.dtype, device=like.device) for _ in range(states))
