"""What a schedule is: how the weights of step t are produced."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, ClassVar

from pydantic import BaseModel, ConfigDict

if TYPE_CHECKING:
    from torch import Tensor

WEIGHTS = "weights"
"""The name of the parameter that holds a schedule's learned matrices."""


class Extension(StrEnum):
    """Which trained step stands in at a length that was never trained on."""

    HOLD = "hold"
    """The first L steps; past the last trained step, that step again and again."""
    CYCLE = "cycle"
    """The first L steps; past the last trained step, from the first one again."""
    ALIGN_RIGHT = "align-right"
    """The last evaluated step is the last trained one; before the first one, the first holds."""

    def trained_step(self, step: int, length: int, total: int) -> int:
        """The trained step (0..T-1) that stands in at `step` of a sequence of `total` steps.

        Arguments:
            step: absolute step t of the sequence that is read.
            length: training length T.
            total: evaluated length L.
        """
        if self is Extension.HOLD:
            return min(step, length - 1)
        if self is Extension.CYCLE:
            return step % length
        return min(max(step + length - total, 0), length - 1)


def trained_steps(
    steps: Sequence[int], length: int, total: int, extension: Extension | None
) -> list[int]:
    """The trained step for each of `steps`; see `Extension.trained_step`.

    Raises `ValueError` for a step past T without an extension.
    """
    if extension is not None:
        return [extension.trained_step(step, length, total) for step in steps]
    if len(steps) and max(steps) >= length:
        names = ", ".join(f"'{kind}'" for kind in Extension)
        raise ValueError(
            f"step {max(steps)} lies past the training length {length}: "
            f"a schedule that ends there needs an extension, one of {names}"
        )
    return list(steps)


class Schedule(BaseModel, ABC):
    """How the weights of step t are produced from learned matrices.

    Its fields are its parameters; two schedules with equal parameters are the same schedule. The
    base covers every schedule that *picks* one of its matrices at each step; one that *computes*
    the weights overrides `weights`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    needs_extension: ClassVar[bool] = True
    """Whether the schedule has an end, past which an extension must say what happens."""

    @abstractmethod
    def matrices(self, length: int) -> int:
        """How many matrices are learned at training length T: the S of `[E, S, gates*H, C]`."""

    def position(self, step: int, length: int) -> int:
        """Which learned matrix (0..S-1) serves the trained step."""
        raise NotImplementedError(f"{type(self).__name__} computes its weights")

    def extras(self, length: int) -> dict[str, tuple[int, ...]]:
        """Shapes, per member, of further learned tensors by name; most schedules have none."""
        return {}

    def start(self, draw: Callable[[], Tensor], length: int) -> dict[str, Tensor]:
        """One member's start.

        Arguments:
            draw: gives the start of one matrix `[gates*H, C]`, a new one at each call.
            length: training length T.

        Returns:
            `weights` `[S, gates*H, C]` and every tensor of `extras`.
        """
        first = draw()
        weights = first.new_empty((self.matrices(length), *first.shape))
        weights[0] = first
        for matrix in weights[1:]:
            matrix.copy_(draw())
        return {WEIGHTS: weights}

    def index(
        self, steps: Sequence[int], length: int, total: int, extension: Extension | None
    ) -> list[int]:
        """Which learned matrix serves each of `steps`.

        Arguments:
            steps: absolute steps of the sequence that is read.
            length: training length T.
            total: evaluated length L.
            extension: what happens past the schedule's end; ignored by one that has none.
        """
        if self.needs_extension:
            steps = trained_steps(steps, length, total, extension)
        return [self.position(step, length) for step in steps]

    def weights(
        self,
        parameters: Mapping[str, Tensor],
        steps: Sequence[int],
        length: int,
        total: int,
        extension: Extension | None,
    ) -> tuple[Tensor, list[int]]:
        """The weights of some steps: matrices `[E, S, gates*H, C]` and, for each step, which one.

        Arguments: as for `index`, and the learned tensors by name, member axis first.
        """
        return parameters[WEIGHTS], self.index(steps, length, total, extension)

    def penalty(self, weights: Tensor) -> Tensor | None:
        """A penalty `[E]` on the learned matrices `[E, S, gates*H, C]`, or None."""
        return None

    def parameter_count(self, length: int, size: int) -> int:
        """Learned numbers of one member whose matrices have `size` entries each."""
        extras = 0
        for shape in self.extras(length).values():
            entries = 1
            for extent in shape:
                entries *= extent
            extras += entries
        return self.matrices(length) * size + extras
