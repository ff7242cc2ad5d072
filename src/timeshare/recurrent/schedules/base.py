"""The interface of schedules: how the weights of step t are produced, and what that costs."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from timeshare.registry import refuse_shadowing

if TYPE_CHECKING:
    from torch import Tensor

WEIGHTS = "weights"
"""The name of the parameter that holds a schedule's learned matrices."""
STRENGTH = "strength"
"""The field of a schedule that weighs its penalty, where it has one."""


class Extension(StrEnum):
    """Which trained step provides the weights of a step at a length that was never trained on."""

    HOLD = "hold"
    """The first steps as trained; every step past T uses the last trained step."""
    CYCLE = "cycle"
    """The first steps as trained; past T the trained steps repeat from the first one."""
    ALIGN_RIGHT = "align-right"
    """The last step uses the last trained one; steps before the first trained one use that."""

    def trained_step(self, step: int, length: int, total: int) -> int:
        """The trained step (0..T-1) whose weights serve `step` of a sequence of `total` steps.

        Arguments:
            step: absolute step t of the sequence that is read.
            length: training length T.
            total: evaluated length L.

        For example, of 4 trained steps and a sequence of 6:

        >>> [Extension.HOLD.trained_step(step, 4, 6) for step in range(6)]
        [0, 1, 2, 3, 3, 3]
        >>> [Extension.CYCLE.trained_step(step, 4, 6) for step in range(6)]
        [0, 1, 2, 3, 0, 1]
        >>> [Extension.ALIGN_RIGHT.trained_step(step, 4, 6) for step in range(6)]
        [0, 0, 0, 1, 2, 3]
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

    Its fields are its parameters; two schedules with equal parameters are equal. The base class
    covers every schedule that *selects* one of its matrices at each step; a schedule that
    *computes* the weights overrides `weights`. The last four methods say what that costs, so that
    the cost study counts a schedule without knowing its class.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    needs_extension: ClassVar[bool] = True
    """Whether steps past T have weights only by an extension."""

    init: Literal["independent", "same"] = Field(
        default="independent",
        description="Whether every learned matrix begins as a draw of its own, or all as the same "
        "one; a schedule of one draw begins alike in both cases.",
    )

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        refuse_shadowing(cls, Schedule)

    @abstractmethod
    def matrices(self, length: int) -> int:
        """How many matrices are learned at training length T: the S of `[E, S, gates*H, C]`."""

    def position(self, step: int, length: int) -> int:
        """Which learned matrix (0..S-1) provides the weights of a trained step."""
        raise NotImplementedError(f"{type(self).__name__} computes its weights")

    def extras(self, length: int) -> dict[str, tuple[int, ...]]:
        """Shapes, per member, of further learned tensors by name; most schedules have none."""
        return {}

    def initialise(self, draw: Callable[[], Tensor], length: int) -> dict[str, Tensor]:
        """The initial tensors of one member.

        Arguments:
            draw: returns an initial matrix `[gates*H, C]`, newly drawn at each call, or a copy of
                one and the same draw where `init` is `same`.
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
        """Which learned matrix provides the weights of each of `steps`.

        Arguments:
            steps: absolute steps of the sequence that is read.
            length: training length T.
            total: evaluated length L.
            extension: which trained step serves a step past T; ignored where `needs_extension` is
                false.

        For example, three blocks of a network that was trained on 12 steps:

        >>> from timeshare.recurrent.schedules.blocks import Blocks
        >>> Blocks(size=4).index(range(0, 12, 2), 12, 12, None)
        [0, 0, 1, 1, 2, 2]
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

    def penalty_of_members(self, weights: Tensor, strengths: Sequence[float]) -> Tensor | None:
        """The penalty `[E]` where each member has a strength of its own.

        A schedule with a `strength` among its fields gets this method: its `penalty` is computed
        for one member after the other. One whose penalty is a multiple of its strength may override
        it to compute all of them at once.

        Arguments:
            weights: the learned matrices `[E, S, gates*H, C]`.
            strengths: of each member, in place of the field `strength`.
        """
        parts = []
        for strength, own in zip(strengths, weights.tensor_split(len(strengths)), strict=True):
            penalty = self.model_copy(update={STRENGTH: strength}).penalty(own)
            parts.append(weights.new_zeros(1) if penalty is None else penalty)
        import torch

        return torch.cat(parts)

    def check_strengths(self, strengths: Sequence[float]) -> None:
        """Raise `ValueError` unless the schedule has a strength that can take these values."""
        if STRENGTH not in type(self).model_fields:
            raise ValueError(
                f"strength: {type(self).__name__} ties no weights by a penalty, so it has none"
            )
        for strength in strengths:
            try:
                type(self).model_validate(self.model_dump() | {STRENGTH: strength})
            except ValidationError as error:
                reason = error.errors()[0]["msg"]
                raise ValueError(f"strength: {strength} is not allowed ({reason})") from None

    def parameter_count(self, length: int, size: int) -> int:
        """Learned numbers of one member whose matrices have `size` entries each."""
        extras = 0
        for shape in self.extras(length).values():
            entries = 1
            for extent in shape:
                entries *= extent
            extras += entries
        return self.matrices(length) * size + extras

    def grows_with_length(self) -> bool:
        """Whether the number of parameters grows with T without bound."""
        return self.parameter_count(10**12, 1) > self.parameter_count(10**11, 1)

    def matrices_per_step(self, length: int) -> int:
        """How many learned matrices the weights of one step are computed from.

        It is 0 for a schedule that selects one of its matrices. For one that overrides `weights`
        it is all of them, unless the schedule overrides this method, too. The weights of a window
        of K steps are then assumed to be a tensor of K matrices.
        """
        computes = type(self).weights is not Schedule.weights
        return self.matrices(length) if computes else 0

    def flops_forward(self, length: int, entries: int) -> int:
        """Operations that compute the weights of one step of one member, whatever the batch.

        Arguments:
            length: training length T.
            entries: entries of one matrix, `gates*H*C`.

        Returns:
            two for each entry of each of `matrices_per_step`: a sum with fixed coefficients.
        """
        return 2 * self.matrices_per_step(length) * entries

    def flops_backward(self, length: int, entries: int) -> int:
        """Operations of the backward pass of `flops_forward`; arguments as there.

        Returns:
            as many as forward: the gradient of the matrices, with fixed coefficients.
        """
        return self.flops_forward(length, entries)

    def penalty_numbers(self, length: int, entries: int) -> int:
        """Numbers alive at the peak of the penalty's backward pass, of one member.

        Arguments:
            length: training length T.
            entries: entries of one matrix, `gates*H*C`.

        Returns:
            0 without a penalty. For a schedule that overrides `penalty`: four for each entry of
            each matrix, which covers squares and differences, unless this method is overridden.
        """
        penalised = type(self).penalty is not Schedule.penalty
        return 4 * self.matrices(length) * entries if penalised else 0
