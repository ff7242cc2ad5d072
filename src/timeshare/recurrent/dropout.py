"""Variational dropout: one mask a sequence, the same at every step.

Source: Gal & Ghahramani (2016), "A theoretically grounded application of dropout in recurrent
neural networks". Masked are the inputs of the cell (whole symbols, where it receives them one-hot)
and the hidden state that the read-out reads. The recurrent connections are not: the kernels
multiply the state by the step's weights, which all sequences of a member share.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from timeshare.storage.streams import stream


@dataclass(frozen=True)
class Masks:
    """The masks of B sequences of each member; kept numbers are 1 / (1 - rate), others 0.

    Arguments:
        inputs: `[E, D, B]`, D the features that the cell receives, time features not among them.
        hidden: `[E, H, B]`.
    """

    inputs: Tensor
    hidden: Tensor


def draw_masks(
    rates: Sequence[float],
    seeds: Sequence[int],
    update: int,
    widths: tuple[int, int],
    batch: int,
    like: Tensor,
) -> Masks | None:
    """The masks of an update; those of a member depend on nothing in the rest of the batch.

    Arguments:
        rates: of each member, the probability that a number is dropped; 0 drops none.
        seeds: of each member, from which its masks of every update follow.
        update: number of the update.
        widths: features of the inputs D and of the hidden state H.
        batch: sequences B of each member.
        like: a tensor whose dtype and device the masks have.

    Returns:
        the masks, or None where no member drops anything.
    """
    if not any(rates):
        return None
    masks = np.ones((len(rates), sum(widths), batch), np.float32)
    for member, (rate, seed) in enumerate(zip(rates, seeds, strict=True)):
        if rate:
            draws = stream("dropout", seed, update).random(masks.shape[1:], np.float32)
            masks[member] = (draws >= rate) / (1 - rate)
    whole = torch.from_numpy(masks).to(like)
    return Masks(*torch.split(whole, list(widths), dim=1))


def check_rates(rates: Sequence[float]) -> None:
    """Raise `ValueError` unless every rate of dropout is at least 0 and less than 1."""
    for rate in rates:
        if not 0 <= rate < 1:
            raise ValueError(f"dropout: {rate} is not allowed: a rate is at least 0 and below 1")
