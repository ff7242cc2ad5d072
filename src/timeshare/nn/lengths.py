"""Sequences of different lengths in one batch."""

from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor
from torch.nn.functional import pad

from timeshare.recurrent.cells.base import State


class Unroll(Protocol):
    """Unrolls a window of the sequences."""

    def __call__(self, inputs: Tensor, state: State, steps: range) -> tuple[Tensor, State]:
        """Hidden states `[K, E, H, B]` and the state after the window.

        Arguments:
            inputs: `[K, E, D, B]`.
            state: `[E, H, B]` each.
            steps: the K steps, counted from the first of the input.
        """


def checked_lengths(lengths: Tensor | Sequence[int], batch: int, longest: int) -> Tensor:
    """The lengths `[B]` on the CPU; raises `ValueError` if they do not fit the input.

    Arguments:
        lengths: true length of each sequence.
        batch: sequences B of the input.
        longest: steps T of the input.
    """
    checked = torch.as_tensor(lengths).detach().cpu()
    if checked.is_floating_point() or tuple(checked.shape) != (batch,):
        raise ValueError(
            f"lengths are one integer for each of the {batch} sequences, "
            f"not {checked.dtype} of shape {list(checked.shape)}"
        )
    if batch and not 1 <= int(checked.min()) <= int(checked.max()) <= longest:
        raise ValueError(
            f"lengths lie between 1 and {longest}, the steps of the input, "
            f"not between {int(checked.min())} and {int(checked.max())}"
        )
    return checked.long()


def unroll_to_lengths(
    unroll: Unroll, inputs: Tensor, state: State, lengths: Tensor
) -> tuple[Tensor, State]:
    """Unroll each sequence up to its own length, in windows between the lengths there are.

    The sequences that have ended leave the batch, so that nothing is computed past their ends.

    Arguments:
        unroll: one window.
        inputs: `[T, E, D, B]`, padded with any finite numbers.
        state: `[E, H, B]` each.
        lengths: `[B]`, as `checked_lengths` returned them.

    Returns:
        hidden states `[T, E, H, B]`, zero past the end of each sequence, and for each sequence the
        state after its last step.
    """
    total, batch = inputs.shape[0], inputs.shape[3]
    ordered, order = lengths.sort(descending=True, stable=True)
    inverse = order.argsort().to(inputs.device)
    order = order.to(inputs.device)
    inputs = inputs.index_select(3, order)
    state = tuple(part.index_select(2, order) for part in state)
    windows: list[Tensor] = []
    ended: list[State] = []
    first = 0
    for end in sorted(set(ordered.tolist())):
        hidden, state = unroll(inputs[first:end], state, range(first, end))
        windows.append(pad(hidden, (0, batch - hidden.shape[3])))
        active = int((ordered > end).sum())
        ended.append(tuple(part[:, :, active:] for part in state))
        state = tuple(part[:, :, :active] for part in state)
        inputs = inputs[..., :active]
        first = end
    hidden = _padded(torch.cat(windows), total).index_select(3, inverse)
    # The longest sequences come first in the batch, and they end last.
    parts = zip(*reversed(ended), strict=True)
    return hidden, tuple(torch.cat(part, dim=2).index_select(2, inverse) for part in parts)


def unroll_by_length(
    unroll: Unroll, inputs: Tensor, state: State, lengths: Tensor
) -> tuple[Tensor, State]:
    """As `unroll_to_lengths`, the sequences of each length by themselves.

    `unroll` is called with all steps of such sequences, so that the weights of a step may depend
    on the length of the sequence.
    """
    total = inputs.shape[0]
    rows: list[Tensor] = []
    outputs: list[Tensor] = []
    states: list[State] = []
    for length in sorted(set(lengths.tolist())):
        same = (lengths == length).nonzero()[:, 0].to(inputs.device)
        start = tuple(part.index_select(2, same) for part in state)
        hidden, after = unroll(inputs[:length].index_select(3, same), start, range(length))
        rows.append(same)
        outputs.append(_padded(hidden, total))
        states.append(after)
    inverse = torch.cat(rows).argsort()
    hidden = torch.cat(outputs, dim=3).index_select(3, inverse)
    parts = zip(*states, strict=True)
    return hidden, tuple(torch.cat(part, dim=2).index_select(2, inverse) for part in parts)


def _padded(hidden: Tensor, total: int) -> Tensor:
    """Hidden states `[K, E, H, B]` with zeros after them, `[total, E, H, B]`."""
    missing = total - hidden.shape[0]
    return pad(hidden, (0, 0, 0, 0, 0, 0, 0, missing)) if missing else hidden
