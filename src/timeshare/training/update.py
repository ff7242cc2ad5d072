"""One update of all members. Training and the cost study share this code."""

import logging
from collections.abc import Callable, Iterator, Sequence

import torch
from torch import Tensor

from timeshare.experiment import Condition, Member
from timeshare.recurrent.optimiser import MemberAdamW
from timeshare.storage.streams import stream
from timeshare.tasks.base import Task
from timeshare.training.layout import Batch
from timeshare.training.parts import Part
from timeshare.training.windows import AnyNetwork, window_losses

log = logging.getLogger(__name__)

Observer = Callable[[Part], None]
"""Called at the end of each part of an update; a part ends once in every window."""


def _unobserved(part: Part) -> None:
    """Training does not time the parts of an update."""


class Divergence:
    """For each member the update at which its loss or gradient was not finite, or None.

    Arguments:
        members: number of members.
    """

    def __init__(self, members: int) -> None:
        self.updates: list[int | None] = [None] * members
        self.places = list(range(members))
        """The members of the present batch, as places among all members."""

    @property
    def active(self) -> list[bool]:
        """Members of the present batch that still train."""
        return [self.updates[place] is None for place in self.places]

    def note(self, update: int, finite: Tensor) -> None:
        """Record the members whose loss or gradient is not finite.

        Arguments:
            update: number of the update.
            finite: whether the loss and gradient norm of each member of the batch are finite, `[E]`
                booleans.
        """
        for place, good in zip(self.places, finite.tolist(), strict=True):
            if not good and self.updates[place] is None:
                self.updates[place] = update
                log.warning("member %d diverged at update %d and is frozen", place, update)


def optimiser_of(
    condition: Condition, members: Sequence[Member], network: AnyNetwork
) -> MemberAdamW:
    """The optimiser of members, each with the learning rate and weight decay of its setting."""
    settings = [condition.setting_of(member) for member in members]
    rates = [setting.learning_rate for setting in settings]
    return MemberAdamW(network, rates, [setting.weight_decay for setting in settings])


def window_offset(truncation: int, number: int) -> int:
    """The steps (0 to K-1) by which an update shifts the windows of all members.

    Arguments:
        truncation: steps K of a window.
        number: of the update.
    """
    return int(stream("window offset", truncation, number).integers(truncation))


class UpdateStep:
    """Backward passes of a batch, then gradient clipping and AdamW, for all members at once.

    Arguments:
        condition: its truncation K and its training plan are used. With `training.update` of
            `sequence`, the windows of a sequence make one update together; with `window`, each
            makes one.
        network: E members.
        optimiser: of these members.
        task: has the metric and whether targets are dense or final.
    """

    def __init__(
        self, condition: Condition, network: AnyNetwork, optimiser: MemberAdamW, task: Task
    ) -> None:
        self._network, self._optimiser, self._task = network, optimiser, task
        self._truncation, self._clip = condition.truncation, condition.training.clip
        self._update = condition.training.update
        self._random_offset = condition.training.window_offset == "random"

    def __call__(
        self, batch: Batch, number: int, divergence: Divergence, observe: Observer = _unobserved
    ) -> None:
        """Make one update.

        Arguments:
            batch: B sequences of each member.
            number: number of the update, which `divergence` records; the masks of dropout follow
                from it.
            divergence: members that diverged are left as they are; new ones are added.
            observe: called at the end of each part.
        """
        finite = torch.ones(self._network.members, dtype=torch.bool)
        self._network.zero_grad()
        for losses in self.backward_windows(batch, number, observe):
            finite &= losses.isfinite().cpu()
            if self._update == "window":
                self._apply(number, finite, divergence, observe)
                self._network.zero_grad()
        if self._update == "sequence":
            self._apply(number, finite, divergence, observe)

    def backward_windows(
        self, batch: Batch, number: int, observe: Observer = _unobserved
    ) -> Iterator[Tensor]:
        """Forward and backward pass of each window; the gradients accumulate.

        Arguments: as of the update.

        Yields:
            the losses `[E]` of each window with targets, detached, after its backward pass.
        """
        offset = window_offset(self._truncation, number) if self._random_offset else 0
        for losses in window_losses(
            self._network, self._task, batch, self._truncation, self._update, number, offset
        ):
            observe(Part.FORWARD)
            if losses is not None:
                losses.sum().backward()  # type: ignore[no-untyped-call]
                observe(Part.BACKWARD)
                yield losses.detach()

    def backward_penalty(self) -> None:
        """Add the gradient of the schedule's penalty, if it has one."""
        penalty = self._network.penalty()
        if penalty.requires_grad:
            penalty.sum().backward()  # type: ignore[no-untyped-call]

    def _apply(
        self, number: int, finite: Tensor, divergence: Divergence, observe: Observer
    ) -> None:
        self.backward_penalty()
        observe(Part.BACKWARD)
        norms = self._optimiser.clip(self._clip)
        divergence.note(number, finite & norms.isfinite().cpu())
        self._optimiser.step(divergence.active)
        observe(Part.OPTIMISER)
