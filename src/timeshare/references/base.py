"""The interface of references: what such a network learns, and the features that it computes."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import BaseModel, ConfigDict

from timeshare.registry import refuse_shadowing

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Sizes:
    """What the shapes of a reference follow from.

    Arguments:
        hidden_size: hidden units or channels H.
        input_size: input features D.
        length: training length T.
    """

    hidden_size: int
    input_size: int
    length: int


@dataclass(frozen=True)
class LinearMap:
    """A learned linear map with its bias, a matrix `[outputs, 1 + inputs]`, the bias first.

    Arguments:
        outputs: rows.
        inputs: columns, the bias not among them.
        steps: how often it is applied to one sequence.
    """

    outputs: int
    inputs: int
    steps: int = 1


class Reference(BaseModel, ABC):
    """A network that reads a whole sequence at once.

    Its fields are its parameters. It computes features, of which a linear read-out, which all
    references have alike, makes outputs. The methods describe one member; `torch.func.vmap` runs
    them for all members at once.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    every_step: ClassVar[bool] = False
    """Whether there are features at each step, which depend on no later step.

    Such a network reads sequences of any length and can answer at every step; where a task asks at
    the end alone, its features are averaged over the steps. Any other reads T steps only and
    answers once.
    """
    sized: ClassVar[bool] = True
    """Whether it has hidden units, whose number a configuration can set."""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        refuse_shadowing(cls, Reference)

    @abstractmethod
    def maps(self, sizes: Sizes) -> dict[str, LinearMap]:
        """The learned maps before the read-out, by name, from the inputs on."""

    @abstractmethod
    def width(self, sizes: Sizes) -> int:
        """The number of features F that the read-out receives, at each step where there are any."""

    @abstractmethod
    def features(self, tensors: Mapping[str, Tensor], inputs: Tensor) -> Tensor:
        """The features of one member.

        Arguments:
            tensors: the matrix `[outputs, 1 + inputs]` of each of `maps`.
            inputs: `[D, T, B]`; zeros past the end of a sequence that is shorter.

        Returns:
            `[F, B]`, or `[F, T, B]` where there are features at each step.
        """
