"""Members side by side: their learned tensors, with the member axis first, and their settings."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor

from timeshare.recurrent.dropout import Masks, check_rates, draw_masks

Value = TypeVar("Value")


class MemberNetwork(ABC):
    """The learned tensors and the dropout of E networks (members) of one architecture.

    Recurrent networks and references outside the recurrent family derive from it, so that one
    optimiser, one training loop and one kind of file serve both.

    Arguments:
        tensors: initial values by name, member axis first.
        dtype: float32 or float64.
        device: any torch device.
        dropout: rates and seeds.
    """

    def __init__(
        self,
        tensors: Mapping[str, Tensor],
        dtype: torch.dtype,
        device: torch.device | str,
        dropout: "Dropout",
    ) -> None:
        self._dropout = dropout
        self.dtype = dtype
        self.device = torch.device(device)
        self._parameters = {
            name: tensor.to(self.device, dtype).requires_grad_() for name, tensor in tensors.items()
        }

    @property
    def members(self) -> int:
        """The number of members E."""
        return len(next(iter(self._parameters.values())))

    def parameters(self) -> list[Tensor]:
        """The learned tensors, member axis first."""
        return list(self._parameters.values())

    def named_parameters(self) -> dict[str, Tensor]:
        """The learned tensors by name (`weights`, `readout`, ...), member axis first."""
        return dict(self._parameters)

    def zero_grad(self) -> None:
        """Set the gradients to None."""
        for parameter in self._parameters.values():
            parameter.grad = None

    def state_dict(self) -> dict[str, Tensor]:
        """A copy of the learned tensors by name, on the CPU, member axis first."""
        return {name: tensor.detach().cpu().clone() for name, tensor in self._parameters.items()}

    def load_state_dict(self, tensors: Mapping[str, Tensor]) -> None:
        """Load what `state_dict` returned; raises `ValueError` if names or shapes disagree."""
        expected = {name: tuple(tensor.shape) for name, tensor in self._parameters.items()}
        given = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
        if given != expected:
            raise ValueError(f"these are not this network's tensors: {given} instead of {expected}")
        with torch.no_grad():
            for name, tensor in tensors.items():
                self._parameters[name].copy_(tensor)

    def keep(self, members: Sequence[int]) -> None:
        """Keep only these members, in this order; the others leave, and gradients are reset.

        The learned tensors become new ones, and nothing in those of a kept member changes. An
        optimiser of the network must keep the same members.

        Arguments:
            members: numbers (0..E-1) of the members that stay.

        Raises `ValueError` if there is none, or one occurs twice or does not exist.
        """
        check_kept(members, self.members)
        which = torch.tensor(list(members), device=self.device)
        self._parameters = {
            name: tensor.detach().index_select(0, which).requires_grad_()
            for name, tensor in self._parameters.items()
        }
        self._dropout = Dropout(
            [self._dropout.rates[member] for member in members],
            [self._dropout.seeds[member] for member in members],
        )

    @abstractmethod
    def penalty(self) -> Tensor:
        """What is added to the loss of each member besides that of its outputs, `[E]`."""

    @abstractmethod
    def reads_length(self, length: int) -> bool:
        """Whether the members can read sequences of this many steps, by an extension or without."""

    @property
    @abstractmethod
    def _masked(self) -> tuple[int, int]:
        """Features of the inputs and of the hidden state that dropout masks."""

    def masks(self, batch: int, update: int) -> Masks | None:
        """The dropout masks of an update, or None where no member drops anything.

        Arguments:
            batch: sequences B of each member.
            update: number of the update; with the member's own seed it determines the masks.
        """
        rates, seeds = self._dropout.rates, self._dropout.seeds
        return draw_masks(rates, seeds, update, self._masked, batch, self.parameters()[0])


@dataclass(frozen=True)
class Dropout:
    """The dropout of members.

    Arguments:
        rates: of each member; 0 drops nothing.
        seeds: of each member, from which its masks follow.
    """

    rates: list[float]
    seeds: list[int]

    @classmethod
    def of(cls, members: int, rates: Sequence[float] | None, seeds: Sequence[int]) -> "Dropout":
        """The dropout of these rates, none where they are None; raises `ValueError` if unfit."""
        check_rates(rates or [])
        checked = one_each(rates, members, "rates of dropout")
        own = one_each(seeds, members, "seeds of dropout")
        return cls(checked or [0.0] * members, own or [])


def check_kept(members: Sequence[int], count: int) -> None:
    """Raise `ValueError` unless `members` are some of `count` members, each of them once."""
    if not members or len(set(members)) < len(members) or not set(members) <= set(range(count)):
        raise ValueError(
            f"members {list(members)} cannot be kept: name some of 0 to {count - 1}, each once"
        )


def one_each(values: Sequence[Value] | None, members: int, what: str) -> list[Value] | None:
    """The values as a list; raises `ValueError` if there is not one for each member."""
    if values is not None and len(values) != members:
        raise ValueError(f"{len(values)} {what} for {members} members")
    return None if values is None else list(values)


def of_members(values: list[Value] | None, members: Sequence[int]) -> list[Value] | None:
    """The values of the members that stay."""
    return None if values is None else [values[member] for member in members]
